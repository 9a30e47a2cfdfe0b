//! Medians with their spread.

use std::fmt;

/// Several figures of the same thing.
#[derive(Debug, Clone, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Adds one.
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The figure below which a share of them lies.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let place = (share * (sorted.len().saturating_sub(1)) as f64).round() as usize;
        sorted.get(place).copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

impl FromIterator<f64> for Figures {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        Self(figures.into_iter().collect())
    }
}

impl fmt::Display for Figures {
    /// Median, then least and most in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ({:.2}–{:.2})", self.median(), self.quantile(0.0), self.quantile(1.0))
    }
}

/// Whether a line holds: the median within the bound; unresolved where the spread crosses it by more than the margin.
pub fn verdict(figures: &Figures, at_most: f64) -> &'static str {
    let (low, middle, high) = (figures.quantile(0.1), figures.median(), figures.quantile(0.9));
    match (middle <= at_most, low <= at_most && at_most <= high) {
        (_, true) if (high - low) > (middle - at_most).abs() * 2.0 => "not resolved",
        (true, _) => "holds",
        (false, _) => "FAILS",
    }
}
