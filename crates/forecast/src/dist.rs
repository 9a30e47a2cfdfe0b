//! Distributions of one number.

mod sampler;

pub use sampler::Sampler;

use statrs::function::beta::{beta_reg, inv_beta_reg};

use crate::normal;

/// `z` of the ends of a 90 % interval.
const Z_90: f64 = 1.644_853_626_951_472_7;

/// A distribution. Made by the functions below, which refuse what is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// One value for certain.
    Constant(f64),
    /// By mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// By mean and standard deviation of the logarithm.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// Equally likely between two ends.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A beta distribution stretched between two ends.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A monotone curve through quantiles: pairs of `z` and value, rising; in the logarithm where all are positive.
    Quantiles {
        /// Standard normal value of each probability and the value there (its logarithm where `is_log`).
        points: Vec<(f64, f64)>,
        /// Whether values are logarithms.
        is_log: bool,
    },
    /// One of several, by weights that add up to one.
    Mixture(Vec<(f64, Distribution)>),
}

/// Why something is no distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A number is not finite.
    #[error("a number is not finite")]
    NotFinite,
    /// Ends are not in order.
    #[error("the lower end is not below the upper end")]
    NotInOrder,
    /// A spread or shape is not above zero.
    #[error("a spread or shape is not above zero")]
    NotPositive,
    /// A shape of a beta distribution is outside [`SHAPES`].
    #[error("a shape of a beta distribution is outside 0.001 to 100000")]
    ShapeOutside,
    /// A mode is outside its ends.
    #[error("the most likely value is outside the ends")]
    ModeOutside,
    /// Probabilities or values of quantiles do not rise, or are fewer than two.
    #[error("quantiles do not rise, or are fewer than two")]
    NotRising,
    /// Weights of a mixture are none, or below zero.
    #[error("weights of a mixture are none, or not above zero")]
    NoWeights,
}

/// Shapes of a beta distribution whose quantiles are found in bounded time; beyond them it is a number, or two.
pub const SHAPES: std::ops::RangeInclusive<f64> = 1e-3..=1e5;

impl Distribution {
    /// A 90 % interval: lognormal where both ends are positive, else normal.
    ///
    /// # Errors
    /// Ends that are not in order or not finite.
    pub fn interval_90(low: f64, high: f64) -> Result<Self, Error> {
        ordered(low, high)?;
        if low > 0.0 {
            let (low, high) = (low.ln(), high.ln());
            return Ok(Self::Lognormal { mu: f64::midpoint(low, high), sigma: (high - low) / (2.0 * Z_90) });
        }
        Ok(Self::Normal { mean: f64::midpoint(low, high), sd: (high - low) / (2.0 * Z_90) })
    }

    /// By mean and standard deviation.
    ///
    /// # Errors
    /// A spread that is not above zero.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, Error> {
        finite(&[mean, sd])?;
        positive(&[sd])?;
        Ok(Self::Normal { mean, sd })
    }

    /// By mean and standard deviation of the logarithm.
    ///
    /// # Errors
    /// A spread that is not above zero.
    pub fn lognormal(mu: f64, sigma: f64) -> Result<Self, Error> {
        finite(&[mu, sigma])?;
        positive(&[sigma])?;
        Ok(Self::Lognormal { mu, sigma })
    }

    /// Equally likely between two ends.
    ///
    /// # Errors
    /// Ends that are not in order.
    pub fn uniform(low: f64, high: f64) -> Result<Self, Error> {
        ordered(low, high)?;
        Ok(Self::Uniform { low, high })
    }

    /// A beta distribution between two ends.
    ///
    /// # Errors
    /// Shapes outside [`SHAPES`], ends that are not in order.
    pub fn beta(a: f64, b: f64, low: f64, high: f64) -> Result<Self, Error> {
        finite(&[a, b])?;
        positive(&[a, b])?;
        if ![a, b].iter().all(|it| SHAPES.contains(it)) {
            return Err(Error::ShapeOutside);
        }
        ordered(low, high)?;
        Ok(Self::Beta { a, b, low, high })
    }

    /// PERT: a beta distribution by its ends and its most likely value, which counts four times.
    ///
    /// # Errors
    /// Ends that are not in order, a mode outside.
    pub fn pert(low: f64, mode: f64, high: f64) -> Result<Self, Error> {
        ordered(low, high)?;
        if !(low..=high).contains(&mode) {
            return Err(Error::ModeOutside);
        }
        let share = (mode - low) / (high - low);
        Self::beta(1.0 + 4.0 * share, 5.0 - 4.0 * share, low, high)
    }

    /// A curve through quantiles, given as pairs of probability and value.
    ///
    /// # Errors
    /// Fewer than two; probabilities outside 0..1; what does not rise.
    pub fn quantiles(points: &[(f64, f64)]) -> Result<Self, Error> {
        let rises = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
        let inside = points.iter().all(|(p, x)| *p > 0.0 && *p < 1.0 && x.is_finite());
        if points.len() < 2 || !rises || !inside {
            return Err(Error::NotRising);
        }
        let is_log = points.iter().all(|(_, x)| *x > 0.0);
        let value = |x: f64| if is_log { x.ln() } else { x };
        let points = points.iter().map(|(p, x)| (normal::quantile(*p), value(*x))).collect();
        Ok(Self::Quantiles { points, is_log })
    }

    /// One of several; weights are brought to a sum of one.
    ///
    /// # Errors
    /// No parts, or weights that are not above zero.
    pub fn mixture(parts: Vec<(f64, Self)>) -> Result<Self, Error> {
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        if parts.is_empty() || !sum.is_finite() || parts.iter().any(|(weight, _)| *weight <= 0.0) {
            return Err(Error::NoWeights);
        }
        Ok(Self::Mixture(parts.into_iter().map(|(weight, part)| (weight / sum, part)).collect()))
    }

    /// Whether it is one value for certain.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    /// The value below which it lies with probability `p`.
    pub fn quantile(&self, p: f64) -> f64 {
        self.at_z(normal::quantile(p))
    }

    /// The value whose probability of not being exceeded is that of `z` under the standard normal distribution. Keeps
    /// its precision in both tails, where a probability near one cannot.
    pub fn at_z(&self, z: f64) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Normal { mean, sd } => mean + sd * z,
            Self::Lognormal { mu, sigma } => (mu + sigma * z).exp(),
            Self::Uniform { low, high } => low + (high - low) * normal::cumulative(z),
            Self::Beta { a, b, low, high } if z <= 0.0 => low + (high - low) * inv_beta(*a, *b, normal::cumulative(z)),
            Self::Beta { a, b, low, high } => high - (high - low) * inv_beta(*b, *a, normal::cumulative(-z)),
            Self::Quantiles { points, is_log } => {
                let value = through(points, z);
                if *is_log { value.exp() } else { value }
            }
            Self::Mixture(parts) => mixture_at(parts, z),
        }
    }

    /// The probability of at most `x`.
    pub fn cumulative(&self, x: f64) -> f64 {
        match self {
            Self::Constant(value) => f64::from(u8::from(x >= *value)),
            Self::Normal { mean, sd } => normal::cumulative((x - mean) / sd),
            Self::Lognormal { .. } if x <= 0.0 => 0.0,
            Self::Lognormal { mu, sigma } => normal::cumulative((x.ln() - mu) / sigma),
            Self::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Beta { a, b, low, high } => beta_reg(*a, *b, ((x - low) / (high - low)).clamp(0.0, 1.0)),
            Self::Quantiles { .. } => {
                let z = bisect(-40.0, 40.0, |z| self.at_z(z) > x);
                normal::cumulative(z)
            }
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.cumulative(x)).sum(),
        }
    }

    /// The probability of more than `x`, precise where it is small.
    fn exceeded(&self, x: f64) -> f64 {
        match self {
            Self::Normal { mean, sd } => normal::cumulative((mean - x) / sd),
            Self::Lognormal { mu, sigma } if x > 0.0 => normal::cumulative((mu - x.ln()) / sigma),
            Self::Beta { a, b, low, high } => beta_reg(*b, *a, ((high - x) / (high - low)).clamp(0.0, 1.0)),
            Self::Quantiles { .. } => normal::cumulative(-bisect(-40.0, 40.0, |z| self.at_z(z) > x)),
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.exceeded(x)).sum(),
            Self::Constant(_) | Self::Uniform { .. } | Self::Lognormal { .. } => 1.0 - self.cumulative(x),
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Normal { mean, .. } => *mean,
            Self::Lognormal { mu, sigma } => (mu + 0.5 * sigma * sigma).exp(),
            Self::Uniform { low, high } => f64::midpoint(*low, *high),
            Self::Beta { a, b, low, high } => low + (high - low) * a / (a + b),
            Self::Quantiles { .. } => {
                const SLICES: u32 = 20_000;
                let middle = |slice: u32| self.quantile((f64::from(slice) + 0.5) / f64::from(SLICES));
                (0..SLICES).map(middle).sum::<f64>() / f64::from(SLICES)
            }
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.mean()).sum(),
        }
    }
}

fn finite(numbers: &[f64]) -> Result<(), Error> {
    if numbers.iter().all(|it| it.is_finite()) { Ok(()) } else { Err(Error::NotFinite) }
}

fn positive(numbers: &[f64]) -> Result<(), Error> {
    if numbers.iter().all(|it| *it > 0.0) { Ok(()) } else { Err(Error::NotPositive) }
}

fn ordered(low: f64, high: f64) -> Result<(), Error> {
    finite(&[low, high])?;
    if low < high { Ok(()) } else { Err(Error::NotInOrder) }
}

/// The inverse of the regularised incomplete beta function, with steps of Newton after the library's answer.
fn inv_beta(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    let mut x = inv_beta_reg(a, b, p).clamp(1e-300, 1.0 - 1e-16);
    let norm = statrs::function::beta::ln_beta(a, b);
    for _ in 0..3 {
        let density = ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - norm).exp();
        let step = (beta_reg(a, b, x) - p) / density;
        if !step.is_finite() || step.abs() < 1e-16 * x {
            break;
        }
        x = (x - step).clamp(x * 0.5, f64::midpoint(x, 1.0));
    }
    x
}

/// A monotone cubic through points (Fritsch and Carlson), straight on beyond its ends.
fn through(points: &[(f64, f64)], z: f64) -> f64 {
    let slope = |i: usize| (points[i + 1].1 - points[i].1) / (points[i + 1].0 - points[i].0);
    let last = points.len() - 1;
    if z <= points[0].0 {
        return points[0].1 + slope(0) * (z - points[0].0);
    }
    if z >= points[last].0 {
        return points[last].1 + slope(last - 1) * (z - points[last].0);
    }
    let tangent = |i: usize| match i {
        0 => slope(0),
        i if i == last => slope(last - 1),
        i => 2.0 / (1.0 / slope(i - 1) + 1.0 / slope(i)),
    };
    let i = points.partition_point(|(at, _)| *at <= z) - 1;
    let width = points[i + 1].0 - points[i].0;
    hermite((z - points[i].0) / width, [points[i].1, points[i + 1].1], [tangent(i) * width, tangent(i + 1) * width])
}

/// The cubic with these values and slopes at 0 and 1.
fn hermite(t: f64, values: [f64; 2], slopes: [f64; 2]) -> f64 {
    let rest = 1.0 - t;
    let bend = (slopes[0] - (values[1] - values[0])) * rest - (slopes[1] - (values[1] - values[0])) * t;
    values[0] * rest + values[1] * t + t * rest * bend
}

fn mixture_at(parts: &[(f64, Distribution)], z: f64) -> f64 {
    let ends = parts.iter().map(|(_, part)| part.at_z(z));
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    // In the lower tail by the mass below, in the upper by what is left above, as each part alone would.
    let (below, above) = (normal::cumulative(z), normal::cumulative(-z));
    let sum = |of: &dyn Fn(&Distribution) -> f64| parts.iter().map(|(weight, part)| weight * of(part)).sum::<f64>();
    bisect(
        low,
        high,
        |x| if z <= 0.0 { sum(&|it| it.cumulative(x)) >= below } else { sum(&|it| it.exceeded(x)) <= above },
    )
}

/// Where a condition that holds from some point on begins.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) { high = middle } else { low = middle }
    }
    high
}
