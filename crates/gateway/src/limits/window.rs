//! A count over any 60 seconds, kept in one bucket a second.

/// Buckets: the 60 whole seconds before the current one, and the current one.
const BUCKETS: usize = 61;

/// A sliding count.
#[derive(Debug)]
pub(super) struct Window {
    buckets: [u64; BUCKETS],
    sum: u64,
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
            self.sum -= self.buckets[slot];
            self.buckets[slot] = 0;
        }
        self.second = self.second.max(second);
    }

    /// The count of the last minute.
    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    /// Counts in a second that is not older than the window; what is older is past and forgotten.
    pub(super) fn add(&mut self, second: u64, count: u64) {
        if self.holds(second) {
            self.buckets[slot(second.min(self.second))] += count;
            self.sum += count;
        }
    }

    /// Takes back what was counted in a second.
    pub(super) fn remove(&mut self, second: u64, count: u64) {
        if self.holds(second) {
            let bucket = &mut self.buckets[slot(second.min(self.second))];
            let taken = count.min(*bucket);
            *bucket -= taken;
            self.sum -= taken;
        }
    }

    /// Seconds from now until at most `room` is counted.
    pub(super) fn wait_for(&self, room: u64) -> u64 {
        let mut sum = self.sum;
        for ahead in 1..BUCKETS as u64 {
            if sum <= room {
                return ahead - 1;
            }
            // The bucket that falls out `ahead` seconds from now.
            sum -= self.buckets[slot(self.second + ahead)];
        }
        BUCKETS as u64
    }

    fn holds(&self, second: u64) -> bool {
        second + BUCKETS as u64 > self.second
    }
}

fn slot(second: u64) -> usize {
    (second % BUCKETS as u64) as usize
}
