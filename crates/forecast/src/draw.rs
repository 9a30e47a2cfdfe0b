//! Numbers between 0 and 1 that depend on a seed, the name of a stream and a place only, never on who asks first.
//!
//! So the same seed gives the same numbers on any number of threads, and a new input shifts none of the others.

mod latin;
mod sobol;

pub use latin::Latin;
pub use sobol::{DIMENSIONS_MAX, Sobol};

use realm::draw::mix;

/// The step of SplitMix64, which visits every 64-bit number.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of numbers with random access.
#[derive(Debug, Clone, Copy)]
pub struct Stream(u64);

impl Stream {
    /// The stream of a name under a seed.
    pub fn new(seed: u64, name: &str) -> Self {
        Self(mix(mix(seed.wrapping_add(GOLDEN)) ^ realm::draw::number(name)))
    }

    /// A stream within this one.
    #[must_use]
    pub fn at(self, index: u64) -> Self {
        Self(mix(self.0 ^ mix(index.wrapping_add(GOLDEN))))
    }

    /// The 64 bits at a place.
    pub fn bits(self, index: u64) -> u64 {
        mix(self.0.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// A number above 0 and below 1 at a place.
    pub fn unit(self, index: u64) -> f64 {
        unit(self.bits(index))
    }

    /// A whole number below `bound` at a place, near enough to uniform for bounds far below 2^32.
    pub fn below(self, index: u64, bound: u64) -> u64 {
        ((self.bits(index) >> 32) * bound) >> 32
    }
}

/// The upper 52 bits as a number above 0 and below 1.
fn unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}
