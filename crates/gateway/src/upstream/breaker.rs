//! Leaves a failing deployment alone for a while, and tries it again with one request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realm::UnixMs;

/// How long one request may try a deployment before another may try it too.
const PROBE: Duration = Duration::from_secs(30);
/// A deployment that keeps failing is left alone for this long at most.
const COOL_DOWN_MAX: Duration = Duration::from_secs(300);
/// Attempts that are looked back at.
const WINDOW: u32 = 64;
/// Fewer than this say nothing about a share.
const ENOUGH: u32 = 20;

/// The health of one deployment, as its attempts tell.
///
/// It opens after failures in a row, or once half of the last attempts failed. Then nothing is sent until it has cooled
/// down; then one request tries it, while others pass it over. If that one fails, it is left alone for twice as long.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// The last attempts, the youngest in the lowest bit; a one is a failure.
    history: u64,
    /// How many of them there are.
    seen: u32,
    /// How often in a row it opened.
    trips: u32,
    open_until: UnixMs,
    /// While this lasts, one request is trying.
    probed_until: UnixMs,
}

/// How soon a deployment is left alone.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Failures in a row.
    pub failures: u32,
    /// For how long, the first time.
    pub cool_down: Duration,
}

impl Breaker {
    /// Lets an attempt through, or says how long until one may be let through. True: it is the one that tries.
    pub fn admit(&self, now: UnixMs) -> Result<bool, Duration> {
        let mut state = self.state();
        if let Some(wait) = state.wait(now) {
            return Err(wait);
        }
        let tries = state.trips > 0;
        if tries {
            state.probed_until = now.plus(PROBE);
        }
        Ok(tries)
    }

    /// The one that tried ended without telling anything: another may.
    pub fn released(&self) {
        self.state().probed_until = UnixMs(0);
    }

    /// Until when nothing is let through; none where something is.
    pub fn wait(&self, now: UnixMs) -> Option<Duration> {
        self.state().wait(now)
    }

    /// Whether nothing speaks against it: nothing is held back, and no request is trying what had failed.
    pub fn is_well(&self, now: UnixMs) -> bool {
        let state = self.state();
        state.wait(now).is_none() && state.trips == 0
    }

    /// An attempt was answered.
    pub fn succeeded(&self) {
        let mut state = self.state();
        if state.trips > 0 {
            // What failed before it was left alone says nothing about it now.
            *state = State { open_until: state.open_until, ..State::default() };
        }
        state.note(false);
    }

    /// An attempt failed.
    pub fn failed(&self, now: UnixMs, patience: Patience) {
        let mut state = self.state();
        state.note(true);
        let mostly = state.seen >= ENOUGH && state.history.count_ones() * 2 >= state.seen;
        if state.trips > 0 || state.failures >= patience.failures || mostly {
            let longer = patience.cool_down.saturating_mul(1 << state.trips.min(16));
            let trips = state.trips.saturating_add(1);
            let open_until = now.plus(longer.min(COOL_DOWN_MAX.max(patience.cool_down))).max(state.open_until);
            *state = State { trips, open_until, ..State::default() };
        }
    }

    /// The provider said when to come again.
    pub fn leave_alone(&self, now: UnixMs, wait: Duration) {
        let mut state = self.state();
        state.open_until = state.open_until.max(now.plus(wait));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&self, now: UnixMs) -> Option<Duration> {
        let until = self.open_until.max(self.probed_until);
        (until > now).then(|| Duration::from_millis(until.0 - now.0))
    }

    fn note(&mut self, failed: bool) {
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
        self.history = (self.history << 1) | u64::from(failed);
        self.seen = (self.seen + 1).min(WINDOW);
        self.probed_until = UnixMs(0);
    }
}

trait Plus {
    fn plus(self, wait: Duration) -> Self;
}

impl Plus for UnixMs {
    fn plus(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Patience};
    use realm::UnixMs;
    use std::time::Duration;

    const PATIENCE: Patience = Patience { failures: 2, cool_down: Duration::from_secs(10) };

    #[test]
    fn opens_after_failures_in_a_row_and_is_tried_by_one() {
        let breaker = Breaker::default();
        breaker.failed(UnixMs(0), PATIENCE);
        breaker.succeeded();
        breaker.failed(UnixMs(0), PATIENCE);
        assert_eq!(breaker.admit(UnixMs(1)), Ok(false), "not in a row");
        breaker.failed(UnixMs(0), PATIENCE);
        assert_eq!(breaker.admit(UnixMs(1)), Err(Duration::from_millis(9_999)));
        assert_eq!(breaker.admit(UnixMs(10_000)), Ok(true));
        assert_eq!(breaker.admit(UnixMs(10_001)), Err(Duration::from_millis(29_999)), "one tries at a time");
        breaker.released();
        assert_eq!(breaker.admit(UnixMs(10_002)), Ok(true), "that one told nothing");
        breaker.failed(UnixMs(10_003), PATIENCE);
        assert_eq!(breaker.wait(UnixMs(10_003)), Some(Duration::from_secs(20)), "twice as long");
        assert_eq!(breaker.admit(UnixMs(30_003)), Ok(true));
        breaker.succeeded();
        assert_eq!(breaker.admit(UnixMs(30_004)), Ok(false));
        assert_eq!(breaker.admit(UnixMs(30_004)), Ok(false), "all are let through again");
    }

    #[test]
    fn one_that_fails_every_other_time_is_ejected() {
        let (breaker, patience) = (Breaker::default(), Patience { failures: 5, ..PATIENCE });
        for _ in 0..9 {
            breaker.succeeded();
            breaker.failed(UnixMs(0), patience);
        }
        assert_eq!(breaker.wait(UnixMs(0)), None, "too few to tell");
        breaker.succeeded();
        breaker.failed(UnixMs(0), patience);
        assert!(breaker.wait(UnixMs(0)).is_some());
    }

    #[test]
    fn it_is_never_left_alone_for_ever() {
        let breaker = Breaker::default();
        let mut now = UnixMs(0);
        for _ in 0..40 {
            breaker.failed(now, PATIENCE);
            let wait = breaker.wait(now).unwrap_or_default();
            assert!(wait <= Duration::from_secs(300));
            now = UnixMs(now.0 + u64::try_from(wait.as_millis()).unwrap());
        }
    }

    #[test]
    fn what_a_provider_asks_for_is_kept() {
        let breaker = Breaker::default();
        breaker.leave_alone(UnixMs(0), Duration::from_secs(7));
        assert_eq!(breaker.admit(UnixMs(0)), Err(Duration::from_secs(7)));
        assert_eq!(breaker.admit(UnixMs(7_000)), Ok(false), "that is no failure");
    }
}
