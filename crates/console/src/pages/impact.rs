//! Impact: one change followed along the chain, from requests to the programme, with where each figure comes from. A link
//! that is not built says so.

use drill::{Impact, Known, Link};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::drill::{found, tabs, unfinished};
use crate::block::{Block, Fact, Facts, Page, Why};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use api::replay::Replay;

/// The page.
///
/// # Errors
/// There is no drill of that id.
pub fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let replay = found(cx)?;
    let blocks = match replay.told() {
        Some(told) => {
            let impact = told.impact();
            vec![facts(cx, &replay, &impact), Block::Table(chain(cx, &impact))]
        }
        None => vec![unfinished(cx, &replay)],
    };
    let lead = cx.t("impact-lead");
    Ok(Page { menu: "drills", title: replay.title.clone(), lead, tabs: tabs(cx, &replay, "tab-impact"), blocks })
}

/// Each link with its figure after, and why it is that.
fn facts(cx: &Context<'_>, replay: &Replay, impact: &Impact) -> Block {
    let items = impact.chain.iter().map(|link| fact(cx, replay, link)).collect();
    Block::Facts(Facts { items, large: false, title: cx.t("impact-chain") })
}

fn fact(cx: &Context<'_>, replay: &Replay, link: &Link) -> Fact {
    let unit = link.unit.as_deref().map(|unit| format!("\u{202f}{unit}")).unwrap_or_default();
    let said = |figure: Option<Decimal>| figure.map(|it| format!("{it}{unit}"));
    let value = match (said(link.before), said(link.after)) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (Some(before), None) => format!("{before} → {}", cx.t("unknown")),
        _ => known(cx, link.known),
    };
    let tone = if is_told(link) { tone(link) } else { "" };
    let why = is_told(link).then(|| Why {
        text: cx.t(&format!("why-link-{}", link.link)),
        line: format!("{} impact drill.toml --json", cx.console.parts.program),
        links: vec![(format!("/console/drills/{}", replay.id), cx.t("tab-report"))],
    });
    let note = if link.before.is_some() { known(cx, link.known) } else { String::new() };
    Fact { name: name(cx, link), value, note, tone, why, ..Fact::default() }
}

/// Whether anybody worked it out.
fn is_told(link: &Link) -> bool {
    !matches!(link.known, Known::NotBuilt | Known::NotAsked)
}

/// Less than before is bad of what is answered; more of what it costs is worth a look.
fn tone(link: &Link) -> &'static str {
    match (link.before, link.after) {
        (Some(before), Some(after)) if ["requests", "critical"].contains(&link.link) && after < before => "bad",
        (Some(before), Some(after)) if ["cost", "energy"].contains(&link.link) && after > before => "warn",
        _ => "",
    }
}

fn name(cx: &Context<'_>, link: &Link) -> String {
    cx.words.word("link", link.link)
}

fn word(known: Known) -> String {
    json!(known).as_str().unwrap_or_default().to_owned()
}

fn known(cx: &Context<'_>, known: Known) -> String {
    cx.words.word("known", &word(known))
}

fn chain(cx: &Context<'_>, impact: &Impact) -> Table {
    let figure = |it: Option<Decimal>| it.map_or_else(Cell::none, |it| Cell::text(it.to_string()));
    let row = |link: &Link| {
        let unit = link.unit.as_ref().map_or_else(|| Cell::of("", Value::Null), Cell::text);
        let quiet = if is_told(link) { "" } else { "quiet" };
        vec![
            Cell::of(name(cx, link), link.link),
            Cell::of(known(cx, link.known), word(link.known)).tone(quiet),
            figure(link.before),
            figure(link.after),
            unit,
        ]
    };
    Table {
        name: "chain",
        title: cx.t("impact-table"),
        note: cx.t("impact-note"),
        columns: columns(&cx.words, "link known #before #after unit"),
        rows: impact.chain.iter().map(row).collect(),
        ..Table::default()
    }
}
