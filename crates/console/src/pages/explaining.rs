//! What the rules would decide about an imagined request, as `freehold explain` says it. Sends nothing.

use jiff::civil::Date;
use policy::explain::{Explanation, Question, Row, explain, targets};
use realm::world::App;
use realm::{ClassSet, DataClass, DeploymentId, Jurisdiction};
use serde_json::json;

use super::policies::{tabs, today};
use crate::ask::encoded;
use crate::block::{Block, Code, Field, Filter, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};

/// The page: the form, and the answer once an app is named.
///
/// # Errors
/// The app is none of the organisation's.
pub fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let mut blocks = vec![Block::Filter(filter(cx))];
    if let Some(named) = cx.ask.param("app") {
        blocks.extend(answer(cx, cx.app(named)?)?);
    }
    let (title, lead) = (cx.t("menu-policies"), cx.t("explain-lead"));
    Ok(Page { menu: "policies", title, lead, tabs: tabs(cx, "tab-explain"), blocks })
}

fn answer(cx: &Context<'_>, app: &App) -> Result<[Block; 2], Trouble> {
    let param = |name: &str| cx.ask.param(name);
    let purpose =
        param("purpose").and_then(|named| app.purposes.iter().find(|it| *it == named)).or(app.purposes.first());
    let class = param("class").and_then(|named| DataClass::ALL.into_iter().find(|class| class.as_str() == named));
    let classes = class.map_or(ClassSet::EMPTY, ClassSet::of);
    let (located, diffuse) =
        if param("diffuse").is_some() { (ClassSet::EMPTY, classes) } else { (classes, ClassSet::EMPTY) };
    let user = param("user").map(Jurisdiction::new);
    let date: Option<Date> = param("from").and_then(|date| date.parse().ok());
    let compiled = cx.around.compiled();
    let question = Question {
        app: &app.id,
        located,
        diffuse,
        purpose: purpose.ok_or(Trouble::NotFound)?,
        user_jurisdiction: user.as_ref(),
        date: date.unwrap_or_else(|| today(cx)),
    };
    let explanation = explain(&compiled, question, deployments(cx, app));
    let text = explanation.to_text_within(cx.words.lang, None);
    let code = Code { title: cx.t("explain-why"), text, ..Code::default() };
    Ok([Block::Table(table(cx, &explanation)), Block::Code(code)])
}

/// Those of the route named, or all that the app's routes lead to.
fn deployments<'a>(cx: &'a Context<'_>, app: &'a App) -> Vec<&'a DeploymentId> {
    let route = cx.ask.param("route");
    let mut all: Vec<&DeploymentId> = Vec::new();
    for found in cx.world().routes_of(app).filter(|found| route.is_none_or(|route| found.id.as_str() == route)) {
        for id in targets(found) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
    }
    all
}

fn table(cx: &Context<'_>, explanation: &Explanation<'_>) -> Table {
    let row = |row: &Row<'_>| {
        let word = row.decision.word();
        let tone = match word {
            "permit" => "good",
            "redact" => "warn",
            _ => "bad",
        };
        let told = row.decision.to_json();
        let rules: Vec<&str> = told["rules"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|rule| rule["id"].as_str().or(rule.as_str()))
            .collect();
        let cell = Cell { value: json!(rules), code: true, ..Cell::text(rules.join(", ")) };
        let cell = match rules.as_slice() {
            [one] => cell.to(format!("/console/policies/rules/{}", encoded(one))),
            _ => cell,
        };
        vec![
            Cell::text(row.supply.deployment.id.as_str()),
            Cell::text(row.supply.model.id.as_str()),
            Cell::text(row.supply.deployment.host.as_str()),
            Cell::of(cx.words.word("decision", word), word).tone(tone),
            cell,
        ]
    };
    Table {
        name: "decisions",
        title: cx.t("explain-decisions"),
        empty: cx.t("matrix-none"),
        columns: columns(&cx.words, "deployment model residency decision rules"),
        rows: explanation.rows().iter().map(row).collect(),
        ..Table::default()
    }
}

fn filter(cx: &Context<'_>) -> Filter {
    let any = || (String::new(), cx.t("any"));
    let field = |name: &'static str, choices: Vec<(String, String)>, kind: &'static str| Field {
        name,
        label: cx.words.say(&format!("col-{name}"), &[]),
        value: cx.ask.param(name).unwrap_or_default().to_owned(),
        choices,
        kind,
        ..Field::default()
    };
    let same = |text: &str| (text.to_owned(), text.to_owned());
    let apps = cx.apps().map(|app| same(app.id.as_str())).collect();
    let routes = [any()].into_iter().chain(cx.world().routes.keys().map(|id| same(id.as_str()))).collect();
    let class = |class: DataClass| (class.as_str().to_owned(), cx.words.word("class", class.as_str()));
    let classes = [any()].into_iter().chain(DataClass::ALL.map(class)).collect();
    let told = vec![(String::new(), cx.t("explain-located")), ("yes".to_owned(), cx.t("explain-diffuse"))];
    let fields = vec![
        field("app", apps, "text"),
        field("route", routes, "text"),
        field("class", classes, "text"),
        field("diffuse", told, "text"),
        field("purpose", Vec::new(), "text"),
        field("user", Vec::new(), "text"),
        field("from", Vec::new(), "date"),
    ];
    let clear = (!cx.ask.query.is_empty()).then(|| cx.ask.here());
    Filter { action: cx.ask.here(), fields, clear }
}
