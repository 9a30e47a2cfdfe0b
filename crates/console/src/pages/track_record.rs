//! The track record: what was said, whether the ledger says so too, what happened, and how well it was said.

use api::foresight::Track;
use forecast::record::Frozen;
use serde_json::json;

use super::forecast::tabs;
use super::studio::told as wrongs;
use crate::block::{Block, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use crate::told;

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let track = cx.desk.track_record().await?;
    let mut blocks: Vec<Block> = notices(cx, &track).into_iter().collect();
    blocks.push(Block::Table(frozen(cx, &track)));
    if let Ok(Some(scores)) = &track.scores
        && !track.frozen.is_empty()
    {
        blocks.extend(told::blocks(cx, &scores.report(cx.words.lang)));
    }
    let (title, lead) = (cx.t("tab-track-record"), cx.t("track-record-lead"));
    Ok(Page { menu: "forecast", title, lead, tabs: tabs(cx, "tab-track-record"), blocks })
}

fn notices(cx: &Context<'_>, track: &Track) -> Option<Block> {
    let notice = |text: String| Notice { tone: "bad", word: cx.t("tone-bad"), text, step: None };
    let changed = track.changed.iter().map(|name| notice(cx.words.say("track-changed", &[("name", name.clone())])));
    let wrong = track.scores.as_ref().err().map(|problems| notice(wrongs(cx, problems)));
    let unproven = matches!(track.scores, Ok(None)).then(|| notice(cx.t("track-unproven")));
    let items: Vec<Notice> = changed.chain(wrong).chain(unproven).collect();
    (!items.is_empty()).then(|| Block::Notices(Notices { title: cx.t("track-wrong"), empty: String::new(), items }))
}

fn frozen(cx: &Context<'_>, track: &Track) -> Table {
    Table {
        name: "frozen",
        title: cx.t("track-frozen"),
        note: cx.t("track-frozen-note"),
        empty: cx.t("track-record-none"),
        columns: columns(&cx.words, "forecast frozen by chance in_ledger hash"),
        rows: track.frozen.iter().map(|(sha256, it, entry)| row(cx, sha256, it, *entry)).collect(),
        ..Table::default()
    }
}

fn row(cx: &Context<'_>, sha256: &str, it: &Frozen, entry: Option<u64>) -> Vec<Cell> {
    let numbers = report::Numbers::of(cx.words.lang);
    let readings = it.targets.iter().flat_map(|target| &target.readings);
    let said: Vec<f64> = readings.map(|it| it.probability).collect();
    let shown: Vec<String> = said.iter().map(|it| numbers.percent(*it)).collect();
    let ledger = match entry {
        Some(entry) => Cell::of(entry.to_string(), entry).to(format!("/console/ledger/{entry}")),
        None => Cell::none().tone("warn").note(cx.t("track-not-here")),
    };
    vec![
        Cell::text(it.title.as_str()).note(it.id.as_str()),
        Cell::text(it.at.as_str()),
        Cell::text(it.by.as_str()),
        Cell::of(shown.join(", "), json!(said)),
        ledger,
        Cell::code(sha256.get(..12).unwrap_or_default()),
    ]
}
