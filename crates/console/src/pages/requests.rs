//! Requests: what was asked, as the ledger has it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::UnixMs;
use serde_json::{Value, json};

use crate::ask::encoded;
use crate::block::{Block, Field, Filter, Page};
use crate::context::{Context, Trouble};
use crate::index::{Ended, Index, Row};
use crate::table::{Cell, Table, columns, window};
use crate::text::Words;

/// What narrows the page, as the query says.
#[derive(Debug, Default, Clone)]
struct Wanted {
    app: Option<String>,
    /// The apps of the organisation that is wanted.
    apps: Option<BTreeSet<String>>,
    route: Option<String>,
    deployment: Option<String>,
    decision: Option<String>,
    end: Option<String>,
    code: Option<String>,
    rule: Option<String>,
    from: Option<Date>,
    until: Option<Date>,
}

impl Wanted {
    fn of(cx: &Context<'_>) -> Self {
        let text = |name: &str| cx.ask.param(name).map(str::to_owned);
        let date = |name: &str| cx.ask.param(name).and_then(|date| date.parse().ok());
        let of = |organisation: &str| {
            let apps = cx.world().apps.values().filter(|app| app.organisation.as_str() == organisation);
            apps.map(|app| app.id.to_string()).collect()
        };
        Self {
            app: text("app"),
            apps: cx.ask.param("organisation").map(of),
            route: text("route"),
            deployment: text("deployment"),
            decision: text("decision"),
            end: text("end"),
            code: text("code"),
            rule: text("rule"),
            from: date("from"),
            until: date("until"),
        }
    }

    fn is_met(&self, row: &Row, zone: &jiff::tz::TimeZone) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|it| found == Some(it));
        let day = (self.from.is_some() || self.until.is_some()).then(|| row.at.date_in(zone));
        same(&self.app, Some(row.app.as_str()))
            && self.apps.as_ref().is_none_or(|apps| apps.contains(row.app.as_str()))
            && same(&self.route, row.route.as_ref().map(realm::RouteId::as_str))
            && same(&self.deployment, row.deployment.as_ref().map(realm::DeploymentId::as_str))
            && same(&self.decision, row.decision())
            && same(&self.end, Some(row.end.as_str()))
            && same(&self.code, row.code.as_deref())
            && self.rule.as_deref().is_none_or(|rule| row.rules.iter().any(|hit| **hit == *rule))
            && self.from.is_none_or(|from| day.is_some_and(|day| from <= day))
            && self.until.is_none_or(|until| day.is_some_and(|day| day <= until))
    }
}

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (wanted, words) = (Wanted::of(cx), cx.words.clone());
    // In their own order, only the rows of the page are made into cells: there may be many.
    let paged = !cx.whole() && cx.ask.param("sort").is_none();
    let page_of = cx.ask.param("page").map(str::to_owned);
    let known = cx
        .ledger(move |index| {
            // The youngest first, whatever the query sorts by: equals stay in that order.
            let rows: Vec<&Row> = index.rows().rev().filter(|row| wanted.is_met(row, &words.zone)).collect();
            let shown = if paged { window(page_of.as_deref(), rows.len()).2 } else { 0..rows.len() };
            let cells: Vec<Vec<Cell>> = rows[shown].iter().map(|row| cells(row, &words)).collect();
            (cells, paged.then_some(rows.len()), bound(index, &words))
        })
        .await?;
    let late = known.late(&cx.words, &cx.ask.with("late", None));
    let (rows, total, note) = known.value;
    let table = Table {
        name: "requests",
        note,
        empty: cx.t(if cx.ask.query.is_empty() { "requests-none" } else { "requests-none-such" }),
        columns: columns(&cx.words, "at request app route deployment decision end #tokens #cost #joules #total_ms"),
        rows,
        total,
        narrowed: true,
        grows: true,
        ..Table::default()
    };
    // Rows of one page only are in order already.
    let arrange = if paged { Table::headed } else { Table::arranged };
    let table = arrange(table, cx.ask, &cx.words, cx.whole());
    let blocks = late.into_iter().chain([Block::Filter(filter(cx)), Block::Table(table)]).collect();
    Ok(Page { menu: "requests", title: cx.t("menu-requests"), lead: cx.t("requests-lead"), blocks, ..Page::default() })
}

/// What is not shown, where something is not.
fn bound(index: &Index, words: &Words) -> String {
    if index.gone() == 0 {
        return String::new();
    }
    let args = [("kept", words.count(index.rows_max() as u64)), ("gone", words.count(index.gone()))];
    words.say("requests-bound", &args)
}

/// A request's cells.
pub fn cells(row: &Row, words: &Words) -> Vec<Cell> {
    let id = |id: Option<&str>| id.map_or_else(Cell::none, Cell::text);
    let ended = row.total_ms.is_some();
    let number = |text: String, value: Value| if ended { Cell::of(text, value) } else { Cell::none() };
    let estimated = if row.tokens.estimated || row.cost_estimated { words.t("estimated") } else { String::new() };
    vec![
        time(row.at, words),
        Cell::code(row.req.as_ref()).to(format!("/console/requests/{}", encoded(&row.req))),
        Cell::text(row.app.as_str()),
        id(row.route.as_ref().map(realm::RouteId::as_str)),
        id(row.deployment.as_ref().map(realm::DeploymentId::as_str)),
        decision(row, words),
        end(row, words),
        number(words.count(row.tokens.total()), json!(row.tokens.total())),
        number(words.amount(row.cost), json!(row.cost.to_decimal().to_string())).note(estimated),
        row.joules().map_or_else(Cell::none, |j| Cell::of(words.tenth(j), json!(j))),
        row.total_ms.map_or_else(Cell::none, |ms| Cell::of(words.count(ms), ms)),
    ]
}

/// A moment.
pub fn time(at: UnixMs, words: &Words) -> Cell {
    Cell { code: true, ..Cell::of(words.time(at), at.to_string()) }
}

/// What was decided.
pub fn decision(row: &Row, words: &Words) -> Cell {
    match row.decision() {
        None => Cell::none(),
        Some(word) => {
            let tone = match word {
                "permit" => "good",
                "redact" => "warn",
                _ => "bad",
            };
            let note = if word == "redact" { row.redacted.to_string() } else { row.rules_note() };
            Cell::of(words.word("decision", word), word).tone(tone).note(note)
        }
    }
}

/// How it ended.
pub fn end(row: &Row, words: &Words) -> Cell {
    let tone = match row.end {
        Ended::Ok => "good",
        Ended::Error | Ended::Unknown | Ended::Refused => "bad",
        Ended::ClientClosed => "warn",
        Ended::Open => "quiet",
    };
    let mut note = row.code.as_deref().unwrap_or_default().to_owned();
    if row.simulated {
        note = format!("{note} {}", words.t("simulated")).trim().to_owned();
    }
    Cell::of(words.word("end", row.end.as_str()), row.end.as_str()).tone(tone).note(note)
}

fn filter(cx: &Context<'_>) -> Filter {
    let world = cx.world();
    let any = |words: &Words| (String::new(), words.t("any"));
    let ids =
        |ids: Vec<String>| [any(&cx.words)].into_iter().chain(ids.into_iter().map(|id| (id.clone(), id))).collect();
    let said = |family: &str, all: &[&str]| {
        let choices = all.iter().map(|word| ((*word).to_owned(), cx.words.word(family, word)));
        [any(&cx.words)].into_iter().chain(choices).collect()
    };
    let field = |name: &'static str, choices: Vec<(String, String)>| Field {
        name,
        label: cx.words.say(&format!("col-{name}"), &[]),
        value: cx.ask.param(name).unwrap_or_default().to_owned(),
        choices,
        kind: "text",
        ..Field::default()
    };
    let ends = Ended::ALL.map(Ended::as_str);
    let mut fields = vec![
        field("app", ids(world.apps.keys().map(ToString::to_string).collect())),
        field("organisation", ids(world.organisations.keys().map(ToString::to_string).collect())),
        field("route", ids(world.routes.keys().map(ToString::to_string).collect())),
        field("deployment", ids(world.deployments.keys().map(ToString::to_string).collect())),
        field("decision", said("decision", &["permit", "redact", "deny"])),
        field("end", said("end", &ends)),
        field("rule", Vec::new()),
        Field { kind: "date", ..field("from", Vec::new()) },
        Field { kind: "date", ..field("until", Vec::new()) },
    ];
    // What came by a link goes on to narrow the page.
    if cx.ask.param("code").is_some() {
        fields.push(field("code", Vec::new()));
    }
    let set = fields.iter().any(|field| !field.value.is_empty());
    Filter { action: cx.ask.here(), fields, clear: set.then(|| cx.ask.here()) }
}
