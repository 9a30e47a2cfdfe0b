//! What a plan costs, thing by thing: in the objective's annuities by year, and as money paid out in calendar years.

use std::collections::BTreeMap;

use crate::case::{Built, Case, annuity};
use crate::plan::{Plan, Track};

/// For what money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// Accelerators with their share of host and network.
    Accelerators,
    /// Halls, their upkeep included.
    Halls,
    /// Building sources and stores.
    Plants,
    /// Their upkeep.
    Upkeep,
    /// Fuel, and energy that is bought.
    Fuel,
    /// Lines, their upkeep included.
    Lines,
}

impl Purpose {
    pub(super) const ALL: [Self; 6] =
        [Self::Accelerators, Self::Halls, Self::Plants, Self::Upkeep, Self::Fuel, Self::Lines];

    /// The word of messages and of CSV.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Accelerators => "accelerators",
            Self::Halls => "halls",
            Self::Plants => "plants",
            Self::Upkeep => "upkeep",
            Self::Fuel => "fuel",
            Self::Lines => "lines",
        }
    }

    /// Whether it is a part of what energy costs.
    pub(super) fn is_energy(self) -> bool {
        !matches!(self, Self::Accelerators | Self::Halls)
    }
}

/// What one thing costs.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) purpose: Purpose,
    pub(super) site: usize,
    /// Of accelerators: which.
    pub(super) accelerator: Option<usize>,
    /// Cost of one year, by year index, undiscounted: an annuity, upkeep, fuel.
    pub(super) yearly: Vec<f64>,
    /// Money paid out, by calendar year.
    pub(super) paid: BTreeMap<i32, f64>,
}

impl Entry {
    /// What it is in the objective.
    pub(super) fn discounted(&self, case: &Case) -> f64 {
        case.years.iter().zip(&self.yearly).map(|(year, cost)| year.weight * cost).sum()
    }
}

/// Everything that costs something.
pub(super) fn entries(case: &Case, plan: &Plan) -> Vec<Entry> {
    let mut book = Book { case, entries: Vec::new() };
    for (at, mw) in plan.sources.iter().enumerate().filter(|(at, _)| case.sources[*at].size.is_built()) {
        let built = case.source_built(at);
        book.built((Purpose::Plants, Purpose::Upkeep), case.sources[at].site, *mw, &built);
    }
    for (at, mw) in plan.stores.iter().enumerate().filter(|(at, _)| case.stores[*at].size.is_built()) {
        let built = case.store_built(at);
        book.built((Purpose::Plants, Purpose::Upkeep), case.stores[at].site, *mw, &built);
    }
    for (line, mw) in case.lines.iter().zip(&plan.lines).filter(|(line, _)| line.size.is_built()) {
        book.built((Purpose::Lines, Purpose::Lines), line.from, *mw, &Built::line(line));
    }
    for (site, by_year) in plan.halls.iter().enumerate() {
        let Some(hall) = &case.sites[site].hall else { continue };
        for (year, mw) in case.years.iter().zip(by_year) {
            book.built((Purpose::Halls, Purpose::Halls), site, *mw, &Built::hall(&hall.cost, year.year));
        }
    }
    book.accelerators(plan);
    book.running(plan);
    book.entries
}

struct Book<'a> {
    case: &'a Case,
    entries: Vec<Entry>,
}

impl Book<'_> {
    /// Cost by year index of something that costs the same in each year in service.
    fn in_service(&self, cost: f64, in_service: i32, life_years: f64) -> Vec<f64> {
        let serves = |k: usize| self.case.serves(k, in_service, life_years);
        (0..self.case.years.len()).map(|k| if serves(k) { cost } else { 0.0 }).collect()
    }

    /// A yearly cost as money of calendar years.
    fn by_calendar(&self, yearly: &[f64]) -> BTreeMap<i32, f64> {
        let mut paid = BTreeMap::new();
        for (k, cost) in yearly.iter().enumerate().filter(|(_, cost)| **cost != 0.0) {
            let years = self.case.calendar(k);
            let each = cost * self.case.years[k].years / years.len().max(1) as f64;
            years.for_each(|year| *paid.entry(year).or_default() += each);
        }
        paid
    }

    fn built(&mut self, (once, upkeep): (Purpose, Purpose), site: usize, mw: f64, built: &Built<'_>) {
        if mw == 0.0 {
            return;
        }
        let rate = self.case.discount_rate;
        let grown = built.cost.map_or(1.0, |cost| cost.with_interest(rate));
        let yearly = mw * built.capital * grown * annuity(rate, built.life_years);
        let mut paid = BTreeMap::new();
        for (year, share) in built.payments() {
            *paid.entry(year).or_default() += mw * built.capital * share;
        }
        let yearly = self.in_service(yearly, built.in_service, built.life_years);
        self.entries.push(Entry { purpose: once, site, accelerator: None, yearly, paid });
        let yearly = self.in_service(mw * built.annual, built.in_service, built.life_years);
        let paid = self.by_calendar(&yearly);
        self.entries.push(Entry { purpose: upkeep, site, accelerator: None, yearly, paid });
    }

    fn accelerators(&mut self, plan: &Plan) {
        let case = self.case;
        for (a, kind) in case.accelerators.iter().enumerate() {
            for (site, by_year) in plan.units[a].iter().enumerate() {
                for (year, units) in case.years.iter().zip(by_year).filter(|(_, units)| **units != 0.0) {
                    let money = units * kind.price.at(year.year);
                    let yearly = money * annuity(case.discount_rate, kind.life_years);
                    let yearly = self.in_service(yearly, year.year, kind.life_years);
                    let paid = BTreeMap::from([(year.year, money)]);
                    let purpose = Purpose::Accelerators;
                    self.entries.push(Entry { purpose, site, accelerator: Some(a), yearly, paid });
                }
            }
        }
    }

    /// What each hour costs: fuel, energy that is bought, use of stores and lines.
    fn running(&mut self, plan: &Plan) {
        let case = self.case;
        for (track, series) in &plan.hourly {
            let (purpose, site) = match *track {
                Track::Output { site, .. } | Track::Discharge { site, .. } => (Purpose::Fuel, site),
                Track::Flow { line } => (Purpose::Lines, case.lines[line].from),
                _ => continue,
            };
            let each = |year: i32| match *track {
                Track::Output { kind, .. } => case.technologies[kind].marginal_cost_per_mwh.at(year),
                Track::Discharge { kind, .. } => case.storages[kind].marginal_cost_per_mwh,
                Track::Flow { line } => case.lines[line].marginal_cost_per_mwh,
                _ => 0.0,
            };
            let hours = case.hours.count();
            let mwh = |k: usize| series[k * hours..].iter().zip(&case.hours.weight).map(|(mw, w)| mw * w).sum::<f64>();
            let yearly: Vec<f64> = case.years.iter().enumerate().map(|(k, it)| each(it.year) * mwh(k)).collect();
            let paid = self.by_calendar(&yearly);
            self.entries.push(Entry { purpose, site, accelerator: None, yearly, paid });
        }
    }
}
