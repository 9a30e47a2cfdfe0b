//! The single losses that would leave the least, drawn.

use drill::report::{Exposure, SurvivedCut};
use drill::{Level, Share};
use serde_json::json;

use super::super::drills::telling;
use super::super::studio;
use super::share;
use crate::block::Chart;
use crate::chart::{Kind, Series};
use crate::context::Context;
use crate::table::{Cell, Table, columns};

/// How many are drawn.
const SHOWN: usize = 10;

/// The worst of them, the worst first: home's own places and blocs aside, and what nobody can take back. None where nothing
/// was answered.
pub fn chart(cx: &Context<'_>, report: &Exposure) -> Option<Chart> {
    let found = worst(report);
    if found.is_empty() {
        return None;
    }
    let left = |cut: &SurvivedCut| telling(cut.critical, cut.requests);
    let names = found.iter().map(|cut| cut.key.to_text(cx.words.lang)).collect();
    let values = found.iter().map(|cut| left(cut).share().map(hundredths)).collect();
    let row = |cut: &&SurvivedCut| {
        let name = Cell::of(cut.key.to_text(cx.words.lang), json!(cut.key.word()));
        vec![studio::cut_off(&cut.key).map_or_else(|| name.clone(), |href| name.clone().to(href)), share(left(cut))]
    };
    Some(Chart {
        title: cx.t("exposure-losses"),
        summary: cx.t("exposure-losses-note"),
        kind: Kind::Bar,
        labels: names,
        series: vec![Series { name: cx.t("exposure-left-percent"), values }],
        flows: Vec::new(),
        stopped: String::new(),
        whole: false,
        views: Vec::new(),
        table: Table {
            name: "losses",
            columns: columns(&cx.words, "loss #left"),
            rows: found.iter().map(row).collect(),
            ..Table::default()
        },
    })
}

/// The cuts that leave the least, by level where they leave the same.
fn worst(report: &Exposure) -> Vec<&SurvivedCut> {
    let levels = report.summary.levels.iter().filter(|it| !matches!(it.level, Level::Licence | Level::Provenance));
    let keys = levels.flat_map(|level| &level.keys).filter(|key| !key.is_home && !key.is_bloc);
    let mut cuts: Vec<&SurvivedCut> = keys.filter_map(|key| key.without.as_ref()).collect();
    let left = |cut: &SurvivedCut| telling(cut.critical, cut.requests).share();
    cuts.sort_by(|a, b| left(a).cmp(&left(b)).then_with(|| a.key.cmp(&b.key)));
    cuts.truncate(SHOWN);
    cuts
}

/// A part of one in hundredths, to a tenth.
fn hundredths(Share(share): Share) -> f64 {
    use rust_decimal::prelude::ToPrimitive as _;
    (share * rust_decimal::Decimal::ONE_HUNDRED).round_dp(1).to_f64().unwrap_or_default()
}
