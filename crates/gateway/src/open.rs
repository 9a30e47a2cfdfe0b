//! The intents that have no outcome yet: what `oldest_open` of an outcome is made from.
//!
//! A request enters with a lower bound of its first intent's index, taken before that intent is queued, and leaves
//! after its outcome is durable. So whatever the order in which entries reach the disk, every intent without an
//! outcome lies at or above the `oldest_open` of the last durable outcome, and recovery misses none.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The set of requests under way.
#[derive(Debug, Default)]
pub struct OpenIntents(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// No index below this can still be given out.
    next: u64,
    tickets: u64,
    open: BTreeSet<(u64, u64)>,
    /// The lowest bound of those whose intent may or may not have reached the disk; recovery will know.
    doubtful: Option<u64>,
}

/// A request's place in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u64, u64);

impl OpenIntents {
    /// A set for a log whose next entry gets this index.
    pub fn starting_at(next: u64) -> Self {
        Self(Mutex::new(State { next, ..State::default() }))
    }

    /// Enters a request, before its first intent is queued.
    pub fn enter(&self) -> Place {
        let mut state = self.lock();
        state.tickets += 1;
        let place = (state.next, state.tickets);
        state.open.insert(place);
        Place(place.0, place.1)
    }

    /// Learns that an entry of this index is durable.
    pub fn saw(&self, index: u64) {
        let mut state = self.lock();
        state.next = state.next.max(index + 1);
    }

    /// What the outcome of this request says: nothing below is open but the request itself.
    pub fn oldest_but(&self, place: Place) -> u64 {
        let state = self.lock();
        let mine = (place.0, place.1);
        let open = state.open.iter().find(|other| **other != mine).map_or(state.next, |(floor, _)| *floor);
        state.doubtful.map_or(open, |doubtful| doubtful.min(open))
    }

    /// Lets a request go, after its outcome is durable.
    pub fn leave(&self, place: Place) {
        self.lock().open.remove(&(place.0, place.1));
    }

    /// Lets a request go whose last intent may or may not be durable: every outcome until the next start tells
    /// recovery to look from there.
    pub fn doubt(&self, place: Place) {
        let mut state = self.lock();
        state.open.remove(&(place.0, place.1));
        state.doubtful = Some(state.doubtful.map_or(place.0, |doubtful| doubtful.min(place.0)));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The state is consistent after every statement, so a poisoned lock is no reason to stop.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::OpenIntents;
    use proptest::prelude::*;

    #[test]
    fn the_bound_waits_for_the_slowest() {
        let open = OpenIntents::starting_at(7);
        let slow = open.enter();
        open.saw(7);
        let quick = open.enter();
        open.saw(9);
        assert_eq!(open.oldest_but(quick), 7);
        assert_eq!(open.oldest_but(slow), 8);
        open.leave(slow);
        assert_eq!(open.oldest_but(quick), 10);
    }

    proptest! {
        /// Whatever the interleaving: when the process dies, no intent without a durable outcome lies below the
        /// `oldest_open` of the last durable outcome.
        #[test]
        fn recovery_never_misses_an_orphan(steps in prop::collection::vec((0usize..6, 0u8..3), 1..120)) {
            let open = OpenIntents::starting_at(0);
            let mut log: Vec<(usize, Option<u64>)> = Vec::new();
            // Per client: its place, whether its intent is queued, the outcome's bound once computed.
            let mut clients: Vec<Option<(super::Place, bool, Option<u64>)>> = vec![None; 6];
            for (who, _) in steps {
                clients[who] = match clients[who] {
                    None => Some((open.enter(), false, None)),
                    Some((place, false, _)) => {
                        log.push((who, None));
                        open.saw(log.len() as u64 - 1);
                        Some((place, true, None))
                    }
                    Some((place, true, None)) => Some((place, true, Some(open.oldest_but(place)))),
                    Some((place, true, Some(bound))) => {
                        log.push((who, Some(bound)));
                        open.saw(log.len() as u64 - 1);
                        open.leave(place);
                        None
                    }
                };
                let Some(bound) = log.iter().rev().find_map(|(_, bound)| *bound) else { continue };
                let mut unclosed = std::collections::BTreeMap::new();
                for (index, (who, outcome)) in log.iter().enumerate() {
                    if outcome.is_some() { unclosed.remove(who); } else { unclosed.insert(*who, index as u64); }
                }
                for index in unclosed.values() {
                    prop_assert!(*index >= bound, "{index} lies below {bound}");
                }
            }
        }
    }
}
