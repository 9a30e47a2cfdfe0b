//! Numbers by year and by hour.

use std::sync::Arc;

/// A number by year: holds from its year until the next that is stated, the first also before it.
#[derive(Debug, Clone, PartialEq)]
pub struct ByYear(Vec<(i32, f64)>);

impl ByYear {
    /// The same in every year.
    pub fn always(value: f64) -> Self {
        Self(vec![(i32::MIN, value)])
    }

    /// By year; sorts them. None where there is no value.
    pub fn of(mut values: Vec<(i32, f64)>) -> Option<Self> {
        values.sort_by_key(|(year, _)| *year);
        (!values.is_empty()).then_some(Self(values))
    }

    /// The same, each value times a factor.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self(self.0.iter().map(|(year, value)| (*year, value * factor)).collect())
    }

    /// In a calendar year.
    pub fn at(&self, year: i32) -> f64 {
        let after = self.0.partition_point(|(from, _)| *from <= year);
        self.0[after.saturating_sub(1)].1
    }
}

/// A number by year and hour.
#[derive(Debug, Clone)]
pub struct Series {
    base: Base,
    /// By year index.
    factor: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Base {
    One,
    /// The same hours in every year.
    Hours(Arc<[f64]>),
    /// Hours of each year, one after another; with the count of hours.
    YearHours(Arc<[f64]>, usize),
}

impl Series {
    /// The same in every hour, by year index.
    pub fn by_year(factor: Vec<f64>) -> Self {
        Self { base: Base::One, factor }
    }

    /// The same in every hour of every year.
    pub fn always(value: f64, years: usize) -> Self {
        Self::by_year(vec![value; years])
    }

    /// Hours of a file, times a factor by year index. `values` has the hours of one year or of all.
    pub fn of_hours(values: Arc<[f64]>, hours: usize, factor: Vec<f64>) -> Self {
        let base = if values.len() == hours { Base::Hours(values) } else { Base::YearHours(values, hours) };
        Self { base, factor }
    }

    /// In an hour of a year, both by index.
    pub fn at(&self, k: usize, t: usize) -> f64 {
        let base = match &self.base {
            Base::One => 1.0,
            Base::Hours(values) => values[t],
            Base::YearHours(values, hours) => values[k * hours + t],
        };
        self.factor[k] * base
    }

    /// Whether hours of one year may differ.
    pub fn is_hourly(&self) -> bool {
        !matches!(self.base, Base::One)
    }

    /// The highest hour of a year.
    pub fn highest(&self, k: usize, hours: usize) -> f64 {
        (0..hours).map(|t| self.at(k, t)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The same, times a factor by year index.
    #[must_use]
    pub fn scaled(&self, by: impl Fn(usize) -> f64) -> Self {
        let factor = self.factor.iter().enumerate().map(|(k, factor)| factor * by(k)).collect();
        Self { base: self.base.clone(), factor }
    }

    /// Another series of each hour's value.
    pub fn map(&self, years: usize, hours: usize, change: impl Fn(f64) -> f64) -> Self {
        let every = (0..years).flat_map(|k| (0..hours).map(move |t| (k, t)));
        let values: Arc<[f64]> = every.map(|(k, t)| change(self.at(k, t))).collect();
        Self { base: Base::YearHours(values, hours), factor: vec![1.0; years] }
    }
}
