//! The observatory: compute of nations and blocs, each by its own definition, and beside it what a plan that was solved here
//! comes to.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::foresight::{Came, Foresight};
use forecast::model::capacity_table;
use forecast::observatory::{Observatory, millions, references};
use plan::plan::capacity_csv;

use super::forecast::tabs;
use super::foreseen::named;
use crate::block::{Block, Field, Filter, Page};
use crate::context::{Context, Trouble};
use crate::told;

/// The page, beside the plan and for the people that the address names.
///
/// # Errors
/// There is no plan of that id.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let solved: Vec<Arc<Foresight>> =
        cx.parts.foresights.all().into_iter().filter(|it| matches!(it.came(), Some(Came::Plan(_)))).collect();
    let wanted = cx.ask.param("plan").filter(|it| !it.is_empty());
    let chosen = match wanted {
        Some(id) => Some(solved.iter().find(|it| it.id == id).ok_or(Trouble::NotFound)?),
        None => None,
    };
    let capacity = match chosen.and_then(|it| it.came()) {
        Some(Came::Plan(it)) => capacity_table(&capacity_csv(&it.0, &it.1)).map_err(Trouble::Wrong)?,
        _ => Vec::new(),
    };
    let of = cx.ask.param("of").filter(|it| millions(it).is_some()).map(str::to_owned);
    let report = Observatory::new(capacity, of).report(cx.words.lang);
    let mut blocks = vec![Block::Filter(filter(cx, &solved))];
    blocks.extend(told::blocks(cx, &report));
    let (title, lead) = (cx.t("tab-observatory"), cx.t("observatory-lead"));
    Ok(Page { menu: "forecast", title, lead, tabs: tabs(cx, "tab-observatory"), blocks })
}

fn filter(cx: &Context<'_>, solved: &[Arc<Foresight>]) -> Filter {
    let none = || (String::new(), "–".to_owned());
    let plans = solved.iter().map(|it| (it.id.clone(), named(it)));
    let known: BTreeSet<&str> =
        references().iter().map(|it| it.of.as_str()).filter(|of| millions(of).is_some()).collect();
    let nations = known.into_iter().map(|of| (of.to_owned(), of.to_owned()));
    let value = |name: &str| cx.ask.param(name).unwrap_or_default().to_owned();
    let field = |name: &'static str, choices: Vec<(String, String)>| Field {
        name,
        label: cx.t(&format!("observatory-{name}")),
        value: value(name),
        choices,
        hint: cx.t(&format!("observatory-{name}-hint")),
        ..Field::default()
    };
    let fields = vec![
        field("plan", [none()].into_iter().chain(plans).collect()),
        field("of", [none()].into_iter().chain(nations).collect()),
    ];
    let clear = fields.iter().any(|it| !it.value.is_empty()).then(|| "/console/observatory".to_owned());
    Filter { action: "/console/observatory".to_owned(), fields, clear }
}
