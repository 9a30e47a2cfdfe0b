//! Rows of sources, of the balance of each site and hour, and of lines.

use super::{Model, Row, Sink};
use crate::case::Group;

/// Terms of a row in the making.
pub(super) type Terms = Vec<(u32, f64)>;

/// Takes a row with one bound.
type Bounded<'s> = dyn FnMut(Row, f64, &[(u32, f64)]) + 's;

/// The column of an hour.
pub(super) fn hour(first: u32, t: usize) -> u32 {
    first + u32::try_from(t).unwrap_or(u32::MAX)
}

impl Model<'_> {
    /// Adds `factor` times what may be built of a group of sources and serves in `k`; returns the MW that stand.
    pub(super) fn source_mw(&self, group: &Group, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let mut fixed = 0.0;
        for at in group.members.iter().copied().filter(|at| self.case.source_serves(*at, k)) {
            fixed += self.case.sources[at].size.fixed();
            terms.extend(self.columns.source[at].map(|(column, mw)| (column, factor * mw)));
        }
        fixed
    }

    /// The same of lines.
    pub(super) fn line_mw(&self, group: &Group, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let mut fixed = 0.0;
        for at in group.members.iter().copied().filter(|at| self.case.line_serves(*at, k)) {
            fixed += self.case.lines[at].size.fixed();
            terms.extend(self.columns.line[at].map(|(column, mw)| (column, factor * mw)));
        }
        fixed
    }

    pub(super) fn dispatch_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for (at, group) in self.sources.iter().enumerate() {
            let kind = &self.case.technologies[group.kind];
            for k in 0..self.years() {
                let Some(first) = self.columns.output[at][k] else { continue };
                let mut built = Terms::new();
                let fixed = self.source_mw(group, k, 1.0, &mut built);
                for t in 0..self.hours() {
                    let mut bounded = |row: Row, share: f64, sink: &mut Bounded<'_>| {
                        terms.clear();
                        terms.push((hour(first, t), 1.0));
                        terms.extend(built.iter().filter(|_| share != 0.0).map(|(column, mw)| (*column, -share * mw)));
                        sink(row, share * fixed, &terms);
                    };
                    if !built.is_empty() {
                        let share = self.case.availability(group.kind, group.site, k, t);
                        let row = Row::Capacity { group: at, k, t };
                        bounded(row, share, &mut |row, most, terms| sink.row(row, f64::NEG_INFINITY, most, terms));
                    }
                    if kind.must_run > 0.0 {
                        let share = kind.must_run * self.case.availability(group.kind, group.site, k, t);
                        let row = Row::MustRun { group: at, k, t };
                        bounded(row, share, &mut |row, least, terms| sink.row(row, least, f64::INFINITY, terms));
                    }
                }
                self.ramp_rows(at, k, first, (&built, fixed), sink);
            }
        }
    }

    /// Ramps within each run of hours; none at its first hour.
    fn ramp_rows(&self, at: usize, k: usize, first: u32, (built, fixed): (&Terms, f64), sink: &mut impl Sink) {
        let kind = &self.case.technologies[self.sources[at].kind];
        let mut terms = Terms::new();
        for t in self.case.hours.runs().flat_map(|run| run.skip(1)) {
            let both = [
                (kind.ramp_up, 1.0, Row::RampUp { group: at, k, t }),
                (kind.ramp_down, -1.0, Row::RampDown { group: at, k, t }),
            ];
            for (share, sign, row) in both {
                let Some(share) = share else { continue };
                terms.clear();
                terms.push((hour(first, t - 1), -sign));
                terms.push((hour(first, t), sign));
                terms.extend(built.iter().filter(|_| share != 0.0).map(|(column, mw)| (*column, -share * mw)));
                sink.row(row, f64::NEG_INFINITY, share * fixed, &terms);
            }
        }
    }

    pub(super) fn balance_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for site in 0..self.case.sites.len() {
            for k in 0..self.years() {
                for t in 0..self.hours() {
                    terms.clear();
                    let fixed = self.balance(site, k, t, &mut terms);
                    let loads = self.case.loads.iter().filter(|it| it.site == site);
                    let demand: f64 = loads.map(|it| it.mw.at(k, t)).sum();
                    sink.row(Row::Balance { site, k, t }, demand + fixed, demand + fixed, &terms);
                }
            }
        }
    }

    /// What comes in less what goes out of a site in an hour; returns the MW that stand idle of accelerators of before.
    fn balance(&self, site: usize, k: usize, t: usize, terms: &mut Terms) -> f64 {
        let columns = &self.columns;
        for (at, _) in self.sources.iter().enumerate().filter(|(_, it)| it.site == site) {
            terms.extend(columns.output[at][k].map(|first| (hour(first, t), 1.0)));
        }
        for (at, _) in self.stores.iter().enumerate().filter(|(_, it)| it.site == site) {
            terms.extend(columns.discharge[at][k].map(|first| (hour(first, t), 1.0)));
            terms.extend(columns.charge[at][k].map(|first| (hour(first, t), -1.0)));
        }
        for (at, group) in self.lines.iter().enumerate() {
            let Some(first) = columns.flow[at][k] else { continue };
            if group.site == site {
                terms.push((hour(first, t), -1.0));
            } else if group.kind == site {
                terms.push((hour(first, t), self.case.lines[group.members[0]].efficiency));
            }
        }
        for (at, _) in self.case.loads.iter().enumerate().filter(|(_, it)| it.site == site) {
            terms.extend(columns.unserved_load[at][k].map(|first| (hour(first, t), 1.0)));
        }
        self.drawn(site, k, t, terms)
    }

    pub(super) fn grid_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for (site, it) in self.case.sites.iter().enumerate() {
            let Some((most, _)) = &it.grid_connection_mw else { continue };
            let via = |it: &Group| it.site == site && self.case.technologies[it.kind].via_grid;
            let groups: Vec<usize> = (0..self.sources.len()).filter(|at| via(&self.sources[*at])).collect();
            for (k, year) in self.case.years.iter().enumerate() {
                let firsts: Vec<u32> = groups.iter().filter_map(|at| self.columns.output[*at][k]).collect();
                for t in 0..if firsts.is_empty() { 0 } else { self.hours() } {
                    terms.clear();
                    terms.extend(firsts.iter().map(|first| (hour(*first, t), 1.0)));
                    sink.row(Row::Grid { site, k, t }, f64::NEG_INFINITY, most.at(year.year), &terms);
                }
            }
        }
    }

    pub(super) fn line_rows(&self, sink: &mut impl Sink) {
        let mut terms = Terms::new();
        for (at, group) in self.lines.iter().enumerate() {
            let both_ways = self.case.lines[group.members[0]].both_ways;
            for k in 0..self.years() {
                let mut built = Terms::new();
                let fixed = self.line_mw(group, k, -1.0, &mut built);
                let Some(first) = self.columns.flow[at][k].filter(|_| !built.is_empty()) else { continue };
                for t in 0..self.hours() {
                    terms.clear();
                    terms.push((hour(first, t), 1.0));
                    terms.extend_from_slice(&built);
                    sink.row(Row::FlowMost { group: at, k, t }, f64::NEG_INFINITY, fixed, &terms);
                    if both_ways {
                        terms[0].1 = -1.0;
                        sink.row(Row::FlowLeast { group: at, k, t }, f64::NEG_INFINITY, fixed, &terms);
                    }
                }
            }
        }
    }
}
