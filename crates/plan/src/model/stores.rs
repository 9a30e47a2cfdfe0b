//! Rows of stores: power, energy, and what is stored from hour to hour.

use super::network::{Terms, hour};
use super::{Model, Row, Sink};
use crate::case::Group;

impl Model<'_> {
    /// Adds `factor` times what may be built of a group of stores and serves in `k`; returns the MW that stand.
    pub(super) fn store_mw(&self, group: &Group, k: usize, factor: f64, terms: &mut Terms) -> f64 {
        let mut fixed = 0.0;
        for at in group.members.iter().copied().filter(|at| self.case.store_serves(*at, k)) {
            fixed += self.case.stores[at].size.fixed();
            terms.extend(self.columns.store[at].map(|(column, mw)| (column, factor * mw)));
        }
        fixed
    }

    pub(super) fn store_rows(&self, sink: &mut impl Sink) {
        for (at, group) in self.stores.iter().enumerate() {
            for k in 0..self.years() {
                let firsts = (self.columns.charge[at][k], self.columns.discharge[at][k], self.columns.stored[at][k]);
                let (Some(charge), Some(discharge), Some(stored)) = firsts else { continue };
                let mut built = Terms::new();
                let fixed = self.store_mw(group, k, -1.0, &mut built);
                let hours = self.case.storages[group.kind].hours;
                let linked = self.columns.linked[at][k];
                if !built.is_empty() {
                    for t in 0..self.hours() {
                        let mut most = |row, first, factor: f64| {
                            let mut terms = vec![(hour(first, t), 1.0)];
                            terms.extend(built.iter().map(|(column, mw)| (*column, factor * mw)));
                            sink.row(row, f64::NEG_INFINITY, factor * fixed, &terms);
                        };
                        most(Row::Charge { group: at, k, t }, charge, 1.0);
                        most(Row::Discharge { group: at, k, t }, discharge, 1.0);
                        if linked.is_none() {
                            most(Row::Stored { group: at, k, t }, stored, hours);
                        }
                    }
                }
                self.state_rows(at, k, [charge, discharge, stored], sink);
                if let Some(linked) = linked {
                    self.linked_rows((at, k), linked, stored, (&built, fixed), sink);
                }
            }
        }
    }

    /// What is stored closes on itself over each run of hours; of a linked store, it is counted from the run's beginning.
    fn state_rows(&self, at: usize, k: usize, [charge, discharge, stored]: [u32; 3], sink: &mut impl Sink) {
        let kind = &self.case.storages[self.stores[at].kind];
        let is_linked = self.columns.linked[at][k].is_some();
        for run in self.case.hours.runs() {
            for t in run.clone() {
                let before = if t == run.start { run.end - 1 } else { t - 1 };
                let step_h = self.case.hours.step_h[t];
                let kept = self.case.kept(self.stores[at].kind, t);
                let mut terms = Terms::with_capacity(4);
                if is_linked && t == run.start {
                    terms.push((hour(stored, t), 1.0));
                } else if before == t {
                    terms.push((hour(stored, t), 1.0 - kept));
                } else {
                    terms.push((hour(stored, t), 1.0));
                    terms.push((hour(stored, before), -kept));
                }
                terms.push((hour(charge, t), -kind.efficiency_store * step_h));
                terms.push((hour(discharge, t), step_h / kind.efficiency_dispatch));
                sink.row(Row::State { group: at, k, t }, 0.0, 0.0, &terms);
            }
        }
    }
}
