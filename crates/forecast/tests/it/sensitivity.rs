//! Sobol's indices of functions whose indices are known in closed form.

use std::f64::consts::PI;

use forecast::sensitivity::{Design, Indices, Play, indices};

/// A function of unit numbers.
struct Known {
    of: fn(&[f64]) -> f64,
}

impl Play for Known {
    type Scratch = ();
    type Error = ();

    fn scratch(&self) {}

    fn shape(&self, _columns: &mut [Vec<f64>]) {}

    fn play(&self, (): &mut (), columns: &[Vec<f64>], results: &mut [f64]) -> Result<(), ()> {
        for (row, result) in results.iter_mut().enumerate() {
            *result = (self.of)(&columns.iter().map(|column| column[row]).collect::<Vec<_>>());
        }
        Ok(())
    }
}

fn of(of: fn(&[f64]) -> f64, inputs: usize, base: usize, seed: u64, threads: usize) -> Indices {
    let factors = (0..inputs).map(|input| vec![input]).collect();
    indices(&Known { of }, &Design { factors, inputs, base, seed, threads }).expect("a value everywhere")
}

fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

const ISHIGAMI: [[f64; 2]; 3] = [[0.313_905, 0.557_589], [0.442_411, 0.442_411], [0.0, 0.243_684]];

#[test]
fn ishigami_within_the_tolerance_of_each_size() {
    for (base, tolerance) in [(1_024, 0.019), (4_096, 0.012), (16_384, 0.001_7)] {
        for seed in 1..=5 {
            let found = of(ishigami, 3, base, seed, 2);
            for (index, wanted) in found.factors.iter().zip(ISHIGAMI) {
                for (found, wanted) in [(index.first, wanted[0]), (index.total, wanted[1])] {
                    assert!((found.value - wanted).abs() <= tolerance, "{base} {seed}: {found:?} for {wanted}");
                    assert!(found.low <= found.value && found.value <= found.high);
                    assert!((found.low - 0.02..=found.high + 0.02).contains(&wanted), "{base} {seed}: {found:?}");
                }
            }
        }
    }
}

/// Mean, variance and its parts, as they follow from a = 7 and b = 0.1.
#[test]
fn ishigami_s_mean_and_the_parts_of_its_variance() {
    let found = of(ishigami, 3, 16_384, 1, 1);
    near(found.mean, 3.5, 0.005);
    near(found.variance, 13.844_588, 0.02);
    let part = |at: usize| found.factors[at].first.value * found.variance;
    near(part(0), 4.345_888, 0.03);
    near(part(1), 6.125, 0.03);
    near(part(2), 0.0, 0.03);
    // What the first and the third do only together is what each total has beyond its first.
    for at in [0, 2] {
        let together = (found.factors[at].total.value - found.factors[at].first.value) * found.variance;
        near(together, 3.373_7, 0.05);
    }
}

#[test]
fn sobol_g_of_eight_inputs() {
    fn g(u: &[f64]) -> f64 {
        const A: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        u.iter().zip(A).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
    }
    let found = of(g, 8, 16_384, 1, 2);
    near(found.variance, 0.465_424, 0.003);
    let first = [0.716_192, 0.179_048, 0.023_676, 0.007_162, 7.16e-5];
    let total = [0.787_144, 0.242_198, 0.034_317, 0.010_460, 1.05e-4];
    for input in 0..8 {
        near(found.factors[input].first.value, first[input.min(4)], 0.002);
        near(found.factors[input].total.value, total[input.min(4)], 0.002);
    }
}

#[test]
fn a_factor_of_several_inputs_takes_their_interaction_in() {
    let design = |factors| Design { factors, inputs: 3, base: 16_384, seed: 2, threads: 2 };
    let found = indices(&Known { of: ishigami }, &design(vec![vec![0, 2], vec![1]])).expect("a value");
    near(found.factors[0].first.value, 1.0 - 0.442_411, 0.005);
    near(found.factors[0].total.value, 1.0 - 0.442_411, 0.005);
}

#[test]
fn threads_change_nothing() {
    let one = of(ishigami, 3, 4_096, 7, 1);
    for threads in [2, 3, 8] {
        assert_eq!(of(ishigami, 3, 4_096, 7, threads), one);
    }
    assert_ne!(of(ishigami, 3, 4_096, 8, 1), one);
}

#[test]
fn what_never_varies_has_indices_of_zero() {
    let found = of(|_| 5.0, 2, 1_024, 1, 1);
    assert!(found.factors.iter().all(|index| index.first.value == 0.0 && index.total.value == 0.0));
}

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted} ± {tolerance}");
}
