//! What a child may not go beyond, and how it is told that it did. Pure.

use std::time::Duration;

/// What a child may not go beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long work may stand still before the child is ended. Not the time of an answer: each
    /// batch and each token is progress. At least two seconds.
    pub stall: Duration,
    /// Memory beyond the estimate for the model, its cache and its threads.
    pub memory_margin_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { stall: Duration::from_secs(60), memory_margin_bytes: 1 << 30 }
    }
}

pub(super) const STALL_MIN: Duration = Duration::from_secs(2);
/// Looks at the child within the time that it may stand still.
const LOOKS: u32 = 8;

/// Signs of life of one child. Looks are counted, not time, so that nothing happens to a child
/// only because this process, or the machine, stood still itself.
#[derive(Debug)]
pub(super) struct Vital {
    stall: Duration,
    silent: u32,
}

impl Vital {
    pub(super) fn new(stall: Duration) -> Self {
        Self { stall, silent: 0 }
    }

    /// Between two looks.
    pub(super) fn between(&self) -> Duration {
        self.stall / LOOKS
    }

    /// The child was looked at. `Some`: why it is to be ended.
    pub(super) fn look(&mut self) -> Option<String> {
        self.silent = self.silent.saturating_add(1);
        (self.silent > LOOKS).then(|| format!("ended because it gave no sign of life for {:?}", self.stall))
    }

    /// The child said how long its work has stood still. `Some`: why it is to be ended.
    pub(super) fn beat(&mut self, stalled_ms: u64) -> Option<String> {
        self.silent = 0;
        let still = Duration::from_millis(stalled_ms);
        (still >= self.stall).then(|| format!("ended because its work stood still for {still:?}"))
    }
}

/// Adds the memory limit to a reason that is about memory.
pub(super) fn explain(reason: String, memory_bytes: Option<u64>) -> String {
    let about_memory = ["memory allocation of", "bad_alloc", "alloc failed", "failed to allocate"];
    match memory_bytes {
        Some(bytes) if about_memory.iter().any(|sign| reason.contains(sign)) => {
            format!("{reason} (it may take {} MiB, as estimated and a margin)", bytes >> 20)
        }
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_standing_still_end_a_child() {
        let mut vital = Vital::new(Duration::from_secs(8));
        assert_eq!(vital.between(), Duration::from_secs(1));
        assert!((0..8).all(|_| vital.look().is_none()));
        assert_eq!(vital.beat(0), None);
        assert!((0..8).all(|_| vital.look().is_none()));
        assert!(vital.look().expect("ended").contains("no sign of life"));
        assert_eq!(vital.beat(7_999), None);
        assert!(vital.beat(8_000).expect("ended").contains("stood still for 8s"));
    }

    #[test]
    fn the_limit_is_named_where_it_explains() {
        let reason = |s: &str| explain(s.into(), Some(5 << 20));
        assert!(reason("abort: memory allocation of 9 bytes failed").contains("may take 5 MiB"));
        assert_eq!(reason("killed by signal 11"), "killed by signal 11");
    }
}
