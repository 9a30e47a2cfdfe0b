//! `unserved_cost_…` of loads and of classes: at which loss they give way, and how far.

use super::table::{Table, Want};
use crate::case::{ByYear, Unserved};

/// Seconds of an hour.
const HOUR_S: f64 = 3600.0;
/// Millions of tokens of a thousand a second for an hour.
const M_TOKENS: f64 = 3.6;

/// The loss of a load that is not served.
pub(super) fn of_load(table: &Table<'_>) -> Option<Unserved> {
    let cost = stated(table, "unserved_cost_per_mwh", Some(1.0));
    whole(table, "unserved_cost_per_mwh", cost)
}

/// The loss of work that is not done, counted as its demand is.
pub(super) fn of_class(table: &Table<'_>, counted_in_tokens: bool, gflop_per_token: Option<f64>) -> Option<Unserved> {
    let (by_work, by_tokens) = ("unserved_cost_per_pflop_h", "unserved_cost_per_m_tokens");
    // 10⁹ operations a token are 10¹⁵ a million tokens.
    let tokens = if counted_in_tokens { Some(M_TOKENS) } else { gflop_per_token.map(|gflop| HOUR_S / gflop) };
    let in_work = stated(table, by_work, (!counted_in_tokens).then_some(1.0));
    let in_tokens = stated(table, by_tokens, tokens);
    if table.has(by_work) && table.has(by_tokens) {
        table.reading.at("case.unserved_twice", &table.place_of(by_tokens), &[]);
    }
    let field = if table.has(by_work) { by_work } else { by_tokens };
    whole(table, field, in_work.or(in_tokens))
}

/// A cost by year, times what makes it one of the unit of demand; without that, the class does not count so.
fn stated(table: &Table<'_>, field: &'static str, factor: Option<f64>) -> Option<ByYear> {
    let cost = table.by_year(field, Want::Positive);
    if !table.has(field) {
        return None;
    }
    let Some(factor) = factor else {
        table.reading.at("case.unserved_unit", &table.place_of(field), &[("field", field.to_owned())]);
        return None;
    };
    cost.map(|it| it.scaled(factor))
}

fn whole(table: &Table<'_>, field: &'static str, cost: Option<ByYear>) -> Option<Unserved> {
    let share_max = table.by_year("unserved_share_max", Want::Share);
    if !table.has(field) {
        if table.has("unserved_share_max") {
            table.reading.at("case.unserved_share", &table.place_of("unserved_share_max"), &[]);
        }
        return None;
    }
    // Who says what is lost stands beside it: it decides who goes without.
    table.must_be_cited(field);
    Some(Unserved { cost: cost?, share_max: share_max.unwrap_or_else(|| ByYear::always(1.0)) })
}
