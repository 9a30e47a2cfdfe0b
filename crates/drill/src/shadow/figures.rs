//! From counts to shares and means, each with how sure it is.

use realm::mirrored::{Agreement, Moments};
use serde::Serialize;

use crate::eval::Interval;

/// With fewer figures no interval of a mean is told.
const MEAN_MIN: u64 = 10;

/// A share with its interval by Wilson, 95 % sure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sure {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// The share; none of nothing.
    pub share: Option<f64>,
    /// Its lower bound.
    pub low: f64,
    /// Its upper bound.
    pub high: f64,
}

/// A mean with its interval by Student, 95 % sure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// Of how many figures.
    pub n: u64,
    /// The mean; none of nothing.
    pub mean: Option<f64>,
    /// Its interval; none of fewer than ten.
    pub interval: Option<Interval>,
}

/// What the counts of some mirrors come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Mirrors that the fallback did not answer.
    pub fallback_errors: Sure,
    /// Of the answers that were compared: alike in all but their words.
    pub agreement: Sure,
    /// Of the same: ended for different reasons.
    pub finish_differs: Sure,
    /// Of the same: one refuses and the other does not.
    pub refusal_differs: Sure,
    /// Of answers that were to be JSON: one is and the other is not.
    pub json_differs: Sure,
    /// Of answers that were to fit a schema: one does and the other does not.
    pub schema_differs: Sure,
    /// Of answers that make calls: the same names.
    pub same_names: Sure,
    /// Of the same: the same arguments too.
    pub same_calls: Sure,
    /// Of texts: equal, letter by letter.
    pub exact: Sure,
    /// Of texts: the same words in the same order.
    pub same_words: Sure,
    /// Token F1, 0 to 1.
    pub similarity: Mean,
    /// Tokens of the fallback's answer over those of the client's.
    pub length_ratio: Mean,
    /// By how many milliseconds the fallback was slower.
    pub latency_ms: Mean,
    /// Cosine of embeddings.
    pub cosine: Mean,
}

impl Sure {
    fn of(part: u64, whole: u64) -> Self {
        let Interval { low, high } = Interval::wilson(part, whole);
        let share = (whole > 0).then(|| part as f64 / whole as f64);
        Self { part, whole, share, low, high }
    }
}

impl Mean {
    /// Of figures that were counted in units of which so many are one.
    fn of(moments: &Moments, one: f64) -> Self {
        let n = moments.n as f64;
        let mean = moments.mean();
        let interval = mean.filter(|_| moments.n >= MEAN_MIN).map(|mean| {
            let variance = ((moments.squares as f64 - mean * mean * n) / (n - 1.0)).max(0.0);
            let half = student(moments.n - 1) * (variance / n).sqrt();
            Interval { low: (mean - half) / one, high: (mean + half) / one }
        });
        Self { n: moments.n, mean: mean.map(|mean| mean / one), interval }
    }
}

/// The two-sided 95 % point of Student's distribution, by its expansion around the normal one (Hill 1970): right to three
/// places from nine degrees of freedom on.
fn student(degrees: u64) -> f64 {
    let (z, n) = (crate::eval::Z, degrees as f64);
    let one = (z.powi(3) + z) / 4.0;
    let two = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let three = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + one / n + two / n.powi(2) + three / n.powi(3)
}

impl Figures {
    /// Of counts.
    pub fn of(counted: &Agreement) -> Self {
        let it = counted;
        let texts = it.similarity.n;
        Self {
            fallback_errors: Sure::of(it.fallback_failed + it.neither_ok, it.mirrors),
            agreement: Sure::of(it.agreeing, it.compared),
            finish_differs: Sure::of(it.finish_differs, texts),
            refusal_differs: Sure::of(it.refusal.differing(), texts),
            json_differs: Sure::of(it.json.differing(), it.json.n()),
            schema_differs: Sure::of(it.schema.differing(), it.schema.n()),
            same_names: Sure::of(it.same_names, it.calling),
            same_calls: Sure::of(it.same_calls, it.calling),
            exact: Sure::of(it.exact, texts),
            same_words: Sure::of(it.same_words, texts),
            similarity: Mean::of(&it.similarity, 1e6),
            length_ratio: Mean::of(&it.length_ratio, 1e3),
            latency_ms: Mean::of(&it.latency_ms, 1.0),
            cosine: Mean::of(&it.cosine, 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_points_are_those_of_the_tables() {
        for (degrees, point) in [(9, 2.262), (10, 2.228), (15, 2.131), (30, 2.042), (100, 1.984), (1_000_000, 1.960)] {
            assert!((student(degrees) - point).abs() < 0.000_6, "{degrees}: {}", student(degrees));
        }
    }

    #[test]
    fn a_mean_of_few_has_no_interval_and_one_of_ten_has_students() {
        let mut moments = Moments::default();
        (1..=9).for_each(|figure| moments.note(figure));
        assert_eq!(Mean::of(&moments, 1.0), Mean { n: 9, mean: Some(5.0), interval: None });
        moments.note(10);
        let Mean { mean, interval, .. } = Mean::of(&moments, 1.0);
        let Interval { low, high } = interval.unwrap();
        // 5.5 ± 2.262 · 3.0277 / √10
        assert!((mean.unwrap() - 5.5).abs() < 1e-9 && (low - 3.334).abs() < 0.002 && (high - 7.666).abs() < 0.002);
        assert_eq!(Mean::of(&Moments::default(), 1.0), Mean { n: 0, mean: None, interval: None });
    }

    #[test]
    fn of_nothing_no_share_is_told() {
        let figures = Figures::of(&Agreement::default());
        assert_eq!(figures.agreement, Sure { part: 0, whole: 0, share: None, low: 0.0, high: 1.0 });
    }
}
