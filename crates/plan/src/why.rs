//! Why there is no plan: named checks before any solving, then the smallest set of limits in the way, then what would help.
//!
//! A limit of law is named where it is in the way, and that is all: no report says by how much it would have to give, and no
//! remedy touches it.

mod conflict;
mod elastic;
mod named;
mod words;

use serde::Serialize;

use crate::case::{Basis, Case};
use crate::model::{Limit, Model};
use crate::solve::{Failure, Options, solve};
pub use conflict::{InConflict, conflict};
use elastic::{Elastic, Soft};
pub use named::Named;
pub use words::conflict_text;

/// What was asked, answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// There are plans; nothing is in the way.
    Feasible,
    /// There would be plans if modules could be divided.
    Modules,
    /// There is none.
    Infeasible(Box<Why>),
    /// There is none whatever limits give: these rows cannot all hold together.
    Conflict(Vec<InConflict>),
}

/// A limit in the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// Table, id and year: `supply.h200-2026`, `site.north.grid_connection_mw.2030`, `class.chat.2030`.
    pub limit: String,
    /// What it rests on; absent: it is demand.
    pub basis: Option<Basis>,
    /// What the case says; absent where it is an hourly series.
    pub allowed: Option<f64>,
    /// What it would have to be, the rest unchanged; never said of law. Of demand: the share that can be served.
    pub needed: Option<f64>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// What is plain without solving anything.
    pub named: Vec<Named>,
    /// The smallest set of limits found that stands in the way: with these relaxed there is a plan.
    pub causes: Vec<Cause>,
    /// What would do without touching law: limits that are not law, and how far; or demand, and how much of it is left.
    pub without_law: Vec<Cause>,
    /// The first year from which on all demand is served with every limit as it is.
    pub first_year: Option<i32>,
}

/// Says what stands in the way.
///
/// # Errors
/// Where a solver's run ends otherwise than in an answer.
pub fn why(case: &Case, options: &Options) -> Result<Answer, Failure> {
    let model = Model::new(case);
    let named = named::checks(&model);
    let all = elastic::limits(&model);
    let caps: Vec<Limit> = all.iter().copied().filter(|it| !it.is_demand()).collect();
    let demand: Vec<Limit> = all.iter().copied().filter(|it| it.is_demand()).collect();
    let soft = match slack(&model, &caps, options)? {
        Some(found) if found.is_empty() => {
            return whole(case, &model, options);
        }
        Some(found) => found,
        // No cap alone: less has to be asked for, too.
        None => match slack(&model, &all, options)? {
            Some(found) => found,
            None => return Ok(Answer::Conflict(conflict(case, options)?)),
        },
    };
    let causes = smallest(&model, soft, options)?;
    let first_year = first_year(&model, &demand, options)?;
    let may: Vec<Limit> = caps.iter().copied().filter(|it| model.basis(*it) != Some(Basis::Law)).collect();
    let touches_law = causes.iter().any(|(limit, _)| model.basis(*limit) == Some(Basis::Law));
    let without_law = match (touches_law, slack(&model, &may, options)?) {
        (false, _) => Vec::new(),
        (true, Some(found)) => smallest(&model, found, options)?,
        (true, None) => slack(&model, &demand, options)?.unwrap_or_default(),
    };
    let tell = |found: Vec<Soft>| found.into_iter().map(|(limit, slack)| cause(&model, limit, slack)).collect();
    Ok(Answer::Infeasible(Box::new(Why { named, causes: tell(causes), without_law: tell(without_law), first_year })))
}

/// Whether whole modules alone are in the way, where a plan with parts of them exists.
fn whole(case: &Case, model: &Model<'_>, options: &Options) -> Result<Answer, Failure> {
    if model.columns.whole.is_empty() {
        return Ok(Answer::Feasible);
    }
    match solve(case, options, &mut |_| ()) {
        Ok(_) => Ok(Answer::Feasible),
        Err(Failure::Infeasible) => Ok(Answer::Modules),
        Err(failure) => Err(failure),
    }
}

/// The least relaxing of some limits, all others held; none: that is not enough.
fn slack(model: &Model<'_>, soft: &[Limit], options: &Options) -> Result<Option<Vec<Soft>>, Failure> {
    Elastic::new(model, soft).least(options)
}

/// Leaves out what is not needed, one after another.
fn smallest(model: &Model<'_>, mut found: Vec<Soft>, options: &Options) -> Result<Vec<Soft>, Failure> {
    // The least relaxed first: it is the likeliest to be unnecessary.
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut at = 0;
    while found.len() > 1 && at < found.len() {
        let rest: Vec<Limit> = found.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, it)| it.0).collect();
        match slack(model, &rest, options)? {
            Some(less) if !less.is_empty() => {
                found = less;
                at = 0;
            }
            _ => at += 1,
        }
    }
    found.sort_by_key(|it| it.0);
    Ok(found)
}

/// With every cap as it is: from which year on nothing of demand is left out.
fn first_year(model: &Model<'_>, demand: &[Limit], options: &Options) -> Result<Option<i32>, Failure> {
    let Some(unserved) = Elastic::new(model, demand).all_served().least(options)? else { return Ok(None) };
    let year_of = |limit: &Limit| match limit {
        Limit::Class { k, .. } | Limit::Load { k, .. } => Some(*k),
        _ => None,
    };
    let last = unserved.iter().filter_map(|(limit, _)| year_of(limit)).max();
    let first = last.map_or(0, |last| last + 1);
    Ok(model.case.years.get(first).map(|it| it.year))
}

fn cause(model: &Model<'_>, limit: Limit, slack: f64) -> Cause {
    let basis = model.basis(limit);
    let allowed = elastic::stated(model, limit).map(|(value, unit)| value * unit);
    let needed = match (basis, allowed) {
        (Some(Basis::Law), _) => None,
        (None, _) => Some((1.0 - slack).max(0.0)),
        (Some(_), Some(_)) => elastic::relaxed(model, limit, slack),
        (Some(_), None) => None,
    };
    Cause { limit: model.name(limit), basis, allowed, needed }
}
