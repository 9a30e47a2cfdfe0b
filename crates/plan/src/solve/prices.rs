//! What one more unit of a cap would save: the solver's duals by the names of limits, in units that people decide about.
//!
//! A limit of law has no price here, whatever its row costs: nothing of this crate says what breaking a law would save.

use std::collections::BTreeMap;

use super::Solution;
use crate::case::{Basis, Lost, Rule};
use crate::model::{Limit, MILLION, Model, Row, Rows, THOUSAND};

/// Money that one more unit saves, discounted, by the name of the limit. Units: MW, km², accelerators, millions of money, tonnes; of a share or a
/// margin, one hundredth less. Limits that cost nothing are left out.
pub(super) fn of(model: &Model<'_>, solution: &Solution) -> BTreeMap<String, f64> {
    let duals = &solution.duals;
    let mut prices: BTreeMap<Limit, f64> = BTreeMap::new();
    let mut at = 0;
    model.each(&mut |row, lower, upper, terms| {
        let dual = duals.rows.get(at).copied().unwrap_or(0.0);
        at += 1;
        let Some(limit) = Limit::of(row).filter(|_| dual != 0.0) else { return };
        // One more of a most lowers the cost by what its dual is below zero, one less of a least by what it is above.
        let gain = if upper.is_finite() { -dual } else { dual };
        let unit = unit(model, row, lower, (terms, &solution.values));
        *prices.entry(limit).or_default() += gain * unit;
    });
    let columns = &model.columns;
    let mut vintage = |limit: Limit, column: Option<(u32, f64)>| {
        let Some((column, mw)) = column.filter(|(column, _)| !columns.whole.contains(column)) else { return };
        let dual = duals.columns.get(column as usize).copied().unwrap_or(0.0);
        if columns.upper[column as usize].is_finite() && dual < 0.0 {
            prices.insert(limit, -dual / mw);
        }
    };
    columns.source.iter().enumerate().for_each(|(at, column)| vintage(Limit::Source { at }, *column));
    columns.store.iter().enumerate().for_each(|(at, column)| vintage(Limit::Store { at }, *column));
    columns.line.iter().enumerate().for_each(|(at, column)| vintage(Limit::Line { at }, *column));
    let priced = prices.into_iter().filter(|(limit, _)| model.basis(*limit).is_some_and(|it| it != Basis::Law));
    let named = priced.map(|(limit, price)| (model.name(limit), price * MILLION));
    // What is below the solver's own tolerance is nothing.
    named.filter(|(_, price)| price.is_finite() && *price > 1e-9 * model_size(solution, model)).collect()
}

/// The objective, as a measure of what is small.
fn model_size(solution: &Solution, model: &Model<'_>) -> f64 {
    MILLION * model.columns.cost.iter().zip(&solution.values).map(|(cost, value)| cost * value).sum::<f64>().abs()
}

/// What one unit of a limit is of its row's right side.
fn unit(model: &Model<'_>, row: Row, lower: f64, (terms, values): (&[(u32, f64)], &[f64])) -> f64 {
    match row {
        Row::Supply { .. } => 1.0 / THOUSAND,
        Row::Policy { at } => match model.case.policies[at].rule {
            Rule::Co2Cap { .. } => 1.0 / THOUSAND,
            // The row is of home's energy less its share of all: a hundredth less of the share is a hundredth of all.
            Rule::HomeShare { share } => {
                let each = |factor: f64| if factor > 0.0 { factor / (1.0 - share) } else { factor / -share };
                let all = terms.iter().map(|(column, factor)| each(*factor) * values[*column as usize]);
                0.01 * all.filter(|it| it.is_finite()).sum::<f64>()
            }
            Rule::Stress { .. } => 0.0,
        },
        Row::StressBalance { at, .. } | Row::StressServed { at, .. } => {
            stressed(model, row, at, lower, (terms, values))
        }
        _ => 1.0,
    }
}

/// A hundredth less of the margin, or of the share that must be served without something.
fn stressed(model: &Model<'_>, row: Row, at: usize, lower: f64, (terms, values): (&[(u32, f64)], &[f64])) -> f64 {
    let Rule::Stress { lost, share, margin } = &model.case.policies[at].rule else { return 0.0 };
    if *lost != Lost::Nothing {
        return if *share > 0.0 { 0.01 * lower / share } else { 0.0 };
    }
    if !matches!(row, Row::StressBalance { .. }) {
        return 0.0;
    }
    // The margin stands on loads and on what the accelerators draw.
    let used = model.columns.stress.iter().find(|it| it.policy == at).map(|it| it.used.as_slice());
    let draws = terms.iter().filter(|(column, _)| used.is_some_and(|used| used.contains(column)));
    let drawn: f64 = draws.map(|(column, factor)| -factor * values[*column as usize]).sum();
    0.01 * (lower + drawn) / (1.0 + margin)
}
