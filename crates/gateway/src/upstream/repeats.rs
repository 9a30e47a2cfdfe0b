//! A budget for asking the same deployment once more: a provider in trouble must not get twice the traffic for it.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a request adds, in hundredths of a repeat: one of ten may be repeated.
const EARNED: u32 = 10;
/// What a repeat takes.
const PRICE: u32 = 100;
/// At most so much is kept: ten repeats at once.
const MOST: u32 = 1_000;

/// Repeats that a deployment's own traffic has earned.
#[derive(Debug, Default)]
pub struct Repeats(AtomicU32);

impl Repeats {
    /// A request went there for the first time.
    pub fn earn(&self) {
        let add = |kept: u32| (kept < MOST).then(|| (kept + EARNED).min(MOST));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Takes one; false where none is left.
    pub fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |kept| kept.checked_sub(PRICE)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Repeats;

    #[test]
    fn one_of_ten_requests_may_be_repeated_and_no_hoard_grows() {
        let repeats = Repeats::default();
        assert!(!repeats.take());
        (0..10).for_each(|_| repeats.earn());
        assert!(repeats.take() && !repeats.take());
        (0..10_000).for_each(|_| repeats.earn());
        assert_eq!((0..100).filter(|_| repeats.take()).count(), 10);
    }
}
