//! A count over any 60 seconds, kept in one bucket a second.
//!
//! Counts come from clients, providers and records, so no number may break it: a bucket stops at the largest number, and
//! the sum is wide enough for all of them. So the sum is always that of the buckets, and what falls out is never more.

/// Buckets: the 60 whole seconds before the current one, and the current one.
const BUCKETS: usize = 61;

/// A sliding count.
#[derive(Debug)]
pub(super) struct Window {
    buckets: [u64; BUCKETS],
    sum: u128,
    /// The second of the newest bucket.
    second: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self { buckets: [0; BUCKETS], sum: 0, second: 0 }
    }
}

impl Window {
    /// Lets what is older than a minute fall out. A clock that steps back counts as standing still.
    pub(super) fn advance(&mut self, second: u64) {
        let steps = second.saturating_sub(self.second).min(BUCKETS as u64);
        for step in 1..=steps {
            let slot = slot(self.second + step);
            self.sum -= u128::from(std::mem::take(&mut self.buckets[slot]));
        }
        self.second = self.second.max(second);
    }

    /// The count of the last minute.
    pub(super) fn sum(&self) -> u128 {
        self.sum
    }

    /// Counts in a second that is not older than the window; what is older is past and forgotten.
    pub(super) fn add(&mut self, second: u64, count: u64) {
        if self.holds(second) {
            let bucket = &mut self.buckets[slot(second.min(self.second))];
            let added = count.min(u64::MAX - *bucket);
            *bucket += added;
            self.sum += u128::from(added);
        }
    }

    /// Takes back what was counted in a second.
    pub(super) fn remove(&mut self, second: u64, count: u64) {
        if self.holds(second) {
            let bucket = &mut self.buckets[slot(second.min(self.second))];
            let taken = count.min(*bucket);
            *bucket -= taken;
            self.sum -= u128::from(taken);
        }
    }

    /// Seconds from now until at most `room` is counted.
    pub(super) fn wait_for(&self, room: u64) -> u64 {
        let mut sum = self.sum;
        for ahead in 1..BUCKETS as u64 {
            if sum <= u128::from(room) {
                return ahead - 1;
            }
            // The bucket that falls out `ahead` seconds from now.
            sum -= u128::from(self.buckets[slot(self.second + ahead)]);
        }
        BUCKETS as u64
    }

    fn holds(&self, second: u64) -> bool {
        self.second.saturating_sub(second) < BUCKETS as u64
    }
}

fn slot(second: u64) -> usize {
    (second % BUCKETS as u64) as usize
}
