use std::sync::atomic::{AtomicU64, Ordering};

use realm::{Clock, UnixMs};

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
