use std::sync::atomic::{AtomicU64, Ordering};

use realm::{Clock, UnixMs};

/// The machine's clock: a provider has one of its own, which is not Freehold's.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnClock;

impl Clock for OwnClock {
    fn now(&self) -> UnixMs {
        #[expect(clippy::disallowed_methods, reason = "a provider's clock is its own, not an input of Freehold's")]
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UnixMs(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Stands at a moment.
    pub fn at(moment: UnixMs) -> Self {
        Self(AtomicU64::new(moment.0))
    }

    /// Goes forward.
    pub fn advance(&self, by_ms: u64) {
        self.0.fetch_add(by_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::SeqCst))
    }
}
