//! A Latin hypercube: of `n` draws, each of `n` equal slices of every input holds exactly one.

use super::Stream;

/// One dimension of a hypercube.
#[derive(Debug, Clone, Copy)]
pub struct Latin {
    within: Stream,
    count: u64,
    mask: u64,
    shift: u32,
    factors: [u64; 3],
    offsets: [u64; 3],
}

impl Latin {
    /// A dimension of `count` draws, in an order of its own that depends on the stream only.
    pub fn new(stream: Stream, count: usize) -> Self {
        let count = count.max(1) as u64;
        let mask = count.next_power_of_two() - 1;
        let bits = mask.count_ones();
        let order = stream.at(1);
        Self {
            within: stream.at(2),
            count,
            mask,
            shift: bits.div_ceil(2).max(1),
            factors: [0, 1, 2].map(|round| order.bits(round) | 1),
            offsets: [3, 4, 5].map(|round| order.bits(round)),
        }
    }

    /// The slice of a draw, which must be below the count: a permutation without a table. Each step can be undone modulo a power of two; what falls
    /// outside goes round again, which keeps it one to one.
    pub fn slice(&self, draw: usize) -> u64 {
        let mut at = (draw as u64).min(self.count - 1);
        loop {
            for (factor, offset) in self.factors.iter().zip(self.offsets) {
                at = at.wrapping_add(offset).wrapping_mul(*factor) & self.mask;
                at ^= at >> self.shift;
            }
            if at < self.count {
                return at;
            }
        }
    }

    /// The number of a draw, above 0 and below 1.
    pub fn unit(&self, draw: usize) -> f64 {
        (self.slice(draw) as f64 + self.within.unit(draw as u64)) / self.count as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Latin, Stream};

    #[test]
    fn every_slice_is_drawn_once_whatever_the_count() {
        for count in [1usize, 2, 3, 7, 64, 1_000, 4_097] {
            let latin = Latin::new(Stream::new(3, "x"), count);
            let mut seen: Vec<u64> = (0..count).map(|draw| latin.slice(draw)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..count as u64).collect::<Vec<_>>(), "{count}");
        }
    }

    #[test]
    fn two_dimensions_go_their_own_ways() {
        let count = 10_000usize;
        let (a, b) = (Latin::new(Stream::new(3, "a"), count), Latin::new(Stream::new(3, "b"), count));
        let covariance: f64 = (0..count).map(|draw| (a.unit(draw) - 0.5) * (b.unit(draw) - 0.5)).sum();
        let correlation = covariance / count as f64 * 12.0;
        assert!(correlation.abs() < 0.04, "{correlation}");
    }
}
