//! The report of a desk drill: what moves where, what stops, what is protected, what it costs, and how the hypothesis fared.

pub(super) mod tables;

use std::sync::Arc;

use api::replay::{Came, Replay, Told};
use drill::report::{Cost, Drill as Report, Energy};
use rust_decimal::Decimal;

use super::drills::telling;
use super::exposure::percent;
use super::studio;
use crate::block::{Block, Code, Fact, Facts, Notice, Notices, Page, Why};
use crate::context::{Context, Trouble};

/// A drill that was asked for where one looks.
///
/// # Errors
/// There is none of that id.
pub fn found(cx: &Context<'_>) -> Result<Arc<Replay>, Trouble> {
    cx.parts.replays.find(&cx.guest.scope, cx.name()).ok_or(Trouble::NotFound)
}

/// The page.
///
/// # Errors
/// There is no drill of that id.
pub fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let replay = found(cx)?;
    let mut blocks = match replay.told() {
        Some(told) => report(cx, &replay, told),
        None => vec![unfinished(cx, &replay)],
    };
    blocks.push(Block::Code(file(cx, &replay)));
    let lead = cx.words.say("drill-lead", &of(cx, &replay));
    Ok(Page { menu: "drills", title: replay.title.clone(), lead, tabs: tabs(cx, &replay, "tab-report"), blocks })
}

/// The pages about one drill.
pub fn tabs(cx: &Context<'_>, replay: &Replay, here: &str) -> Vec<(String, String, bool)> {
    let tabs = [
        (format!("/console/drills/{}", replay.id), "tab-report"),
        (format!("/console/impact/{}", replay.id), "tab-impact"),
    ];
    tabs.map(|(path, key)| (path, cx.t(key), key == here)).into()
}

/// What a drill is of.
fn of(cx: &Context<'_>, replay: &Replay) -> [(&'static str, String); 4] {
    let (from, size) = replay.entries;
    [
        ("by", replay.by.clone()),
        ("at", cx.words.time(replay.at)),
        ("entries", cx.words.count(size - from)),
        ("log", replay.log.clone()),
    ]
}

/// A drill under way, or why nothing came of it.
pub fn unfinished(cx: &Context<'_>, replay: &Replay) -> Block {
    let here = || Some((cx.t("drill-look-again"), Some(cx.ask.here())));
    let change = Some((cx.t("drill-change"), Some(format!("/console/drills/new?from={}", replay.id))));
    let (from, size) = replay.entries;
    let read = [("read", cx.words.count(replay.seen())), ("size", cx.words.count(size - from))];
    let (tone, text, step) = match replay.came() {
        Some(Came::Wrong(problems)) => ("bad", studio::told(cx, problems), change),
        Some(_) => ("bad", cx.t("drill-lost"), change),
        None => ("info", cx.words.say("drill-running", &read), here()),
    };
    let notice = Notice { tone, word: cx.t(&format!("tone-{tone}")), text, step };
    Block::Notices(Notices { title: cx.t("drill-unfinished"), empty: String::new(), items: vec![notice] })
}

fn report(cx: &Context<'_>, replay: &Replay, told: &Told) -> Vec<Block> {
    let report = &told.report;
    let mut blocks = vec![facts(cx, replay, report), Block::Table(tables::hypothesis(cx, report))];
    blocks.push(Block::Table(tables::findings(cx, report)));
    // Of the whole no app is named, and it is told app by app.
    let notice = report.notice.as_ref().filter(|_| !cx.is_whole());
    blocks.extend(notice.map(|notice| Block::Table(tables::notice(cx, notice))));
    blocks.push(tables::ways(cx, told));
    let who = if cx.is_whole() { tables::organisations(cx, told) } else { tables::apps(cx, report) };
    let rest = [
        tables::stopped(cx, told),
        who,
        tables::sectors(cx, report),
        tables::protected(cx, report),
        tables::loads(cx, report),
        tables::failures(cx, report),
        tables::levels(cx, report),
        tables::untested(cx, report),
    ];
    blocks.extend(rest.into_iter().map(Block::Table));
    blocks.push(evidence(cx, replay, report));
    blocks
}

fn facts(cx: &Context<'_>, replay: &Replay, report: &Report) -> Block {
    let (words, counts) = (&cx.words, report.totals);
    let why = |key: &str| Some(Why { text: cx.t(key), line: line(cx), links: behind(cx, replay) });
    let fact =
        |name: &str, value: String, key: &str| Fact { name: cx.t(name), value, why: why(key), ..Fact::default() };
    let survival = telling(report.survival.critical, report.survival.requests);
    let stopped = if counts.stopped > 0 { "bad" } else { "" };
    let worst = report.exposure.worst_cut_after.as_ref();
    let left = worst.map(|cut| telling(cut.critical, cut.requests));
    let items = vec![
        Fact { note: cx.t(basis(report)), ..fact("col-survival", percent(survival), "why-survival") },
        fact("col-unchanged", words.count(counts.unchanged), "why-unchanged"),
        fact("col-moved", words.count(counts.moved), "why-moved"),
        Fact { tone: stopped, ..fact("col-stopped", words.count(counts.stopped), "why-stopped") },
        fact("col-opened", words.count(counts.newly_permitted), "why-opened"),
        cost(cx, fact("figure-cost-after", String::new(), "why-cost-after"), &report.cost),
        energy(cx, fact("figure-energy-after", String::new(), "why-energy-after"), report.energy),
        Fact {
            note: worst.map(|cut| cut.key.to_text(words.lang)).unwrap_or_default(),
            ..fact("figure-further-cut", left.map_or_else(|| "–".to_owned(), percent), "why-further-cut")
        },
    ];
    Block::Facts(Facts { items, large: true, title: String::new() })
}

fn basis(report: &Report) -> &'static str {
    if report.survival.critical.whole > 0 { "by-criticality" } else { "by-requests" }
}

/// The same for a program or on the command line.
fn line(cx: &Context<'_>) -> String {
    format!("{} drill run drill.toml --json", cx.console.parts.program)
}

/// Where the records are that were decided again; of the whole no request is shown.
fn behind(cx: &Context<'_>, replay: &Replay) -> Vec<(String, String)> {
    let twin = (format!("/console/drills/{}.json", replay.id), cx.t("drill-as-json"));
    let records = (!cx.is_whole()).then(|| ("/console/requests?end=answered".to_owned(), cx.t("why-see")));
    records.into_iter().chain([twin]).collect()
}

fn cost(cx: &Context<'_>, fact: Fact, cost: &Cost) -> Fact {
    let currency = cost.currency.clone().unwrap_or_default();
    let before = [("before", format!("{} {currency}", cost.before)), ("change", change(cx, cost.change_percent))];
    let value = if cost.unknown_requests > 0 { cx.t("unknown") } else { format!("{} {currency}", cost.after) };
    Fact { value, note: cx.words.say("figure-before", &before), ..fact }
}

fn change(cx: &Context<'_>, percent: Option<Decimal>) -> String {
    percent.map_or_else(|| cx.t("unknown"), |it| format!("{}{it}\u{202f}%", if it > Decimal::ZERO { "+" } else { "" }))
}

fn energy(cx: &Context<'_>, fact: Fact, energy: Energy) -> Fact {
    let joules =
        |j: f64, unknown: u64| if unknown > 0 { cx.t("unknown") } else { format!("{}\u{202f}J", cx.words.tenth(j)) };
    let before = joules(energy.before_j, energy.unknown_tokens_before);
    let percent = energy.change_j.filter(|_| energy.before_j > 0.0).map(|by| by / energy.before_j * 100.0);
    let percent = percent.and_then(|it| Decimal::try_from(it).ok()).map(|it| it.round_dp(1));
    let note = cx.words.say("figure-before", &[("before", before), ("change", change(cx, percent))]);
    Fact { value: joules(energy.after_j, energy.unknown_tokens_after), note, ..fact }
}

/// What it takes to run the same drill again.
fn evidence(cx: &Context<'_>, replay: &Replay, report: &Report) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let code = |name: &str, value: String| Fact { code: true, ..fact(name, value) };
    let days = report.days.map_or_else(|| "–".to_owned(), |(first, last)| format!("{first} – {last}"));
    let (from, size) = replay.entries;
    let cut: Vec<String> = report.cut.iter().map(|key| key.to_text(cx.words.lang)).collect();
    let left = report.not_replayed;
    let items = vec![
        fact("col-cut", if cut.is_empty() { "–".to_owned() } else { cut.join(", ") }),
        fact("drill-days", days),
        fact("drill-seed", report.seed.to_string()),
        code("drill-log", format!("{} {from}–{size}", replay.log)),
        code("drill-sha256", replay.sha256.clone()),
        fact("drill-version", env!("CARGO_PKG_VERSION").to_owned()),
        fact("drill-without-world", cx.words.count(left.without_world)),
        fact("drill-disagreeing", cx.words.count(left.disagreeing)),
    ];
    Block::Facts(Facts { items, large: false, title: cx.t("drill-evidence") })
}

/// The scenario as a file, so that the same drill runs elsewhere.
fn file(cx: &Context<'_>, replay: &Replay) -> Code {
    let (from, size) = replay.entries;
    let part = [("entries", cx.words.count(size - from)), ("line", line(cx))];
    let note = cx.words.say(if cx.is_whole() { "drill-file-note-whole" } else { "drill-file-note" }, &part);
    let links = vec![(format!("/console/drills/new?from={}", replay.id), cx.t("drill-change"))];
    Code { title: cx.t("drill-file"), note, text: replay.text.clone(), links, ..Code::default() }
}
