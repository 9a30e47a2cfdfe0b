//! What money means: annuities, and in which period something is paid.

use super::{Accelerator, Case, Cost, Line, Vintage};

/// The share of a sum to be paid each year of a life so that it is paid off with interest.
pub fn annuity(rate: f64, life_years: f64) -> f64 {
    if rate == 0.0 { 1.0 / life_years } else { rate / (1.0 - (1.0 + rate).powf(-life_years)) }
}

impl Cost {
    /// What a unit of capital cost has grown to at the year of service, with interest while it is built.
    pub(crate) fn with_interest(&self, rate: f64) -> f64 {
        if self.spending.is_empty() {
            return 1.0;
        }
        let years = f64::from(self.lead_years);
        self.spending.iter().zip(0_i32..).map(|(share, j)| share * (1.0 + rate).powf(years - f64::from(j))).sum()
    }

    /// The calendar years and shares in which a capital cost is paid, for a year of service.
    pub(crate) fn payments(&self, in_service: i32) -> Vec<(i32, f64)> {
        if self.spending.is_empty() {
            return vec![(in_service, 1.0)];
        }
        let order = in_service - self.lead_years;
        self.spending.iter().zip(order..).map(|(share, year)| (year, *share)).collect()
    }
}

impl Case {
    /// The period in which a calendar year lies; what is before the first counts there, what is after the last in none.
    pub fn period_of(&self, year: i32) -> Option<usize> {
        let after = self.years.partition_point(|it| it.year <= year);
        let k = after.saturating_sub(1);
        let end = f64::from(self.years[k].year) + self.years[k].years;
        (k + 1 < self.years.len() || f64::from(year) < end).then_some(k)
    }

    /// The calendar years that an investment year stands for.
    pub fn calendar(&self, k: usize) -> std::ops::Range<i32> {
        let year = &self.years[k];
        let until = self.years.get(k + 1).map_or(year.year + (year.years.round() as i32).max(1), |next| next.year);
        year.year..until
    }

    /// Whether something in service from a year, for some years, serves in the investment year `k`.
    pub fn serves(&self, k: usize, in_service: i32, life_years: f64) -> bool {
        let year = self.years[k].year;
        in_service <= year && f64::from(year) < f64::from(in_service) + life_years
    }

    /// Weight in the objective of a yearly cost over the years of the case in which something serves.
    fn weight_in_service(&self, in_service: i32, life_years: f64) -> f64 {
        (0..self.years.len()).filter(|k| self.serves(*k, in_service, life_years)).map(|k| self.years[k].weight).sum()
    }

    /// Discounted cost of one MW of something built, over the years of the case.
    pub(crate) fn build_cost(&self, built: &Built<'_>) -> f64 {
        let interest = built.cost.map_or(1.0, |cost| cost.with_interest(self.discount_rate));
        let yearly = built.annual + built.capital * interest * annuity(self.discount_rate, built.life_years);
        yearly * self.weight_in_service(built.in_service, built.life_years)
    }

    /// Discounted cost of one accelerator bought in a year, spread over its life.
    pub(crate) fn units_cost(&self, kind: &Accelerator, bought: i32) -> f64 {
        let yearly = kind.price.at(bought) * annuity(self.discount_rate, kind.life_years);
        yearly * self.weight_in_service(bought, kind.life_years)
    }

    /// A vintage of sources.
    pub(crate) fn source_built(&self, at: usize) -> Built<'_> {
        let vintage = &self.sources[at];
        Built::of(vintage, &self.technologies[vintage.kind].cost)
    }

    /// A vintage of stores.
    pub(crate) fn store_built(&self, at: usize) -> Built<'_> {
        let vintage = &self.stores[at];
        Built::of(vintage, &self.storages[vintage.kind].cost)
    }
}

/// What building a MW comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Built<'a> {
    pub(crate) capital: f64,
    pub(crate) annual: f64,
    pub(crate) life_years: f64,
    pub(crate) in_service: i32,
    pub(crate) cost: Option<&'a Cost>,
}

impl<'a> Built<'a> {
    fn of(vintage: &Vintage, cost: &'a Cost) -> Self {
        Self {
            capital: vintage.capital_per_mw,
            annual: vintage.annual_per_mw,
            life_years: vintage.life_years,
            in_service: vintage.in_service,
            cost: Some(cost),
        }
    }

    pub(crate) fn line(line: &Line) -> Self {
        let Line { capital_per_mw: capital, annual_per_mw: annual, life_years, in_service, .. } = *line;
        Self { capital, annual, life_years, in_service, cost: None }
    }

    /// A hall that serves from an investment year on.
    pub(crate) fn hall(cost: &'a Cost, year: i32) -> Self {
        Self {
            capital: cost.capital_per_mw.at(year),
            annual: cost.annual_per_mw.at(year),
            life_years: cost.life_years,
            in_service: year,
            cost: Some(cost),
        }
    }

    /// The calendar years and shares in which the capital cost is paid.
    pub(crate) fn payments(&self) -> Vec<(i32, f64)> {
        self.cost.map_or_else(|| vec![(self.in_service, 1.0)], |cost| cost.payments(self.in_service))
    }
}
