//! How long requests took: counts by length, from which percentiles are read.

/// Lengths below this have a place each, in milliseconds.
const EXACT: u64 = 16;
/// Places between one power of two and the next.
const STEPS: u64 = 8;

/// Counts of lengths; each place is at most one eighth wide, so a percentile is right to 1/16 of its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latency {
    counts: Vec<u32>,
}

impl Latency {
    /// One more.
    pub fn add(&mut self, ms: u64) {
        let place = place(ms);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] = self.counts[place].saturating_add(1);
    }

    /// Those of another too.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(here, there)| *here = here.saturating_add(*there));
    }

    /// The length, in milliseconds, that so many of a hundred do not exceed; none where there are none.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let all: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        let wanted = all.checked_mul(percent)?.div_ceil(100).max(1);
        let mut seen = 0;
        self.counts.iter().enumerate().find_map(|(place, count)| {
            seen += u64::from(*count);
            (seen >= wanted && *count > 0).then(|| middle(place as u64))
        })
    }
}

fn place(ms: u64) -> usize {
    let number = if ms < EXACT {
        ms
    } else {
        let power = u64::from(ms.ilog2());
        // The three binary digits after the first.
        let within = (ms >> (power - 3)) % STEPS;
        EXACT + (power - 4) * STEPS + within
    };
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The middle of a place.
fn middle(place: u64) -> u64 {
    if place < EXACT {
        return place;
    }
    let (power, within) = ((place - EXACT) / STEPS + 4, (place - EXACT) % STEPS);
    let (floor, width) = (1u64 << power, (1u64 << power) / STEPS);
    floor + within * width + width / 2
}

#[cfg(test)]
mod tests {
    use super::Latency;

    #[test]
    fn percentiles_are_right_to_a_sixteenth() {
        let mut all = Latency::default();
        (1..=10_000).for_each(|ms| all.add(ms));
        for percent in [1u64, 50, 95, 99, 100] {
            let (found, exact) = (all.percentile(percent).unwrap(), percent * 100);
            assert!(found.abs_diff(exact) * 16 <= exact, "{percent}: {found} for {exact}");
        }
        let mut few = Latency::default();
        assert_eq!(few.percentile(50), None);
        few.add(3);
        few.merge(&Latency::default());
        assert_eq!((few.percentile(1), few.percentile(99)), (Some(3), Some(3)));
        few.add(u64::MAX);
        assert!(few.percentile(99).unwrap() > 1 << 63);
    }
}
