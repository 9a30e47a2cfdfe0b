//! One request: what happened to it, in order, and the records that say so.

mod rules;

use realm::record::{Attempt, EnergyFigure, Intent, Outcome, Record, Refusal};
use serde_json::{Value, json};

use super::requests::{decision, end};
use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Code, Fact, Facts, Page, Stages};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use api::index::Row;

/// The page.
///
/// # Errors
/// There is no such request among those that are kept; the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let named = cx.name().to_owned();
    let seen = cx.seen();
    let row = cx.ledger(move |index| index.row(&named, &seen)).await?.value.ok_or(Trouble::NotFound)?;
    let mut records = Vec::with_capacity(row.entries.len());
    for index in &row.entries {
        if let Some(bytes) = cx.entry(*index).await? {
            records.push((*index, bytes));
        }
    }
    let read: Vec<(u64, Record)> =
        records.iter().filter_map(|(index, bytes)| Some((*index, Record::from_bytes(bytes).ok()?))).collect();
    let mut facts = facts(cx, &row, &read);
    facts.items.extend(sealed(cx, &row).await?);
    let mut blocks = vec![Block::Facts(facts), Block::Stages(stages(cx, &row, &read))];
    blocks.push(Block::Table(attempts(cx, &read)));
    blocks.push(Block::Table(rules::table(cx, &row, &read)));
    blocks.extend(proof(cx, &row));
    blocks.extend(kept(cx, &records));
    let args = [("id", row.req.to_string())];
    let lead = cx.words.say("request-lead", &[("app", row.app.to_string()), ("at", cx.words.time(row.at))]);
    Ok(Page { menu: "requests", title: cx.words.say("request-title", &args), lead, blocks, ..Page::default() })
}

/// What was decided of a request that just ended, what it took and how to prove it; nothing where no record was made.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn beside(cx: &Context<'_>, id: &str) -> Result<Vec<Block>, Trouble> {
    let (named, seen) = (id.to_owned(), cx.seen());
    let Some(row) = cx.ledger(move |index| index.row(&named, &seen)).await?.value else { return Ok(Vec::new()) };
    let facts = Block::Facts(facts(cx, &row, &[]));
    Ok([facts].into_iter().chain(proof(cx, &row)).collect())
}

fn facts(cx: &Context<'_>, row: &Row, read: &[(u64, Record)]) -> Facts {
    let none = || "–".to_owned();
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let of_cell = |name: &str, cell: Cell| Fact {
        name: cx.t(name),
        value: cell.text,
        note: cell.note,
        tone: cell.tone,
        ..Fact::default()
    };
    let link = |name: &str, field: &str, value: Option<&str>| Fact {
        href: value.map(|value| format!("/console/requests?{field}={}", encoded(value))),
        ..fact(name, value.map_or_else(none, str::to_owned))
    };
    let items = vec![
        of_cell("col-decision", decision(row, &cx.words)),
        of_cell("col-end", end(row, &cx.words)),
        link("col-app", "app", Some(row.app.as_str())),
        fact("col-purpose", if row.purpose.is_empty() { none() } else { row.purpose.to_string() }),
        link("col-route", "route", row.route.as_ref().map(realm::RouteId::as_str)),
        link("col-deployment", "deployment", row.deployment.as_ref().map(realm::DeploymentId::as_str)),
    ];
    Facts { title: String::new(), large: false, items: items.into_iter().chain(measured(cx, row, read)).collect() }
}

/// Whether its texts are kept, for whoever may know.
async fn sealed(cx: &Context<'_>, row: &Row) -> Result<Option<Fact>, Trouble> {
    if !cx.may(Right::Audit) || cx.is_whole() || cx.desk.content(Some(&row.req)).await?.items.is_empty() {
        return Ok(None);
    }
    Ok(Some(Fact {
        name: cx.t("request-content"),
        value: cx.t("request-content-kept"),
        href: Some(format!("/console/content?request={}", encoded(&row.req))),
        ..Fact::default()
    }))
}

/// What was found in it, and what it took.
fn measured(cx: &Context<'_>, row: &Row, read: &[(u64, Record)]) -> Vec<Fact> {
    let none = || "–".to_owned();
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let classes =
        |set: realm::ClassSet, none: &str| if set.is_empty() { cx.t(none) } else { set.to_string().replace(',', ", ") };
    let estimated = |is: bool| if is { cx.t("estimated") } else { String::new() };
    let tokens = [("input", cx.words.count(row.tokens.input)), ("output", cx.words.count(row.tokens.output))];
    let joules = row.joules().map_or_else(|| cx.t("unknown"), |j| format!("{}\u{202f}J", cx.words.tenth(j)));
    let method = match row.energy {
        EnergyFigure::Measured { .. } => cx.t("measured"),
        EnergyFigure::Declared { .. } => cx.t("declared"),
        EnergyFigure::Unknown => String::new(),
    };
    let snapshot = read.iter().find_map(|(_, record)| match record {
        Record::Intent(intent) => Some(intent.snap.short()),
        Record::Refusal(refusal) => Some(refusal.snap.short()),
        _ => None,
    });
    let tokens = fact("request-tokens", cx.words.say("tokens-both", &tokens));
    vec![
        fact("request-classes", classes(row.classes, "no-class")),
        fact("request-redacted", classes(row.redacted, "nothing")),
        Fact { note: estimated(row.tokens.estimated), ..tokens },
        Fact { note: estimated(row.cost_estimated), ..fact("request-cost", cx.words.money(row.cost)) },
        Fact { note: method, ..fact("request-energy", joules) },
        fact("request-first", row.first_ms.map_or_else(none, |ms| cx.words.ms(ms))),
        fact("request-total", row.total_ms.map_or_else(none, |ms| cx.words.ms(ms))),
        Fact { code: true, ..fact("request-snapshot", snapshot.unwrap_or_else(none)) },
    ]
}

/// The request's life, as far as its records tell.
fn stages(cx: &Context<'_>, row: &Row, read: &[(u64, Record)]) -> Stages {
    let mut items = Vec::new();
    let found = if row.classes.is_empty() { cx.t("no-class") } else { row.classes.to_string() };
    let purpose = if row.purpose.is_empty() { "–".to_owned() } else { row.purpose.to_string() };
    let args = [("classes", found), ("purpose", purpose), ("app", row.app.to_string())];
    items.push((cx.t("stage-classified"), cx.words.say("stage-classified-what", &args), ""));
    for (index, record) in read {
        match record {
            Record::Intent(intent) => items.extend(sent(cx, *index, intent)),
            Record::Outcome(outcome) => items.extend(ended(cx, *index, outcome)),
            Record::Refusal(refusal) => items.push(refused(cx, *index, refusal)),
            Record::Change(_) => {}
        }
    }
    Stages { title: cx.t("request-stages"), items }
}

type Stage = (String, String, &'static str);

fn sent(cx: &Context<'_>, index: u64, intent: &Intent) -> Vec<Stage> {
    let mut items = Vec::new();
    if !intent.redacted.is_empty() {
        let args = [("classes", intent.redacted.to_string())];
        items.push((cx.t("stage-redacted"), cx.words.say("stage-redacted-what", &args), "warn"));
    }
    let bytes = [("bytes", cx.words.bytes(intent.bytes)), ("deployment", intent.dep.to_string())];
    let args = [bytes[0].clone(), bytes[1].clone(), ("index", index.to_string()), ("at", cx.words.time(intent.at))];
    let name = cx.words.say("stage-sent", &[("n", intent.n.to_string())]);
    items.push((name, cx.words.say("stage-sent-what", &args), ""));
    items
}

fn ended(cx: &Context<'_>, index: u64, outcome: &Outcome) -> Vec<Stage> {
    let attempt = |(place, attempt): (usize, &Attempt)| {
        let status = attempt.status.map_or_else(|| "–".to_owned(), |status| status.to_string());
        let args =
            [("status", status), ("ms", cx.words.ms(attempt.took_ms)), ("deployment", attempt.deployment.to_string())];
        let (key, tone) =
            if attempt.error.is_some() { ("stage-failed-what", "bad") } else { ("stage-answered-what", "good") };
        let error = attempt.error.clone().unwrap_or_default();
        let args = [args[0].clone(), args[1].clone(), args[2].clone(), ("error", error)];
        (cx.words.say("stage-answer", &[("n", (place + 1).to_string())]), cx.words.say(key, &args), tone)
    };
    let mut items: Vec<Stage> = outcome.attempts.iter().enumerate().map(attempt).collect();
    let word =
        serde_json::to_value(outcome.end).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let args = [("end", cx.words.word("end", &word)), ("index", index.to_string()), ("at", cx.words.time(outcome.at))];
    let tone = if matches!(outcome.end, realm::record::End::Ok) { "good" } else { "bad" };
    items.push((cx.t("stage-outcome"), cx.words.say("stage-outcome-what", &args), tone));
    items
}

fn refused(cx: &Context<'_>, index: u64, refusal: &Refusal) -> Stage {
    let args = [("code", refusal.code.clone()), ("index", index.to_string()), ("at", cx.words.time(refusal.at))];
    (cx.t("stage-refused"), cx.words.say("stage-refused-what", &args), "bad")
}

fn attempts(cx: &Context<'_>, read: &[(u64, Record)]) -> Table {
    let words = &cx.words;
    let outcome = read.iter().find_map(|(_, record)| match record {
        Record::Outcome(outcome) => Some(outcome),
        _ => None,
    });
    let row = |(place, attempt): (usize, &Attempt)| {
        let text = |text: Option<String>| text.map_or_else(Cell::none, Cell::text);
        vec![
            Cell::of((place + 1).to_string(), place + 1),
            Cell::text(attempt.deployment.as_str()).to("/console/models"),
            attempt.status.map_or_else(Cell::none, |status| Cell::of(status.to_string(), status)),
            text(attempt.error.clone())
                .tone(if attempt.error.is_some() { "bad" } else { "quiet" })
                .note(if attempt.feigned { cx.t("attempt-feigned") } else { String::new() }),
            Cell::of(words.count(attempt.took_ms), attempt.took_ms),
            attempt.resumed_from.map_or_else(Cell::none, |n| Cell::of(n.to_string(), n)),
        ]
    };
    Table {
        name: "attempts",
        title: cx.t("request-attempts"),
        empty: cx.t("request-no-attempt"),
        columns: columns(words, "#n deployment #status error #took_ms #resumed_from"),
        rows: outcome.map(|outcome| outcome.attempts.iter().enumerate().map(row).collect()).unwrap_or_default(),
        ..Table::default()
    }
}

/// How to prove it to somebody who trusts nobody.
fn proof(cx: &Context<'_>, row: &Row) -> Option<Block> {
    let last = *row.entries.last()?;
    let log = &cx.parts.log_id;
    let (program, data) = (&cx.console.parts.program, cx.parts.data.display().to_string());
    let links = if cx.may(Right::Audit) {
        vec![(format!("/console/receipts/{last}"), cx.words.say("receipt-take", &[("index", last.to_string())]))]
    } else {
        Vec::new()
    };
    let note = cx.t(if cx.may(Right::Audit) { "receipt-note" } else { "receipt-auditors" });
    let text = format!("{program} receipt verify {log}-{last}.tlog-proof --data {data}");
    Some(Block::Code(Code { title: cx.t("receipt"), note, text, links, ..Code::default() }))
}

/// The records as they lie in the ledger, for those who may read them.
pub fn kept(cx: &Context<'_>, records: &[(u64, Vec<u8>)]) -> Vec<Block> {
    if !cx.may(Right::Audit) {
        let code = Code { title: cx.t("records"), note: cx.t("records-auditors"), ..Code::default() };
        return vec![Block::Code(code)];
    }
    let block = |(index, bytes): &(u64, Vec<u8>)| {
        let value: Value = serde_json::from_slice(bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(bytes)));
        let title = format!("{} {}/{index}", cx.t("record"), cx.parts.log_id);
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        Block::Code(Code { title, text, ..Code::default() })
    };
    records.iter().map(block).collect()
}
