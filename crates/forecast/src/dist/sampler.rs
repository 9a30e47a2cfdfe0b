//! Distributions made ready to be drawn from a million times.

use super::{Distribution, hermite};

/// Ends of the table, in standard deviations: beyond what 53 bits of a probability can say.
const Z_MAX: f64 = 8.5;
/// Knots for each standard deviation.
const KNOTS_PER_Z: usize = 128;

/// A distribution made ready.
#[derive(Debug, Clone)]
pub enum Sampler {
    /// One value.
    Constant(f64),
    /// Mean and standard deviation.
    Normal(f64, f64),
    /// The same of the logarithm.
    Lognormal(f64, f64),
    /// Value and slope at knots of `z`: what has no quick formula. Off by less than a ten-millionth of the spread.
    Table(Vec<[f64; 2]>),
}

impl Sampler {
    /// Makes a distribution ready.
    pub fn new(distribution: &Distribution) -> Self {
        match distribution {
            Distribution::Constant(value) => Self::Constant(*value),
            Distribution::Normal { mean, sd } => Self::Normal(*mean, *sd),
            Distribution::Lognormal { mu, sigma } => Self::Lognormal(*mu, *sigma),
            other => Self::Table(table(other)),
        }
    }

    /// Puts the values of standard normal numbers where those stand.
    pub fn draw(&self, numbers: &mut [f64]) {
        match self {
            Self::Constant(value) => numbers.fill(*value),
            Self::Normal(mean, sd) => numbers.iter_mut().for_each(|z| *z = mean + sd * *z),
            Self::Lognormal(mu, sigma) => numbers.iter_mut().for_each(|z| *z = (mu + sigma * *z).exp()),
            Self::Table(knots) => numbers.iter_mut().for_each(|z| *z = look_up(knots, *z)),
        }
    }

    /// The value of one standard normal number.
    pub fn one(&self, z: f64) -> f64 {
        let mut number = [z];
        self.draw(&mut number);
        number[0]
    }
}

fn look_up(knots: &[[f64; 2]], z: f64) -> f64 {
    let at = (z.clamp(-Z_MAX, Z_MAX) + Z_MAX) * KNOTS_PER_Z as f64;
    let knot = (at as usize).min(knots.len() - 2);
    let ([x0, s0], [x1, s1]) = (knots[knot], knots[knot + 1]);
    hermite(at - knot as f64, [x0, x1], [s0, s1])
}

fn table(distribution: &Distribution) -> Vec<[f64; 2]> {
    let step = 1.0 / KNOTS_PER_Z as f64;
    let count = (2.0 * Z_MAX) as usize * KNOTS_PER_Z + 1;
    let values: Vec<f64> = (0..count).map(|knot| distribution.at_z(knot as f64 * step - Z_MAX)).collect();
    let gap = |knot: usize| values[knot + 1] - values[knot];
    // A five-point slope where the curve is smooth; never so steep that the curve between two knots would turn back.
    let slope = |knot: usize| {
        if knot == 0 || knot + 1 == count {
            return 0.0;
        }
        let steepest = 3.0 * gap(knot - 1).min(gap(knot)).max(0.0);
        let raw = if (2..count - 2).contains(&knot) {
            (8.0 * (values[knot + 1] - values[knot - 1]) - (values[knot + 2] - values[knot - 2])) / 12.0
        } else {
            f64::midpoint(gap(knot - 1), gap(knot))
        };
        raw.clamp(0.0, steepest)
    };
    (0..count).map(|knot| [values[knot], slope(knot)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Sampler};

    #[test]
    fn a_table_says_what_the_formula_says_and_never_turns_back() {
        let mixed = vec![
            (0.3, Distribution::interval_90(1.0, 2.0).expect("an interval")),
            (0.7, Distribution::normal(3.0, 1.0).expect("a normal")),
        ];
        let all = [
            Distribution::pert(0.0, 3.0, 10.0),
            Distribution::beta(0.7, 4.0, 0.0, 1.0),
            Distribution::uniform(-1.0, 5.0),
            Distribution::quantiles(&[(0.1, 1.0), (0.5, 3.0), (0.9, 20.0)]),
            Distribution::mixture(mixed),
        ];
        for distribution in all {
            let distribution = distribution.expect("a distribution");
            let sampler = Sampler::new(&distribution);
            let spread = distribution.at_z(2.0) - distribution.at_z(-2.0);
            let mut last = f64::NEG_INFINITY;
            for step in -800..=800 {
                let z = f64::from(step) * 0.010_1;
                let (quick, exact) = (sampler.one(z), distribution.at_z(z));
                assert!((quick - exact).abs() < 2e-6 * spread, "{distribution:?} at {z}: {quick} for {exact}");
                assert!(quick >= last, "{distribution:?} turns back at {z}");
                last = quick;
            }
        }
    }
}
