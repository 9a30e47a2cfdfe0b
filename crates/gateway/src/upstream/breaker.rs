//! Leaves a failing deployment alone for a while.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use realm::UnixMs;

/// Counts failures in a row of one deployment. After enough of them nothing is sent until it has cooled down; then
/// requests try it again, and the next failure closes it at once.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: AtomicU32,
    closed_until_ms: AtomicU64,
}

impl Breaker {
    /// Milliseconds until it may be tried; none where it may now.
    pub fn wait(&self, now: UnixMs) -> Option<Duration> {
        let until = self.closed_until_ms.load(Ordering::Relaxed);
        (until > now.0).then(|| Duration::from_millis(until - now.0))
    }

    /// An attempt was answered.
    pub fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.failures.store(0, Ordering::Relaxed);
        }
    }

    /// An attempt failed.
    pub fn failed(&self, now: UnixMs, most: u32, cool_down: Duration) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= most {
            self.leave_alone(now, cool_down);
        }
    }

    /// The provider said when to come again.
    pub fn leave_alone(&self, now: UnixMs, wait: Duration) {
        let until = now.0.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self.closed_until_ms.fetch_max(until, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use realm::UnixMs;
    use std::time::Duration;

    #[test]
    fn closes_after_failures_in_a_row_and_reopens_when_cool() {
        let (breaker, cool) = (Breaker::default(), Duration::from_secs(10));
        breaker.failed(UnixMs(0), 2, cool);
        breaker.succeeded();
        breaker.failed(UnixMs(0), 2, cool);
        assert_eq!(breaker.wait(UnixMs(1)), None, "not in a row");
        breaker.failed(UnixMs(0), 2, cool);
        assert_eq!(breaker.wait(UnixMs(1)), Some(Duration::from_millis(9_999)));
        assert_eq!(breaker.wait(UnixMs(10_000)), None);
        breaker.failed(UnixMs(10_000), 2, cool);
        assert!(breaker.wait(UnixMs(10_001)).is_some(), "one more failure closes it at once");
    }
}
