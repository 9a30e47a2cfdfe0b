//! Which periods of a year stand for it.

use super::medoids::{medoids, nearest};
use crate::case::{Case, Demand, Series};

/// Periods that stand for a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Hours of one period.
    pub period_hours: usize,
    /// The periods that are kept, by their place in the year from 0, ascending.
    pub kept: Vec<usize>,
    /// For each period of the year, which of the kept ones stands for it (its index among them).
    pub order: Vec<usize>,
    /// The period of the highest net demand; it stands for itself.
    pub peak: usize,
    /// Electric and computing demand of the kept ones with their weights, over that of the whole year.
    pub demand_ratio: f64,
}

/// Chooses `count` periods of so many hours, at least two.
pub(super) fn choose(case: &Case, count: usize, period_hours: usize, seed: u64) -> Choice {
    let hours = Hours { case, period_hours, periods: case.hours.count() / period_hours };
    let peak = hours.peak();
    let others: Vec<usize> = (0..hours.periods).filter(|it| *it != peak).collect();
    let features: Vec<Vec<f64>> = others.iter().map(|period| hours.features(*period)).collect();
    let distance: Vec<Vec<f64>> = features.iter().map(|a| features.iter().map(|b| euclidean(a, b)).collect()).collect();
    let chosen = medoids(&distance, count - 1, seed);
    let mut kept: Vec<usize> = chosen.iter().map(|it| others[*it]).chain([peak]).collect();
    kept.sort_unstable();
    let index_of = |period: usize| kept.iter().position(|it| *it == period).unwrap_or_default();
    let mut order = vec![index_of(peak); hours.periods];
    for (point, period) in others.iter().enumerate() {
        order[*period] = index_of(others[nearest(&distance, &chosen, point)]);
    }
    let demand: Vec<f64> = (0..hours.periods).map(|period| hours.sum(period, |t| hours.demand(t))).collect();
    let stands: f64 = order.iter().map(|at| demand[kept[*at]]).sum();
    let all: f64 = demand.iter().sum();
    let demand_ratio = if all > 0.0 { stands / all } else { 1.0 };
    Choice { period_hours, kept, order, peak, demand_ratio }
}

fn euclidean(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

struct Hours<'c> {
    case: &'c Case,
    period_hours: usize,
    periods: usize,
}

impl Hours<'_> {
    fn sum(&self, period: usize, of: impl Fn(usize) -> f64) -> f64 {
        let from = period * self.period_hours;
        (from..from + self.period_hours).map(of).sum()
    }

    /// Demand in an hour of the last year: loads, and each class of inference, as shares of their highest hours; summed.
    fn demand(&self, t: usize) -> f64 {
        let (case, k) = (self.case, self.case.years.len() - 1);
        let loads: f64 = case.loads.iter().map(|it| it.mw.at(k, t)).sum();
        let highest: f64 = case.loads.iter().map(|it| it.mw.highest(k, case.hours.count())).sum();
        let classes = case.classes.iter().map(|it| match &it.demand {
            Demand::Inference(series) => share(series.at(k, t), series.highest(k, case.hours.count())),
            Demand::Training(_) => 0.0,
        });
        share(loads, highest) + classes.sum::<f64>()
    }

    /// The period in which demand less what weather gives is highest.
    fn peak(&self) -> usize {
        let weather = self.weather();
        let k = self.case.years.len() - 1;
        #[expect(clippy::cast_precision_loss, reason = "some dozens of series")]
        let mean = |t: usize| weather.iter().map(|it| it.at(k, t)).sum::<f64>() / weather.len().max(1) as f64;
        let net = |period: usize| self.sum(period, |t| self.demand(t) - mean(t));
        let first = (0, net(0));
        (1..self.periods).map(|it| (it, net(it))).fold(first, |best, it| if it.1 > best.1 { it } else { best }).0
    }

    /// Availabilities by the hour, of what stands or may be built.
    fn weather(&self) -> Vec<&Series> {
        let groups = self.case.source_groups();
        let series = groups.iter().map(|it| &self.case.technologies[it.kind].availability[it.site]);
        series.filter(|it| it.is_hourly()).collect()
    }

    /// Every series that varies by the hour, as shares of its highest magnitude in the year.
    fn features(&self, period: usize) -> Vec<f64> {
        let case = self.case;
        let mut series: Vec<&Series> = self.weather();
        series.extend(case.loads.iter().map(|it| &it.mw));
        series.extend(case.sites.iter().map(|it| &it.pue));
        series.extend(case.classes.iter().filter_map(|it| match &it.demand {
            Demand::Inference(series) => Some(series),
            Demand::Training(_) => None,
        }));
        let from = period * self.period_hours;
        let mut found = Vec::new();
        for it in series.into_iter().filter(|it| it.is_hourly()) {
            for k in 0..case.years.len() {
                let most = (0..case.hours.count()).map(|t| it.at(k, t).abs()).fold(0.0, f64::max);
                found.extend((from..from + self.period_hours).map(|t| share(it.at(k, t), most)));
            }
        }
        found
    }
}

/// A share of a whole; of nothing, nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
