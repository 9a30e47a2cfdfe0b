//! What evaluations say of models: own results beside those that others published, each said to be what it is.

use serde_json::json;
use store::evaluation::{Evaluation, Origin};

use crate::context::Context;
use crate::table::{Cell, Table, columns};

/// The results, the youngest first. Whose questions they were is not said: they are of the model, and all may know.
pub(super) fn table(cx: &Context<'_>, all: &[Evaluation]) -> Table {
    let table = Table {
        name: "evaluations",
        title: cx.t("evaluations"),
        note: cx.t("evaluations-note"),
        empty: cx.t("evaluations-none"),
        columns: columns(&cx.words, "model suite #score interval #questions known deployment at evaluation"),
        rows: all.iter().map(|it| row(cx, it)).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, &cx.words, cx.whole())
}

fn row(cx: &Context<'_>, it: &Evaluation) -> Vec<Cell> {
    let share = |ppm: u32| f64::from(ppm) / 1e6;
    let percent = |ppm: u32| format!("{} %", cx.words.tenth(share(ppm) * 100.0));
    let interval = it.interval_ppm.map_or_else(Cell::none, |(low, high)| {
        Cell::of(format!("{} – {}", percent(low), percent(high)), json!([share(low), share(high)]))
    });
    let deployment = match &it.origin {
        Origin::Own { deployment, .. } => Cell::text(deployment.as_str()),
        Origin::Published { .. } => Cell::none(),
    };
    vec![
        Cell::text(it.model.as_str()),
        Cell::text(it.suite.as_str()),
        Cell::of(percent(it.score_ppm), share(it.score_ppm)).tone(if it.is_real() { "" } else { "quiet" }),
        interval,
        it.questions.map_or_else(Cell::none, |n| Cell::of(cx.words.count(n), n)),
        known(cx, it),
        deployment,
        Cell::of(cx.words.time(it.at), it.at.to_string()),
        Cell::code(it.id.as_str()),
    ]
}

/// How it is known: run here, on what only stands in for a model, or published by somebody.
fn known(cx: &Context<'_>, it: &Evaluation) -> Cell {
    let said = |word: &'static str| Cell::of(cx.words.word("evaluation", word), word);
    match &it.origin {
        Origin::Own { simulated: true, .. } => said("simulated").tone("warn"),
        Origin::Own { judge: Some(judge), .. } => said("judged").note(judge.as_str()),
        Origin::Own { .. } => said("own"),
        Origin::Published { date, source } => said("published").note(format!("{date}, {source}")),
    }
}
