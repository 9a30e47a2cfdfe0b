//! What is plain without solving anything: each check says one thing that cannot be, whatever the rest.

use serde::Serialize;

use crate::case::{Case, Demand, Size, Unserved};
use crate::model::Model;

/// Something that cannot be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// Which check, by a word that never changes.
    pub check: &'static str,
    /// A class, a site or nothing.
    pub what: String,
    /// In which year.
    pub year: i32,
    /// What there is, at most.
    pub found: f64,
    /// What is asked.
    pub asked: f64,
}

pub(super) fn checks(model: &Model<'_>) -> Vec<Named> {
    let case = model.case;
    let mut found = Vec::new();
    for k in 0..case.years.len() {
        for class in 0..case.classes.len() {
            found.extend(work(case, class, k));
        }
        found.extend(power(case, k));
    }
    found
}

/// The highest PFLOP/s that a class asks for in a year whatever it costs, evenly spread where it is training: what may give way is no
/// reason why there is no plan.
fn asked_pflops(case: &Case, class: usize, k: usize) -> f64 {
    firm(case.classes[class].unserved.as_ref(), case.years[k].year)
        * match &case.classes[class].demand {
            Demand::Inference(series) => series.highest(k, case.hours.count()),
            Demand::Training(total) => total.at(case.years[k].year) / case.hours.energy_weight.iter().sum::<f64>(),
        }
}

/// The share that must be served.
fn firm(unserved: Option<&Unserved>, year: i32) -> f64 {
    1.0 - unserved.map_or(0.0, |it| it.share_max.at(year))
}

fn work(case: &Case, class: usize, k: usize) -> Option<Named> {
    let (work, year) = (&case.classes[class], case.years[k].year);
    let asked = asked_pflops(case, class, k);
    if asked <= 0.0 {
        return None;
    }
    let named = |check, found| Some(Named { check, what: work.id.clone(), year, found, asked });
    if !work.sites.contains(&true) {
        return named(if work.jurisdictions.is_empty() { "no_site" } else { "residency" }, 0.0);
    }
    let sites = || 0..case.sites.len();
    let serves = |a: usize| sites().any(|site| case.may_stand(a, site) && case.pflops(a, class, site) > 0.0);
    let kinds: Vec<usize> = (0..case.accelerators.len()).filter(|a| serves(*a)).collect();
    if kinds.is_empty() {
        return named("no_accelerator", 0.0);
    }
    let most: f64 = kinds.iter().map(|a| most_pflops(case, *a, class, k)).sum();
    if most < asked { named("supply", most) } else { None }
}

/// What all of a kind that may ever have been bought by a year could do for a class. Caps of origins are left to the solver.
fn most_pflops(case: &Case, a: usize, class: usize, k: usize) -> f64 {
    let kind = &case.accelerators[a];
    let best = (0..case.sites.len()).map(|site| case.pflops(a, class, site)).fold(0.0, f64::max);
    let owned: f64 = (0..case.sites.len()).map(|site| case.units_owned(a, site, k)).sum();
    let may_buy = kind.sites.contains(&true);
    let bought = (0..=k).map(|v| {
        let caps = case.supplies.iter().filter(|it| it.year == v && case.supplied(&it.of, a));
        let most = if may_buy { caps.map(|it| it.units_max).fold(f64::INFINITY, f64::min) } else { 0.0 };
        let left = case.units_left(kind, case.years[v].year, k);
        if left > 0.0 { most * left } else { 0.0 }
    });
    best * (owned + bought.sum::<f64>())
}

/// All that can be in service in a year beside what loads take in their highest hour.
fn power(case: &Case, k: usize) -> Option<Named> {
    let year = case.years[k].year;
    let hours = case.hours.count();
    let sum = |t: usize| case.loads.iter().map(|it| firm(it.unserved.as_ref(), year) * it.mw.at(k, t)).sum::<f64>();
    let asked = (0..hours).map(sum).fold(0.0, f64::max);
    let work = (0..case.classes.len()).any(|class| asked_pflops(case, class, k) > 0.0);
    let most: f64 = (0..case.technologies.len())
        .flat_map(|kind| (0..case.sites.len()).map(move |site| (kind, site)))
        .map(|(kind, site)| most_mw(case, kind, site, k))
        .sum::<f64>()
        + case
            .stores
            .iter()
            .filter(|it| case.serves(k, it.in_service, it.life_years))
            .map(|it| most_of(it.size))
            .sum::<f64>();
    let nothing = most <= 0.0 && (work || asked > 0.0);
    let check = if nothing { "no_source" } else { "capacity" };
    (nothing || most < asked).then(|| Named { check, what: String::new(), year, found: most, asked })
}

fn most_of(size: Size) -> f64 {
    match size {
        Size::Fixed(mw) => mw,
        Size::Build { max, .. } => max,
    }
}

fn most_mw(case: &Case, kind: usize, site: usize, k: usize) -> f64 {
    let mine = case.sources.iter().filter(|it| it.kind == kind && it.site == site);
    let vintages: f64 = mine.filter(|it| case.serves(k, it.in_service, it.life_years)).map(|it| most_of(it.size)).sum();
    let caps = case.standing.iter().filter(|it| it.site == site && it.plant == crate::case::Plant::Source(kind));
    caps.filter_map(|it| it.mw_max.as_ref()).map(|it| it.at(case.years[k].year)).fold(vintages, f64::min)
}
