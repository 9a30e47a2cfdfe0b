//! How long to wait before the next start. Pure.

use std::time::Duration;

const FIRST_MS: u64 = 250;
const LAST_MS: u64 = 30_000;
/// A child that lived this long was healthy: the count starts again.
const HEALTHY: Duration = Duration::from_secs(60);
/// Crashes while loading, in a row, after which the model is given up.
const LOAD_CRASHES_MAX: u32 = 3;

/// Counts crashes.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    crashes: u32,
    load_crashes: u32,
}

/// What to do after a crash.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Wait { delay_ms: u64 },
    GiveUp { crashes: u32 },
}

impl Backoff {
    /// A child ended by itself after `lived`; `was_ready` if it had loaded its model.
    pub(super) fn crashed(&mut self, lived: Duration, was_ready: bool) -> Next {
        if was_ready {
            self.load_crashes = 0;
        } else {
            self.load_crashes += 1;
        }
        if self.load_crashes >= LOAD_CRASHES_MAX {
            return Next::GiveUp { crashes: self.load_crashes };
        }
        if was_ready && lived >= HEALTHY {
            self.crashes = 0;
        }
        let delay_ms = FIRST_MS.saturating_mul(1 << self.crashes.min(16)).min(LAST_MS);
        self.crashes = self.crashes.saturating_add(1);
        Next::Wait { delay_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(1);

    #[test]
    fn doubles_to_a_ceiling_and_forgets_after_a_healthy_life() {
        let mut backoff = Backoff::default();
        let delays: Vec<_> = (0..9).map(|_| backoff.crashed(SOON, true)).collect();
        let wait = |delay_ms| Next::Wait { delay_ms };
        assert_eq!(delays[..4], [wait(250), wait(500), wait(1000), wait(2000)]);
        assert_eq!(delays[8], wait(30_000));
        assert_eq!(backoff.crashed(HEALTHY, true), wait(250));
    }

    #[test]
    fn gives_up_on_a_model_that_never_loads() {
        let mut backoff = Backoff::default();
        assert!(matches!(backoff.crashed(SOON, false), Next::Wait { .. }));
        assert!(matches!(backoff.crashed(SOON, false), Next::Wait { .. }));
        assert_eq!(backoff.crashed(SOON, false), Next::GiveUp { crashes: 3 });
    }

    #[test]
    fn a_load_that_works_in_between_starts_the_count_again() {
        let mut backoff = Backoff::default();
        for _ in 0..10 {
            assert!(matches!(backoff.crashed(SOON, false), Next::Wait { .. }));
            assert!(matches!(backoff.crashed(SOON, true), Next::Wait { .. }));
        }
    }
}
