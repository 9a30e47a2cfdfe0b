//! What the capacity allows: by year, and the year and resource that bind.

use serde::Serialize;

use super::probability;
use super::replicate::Tallies;
use crate::model::{Capacity, Model};
use crate::sensitivity::Estimate;

/// What the capacity allows.
#[derive(Debug, Clone, Serialize)]
pub struct CapacityOutcome {
    /// The plan's table and its source.
    pub plan: Capacity,
    /// By year.
    pub years: Vec<Bounds>,
    /// The year until the first target's (or any) in which least of what is wanted can run, where it binds at all.
    pub binding: Option<Binding>,
    /// The first year in which the capacity is more likely than not too small.
    pub first_binding: Option<i16>,
}

/// What the capacity allows in one year.
#[derive(Debug, Clone, Serialize)]
pub struct Bounds {
    /// The year.
    pub year: i16,
    /// The part of the wanted use that can run, on average.
    pub share: Estimate,
    /// How likely it is that not all can run.
    pub too_small: Estimate,
    /// Of those draws, the share in which power and not accelerators is what lacks.
    pub by_power: f64,
}

/// The year and the resource that bind.
#[derive(Debug, Clone, Serialize)]
pub struct Binding {
    /// The year.
    pub year: i16,
    /// The resource.
    pub resource: Resource,
    /// The part of the wanted use that can run.
    pub share: Estimate,
    /// How likely it is that not all can run.
    pub too_small: Estimate,
    /// Power that year.
    pub power_mw: f64,
    /// Accelerators that year.
    pub accelerators: f64,
    /// What stands behind it, in the plan's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Megawatts.
    Power,
    /// Accelerators.
    Accelerators,
    /// The plan's units for this work; which of the two they lack is for the plan to say.
    Fleet,
}

/// What lacks: by the draws where the power of an accelerator is given, else by what the plan says was bought to the last unit.
fn resource(plan: &Capacity, by_power: f64, why: Option<&str>) -> Resource {
    if plan.factors.accelerator_power.is_some() {
        return if by_power >= 0.5 { Resource::Power } else { Resource::Accelerators };
    }
    // A plan that leaves work unserved says what is short.
    let says = |what: &str| why.is_some_and(|why| why.starts_with(what));
    match (says("power short"), says("accelerators short")) {
        (true, _) => return Resource::Power,
        (_, true) => return Resource::Accelerators,
        _ => {}
    }
    // A plan names the limits that bind by their rows: `supply.` of accelerators, `site.` of megawatts.
    let names = |what: &str| why.is_some_and(|why| why.split([' ', ',', ';']).any(|word| word.starts_with(what)));
    match (names("supply."), names("site.") || names("power")) {
        (true, false) => Resource::Accelerators,
        (false, true) => Resource::Power,
        _ => Resource::Fleet,
    }
}

/// The year and the resource of a row that lacks.
fn bound(plan: &Capacity, it: &Bounds) -> Option<Binding> {
    let row = plan.years.iter().find(|row| row.year == it.year)?;
    Some(Binding {
        year: it.year,
        resource: resource(plan, it.by_power, row.why.as_deref()),
        share: it.share,
        too_small: it.too_small,
        power_mw: row.power_mw,
        accelerators: row.accelerators,
        why: row.why.clone(),
    })
}

/// The year until which something is asked in which a change of the capacity changes most what can run: before, and after.
pub(crate) fn changes_most(by: i16, before: &CapacityOutcome, after: &CapacityOutcome) -> Option<[Binding; 2]> {
    let pairs = before.years.iter().filter_map(|a| Some((a, after.years.iter().find(|b| b.year == a.year)?)));
    let asked = pairs.filter(|(a, b)| a.year <= by && a.share.value != b.share.value);
    let size = |(a, b): &(&Bounds, &Bounds)| (a.share.value - b.share.value).abs();
    let (a, b) = asked.max_by(|x, y| size(x).total_cmp(&size(y)))?;
    Some([bound(&before.plan, a)?, bound(&after.plan, b)?])
}

pub(crate) fn capacity(model: &Model, plan: &Capacity, tallies: &[Tallies]) -> CapacityOutcome {
    let bounds = |year: usize| {
        let of = |kind: usize| tallies.iter().map(move |it| it.capacity[year][kind]);
        let short: f64 = of(1).sum();
        Bounds {
            year: model.calendar(year),
            share: probability(tallies.iter().map(|it| it.capacity[year][0] / it.draws)),
            too_small: probability(tallies.iter().map(|it| it.capacity[year][1] / it.draws)),
            by_power: if short > 0.0 { of(2).sum::<f64>() / short } else { 0.0 },
        }
    };
    let years: Vec<Bounds> = if tallies.iter().all(|it| it.capacity.is_empty()) {
        Vec::new()
    } else {
        (0..model.years()).map(bounds).collect()
    };
    let until = model.targets.first().map_or(model.last_year, |it| it.by);
    let asked = years.iter().filter(|it| it.year <= until && it.too_small.value > 0.0);
    let binding = asked.min_by(|a, b| a.share.value.total_cmp(&b.share.value)).and_then(|it| bound(plan, it));
    let first_binding = years.iter().find(|it| it.too_small.value >= 0.5).map(|it| it.year);
    CapacityOutcome { plan: plan.clone(), years, binding, first_binding }
}
