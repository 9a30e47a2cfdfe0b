//! Two runs over the same questions, answer by answer.

use std::collections::BTreeMap;

use serde::Serialize;

use super::interval::{Interval, Z};

/// What became of each question in two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Paired {
    /// Right in both.
    pub both: u64,
    /// Right in the first only.
    pub first_only: u64,
    /// Right in the second only.
    pub second_only: u64,
    /// Wrong in both.
    pub neither: u64,
}

/// Whether the second is worse than the first by a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The whole interval lies within the margin: it is not worse by that much.
    NotInferior,
    /// The whole interval lies beyond it.
    Inferior,
    /// Too few questions to tell.
    Undecided,
}

impl Paired {
    /// Pairs what both answered; what only one was asked is left out.
    pub fn of(first: &BTreeMap<String, bool>, second: &BTreeMap<String, bool>) -> Self {
        let mut paired = Self::default();
        for (id, one) in first {
            let Some(other) = second.get(id) else { continue };
            let count = match (one, other) {
                (true, true) => &mut paired.both,
                (true, false) => &mut paired.first_only,
                (false, true) => &mut paired.second_only,
                (false, false) => &mut paired.neither,
            };
            *count += 1;
        }
        paired
    }

    /// Questions that both were asked.
    pub fn n(self) -> u64 {
        self.both + self.first_only + self.second_only + self.neither
    }

    /// The second's share of right answers less the first's; none of nothing.
    pub fn difference(self) -> Option<f64> {
        (self.n() > 0).then(|| (self.second_only as f64 - self.first_only as f64) / self.n() as f64)
    }

    /// The interval of that difference by Agresti and Min (2005): Wald's, with half a question added to each of the four
    /// counts, which keeps it honest for few questions.
    pub fn interval(self) -> Interval {
        let n = self.n() as f64 + 2.0;
        let (lost, won) = (self.first_only as f64 + 0.5, self.second_only as f64 + 0.5);
        let centre = (won - lost) / n;
        let half = Z * ((lost + won) - (won - lost).powi(2) / n).max(0.0).sqrt() / n;
        Interval { low: (centre - half).max(-1.0), high: (centre + half).min(1.0) }
    }

    /// McNemar's exact two-sided p-value: how surprising so uneven a split of the questions on which both differ would be
    /// if neither were better.
    pub fn p_value(self) -> f64 {
        let (few, all) = (self.first_only.min(self.second_only), self.first_only + self.second_only);
        // Each term from the one before, in logarithms: a half to the power of thousands is no number.
        let mut term = -(all as f64) * std::f64::consts::LN_2;
        let mut sum = term.exp();
        for k in 1..=few {
            term += ((all - k + 1) as f64).ln() - (k as f64).ln();
            sum += term.exp();
        }
        (2.0 * sum).min(1.0)
    }

    /// Whether the second is worse by more than a margin, a share of the questions.
    pub fn standing(self, margin: f64) -> Standing {
        let interval = self.interval();
        if interval.low > -margin {
            Standing::NotInferior
        } else if interval.high < -margin {
            Standing::Inferior
        } else {
            Standing::Undecided
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::{Paired, Standing};

    /// The same p-value from Pascal's triangle.
    fn by_counting(first_only: u64, second_only: u64) -> f64 {
        let all = usize::try_from(first_only + second_only).unwrap();
        let mut row = vec![1.0f64];
        for _ in 0..all {
            let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
            row = [1.0].into_iter().chain(inner).chain([1.0]).collect();
        }
        let few = usize::try_from(first_only.min(second_only)).unwrap();
        (2.0 * row[..=few].iter().sum::<f64>() / 2.0f64.powi(i32::try_from(all).unwrap())).min(1.0)
    }

    proptest! {
        #[test]
        fn the_p_value_is_a_count_of_ways(first_only in 0u64..200, second_only in 0u64..200) {
            let paired = Paired { both: 3, first_only, second_only, neither: 4 };
            let counted = by_counting(first_only, second_only);
            prop_assert!((paired.p_value() - counted).abs() < 1e-9 * counted.max(1e-3), "{} {counted}", paired.p_value());
        }

        #[test]
        fn exchanging_the_runs_turns_the_interval_round(both in 0u64..300, a in 0u64..300, b in 0u64..300, neither in 0u64..300) {
            let one = Paired { both, first_only: a, second_only: b, neither }.interval();
            let other = Paired { both, first_only: b, second_only: a, neither }.interval();
            prop_assert!((one.low + other.high).abs() < 1e-12 && (one.high + other.low).abs() < 1e-12);
            prop_assert!(one.low <= one.high);
        }

        /// The variance of the difference of two ±1/0 columns, taken answer by answer.
        #[test]
        fn the_interval_is_that_of_the_answers_one_by_one(both in 0u64..60, a in 0u64..60, b in 0u64..60, neither in 0u64..60) {
            let cells = [(both, 0.0), (a, -1.0), (b, 1.0), (neither, 0.0)].map(|(n, step)| (n as f64 + 0.5, step));
            let n: f64 = cells.iter().map(|(weight, _)| weight).sum();
            let mean = cells.iter().map(|(weight, step)| weight * step).sum::<f64>() / n;
            let variance = cells.iter().map(|(weight, step)| weight * (step - mean) * (step - mean)).sum::<f64>() / n;
            let half = super::Z * (variance / n).sqrt();
            let found = Paired { both, first_only: a, second_only: b, neither }.interval();
            prop_assert!((found.low - (mean - half).max(-1.0)).abs() < 1e-9);
            prop_assert!((found.high - (mean + half).min(1.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_margin_is_held_broken_or_undecided() {
        let same = Paired { both: 180, first_only: 2, second_only: 3, neither: 20 };
        assert_eq!(same.standing(0.05), Standing::NotInferior);
        let worse = Paired { both: 100, first_only: 80, second_only: 2, neither: 20 };
        assert_eq!(worse.standing(0.05), Standing::Inferior);
        let few = Paired { both: 5, first_only: 1, second_only: 1, neither: 1 };
        assert_eq!(few.standing(0.05), Standing::Undecided);
        assert_eq!(Paired::default().difference(), None);
    }

    proptest! {
        #[test]
        fn only_what_both_were_asked_is_paired(first in proptest::collection::btree_map("[a-e]", proptest::bool::ANY, 0..5), second in proptest::collection::btree_map("[a-e]", proptest::bool::ANY, 0..5)) {
            let paired = Paired::of(&first, &second);
            let shared = first.keys().filter(|id| second.contains_key(*id)).count() as u64;
            prop_assert_eq!(paired.n(), shared);
            let right = |of: &std::collections::BTreeMap<String, bool>, with: &std::collections::BTreeMap<String, bool>| {
                of.iter().filter(|(id, right)| **right && with.contains_key(*id)).count() as u64
            };
            prop_assert_eq!(paired.both + paired.first_only, right(&first, &second));
            prop_assert_eq!(paired.both + paired.second_only, right(&second, &first));
        }
    }
}
