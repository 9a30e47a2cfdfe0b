//! Published and recomputed numbers of growth, distributions, copulas and scores.

use forecast::copula;
use forecast::dist::{Distribution, Sampler};
use forecast::draw::{Latin, Stream};
use forecast::growth::{bass, bass_peak, bass_rate, bass_time, gompertz, logistic, net_present_value};
use forecast::{normal, score};

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted} ± {tolerance}");
}

#[test]
fn bass_follows_its_curve() {
    let (p, q) = (0.03, 0.38);
    let curve = [
        (1.0, 0.035_758),
        (2.0, 0.085_056),
        (3.0, 0.150_500),
        (5.0, 0.331_199),
        (10.0, 0.812_803),
        (15.0, 0.971_610),
        (20.0, 0.996_259),
    ];
    for (t, share) in curve {
        near(bass(t, p, q), share, 5e-7);
    }
    near(bass_peak(p, q), 6.192_619, 5e-7);
    near(bass_rate(bass_peak(p, q), p, q), 0.110_592, 5e-7);
    near(bass(bass_peak(p, q), p, q), 0.460_526, 5e-7);
    near(bass_time(0.5, p, q), 6.550_189, 5e-7);
    near(bass(4.0, p, 0.0), 1.0 - (-p * 4.0_f64).exp(), 1e-12);
    // At its peak: (p+q)²/4q and ½ − p/2q.
    near(bass_rate(bass_peak(p, q), p, q), (p + q).powi(2) / (4.0 * q), 1e-12);
    near(bass(bass_peak(p, q), p, q), 0.5 - p / (2.0 * q), 1e-12);
    assert_eq!(bass_peak(0.4, 0.3), 0.0);
    assert_eq!(bass(-1.0, p, q), 0.0);
}

#[test]
fn the_other_curves_pass_their_middle() {
    near(logistic(6.0, 6.0, 0.8), 0.5, 1e-12);
    near(logistic(5.0, 6.0, 0.8) + logistic(7.0, 6.0, 0.8), 1.0, 1e-12);
    near(gompertz(6.0, 6.0, 0.8), (-1.0_f64).exp(), 1e-12);
    assert!(gompertz(9.0, 6.0, 0.8) < logistic(9.0, 6.0, 0.8) + 0.2);
}

#[test]
fn an_interval_is_lognormal_where_it_is_positive_and_normal_elsewhere() {
    let interval = Distribution::interval_90(10.0, 100.0).expect("an interval");
    let Distribution::Lognormal { mu, sigma } = interval else { panic!("lognormal") };
    near(mu, 3.453_878, 5e-7);
    near(sigma, 0.699_936, 5e-7);
    near(interval.quantile(0.5), 31.622_8, 5e-5);
    near(interval.mean(), 40.400_1, 5e-5);
    near(interval.quantile(0.05), 10.0, 1e-9);
    near(interval.quantile(0.95), 100.0, 1e-8);
    let around = Distribution::interval_90(-5.0, 15.0).expect("an interval");
    near(around.mean(), 5.0, 1e-12);
    near(around.quantile(0.95), 15.0, 1e-9);
    assert!(Distribution::interval_90(3.0, 3.0).is_err() && Distribution::interval_90(f64::NAN, 3.0).is_err());
}

#[test]
fn pert_is_a_beta_distribution() {
    let pert = Distribution::pert(0.0, 3.0, 10.0).expect("a distribution");
    let Distribution::Beta { a, b, .. } = pert else { panic!("beta") };
    near(a, 2.2, 1e-12);
    near(b, 3.8, 1e-12);
    near(pert.mean(), 3.666_7, 5e-5);
    for p in [0.001, 0.05, 0.5, 0.95, 0.999] {
        near(pert.cumulative(pert.quantile(p)), p, 1e-10);
    }
    assert!(Distribution::pert(0.0, 11.0, 10.0).is_err());
}

#[test]
fn fitted_quantiles_and_mixtures_say_what_they_were_given() {
    let given = [(0.05, 2.0), (0.5, 5.0), (0.95, 30.0)];
    let fitted = Distribution::quantiles(&given).expect("quantiles");
    for (p, x) in given {
        near(fitted.quantile(p), x, 1e-9);
        near(fitted.cumulative(x), p, 1e-9);
    }
    let parts = vec![
        (1.0, Distribution::normal(0.0, 1.0).expect("a normal")),
        (3.0, Distribution::uniform(10.0, 12.0).expect("a uniform")),
    ];
    let mixture = Distribution::mixture(parts).expect("a mixture");
    near(mixture.mean(), 0.75 * 11.0, 1e-12);
    near(mixture.quantile(0.125), 0.0, 1e-9);
    near(mixture.quantile(0.625), 11.0, 1e-9);
}

/// Pairs of normals with a correlation, stratified.
fn pairs(count: usize, pearson: f64) -> (Vec<f64>, Vec<f64>) {
    let dimension = |name: &str| {
        let latin = Latin::new(Stream::new(11, name), count);
        (0..count).map(|draw| normal::quantile(latin.unit(draw))).collect::<Vec<f64>>()
    };
    let (x, z) = (dimension("x"), dimension("z"));
    let lower = copula::cholesky(&vec![vec![1.0, pearson], vec![pearson, 1.0]]).expect("possible");
    let y = x.iter().zip(&z).map(|(x, z)| lower[1][0] * x + lower[1][1] * z).collect();
    (x, y)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    order.iter().enumerate().for_each(|(rank, at)| ranks[*at] = rank as f64);
    ranks
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn a_copula_keeps_the_rank_correlation_that_was_asked_for() {
    near(copula::rank_of_pearson(0.7), 0.682_911, 5e-7);
    near(copula::kendall_of_pearson(0.7), 0.493_633, 5e-7);
    near(copula::pearson_of_rank(0.7), 0.716_736, 5e-7);
    let (x, y) = pairs(200_000, copula::pearson_of_rank(0.7));
    near(correlation(&ranks(&x), &ranks(&y)), 0.7, 0.004);
    let (x, y) = pairs(200_000, 0.5);
    let sum: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x + y).collect();
    let mean = sum.iter().sum::<f64>() / sum.len() as f64;
    let sd = (sum.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / sum.len() as f64).sqrt();
    near(sd, 1.732_051, 0.01);
}

#[test]
fn a_sampler_draws_its_distribution() {
    let distribution = Distribution::pert(0.0, 3.0, 10.0).expect("a distribution");
    let latin = Latin::new(Stream::new(1, "pert"), 100_000);
    let mut numbers: Vec<f64> = (0..100_000).map(|draw| normal::quantile(latin.unit(draw))).collect();
    Sampler::new(&distribution).draw(&mut numbers);
    near(numbers.iter().sum::<f64>() / 1e5, 11.0 / 3.0, 1e-4);
}

#[test]
fn scores_of_probabilities() {
    let four = [(0.1, false), (0.9, true), (0.8, true), (0.3, false)];
    near(score::brier(&four), 0.037_5, 1e-12);
    let hits = |p: f64, hits: usize| (0..5).map(move |it| (p, it < hits));
    let ten: Vec<(f64, bool)> = hits(0.2, 1).chain(hits(0.7, 4)).collect();
    near(score::brier(&ten), 0.165, 1e-12);
    let murphy = score::murphy(&ten);
    near(murphy.reliability, 0.005, 1e-12);
    near(murphy.resolution, 0.09, 1e-12);
    near(murphy.uncertainty, 0.25, 1e-12);
    near(score::log(&[(0.5, true), (0.5, false)]), 2.0_f64.ln(), 1e-12);
    assert!(score::log(&[(0.0, true)]).is_infinite());
}

#[test]
fn scores_of_distributions() {
    near(score::crps_normal(0.0, 1.0, 0.0), 0.233_695, 5e-7);
    near(score::crps_normal(0.0, 1.0, 1.0), 0.602_441, 5e-7);
    near(score::crps_ensemble(&[1.0, 2.0, 3.0, 4.0], 2.5), 0.375, 1e-12);
    near(score::crps_ensemble_fair(&[1.0, 2.0, 3.0, 4.0], 2.5), 0.166_667, 5e-7);
    near(score::pinball(0.9, 8.0, 10.0), 1.8, 1e-12);
    near(score::pinball(0.9, 12.0, 10.0), 0.2, 1e-12);
    near(score::interval(0.1, 5.0, 10.0, 12.0), 45.0, 1e-9);
    near(score::interval(0.1, 5.0, 10.0, 7.0), 5.0, 1e-9);
}

#[test]
fn values_over_years() {
    near(net_present_value(0.1, &[-100.0, 30.0, 30.0, 30.0, 30.0, 30.0]), 13.723_6, 5e-5);
    near(0.046 * 0.144, 0.006_624, 1e-9);
}
