//! Columns: where each stands, its bounds, its cost.

use super::{Linked, MILLION, THOUSAND};
use crate::case::{Case, Group, Item, Rule, Size};

/// An accelerator that does a class of work at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) accelerator: usize,
    pub(crate) site: usize,
    pub(crate) class: usize,
}

/// First columns of what there is by group and year; hours follow one another.
type ByGroup = Vec<Vec<Option<u32>>>;

/// Columns of what must survive, for one policy.
#[derive(Debug, Clone)]
pub(crate) struct Stress {
    pub(crate) policy: usize,
    /// By group of sources, stores, lines, and by pair.
    pub(crate) output: Vec<u32>,
    pub(crate) store: Vec<u32>,
    pub(crate) flow: Vec<u32>,
    pub(crate) used: Vec<u32>,
}

/// Every column.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
    pub(crate) cost: Vec<f64>,
    /// Whole numbers only.
    pub(crate) whole: Vec<u32>,
    /// By vintage, where there is something to decide: the column and the MW of one of it.
    pub(crate) source: Vec<Option<(u32, f64)>>,
    pub(crate) store: Vec<Option<(u32, f64)>>,
    pub(crate) line: Vec<Option<(u32, f64)>>,
    /// By site and year.
    pub(crate) hall: Vec<Vec<Option<u32>>>,
    /// By accelerator, site and year.
    pub(crate) units: Vec<Vec<Vec<Option<u32>>>>,
    pub(crate) output: ByGroup,
    pub(crate) charge: ByGroup,
    pub(crate) discharge: ByGroup,
    pub(crate) stored: ByGroup,
    /// Of stores that are carried through the year, by group and year.
    pub(crate) linked: Vec<Vec<Option<Linked>>>,
    pub(crate) flow: ByGroup,
    pub(crate) used: ByGroup,
    /// By budget and item.
    pub(crate) paid: Vec<[Option<u32>; 5]>,
    pub(crate) stress: Vec<Stress>,
    /// What is not served, where a load gives way: by class and year (an hour each of inference, one of a year of training), and by load.
    pub(crate) unserved_class: ByGroup,
    pub(crate) unserved_load: ByGroup,
}

pub(super) fn pairs(case: &Case) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for accelerator in 0..case.accelerators.len() {
        for site in (0..case.sites.len()).filter(|site| case.may_stand(accelerator, *site)) {
            let classes = (0..case.classes.len()).filter(|class| case.pflops(accelerator, *class, site) > 0.0);
            pairs.extend(classes.map(|class| Pair { accelerator, site, class }));
        }
    }
    pairs
}

pub(super) fn columns(case: &Case, sources: &[Group], stores: &[Group], lines: &[Group], pairs: &[Pair]) -> Columns {
    let mut columns = Columns::default();
    columns.plant(case);
    columns.compute(case);
    columns.output = columns.outputs(case, sources);
    columns.storage(case, stores);
    columns.flows(case, lines);
    columns.used = columns.works(case, pairs);
    columns.payments(case);
    columns.stresses(case, [sources.len(), stores.len(), lines.len(), pairs.len()]);
    columns.unserved(case);
    columns
}

impl Columns {
    pub(crate) fn count(&self) -> usize {
        self.cost.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a solver's indices have 32 bits; `assemble` refuses more")]
    pub(super) fn add(&mut self, lower: f64, upper: f64, cost: f64) -> u32 {
        self.lower.push(lower);
        self.upper.push(upper);
        self.cost.push(cost);
        (self.cost.len() - 1) as u32
    }

    fn vintage(&mut self, size: Size, module_mw: Option<f64>, cost_per_mw: f64) -> Option<(u32, f64)> {
        let Size::Build { min, max, .. } = size else { return None };
        let mw = module_mw.unwrap_or(1.0);
        let (lower, upper) = match module_mw {
            Some(_) => ((min / mw - 1e-9).ceil(), (max / mw + 1e-9).floor()),
            None => (min, max),
        };
        let column = self.add(lower, upper, cost_per_mw * mw / MILLION);
        if module_mw.is_some() {
            self.whole.push(column);
        }
        Some((column, mw))
    }

    fn plant(&mut self, case: &Case) {
        for (at, it) in case.sources.iter().enumerate() {
            let cost = case.build_cost(&case.source_built(at));
            let column = self.vintage(it.size, it.module_mw, cost);
            self.source.push(column);
        }
        for (at, it) in case.stores.iter().enumerate() {
            let cost = case.build_cost(&case.store_built(at));
            let column = self.vintage(it.size, it.module_mw, cost);
            self.store.push(column);
        }
        for it in &case.lines {
            let cost = case.build_cost(&crate::case::Built::line(it));
            let column = self.vintage(it.size, None, cost);
            self.line.push(column);
        }
    }

    fn compute(&mut self, case: &Case) {
        for site in &case.sites {
            let mut by_year = vec![None; case.years.len()];
            for (k, year) in case.years.iter().enumerate() {
                let Some(hall) = &site.hall else { continue };
                if year.year >= case.first_order_year + hall.cost.lead_years {
                    let cost = case.build_cost(&crate::case::Built::hall(&hall.cost, year.year));
                    by_year[k] = Some(self.add(0.0, f64::INFINITY, cost / MILLION));
                }
            }
            self.hall.push(by_year);
        }
        for kind in &case.accelerators {
            let mut by_site = Vec::new();
            for may in &kind.sites {
                let bought = case.years.iter().map(|year| {
                    let cost = case.units_cost(kind, year.year) * THOUSAND / MILLION;
                    may.then(|| self.add(0.0, f64::INFINITY, cost))
                });
                by_site.push(bought.collect());
            }
            self.units.push(by_site);
        }
    }

    fn outputs(&mut self, case: &Case, groups: &[Group]) -> ByGroup {
        let mut found = Vec::new();
        for group in groups {
            let mut by_year = Vec::new();
            for k in 0..case.years.len() {
                let alive: Vec<usize> = group.members.iter().copied().filter(|at| case.source_serves(*at, k)).collect();
                if alive.is_empty() {
                    by_year.push(None);
                    continue;
                }
                let is_built = alive.iter().any(|at| case.sources[*at].size.is_built());
                let fixed: f64 = alive.iter().map(|at| case.sources[*at].size.fixed()).sum();
                let marginal = case.technologies[group.kind].marginal_cost_per_mwh.at(case.years[k].year);
                let first = (0..case.hours.count()).map(|t| {
                    let most =
                        if is_built { f64::INFINITY } else { case.availability(group.kind, group.site, k, t) * fixed };
                    self.add(0.0, most, running_cost(case, k, t, marginal))
                });
                by_year.push(first.reduce(u32::min));
            }
            found.push(by_year);
        }
        found
    }

    fn storage(&mut self, case: &Case, groups: &[Group]) {
        for group in groups {
            let kind = &case.storages[group.kind];
            let mut rows = [vec![], vec![], vec![]];
            let mut linked = Vec::new();
            let is_linked = case.is_linked(group.kind);
            for k in 0..case.years.len() {
                let alive: Vec<usize> = group.members.iter().copied().filter(|at| case.store_serves(*at, k)).collect();
                let is_built = alive.iter().any(|at| case.stores[*at].size.is_built());
                let fixed: f64 = alive.iter().map(|at| case.stores[*at].size.fixed()).sum();
                let most = if is_built { f64::INFINITY } else { fixed };
                // What a linked store holds is counted from the beginning of each run: it may be less than nothing.
                let (full, empty) =
                    if is_linked { (f64::INFINITY, f64::NEG_INFINITY) } else { (most * kind.hours, 0.0) };
                let three = [(0.0, most, 0.0), (0.0, most, kind.marginal_cost_per_mwh), (empty, full, 0.0)];
                for (row, (least, most, marginal)) in rows.iter_mut().zip(three) {
                    let hours = 0..if alive.is_empty() { 0 } else { case.hours.count() };
                    let first = hours.map(|t| self.add(least, most, running_cost(case, k, t, marginal)));
                    row.push(first.reduce(u32::min));
                }
                linked.push((is_linked && !alive.is_empty()).then(|| self.linked(case)));
            }
            let [charge, discharge, stored] = rows;
            self.charge.push(charge);
            self.discharge.push(discharge);
            self.stored.push(stored);
            self.linked.push(linked);
        }
    }

    /// Columns of a store that is carried through a year, after those of its hours.
    fn linked(&mut self, case: &Case) -> Linked {
        let (times, runs) = (case.hours.order.len(), case.hours.starts.len());
        let mut some = |count: usize, least: f64, most: f64| {
            let first = (0..count).map(|_| self.add(least, most, 0.0)).reduce(u32::min);
            first.unwrap_or_default()
        };
        Linked {
            held: some(times, 0.0, f64::INFINITY),
            highest: some(runs, 0.0, f64::INFINITY),
            lowest: some(runs, f64::NEG_INFINITY, 0.0),
        }
    }

    fn flows(&mut self, case: &Case, groups: &[Group]) {
        for group in groups {
            let line = &case.lines[group.members[0]];
            let mut by_year = Vec::new();
            for k in 0..case.years.len() {
                let alive: Vec<usize> = group.members.iter().copied().filter(|at| case.line_serves(*at, k)).collect();
                let is_built = alive.iter().any(|at| case.lines[*at].size.is_built());
                let fixed: f64 = alive.iter().map(|at| case.lines[*at].size.fixed()).sum();
                let most = if is_built { f64::INFINITY } else { fixed };
                let least = if line.both_ways { -most } else { 0.0 };
                let hours = 0..if alive.is_empty() { 0 } else { case.hours.count() };
                let first = hours.map(|t| self.add(least, most, running_cost(case, k, t, line.marginal_cost_per_mwh)));
                by_year.push(first.reduce(u32::min));
            }
            self.flow.push(by_year);
        }
    }

    fn works(&mut self, case: &Case, pairs: &[Pair]) -> ByGroup {
        let mut one = |_: &Pair| -> Vec<Option<u32>> {
            let years = 0..case.years.len();
            years.map(|_| (0..case.hours.count()).map(|_| self.add(0.0, f64::INFINITY, 0.0)).reduce(u32::min)).collect()
        };
        pairs.iter().map(&mut one).collect()
    }

    fn payments(&mut self, case: &Case) {
        for budget in &case.budgets {
            let paid = Item::ALL.map(|item| budget.covers.contains(&item).then(|| self.add(0.0, f64::INFINITY, 0.0)));
            self.paid.push(paid);
        }
    }

    fn stresses(&mut self, case: &Case, counts: [usize; 4]) {
        for (policy, it) in case.policies.iter().enumerate() {
            if !matches!(it.rule, Rule::Stress { .. }) {
                continue;
            }
            let mut some = |count: usize, least: f64| -> Vec<u32> {
                (0..count).map(|_| self.add(least, f64::INFINITY, 0.0)).collect()
            };
            let (output, store) = (some(counts[0], 0.0), some(counts[1], 0.0));
            let (flow, used) = (some(counts[2], f64::NEG_INFINITY), some(counts[3], 0.0));
            self.stress.push(Stress { policy, output, store, flow, used });
        }
    }
}

/// Discounted cost in millions of a MWh in an hour.
fn running_cost(case: &Case, k: usize, t: usize, marginal: f64) -> f64 {
    case.years[k].weight * case.hours.weight[t] * marginal / MILLION
}
