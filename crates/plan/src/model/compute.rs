//! Rows of accelerators: what they draw, what they do, and the halls they stand in.

use super::network::{Terms, hour};
use super::{Model, Row, Sink, THOUSAND};
use crate::case::Demand;

/// MW that a thousand accelerators draw for each watt of one.
const MW_PER_W: f64 = THOUSAND / 1e6;

impl Model<'_> {
    /// Adds `factor` times the thousands of a kind that may be bought and stand at a site in `k`; returns those of before.
    pub(super) fn stock(&self, a: usize, site: usize, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let kind = &self.case.accelerators[a];
        for (v, year) in self.case.years.iter().enumerate().take(k + 1) {
            let left = self.case.units_left(kind, year.year, k);
            let column = self.columns.units[a][site][v].filter(|_| left > 0.0);
            terms.extend(column.map(|column| (column, factor * left)));
        }
        self.case.units_owned(a, site, k) / THOUSAND
    }

    /// Subtracts what accelerators draw at a site in an hour; returns the MW of those of before that stand idle.
    pub(super) fn drawn(&self, site: usize, k: usize, t: usize, terms: &mut Terms) -> f64 {
        let pue = self.case.sites[site].pue.at(k, t);
        let mut fixed = 0.0;
        for (a, kind) in self.case.accelerators.iter().enumerate() {
            let idle = pue * kind.idle_w * MW_PER_W;
            if idle > 0.0 && self.case.may_stand(a, site) {
                fixed += idle * self.stock(a, site, k, -idle, terms);
            }
        }
        for (at, pair) in self.pairs.iter().enumerate().filter(|(_, it)| it.site == site) {
            let kind = &self.case.accelerators[pair.accelerator];
            let more = pue * (kind.power_w - kind.idle_w) * MW_PER_W;
            let first = self.columns.used[at][k].filter(|_| more > 0.0);
            terms.extend(first.map(|first| (hour(first, t), -more)));
        }
        fixed
    }

    pub(super) fn compute_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for a in 0..self.case.accelerators.len() {
            for site in 0..self.case.sites.len() {
                let mine = |pair: &super::Pair| pair.accelerator == a && pair.site == site;
                let pairs: Vec<usize> = (0..self.pairs.len()).filter(|at| mine(&self.pairs[*at])).collect();
                for k in 0..if pairs.is_empty() { 0 } else { self.years() } {
                    let mut stock = Terms::new();
                    let owned = self.stock(a, site, k, -1.0, &mut stock);
                    for t in 0..self.hours() {
                        terms.clear();
                        let firsts = pairs.iter().filter_map(|at| self.columns.used[*at][k]);
                        terms.extend(firsts.map(|first| (hour(first, t), 1.0)));
                        terms.extend_from_slice(&stock);
                        let row = Row::Work { accelerator: a, site, k, t };
                        sink.row(row, f64::NEG_INFINITY, owned, &terms);
                    }
                }
            }
        }
        self.demand_rows(sink);
    }

    fn demand_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for (class, work) in self.case.classes.iter().enumerate() {
            let pairs: Vec<usize> = (0..self.pairs.len()).filter(|at| self.pairs[*at].class == class).collect();
            for (k, year) in self.case.years.iter().enumerate() {
                let add = |t: usize, weight: f64, terms: &mut Terms| {
                    for at in &pairs {
                        let pair = self.pairs[*at];
                        let pflops = self.case.pflops(pair.accelerator, class, pair.site);
                        let first = self.columns.used[*at][k];
                        terms.extend(first.map(|first| (hour(first, t), weight * pflops)));
                    }
                };
                match &work.demand {
                    Demand::Inference(series) => {
                        for t in 0..self.hours() {
                            terms.clear();
                            add(t, 1.0, &mut terms);
                            let unserved = self.columns.unserved_class[class][k];
                            terms.extend(unserved.map(|first| (hour(first, t), 1.0)));
                            let least = series.at(k, t) / THOUSAND;
                            sink.row(Row::Inference { class, k, t }, least, f64::INFINITY, &terms);
                        }
                    }
                    Demand::Training(total) => {
                        terms.clear();
                        for t in 0..self.hours() {
                            add(t, self.case.hours.energy_weight[t] / THOUSAND, &mut terms);
                        }
                        terms.extend(self.columns.unserved_class[class][k].map(|column| (column, 1.0)));
                        let least = total.at(year.year) / THOUSAND / THOUSAND;
                        sink.row(Row::Training { class, k }, least, f64::INFINITY, &terms);
                    }
                }
            }
        }
    }

    /// Adds `factor` times the MW of halls that may be built and stand in `k`; returns the MW that stand already.
    pub(super) fn hall_mw(&self, site: usize, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let Some(hall) = &self.case.sites[site].hall else { return 0.0 };
        for (v, year) in self.case.years.iter().enumerate().take(k + 1) {
            let alive = self.case.serves(k, year.year, hall.cost.life_years);
            terms.extend(self.columns.hall[site][v].filter(|_| alive).map(|column| (column, factor)));
        }
        let stands = hall.existing_until.is_none_or(|last| self.case.years[k].year <= last);
        if stands { hall.existing_mw } else { 0.0 }
    }

    /// Adds `factor` times the full power of the accelerators at a site; returns that of those of before.
    fn full_power(&self, site: usize, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let mut fixed = 0.0;
        for (a, kind) in self.case.accelerators.iter().enumerate() {
            let mw = kind.power_w * MW_PER_W;
            fixed += mw * self.stock(a, site, k, factor * mw, terms);
        }
        fixed
    }

    pub(super) fn hall_rows(&self, sink: &mut impl Sink) {
        for (site, it) in self.case.sites.iter().enumerate() {
            for (k, year) in self.case.years.iter().enumerate() {
                if let Some(hall) = &it.hall {
                    let mut terms = Terms::new();
                    let drawn = self.full_power(site, k, 1.0, &mut terms);
                    let room = self.hall_mw(site, k, -1.0, &mut terms);
                    sink.row(Row::HallRoom { site, k }, f64::NEG_INFINITY, room - drawn, &terms);
                    if let Some((most, _)) = &hall.mw_max {
                        terms.clear();
                        let stands = self.hall_mw(site, k, 1.0, &mut terms);
                        let most = most.at(year.year) - stands;
                        sink.row(Row::HallMost { site, k }, f64::NEG_INFINITY, most, &terms);
                    }
                }
                if let Some((most, _)) = &it.power_cap_mw {
                    let pue = it.pue.highest(k, self.hours());
                    let mut terms = Terms::new();
                    let drawn = pue * self.full_power(site, k, pue, &mut terms);
                    sink.row(Row::PowerCap { site, k }, f64::NEG_INFINITY, most.at(year.year) - drawn, &terms);
                }
            }
        }
    }
}
