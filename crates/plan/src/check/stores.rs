//! Stores: power and content in every hour, and what is carried from hour to hour; through the year where stores are linked.

use super::Looking;
use crate::case::{Plant, Storage};
use crate::plan::Track;

/// One kind of store at a site in a year.
#[derive(Clone, Copy)]
struct Store<'s> {
    kind: usize,
    it: &'s Storage,
    /// Charge, discharge, stored.
    tracks: [Track; 3],
    k: usize,
    mw: f64,
}

impl Looking<'_> {
    pub(super) fn stores(&mut self) {
        let case = self.case;
        for (kind, it) in case.storages.iter().enumerate() {
            for site in 0..case.sites.len() {
                let tracks =
                    [Track::Charge { site, kind }, Track::Discharge { site, kind }, Track::Stored { site, kind }];
                for k in 0..self.years() {
                    let mw = self.plan.standing(case, Plant::Store(kind), site, k);
                    let store = Store { kind, it, tracks, k, mw };
                    self.within_bounds(&store);
                    if case.is_linked(kind) && self.plan.hourly.contains_key(&tracks[2]) {
                        self.carried(&store);
                    } else {
                        self.cyclic(&store);
                    }
                }
            }
        }
    }

    fn within_bounds(&mut self, store: &Store<'_>) {
        let [_, _, stored] = store.tracks;
        for t in 0..self.hours() {
            let place = self.place(&stored.name(self.case), store.k, Some(t));
            let most = [store.mw, store.mw, store.mw * store.it.hours];
            for (track, most) in store.tracks.into_iter().zip(most) {
                let value = self.at(track, store.k, t);
                self.least("store_negative", || place.clone(), value, 0.0, most);
                self.most("store", || place.clone(), value, most, most);
            }
        }
    }

    /// MWh that an hour adds.
    fn added(&self, store: &Store<'_>, t: usize) -> f64 {
        let [charge, discharge, _] = store.tracks;
        let step_h = self.case.hours.step_h[t];
        let gained = store.it.efficiency_store * step_h * self.at(charge, store.k, t);
        gained - step_h / store.it.efficiency_dispatch * self.at(discharge, store.k, t)
    }

    /// Each run of hours closes on itself.
    fn cyclic(&mut self, store: &Store<'_>) {
        let [_, _, stored] = store.tracks;
        for run in self.case.hours.runs() {
            for t in run.clone() {
                let before = if t == run.start { run.end - 1 } else { t - 1 };
                let place = self.place(&stored.name(self.case), store.k, Some(t));
                let kept = self.case.kept(store.kind, t) * self.at(stored, store.k, before);
                let now = self.at(stored, store.k, t);
                let right = kept + self.added(store, t);
                self.near("state", || place, (now, right), store.mw * store.it.hours);
            }
        }
    }

    /// The whole year, occurrence after occurrence and hour by hour, from what the plan says that it begins with.
    fn carried(&mut self, store: &Store<'_>) {
        let (case, k) = (self.case, store.k);
        let [_, _, stored] = store.tracks;
        let runs: Vec<_> = case.hours.runs().collect();
        let Some(first) = case.hours.order.first() else { return };
        let opening = runs[*first].start;
        let begun =
            (self.at(stored, k, opening) - self.added(store, opening)) / case.kept(store.kind, opening).max(1e-9);
        let size = store.mw * store.it.hours;
        let mut held = begun;
        let mut seen = vec![false; runs.len()];
        for run in &case.hours.order {
            for t in runs[*run].clone() {
                held = case.kept(store.kind, t) * held + self.added(store, t);
                let place = self.place(&stored.name(case), k, Some(t));
                self.least("store_negative", || place.clone(), held, 0.0, size);
                self.most("store", || place.clone(), held, size, size);
                if !seen[*run] {
                    self.near("state", || place, (self.at(stored, k, t), held), size);
                }
            }
            seen[*run] = true;
        }
        let place = self.place(&stored.name(case), k, None);
        self.near("state", || place, (begun, held), size);
    }
}
