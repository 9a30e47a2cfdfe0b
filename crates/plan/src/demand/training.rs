//! Training that initiatives declare: operations until a day, spread evenly over the days, and what accelerators take for it.
//!
//! Hours of an accelerator are operations over its dense peak times the share of it that training makes use of. Both are
//! declared or unknown; neither has a default.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::{Asked, Unknown};

/// Operations of a PFLOP-hour.
const PFLOP_HOUR: f64 = 3.6e18;
const TFLOPS: f64 = 1e12;
const HOUR_S: f64 = 3_600.0;

/// What an initiative is to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Whose.
    pub initiative: String,
    /// The decimal logarithm of its floating-point operations.
    pub flop_log10: f64,
    /// Its first day; none where nobody says: then the first day of the year of the last.
    pub from: Option<Date>,
    /// The last day.
    pub by: Date,
    /// What it makes use of; none where nobody says.
    pub mfu: Option<Mfu>,
}

/// Shares of a dense peak that training makes use of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mfu {
    /// At least.
    pub low: f64,
    /// What is planned for.
    pub mid: f64,
    /// At most.
    pub high: f64,
    /// Who says so.
    pub source: String,
}

/// A dense peak of one accelerator, as the realm declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// Of which.
    pub accelerator: String,
    /// In 10¹² operations a second; none where nobody says.
    pub tflops: Option<f64>,
}

/// A year of a case, and how many years it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// The calendar year.
    pub year: i32,
    /// So many years from it on.
    pub years: f64,
}

/// Training as work of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Training {
    /// Whose.
    pub initiative: String,
    /// The decimal logarithm of its floating-point operations.
    pub flop_log10: f64,
    /// All of it, in useful PFLOP-hours.
    pub pflop_hours: f64,
    /// Its first day.
    pub from: String,
    /// Whether that day is declared; else it is the first of the last one's year.
    pub from_declared: bool,
    /// Its last day.
    pub by: String,
    /// PFLOP-hours by calendar year.
    pub by_calendar_year: BTreeMap<i32, f64>,
    /// PFLOP-hours a year, by year of the case; one year of the case may stand for several.
    pub by_year: BTreeMap<i32, f64>,
    /// PFLOP-hours that fall before the first year of the case or after its last: it does not plan them.
    pub outside: f64,
    /// PFLOP-hours that a plan of the case may do after the last day: a year of the case is longer than the training.
    pub after_by: f64,
    /// What it makes use of.
    pub mfu: Mfu,
    /// What each accelerator of the case would take for all of it.
    pub accelerators: Vec<Takes>,
}

/// What one kind takes for all of a training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Takes {
    /// Which kind.
    pub accelerator: String,
    /// Its dense peak, in 10¹² operations a second.
    pub tflops: f64,
    /// Hours of one unit if its peak is made the most use of.
    pub hours_low: f64,
    /// Hours as planned.
    pub hours: f64,
    /// Hours if the least use is made of it.
    pub hours_high: f64,
}

impl Takes {
    fn of(accelerator: &str, tflops: f64, flop: f64, mfu: &Mfu) -> Self {
        let hours = |share: f64| flop / (tflops * TFLOPS * share) / HOUR_S;
        let (hours_low, hours, hours_high) = (hours(mfu.high), hours(mfu.mid), hours(mfu.low));
        Self { accelerator: accelerator.to_owned(), tflops, hours_low, hours, hours_high }
    }
}

/// All training that is asked for, as far as it is known.
pub(super) fn training(asked: &Asked<'_>, unknown: &mut BTreeSet<Unknown>) -> Vec<Training> {
    asked.training.iter().filter_map(|run| one(asked, run, unknown)).collect()
}

fn one(asked: &Asked<'_>, run: &Run, unknown: &mut BTreeSet<Unknown>) -> Option<Training> {
    let peaks = peaks(asked, unknown);
    if run.mfu.is_none() {
        unknown.insert(Unknown::Mfu { initiative: run.initiative.clone() });
    }
    let (peaks, mfu) = (peaks?, run.mfu.clone()?);
    let flop = 10f64.powf(run.flop_log10);
    let pflop_hours = flop / PFLOP_HOUR;
    let from = run.from.unwrap_or_else(|| run.by.first_of_year());
    let by_calendar_year: BTreeMap<i32, f64> =
        shares(from, run.by).into_iter().map(|(year, share)| (year, share * pflop_hours)).collect();
    let (by_year, outside) = of_case(&by_calendar_year, asked.years);
    Some(Training {
        initiative: run.initiative.clone(),
        flop_log10: run.flop_log10,
        pflop_hours,
        from: from.to_string(),
        from_declared: run.from.is_some(),
        by: run.by.to_string(),
        after_by: after(&by_year, asked.years, run.by),
        by_calendar_year,
        by_year,
        outside,
        accelerators: peaks.iter().map(|(id, tflops)| Takes::of(id, *tflops, flop, &mfu)).collect(),
        mfu,
    })
}

/// Peaks of all accelerators of the case; none where one of them is unknown.
fn peaks<'a>(asked: &Asked<'a>, unknown: &mut BTreeSet<Unknown>) -> Option<Vec<(&'a str, f64)>> {
    let mut found = Vec::new();
    for id in asked.accelerators {
        let declared = asked.peaks.iter().find(|it| it.accelerator == *id);
        match declared.and_then(|it| it.tflops).filter(|tflops| *tflops > 0.0) {
            Some(tflops) => found.push((id.as_str(), tflops)),
            None => drop(unknown.insert(Unknown::Peak { accelerator: id.clone() })),
        }
    }
    (found.len() == asked.accelerators.len()).then_some(found)
}

/// The share of the days from one to another that lies in each calendar year.
fn shares(from: Date, by: Date) -> BTreeMap<i32, f64> {
    let from = from.min(by);
    let days = |from: Date, until: Date| f64::from(from.until(until).map_or(0, |it| it.get_days()) + 1);
    let all = days(from, by);
    let of = |year: i16| {
        let first = Date::new(year, 1, 1).unwrap_or(from).max(from);
        let last = Date::new(year, 12, 31).unwrap_or(by).min(by);
        (i32::from(year), days(first, last) / all)
    };
    (from.year()..=by.year()).map(of).collect()
}

/// What is done after a day, where each year of a case does the same each day of all that it stands for.
fn after(by_year: &BTreeMap<i32, f64>, years: &[Period], by: Date) -> f64 {
    let first = |year: i32| Date::new(i16::try_from(year).ok()?, 1, 1).ok();
    let late = |period: &Period| {
        let work = by_year.get(&period.year)? * period.years;
        #[expect(clippy::cast_possible_truncation, reason = "whole years, 200 at most")]
        let (from, until) = (first(period.year)?, first(period.year + period.years.round() as i32)?);
        let days = |from: Date, until: Date| f64::from(from.until(until).map_or(0, |it| it.get_days()).max(0));
        Some(work * days(by.tomorrow().ok()?.max(from), until) / days(from, until).max(1.0))
    };
    years.iter().filter_map(late).sum()
}

/// A year's work in each year of a case, and all that falls outside of them. A year of a case stands for those until the next.
fn of_case(by_calendar_year: &BTreeMap<i32, f64>, years: &[Period]) -> (BTreeMap<i32, f64>, f64) {
    let mut found: BTreeMap<i32, f64> = years.iter().map(|it| (it.year, 0.0)).collect();
    let mut outside = 0.0;
    for (year, work) in by_calendar_year {
        let period = years.iter().rev().find(|it| it.year <= *year);
        let within = period.filter(|it| f64::from(*year) < f64::from(it.year) + it.years);
        match within.and_then(|it| Some((it, found.get_mut(&it.year)?))) {
            Some((period, sum)) => *sum += work / period.years,
            None => outside += work,
        }
    }
    (found, outside)
}
