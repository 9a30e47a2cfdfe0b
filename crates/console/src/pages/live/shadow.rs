//! What a drill in shadow counted until now: which requests went to their fallback too, and how far the answers agree.
//!
//! Of the whole no app is named: counts are by fallback, all apps and servers together.

use drill::ShadowReport;
use drill::report::{Figures, Found, Mean, ShadowFinding, Sure};
use realm::DeploymentId;
use realm::mirrored::{Agreement, Fate, Mirrored};
use serde_json::json;

use crate::block::{Block, Fact, Facts};
use crate::context::Context;
use crate::pages::drill::tables::{FINDINGS, asked, plain, verdicts};
use crate::table::{Cell, Table, columns};

/// The tables of a drill in shadow.
pub fn blocks(cx: &Context<'_>, counted: &Mirrored, report: &ShadowReport) -> Vec<Block> {
    let mut blocks = vec![facts(cx, report)];
    if !report.hypothesis.is_empty() {
        blocks.push(Block::Table(verdicts(cx, &report.hypothesis)));
    }
    let told = |it: &Found<ShadowFinding>| asked(cx, it, it.finding.to_text(cx.words.lang));
    // Of the whole no app is named.
    let found = report.findings.iter().filter(|it| !(cx.is_whole() && it.finding.names_app()));
    blocks.push(Block::Table(plain(cx, "findings", FINDINGS, found.map(told).collect())));
    blocks.push(Block::Table(fates(cx, counted)));
    blocks.push(Block::Table(fallbacks(cx, counted)));
    blocks
}

fn facts(cx: &Context<'_>, report: &ShadowReport) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let spent = &report.spent;
    let of = |used: String, most: String| format!("{used} / {most}");
    let budget = report.findings.iter().any(|it| matches!(it.finding, ShadowFinding::BudgetSpent { .. }));
    let items = vec![
        fact("shadow-mirrored", cx.words.count(report.fates.of(Fate::Mirrored))),
        Fact {
            tone: if budget { "warn" } else { "" },
            ..fact("shadow-tokens", of(cx.words.count(spent.tokens), cx.words.count(spent.tokens_max)))
        },
        fact("shadow-cost", of(spent.cost_nano.to_string(), spent.cost_max_nano.to_string())),
        Fact { note: cx.t("shadow-agreement-note"), ..fact("shadow-agreement", share(report.figures.agreement).text) },
    ];
    Block::Facts(Facts { items, large: false, title: cx.t("shadow-title") })
}

fn fates(cx: &Context<'_>, counted: &Mirrored) -> Table {
    let sums = counted.fates();
    let all = sums.requests();
    let row = |fate: Fate| {
        let (word, count) = (fate.as_str(), sums.of(fate));
        let part = (all > 0).then(|| count as f64 / all as f64);
        let part = part.map_or_else(Cell::none, |part| Cell::of(format!("{:.1}\u{202f}%", part * 100.0), json!(part)));
        vec![Cell::of(cx.words.word("fate", word), word), Cell::of(cx.words.count(count), count), part]
    };
    Table {
        name: "fates",
        title: cx.t("shadow-fates"),
        note: cx.t("shadow-fates-note"),
        columns: columns(&cx.words, "fate #requests #share"),
        rows: Fate::ALL.into_iter().map(row).collect(),
        ..Table::default()
    }
}

fn fallbacks(cx: &Context<'_>, counted: &Mirrored) -> Table {
    let sums = counted.by_fallback();
    Table {
        name: "fallbacks",
        title: cx.t("shadow-fallbacks"),
        note: cx.t("shadow-fallbacks-note"),
        empty: cx.t("shadow-fallbacks-none"),
        columns: columns(
            &cx.words,
            "fallback #mirrors #not_answered #not_compared #compared #agreeing agreeing_interval #other_end \
             #other_refusal #other_form #other_calls #same_words #f1 #cosine #length_ratio #slower_ms",
        ),
        rows: sums.iter().map(|(fallback, it)| row(cx, fallback, it)).collect(),
        ..Table::default()
    }
}

fn row(cx: &Context<'_>, fallback: &DeploymentId, counted: &Agreement) -> Vec<Cell> {
    let figures = Figures::of(counted);
    let count = |count: u64| Cell::of(cx.words.count(count), count);
    let sure = figures.agreement;
    let interval = format!("{:.2}–{:.2}", sure.low, sure.high);
    let failed = figures.fallback_errors.part;
    vec![
        Cell::text(fallback.as_str()),
        count(counted.mirrors),
        count(failed).tone(if failed > 0 { "warn" } else { "" }),
        count(counted.too_long + counted.unlike),
        count(counted.compared),
        share(sure),
        Cell { value: json!([sure.low, sure.high]), ..Cell::text(interval) },
        count(figures.finish_differs.part),
        count(figures.refusal_differs.part),
        count(figures.json_differs.part.max(figures.schema_differs.part)),
        count(counted.calling - counted.same_calls),
        share(figures.same_words),
        mean(figures.similarity),
        mean(figures.cosine),
        mean(figures.length_ratio),
        slower(figures.latency_ms),
    ]
}

fn share(sure: Sure) -> Cell {
    let Some(share) = sure.share else { return Cell::none() };
    Cell::of(format!("{:.1}\u{202f}%", share * 100.0), json!(share))
}

fn mean(of: Mean) -> Cell {
    of.mean.map_or_else(Cell::none, |mean| Cell::of(format!("{mean:.2}"), json!(mean)))
}

fn slower(of: Mean) -> Cell {
    let Some(mean) = of.mean else { return Cell::none() };
    let text = match of.interval {
        Some(interval) => format!("{mean:+.0} ±{:.0}", (interval.high - interval.low) / 2.0),
        None => format!("{mean:+.0}"),
    };
    Cell::of(text, json!(mean))
}
