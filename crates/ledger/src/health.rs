//! What operators see of a log: whether it writes, how long the disk takes, how long the space lasts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::space::Forecast;
use crate::types::TreeSize;

/// The state of a log at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Whether `append` can succeed now.
    pub writable: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Whether only a person can change that.
    pub fatal: bool,
    /// Trouble that does not stop writing: housekeeping failed and is tried again.
    pub warning: Option<String>,
    /// How many entries wait for the disk.
    pub queue_len: usize,
    /// How many entries are durable.
    pub durable: TreeSize,
    /// How many entries the published checkpoint covers.
    pub published: TreeSize,
    /// How often storage failed and was re-read since `open`.
    pub recoveries: u64,
    /// How long the first entry of each batch waited for the disk's attention.
    pub commit_wait_us: Summary,
    /// How long each `fdatasync` took.
    pub fdatasync_us: Summary,
    /// How long the disk space lasts; `None` until it was measured.
    pub space: Option<Forecast>,
}

/// A distribution in short. Quantiles are upper bounds, at most twice the true value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many values.
    pub count: u64,
    /// The sum of the values.
    pub sum_us: u64,
    /// The median.
    pub p50_us: u64,
    /// The 99th of 100.
    pub p99_us: u64,
    /// The greatest.
    pub max_us: u64,
}

const BUCKETS: usize = 32;

/// Counts durations by their power of two.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    sum_us: AtomicU64,
    max_us: AtomicU64,
}

/// What the writer measures.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    pub(crate) wait_us: Histogram,
    pub(crate) sync_us: Histogram,
    /// Bytes of frames written since `open`.
    pub(crate) appended_bytes: AtomicU64,
    /// Lengths of the segments sealed since `open`, before and after.
    pub(crate) sealed_raw_bytes: AtomicU64,
    pub(crate) sealed_stored_bytes: AtomicU64,
    pub(crate) recoveries: AtomicU64,
}

// === impl Histogram ===

impl Histogram {
    pub(crate) fn record(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = (u64::BITS - us.leading_zeros()) as usize;
        self.buckets[bucket.min(BUCKETS - 1)].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
        self.max_us.fetch_max(us, Ordering::Relaxed);
    }

    pub(crate) fn summary(&self) -> Summary {
        let counts = self.buckets.each_ref().map(|bucket| bucket.load(Ordering::Relaxed));
        let count: u64 = counts.iter().sum();
        let max_us = self.max_us.load(Ordering::Relaxed);
        let quantile = |per_cent: u64| {
            let rank = (count * per_cent).div_ceil(100).max(1);
            let mut seen = 0;
            let bucket = counts.iter().position(|in_bucket| {
                seen += in_bucket;
                seen >= rank
            });
            bucket.map_or(0, |bucket| ((1u64 << bucket) - 1).min(max_us))
        };
        let sum_us = self.sum_us.load(Ordering::Relaxed);
        Summary { count, sum_us, p50_us: quantile(50), p99_us: quantile(99), max_us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_bound_the_values_from_above_within_a_factor_of_two() {
        let histogram = Histogram::default();
        assert_eq!(histogram.summary(), Summary::default());
        for us in 1..=1000 {
            histogram.record(Duration::from_micros(us));
        }
        let summary = histogram.summary();
        assert_eq!((summary.count, summary.sum_us, summary.max_us), (1000, 500_500, 1000));
        assert!((500..1000).contains(&summary.p50_us), "{summary:?}");
        assert!((990..=1000).contains(&summary.p99_us), "{summary:?}");
    }
}
