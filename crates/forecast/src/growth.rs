//! How something new spreads: Bass, logistic and Gompertz. Shares of all that could, 0 to 1.

/// Bass' share of adopters at time `t` since the beginning, `p` by themselves and `q` by imitation, both a year.
pub fn bass(t: f64, p: f64, q: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    let gone = (-(p + q) * t).exp();
    (1.0 - gone) / (1.0 + q / p * gone)
}

/// When adoption after Bass is fastest; 0 where imitation does not exceed the rest.
pub fn bass_peak(p: f64, q: f64) -> f64 {
    if q <= p { 0.0 } else { (q / p).ln() / (p + q) }
}

/// How fast adoption after Bass is at time `t`, a share a year.
pub fn bass_rate(t: f64, p: f64, q: f64) -> f64 {
    let share = bass(t, p, q);
    (p + q * share) * (1.0 - share)
}

/// When a share has adopted after Bass; infinite for a share of 1.
pub fn bass_time(share: f64, p: f64, q: f64) -> f64 {
    ((1.0 + q / p * share) / (1.0 - share)).ln() / (p + q)
}

/// The logistic share: half at `middle`, `rate` a year.
pub fn logistic(t: f64, middle: f64, rate: f64) -> f64 {
    1.0 / (1.0 + (-rate * (t - middle)).exp())
}

/// Gompertz' share: 1/e at `middle`, `rate` a year; slow to end where the logistic is symmetric.
pub fn gompertz(t: f64, middle: f64, rate: f64) -> f64 {
    (-(-rate * (t - middle)).exp()).exp()
}

/// The net present value of amounts at the ends of years 0, 1, 2, … at a yearly rate.
pub fn net_present_value(rate: f64, amounts: &[f64]) -> f64 {
    amounts.iter().rev().fold(0.0, |sum, amount| sum / (1.0 + rate) + amount)
}
