//! Requests: what was asked, as the ledger has it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::UnixMs;
use serde_json::{Value, json};

use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Field, Filter, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns, window};
use crate::text::Words;
use api::index::{ENDS, Ended, Index, Key as Order, Row, Wanted};
use drill::Key;

/// Rows that programs get at most: more is an export of the ledger, not a page.
const EXPORT_MAX: usize = 50_000;

/// What narrows the page, as the query says.
fn wanted(cx: &Context<'_>) -> Wanted {
    let text = |name: &str| cx.ask.param(name).map(str::to_owned);
    let zone = &cx.words.zone;
    let day = |name: &str| cx.ask.param(name).and_then(|date| date.parse::<Date>().ok());
    let start = |date: Date| {
        let start = date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
        u64::try_from(start).ok().map(UnixMs)
    };
    Wanted {
        seen: cx.seen(),
        apps: text("app").map(|app| [app].into()),
        deployments: deployments(cx),
        route: text("route"),
        decision: text("decision"),
        end: text("end"),
        code: text("code"),
        rule: text("rule"),
        from: day("from").and_then(start),
        until: day("until").and_then(|date| date.tomorrow().ok()).and_then(start),
        id_part: None,
    }
}

/// Deployments that fit what is said of them, of their model and of where they are; none where nothing is said.
fn deployments(cx: &Context<'_>) -> Option<BTreeSet<String>> {
    let [deployment, model, provider, jurisdiction] =
        ["deployment", "model", "provider", "jurisdiction"].map(|name| cx.ask.param(name));
    let found = cx.deployments_of(deployment, model, provider, jurisdiction);
    let Some(word) = cx.ask.param("needs") else { return found };
    let needing = Key::of_word(word).map(|key| cx.deployments_needing(&key)).unwrap_or_default();
    Some(found.map_or_else(|| needing.clone(), |found| &found & &needing))
}

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (wanted, words, whole) = (wanted(cx), cx.words.clone(), cx.whole());
    let sort = cx.ask.param("sort").unwrap_or_default();
    let (key, down) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
    let order = Order::of(key).map(|key| (key, down));
    let page_of = cx.ask.param("page").map(str::to_owned);
    let known = cx
        .ledger(move |index| {
            let part = |all: usize| if whole { 0..all.min(EXPORT_MAX) } else { window(page_of.as_deref(), all).2 };
            let (all, rows) = index.find(&wanted, order, part);
            (all, rows, bound(index, &words))
        })
        .await?;
    let late = known.late(&cx.words, &cx.ask.with("late", None));
    let (total, rows, note) = known.value;
    let table = Table {
        name: "requests",
        note,
        empty: cx.t(if cx.ask.query.is_empty() { "requests-none" } else { "requests-none-such" }),
        columns: columns(&cx.words, "at request app route deployment decision end #tokens #cost #joules #total_ms"),
        rows: rows.iter().map(|row| cells(row, &cx.words)).collect(),
        total: Some(total),
        narrowed: true,
        grows: true,
        ..Table::default()
    };
    let table = table.headed(cx.ask, &cx.words, whole);
    let blocks = late.into_iter().chain([Block::Filter(filter(cx)), Block::Table(table)]).collect();
    let (title, lead) = (cx.t("menu-requests"), cx.t("requests-lead"));
    Ok(Page { menu: "requests", title, lead, tabs: tabs(cx, "tab-requests"), blocks })
}

/// What is known of requests, and what is kept of them, for whoever may know.
pub fn tabs(cx: &Context<'_>, here: &str) -> Vec<(String, String, bool)> {
    if !cx.may(Right::Audit) {
        return Vec::new();
    }
    let tabs = [("/console/requests", "tab-requests"), ("/console/content", "tab-content")];
    tabs.map(|(path, key)| (path.to_owned(), cx.t(key), key == here)).into()
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
    let hosts: BTreeSet<_> = world.deployments.values().map(|it| &it.host).collect();
    let mut fields = vec![
        field("app", ids(cx.apps().map(|app| app.id.to_string()).collect())),
        field("route", ids(world.routes.keys().map(ToString::to_string).collect())),
        field("deployment", ids(world.deployments.keys().map(ToString::to_string).collect())),
        field("model", ids(world.models.keys().map(ToString::to_string).collect())),
        field("provider", ids(world.providers.keys().map(ToString::to_string).collect())),
        field("jurisdiction", ids(hosts.iter().map(ToString::to_string).collect())),
        field("decision", said("decision", &["permit", "redact", "deny"])),
        field("end", said("end", &ENDS)),
        field("rule", Vec::new()),
        Field { kind: "date", ..field("from", Vec::new()) },
        Field { kind: "date", ..field("until", Vec::new()) },
    ];
    // What came by a link goes on to narrow the page.
    for name in ["needs", "code"] {
        if cx.ask.param(name).is_some() {
            fields.push(field(name, Vec::new()));
        }
    }
    let set = fields.iter().any(|field| !field.value.is_empty());
    Filter { action: cx.ask.here(), fields, clear: set.then(|| cx.ask.here()) }
}
