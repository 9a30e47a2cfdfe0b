//! How far from what was counted the truth may lie.

use serde::Serialize;

/// The two-sided 95 % point of the normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// Bounds, 95 % sure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower one.
    pub low: f64,
    /// The upper one.
    pub high: f64,
}

impl Interval {
    /// Wilson's score interval of a share: so many of so many. Of nothing nobody knows anything.
    pub fn wilson(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let (n, p) = (whole as f64, part.min(whole) as f64 / whole as f64);
        let shrink = 1.0 + Z * Z / n;
        let centre = (p + Z * Z / (2.0 * n)) / shrink;
        let half = Z / shrink * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        // At the ends the formula is exact and its floating point is not.
        let low = if part == 0 { 0.0 } else { (centre - half).max(0.0) };
        let high = if part >= whole { 1.0 } else { (centre + half).min(1.0) };
        Self { low, high }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, proptest};

    use super::{Interval, Z};

    /// Wilson's bounds are where the score test just rejects: |p̂ − p| = z·√(p(1−p)/n). Found by halving.
    fn by_halving(part: u64, whole: u64, mut inside: f64, mut outside: f64) -> f64 {
        let (n, seen) = (whole as f64, part as f64 / whole as f64);
        for _ in 0..200 {
            let middle = f64::midpoint(inside, outside);
            let holds = (seen - middle).abs() <= Z * (middle * (1.0 - middle) / n).sqrt();
            if holds { inside = middle } else { outside = middle }
        }
        inside
    }

    proptest! {
        #[test]
        fn bounds_are_where_the_score_test_rejects(whole in 1u64..5_000, share in 0.0f64..=1.0) {
            let part = (whole as f64 * share).round() as u64;
            let seen = part as f64 / whole as f64;
            let found = Interval::wilson(part, whole);
            prop_assert!((found.low - by_halving(part, whole, seen, 0.0)).abs() < 1e-9, "{found:?}");
            prop_assert!((found.high - by_halving(part, whole, seen, 1.0)).abs() < 1e-9, "{found:?}");
            let mirrored = Interval::wilson(whole - part, whole);
            prop_assert!((found.low + mirrored.high - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_known_case_and_nothing() {
        // Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662.
        let found = Interval::wilson(81, 263);
        assert!((found.low - 0.2553).abs() < 5e-5 && (found.high - 0.3662).abs() < 5e-5, "{found:?}");
        assert_eq!(Interval::wilson(0, 0), Interval { low: 0.0, high: 1.0 });
    }
}
