//! Plans: the realm's cases, the cheapest plan of one as its report, or what stands in the way; two of them side by side.

use api::foresight::{Came, CaseLies, Foresight, Lies, Question};
use bytes::Bytes;
use http::Response;
use plan::said::diff;
use report::Report;

use super::foreseen::{self, found, late, late_fields, unfinished};
use crate::block::{Block, Field, Filter, Form, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use crate::told;
use api::rights::Right;

/// The page.
///
/// # Errors
/// If the realm's folder cannot be looked through.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let value = |name: &str| cx.ask.param(name).unwrap_or_default().to_owned();
    whole(cx, &value, String::new()).await
}

/// Begins to solve what the form names.
///
/// # Errors
/// If the realm's folder cannot be looked through.
pub async fn begin(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let value = |name: &str| cx.ask.field(name).unwrap_or_default().to_owned();
    let begun = match late(cx) {
        Ok(late) => cx.desk.foresee(Question::Plan(value("case")), late).await,
        Err(why) => Err(why),
    };
    foreseen::begun(cx, begun, async |error| whole(cx, &value, error).await).await
}

/// One plan, or what stands in its way.
///
/// # Errors
/// There is none of that id.
pub fn one(cx: &Context<'_>) -> Result<Page, Trouble> {
    let asked = found(cx, true)?;
    let (title, blocks) = match asked.came() {
        Some(Came::NoPlan(it)) => (it.case.name.of(cx.words.lang).to_owned(), vec![foreseen::in_the_way(cx, it)]),
        came => match beside(cx, &asked)?.or_else(|| came.and_then(|came| came.report(cx.words.lang))) {
            Some(report) => {
                let mut blocks: Vec<Block> = others(cx, &asked).map(Block::Filter).into_iter().collect();
                blocks.extend(told::blocks(cx, &report));
                (report.title.clone(), blocks)
            }
            None => (cx.t("menu-plan"), vec![unfinished(cx, &asked)]),
        },
    };
    let lead = match &asked.late {
        Some(late) => {
            let args = [("technology", late.technology.clone()), ("years", late.years.to_string())];
            cx.words.say("plan-late-lead", &args)
        }
        None => cx.t("plan-one-lead"),
    };
    Ok(Page { menu: "plan", title, lead, blocks, ..Page::default() })
}

/// What differs between a plan and the one that the address names beside it; none where it names none.
fn beside(cx: &Context<'_>, asked: &Foresight) -> Result<Option<Report>, Trouble> {
    let Some(id) = cx.ask.param("with").filter(|it| !it.is_empty()) else { return Ok(None) };
    let other = cx.parts.foresights.find(id).ok_or(Trouble::NotFound)?;
    match (asked.came(), other.came()) {
        (Some(Came::Plan(one)), Some(Came::Plan(two))) => {
            Ok(Some(diff((&one.0, &one.1), (&two.0, &two.1), cx.words.lang)))
        }
        _ => Err(Trouble::NotFound),
    }
}

/// The field that names another plan; none where no other was solved.
fn others(cx: &Context<'_>, asked: &Foresight) -> Option<Filter> {
    let all = cx.parts.foresights.all();
    let solved = all.iter().filter(|it| it.id != asked.id && matches!(it.came(), Some(Came::Plan(_))));
    let choices: Vec<_> = solved.map(|it| (it.id.clone(), foreseen::named(it))).collect();
    if choices.is_empty() {
        return None;
    }
    let value = cx.ask.param("with").unwrap_or_default().to_owned();
    let clear = (!value.is_empty()).then(|| foreseen::path(asked));
    let none = (String::new(), "–".to_owned());
    let field = Field {
        name: "with",
        label: cx.t("plan-with"),
        value,
        choices: [none].into_iter().chain(choices).collect(),
        hint: cx.t("plan-with-note"),
        ..Field::default()
    };
    Some(Filter { action: foreseen::path(asked), fields: vec![field], clear })
}

async fn whole(cx: &Context<'_>, value: &(dyn Fn(&str) -> String + Sync), error: String) -> Result<Page, Trouble> {
    let lies = cx.desk.lies().await?;
    let mut blocks = vec![Block::Table(cases(cx, &lies))];
    // A refusal is said where it was asked, whatever lies there.
    if (!lies.cases.is_empty() || !error.is_empty()) && cx.may(Right::Operate) {
        blocks.push(Block::Form(form(cx, &lies, value, error)));
    }
    blocks.push(Block::Table(foreseen::asked(cx, true)));
    Ok(Page { menu: "plan", title: cx.t("menu-plan"), lead: cx.t("plan-lead"), blocks, ..Page::default() })
}

fn form(cx: &Context<'_>, lies: &Lies, value: &(dyn Fn(&str) -> String + Sync), error: String) -> Form {
    let case = Field {
        name: "case",
        label: cx.t("col-case"),
        value: value("case"),
        choices: readable(lies).map(|(name, _)| (name.clone(), name.clone())).collect(),
        ..Field::default()
    };
    let mut fields = vec![case];
    fields.extend(late_fields(cx, &technologies(lies), value));
    Form {
        title: cx.t("plan-solve"),
        note: cx.t("plan-solve-note"),
        action: "/console/plan".to_owned(),
        fields,
        button: cx.t("plan-solve-button"),
        error,
        ..Form::default()
    }
}

/// Cases that can be read.
pub fn readable(lies: &Lies) -> impl Iterator<Item = (&String, &api::foresight::Summary)> {
    lies.cases.iter().filter_map(|(name, it)| Some((name, it.read.as_ref().ok()?)))
}

/// Technologies of all cases, each once.
pub fn technologies(lies: &Lies) -> Vec<String> {
    let all: std::collections::BTreeSet<_> = readable(lies).flat_map(|(_, it)| it.technologies.iter()).collect();
    all.into_iter().cloned().collect()
}

fn cases(cx: &Context<'_>, lies: &Lies) -> Table {
    Table {
        name: "cases",
        title: cx.t("plan-cases"),
        note: cx.t("plan-cases-note"),
        empty: cx.t("plan-cases-none"),
        columns: columns(&cx.words, "case title years #sites #accelerator_kinds #technologies state"),
        rows: lies.cases.iter().map(|(name, it)| case_row(cx, name, it)).collect(),
        ..Table::default()
    }
}

fn case_row(cx: &Context<'_>, name: &str, it: &CaseLies) -> Vec<Cell> {
    let count = |it: usize| Cell::of(cx.words.count(it as u64), it);
    let mut row = vec![Cell::code(name)];
    match &it.read {
        Ok(it) => row.extend([
            Cell::text(it.name.of(cx.words.lang)),
            Cell::text(format!("{}–{}", it.years.0, it.years.1)),
            count(it.sites),
            count(it.accelerators),
            count(it.technologies.len()),
            Cell::of(cx.words.word("scenario", "ready"), "ready"),
        ]),
        Err(why) => {
            row.extend((0..5).map(|_| Cell::none()));
            row.push(Cell::of(cx.words.word("scenario", "wrong"), "wrong").tone("bad").note(why.as_str()));
        }
    }
    row
}
