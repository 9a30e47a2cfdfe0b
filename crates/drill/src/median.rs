//! The median of many durations in little room.

/// Buckets to each power of two: a median is told to within one part in sixty-four.
const STEPS_BITS: u32 = 6;

/// A histogram of whole milliseconds that is as fine, in proportion, for short times as for long ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Median {
    counts: std::collections::BTreeMap<u32, u64>,
    total: u64,
    sum_ms: u128,
}

impl Median {
    pub(crate) fn add(&mut self, ms: u64) {
        *self.counts.entry(bucket(ms)).or_default() += 1;
        self.total += 1;
        self.sum_ms += u128::from(ms);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.total
    }

    /// The lower median, in milliseconds; none of nothing.
    pub(crate) fn median_ms(&self) -> Option<u64> {
        let middle = self.total.checked_sub(1)? / 2;
        let mut seen = 0;
        for (bucket, count) in &self.counts {
            seen += count;
            if seen > middle {
                return Some(floor(*bucket));
            }
        }
        None
    }

    /// The mean, in milliseconds, exact; none of nothing.
    pub(crate) fn mean_ms(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum_ms as f64 / self.total as f64)
    }
}

/// Below twice the steps every millisecond has its own bucket; above, each power of two is cut into the same steps.
fn bucket(ms: u64) -> u32 {
    let exponent = (u64::BITS - ms.leading_zeros()).saturating_sub(STEPS_BITS + 1);
    let step = u32::try_from(ms >> exponent).expect("seven bits fit");
    (exponent << STEPS_BITS) + step
}

/// The least value of a bucket.
fn floor(bucket: u32) -> u64 {
    let exponent = (bucket >> STEPS_BITS).saturating_sub(1);
    u64::from(bucket - (exponent << STEPS_BITS)) << exponent
}

#[cfg(test)]
mod tests {
    use super::{Median, bucket, floor};

    #[test]
    fn a_bucket_holds_what_is_close() {
        for ms in (0..2_000).chain([65_535, 1 << 40, u64::MAX]) {
            let least = floor(bucket(ms));
            assert!(least <= ms && ms - least <= ms / 64, "{ms}: {least}");
            assert!(ms == 0 || bucket(ms - 1) <= bucket(ms), "{ms}");
        }
    }

    #[test]
    fn the_one_in_the_middle_is_found() {
        let mut median = Median::default();
        assert_eq!((median.median_ms(), median.mean_ms()), (None, None));
        for ms in [100, 7, 50, 9_000, 20] {
            median.add(ms);
        }
        assert_eq!(median.median_ms(), Some(50));
        assert_eq!(median.mean_ms(), Some(1_835.4));
        assert_eq!(median.count(), 5);
    }
}
