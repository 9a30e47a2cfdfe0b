//! Rows of caps: what stands at once, ground, supply, money, emissions, home's share.

use super::network::{Terms, hour};
use super::{MILLION, Model, Row, Sink, THOUSAND};
use crate::case::{Built, Item, Plant, Rule};

impl Model<'_> {
    pub(super) fn cap_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for (at, limit) in self.case.standing.iter().enumerate() {
            for (k, year) in self.case.years.iter().enumerate() {
                terms.clear();
                let fixed = match limit.plant {
                    Plant::Source(kind) => {
                        let group = self.sources.iter().find(|it| it.site == limit.site && it.kind == kind);
                        group.map_or(0.0, |group| self.source_mw(group, k, 1.0, &mut terms))
                    }
                    Plant::Store(kind) => {
                        let group = self.stores.iter().find(|it| it.site == limit.site && it.kind == kind);
                        group.map_or(0.0, |group| self.store_mw(group, k, 1.0, &mut terms))
                    }
                };
                if let Some(most) = &limit.mw_max {
                    let most = most.at(year.year) - fixed;
                    sink.row(Row::StandingMost { at, k }, f64::NEG_INFINITY, most, &terms);
                }
                if let Some(least) = &limit.mw_min {
                    let least = least.at(year.year) - fixed;
                    sink.row(Row::StandingLeast { at, k }, least, f64::INFINITY, &terms);
                }
            }
        }
        self.area_rows(sink);
        for (at, supply) in self.case.supplies.iter().enumerate() {
            terms.clear();
            for a in (0..self.case.accelerators.len()).filter(|a| self.case.supplied(&supply.of, *a)) {
                terms.extend(self.columns.units[a].iter().filter_map(|it| it[supply.year]).map(|it| (it, 1.0)));
            }
            sink.row(Row::Supply { at }, f64::NEG_INFINITY, supply.units_max / THOUSAND, &terms);
        }
    }

    fn area_rows(&self, sink: &mut impl Sink) {
        for (site, it) in self.case.sites.iter().enumerate() {
            let Some((most, _)) = it.area_km2 else { continue };
            for k in 0..self.years() {
                let mut terms = Terms::new();
                let mut taken = 0.0;
                for group in self.sources.iter().filter(|it| it.site == site) {
                    let each = self.case.technologies[group.kind].area_km2_per_mw;
                    if each > 0.0 {
                        taken += each * self.source_mw(group, k, each, &mut terms);
                    }
                }
                sink.row(Row::Area { site, k }, f64::NEG_INFINITY, most - taken, &terms);
            }
        }
    }

    pub(super) fn money_rows(&self, sink: &mut impl Sink) {
        for k in 0..self.years() {
            for (item, what) in Item::ALL.into_iter().enumerate() {
                let budgets = self.case.budgets.iter().enumerate().filter(|(_, it)| it.year == k);
                let paid: Vec<u32> = budgets.filter_map(|(at, _)| self.columns.paid[at][item]).collect();
                if paid.is_empty() {
                    continue;
                }
                let mut terms = Terms::new();
                self.spent(k, what, &mut terms);
                terms.extend(paid.into_iter().map(|column| (column, -1.0)));
                sink.row(Row::Spent { k, item }, 0.0, 0.0, &terms);
            }
        }
        for (at, budget) in self.case.budgets.iter().enumerate() {
            let terms: Terms = self.columns.paid[at].iter().flatten().map(|column| (*column, 1.0)).collect();
            sink.row(Row::Budget { at }, f64::NEG_INFINITY, budget.limit_m, &terms);
        }
    }

    /// What a period pays for an item, in millions.
    fn spent(&self, k: usize, item: Item, terms: &mut Terms) {
        let mut capital = |column: Option<(u32, f64)>, built: &Built<'_>| {
            let share: f64 = self.paid_share(built, k);
            let cost = built.capital * share / MILLION;
            terms.extend(column.filter(|_| cost > 0.0).map(|(column, mw)| (column, cost * mw)));
        };
        match item {
            Item::Sites => {
                for (site, it) in self.case.sites.iter().enumerate() {
                    let Some(hall) = &it.hall else { continue };
                    for (v, year) in self.case.years.iter().enumerate() {
                        let column = self.columns.hall[site][v].map(|column| (column, 1.0));
                        capital(column, &Built::hall(&hall.cost, year.year));
                    }
                }
            }
            Item::Accelerators => {
                let year = self.case.years[k].year;
                for (kind, by_site) in self.case.accelerators.iter().zip(&self.columns.units) {
                    let price = kind.price.at(year) * THOUSAND / MILLION;
                    terms.extend(by_site.iter().filter_map(|it| it[k]).map(|column| (column, price)));
                }
            }
            Item::Energy => {
                for at in 0..self.case.sources.len() {
                    capital(self.columns.source[at], &self.case.source_built(at));
                }
                for at in 0..self.case.stores.len() {
                    capital(self.columns.store[at], &self.case.store_built(at));
                }
            }
            Item::Lines => {
                for (at, line) in self.case.lines.iter().enumerate() {
                    capital(self.columns.line[at], &Built::line(line));
                }
            }
            Item::Running => self.running(k, terms),
        }
    }

    fn paid_share(&self, built: &Built<'_>, k: usize) -> f64 {
        let payments = built.payments().into_iter();
        payments.filter(|(year, _)| self.case.period_of(*year) == Some(k)).map(|(_, share)| share).sum()
    }

    /// Fuel and upkeep of a period.
    fn running(&self, k: usize, terms: &mut Terms) {
        let (case, columns) = (self.case, &self.columns);
        let years = case.years[k].years;
        let mut hourly = |first: Option<u32>, marginal: f64| {
            let Some(first) = first.filter(|_| marginal != 0.0) else { return };
            let cost = |t: usize| years * case.hours.weight[t] * marginal / MILLION;
            terms.extend((0..case.hours.count()).map(|t| (hour(first, t), cost(t))));
        };
        for (at, group) in self.sources.iter().enumerate() {
            let marginal = &case.technologies[group.kind].marginal_cost_per_mwh;
            hourly(columns.output[at][k], marginal.at(case.years[k].year));
        }
        for (at, group) in self.stores.iter().enumerate() {
            hourly(columns.discharge[at][k], case.storages[group.kind].marginal_cost_per_mwh);
        }
        for (at, group) in self.lines.iter().enumerate() {
            hourly(columns.flow[at][k], case.lines[group.members[0]].marginal_cost_per_mwh);
        }
        let mut upkeep = |column: Option<(u32, f64)>, built: &Built<'_>| {
            let cost = built.annual * years / MILLION;
            let alive = cost > 0.0 && case.serves(k, built.in_service, built.life_years);
            terms.extend(column.filter(|_| alive).map(|(column, mw)| (column, cost * mw)));
        };
        (0..case.sources.len()).for_each(|at| upkeep(columns.source[at], &case.source_built(at)));
        (0..case.stores.len()).for_each(|at| upkeep(columns.store[at], &case.store_built(at)));
        for (at, line) in case.lines.iter().enumerate() {
            upkeep(columns.line[at], &Built::line(line));
        }
        for (site, it) in case.sites.iter().enumerate() {
            let Some(hall) = &it.hall else { continue };
            for (v, year) in case.years.iter().enumerate() {
                upkeep(columns.hall[site][v].map(|it| (it, 1.0)), &Built::hall(&hall.cost, year.year));
            }
        }
    }

    pub(super) fn policy_rows(&self, sink: &mut impl Sink) {
        for (at, policy) in self.case.policies.iter().enumerate() {
            let k = policy.year;
            let year = &self.case.years[k];
            let mut terms = Terms::new();
            match policy.rule {
                Rule::Co2Cap { t_max } => {
                    let tonnes = |kind: usize| self.case.technologies[kind].co2_t_per_mwh.at(year.year);
                    self.energy_terms(k, |group| year.years * tonnes(group.kind) / THOUSAND, &mut terms);
                    sink.row(Row::Policy { at }, f64::NEG_INFINITY, t_max / THOUSAND, &terms);
                }
                Rule::HomeShare { share } => {
                    let counts = |group: &crate::case::Group| {
                        let home = if self.case.is_home(group.kind, group.site) { 1.0 } else { 0.0 };
                        (home - share) / THOUSAND
                    };
                    self.energy_terms(k, counts, &mut terms);
                    sink.row(Row::Policy { at }, 0.0, f64::INFINITY, &terms);
                }
                Rule::Stress { .. } => {}
            }
        }
    }

    /// Adds a year's energy of each group, times a factor.
    fn energy_terms(&self, k: usize, factor: impl Fn(&crate::case::Group) -> f64, terms: &mut Terms) {
        for (at, group) in self.sources.iter().enumerate() {
            let each = factor(group);
            let Some(first) = self.columns.output[at][k].filter(|_| each != 0.0) else { continue };
            let weight = &self.case.hours.energy_weight;
            terms.extend((0..self.hours()).map(|t| (hour(first, t), each * weight[t])).filter(|it| it.1 != 0.0));
        }
    }
}
