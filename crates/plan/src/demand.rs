//! From tokens that were used to work that a plan has to do: tokens become accelerator-hours only by rates that somebody declares.
//!
//! A rate that is missing makes the answer unknown, by its name; no default stands in for it.

mod training;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use training::{Mfu, Peak, Period, Run, Takes, Training};
pub use write::{demand_rows, tables};

const HOURS: usize = 24;
const HOUR_S: f64 = 3_600.0;

/// Tokens of one app by one model, by hour of the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// Whose.
    pub app: String,
    /// By which model; none where nobody declares it.
    pub model: Option<String>,
    /// Over all the time that was recorded.
    pub tokens_by_hour: [u64; HOURS],
}

/// How fast one unit of an accelerator answers for a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// Which model.
    pub model: String,
    /// On which accelerator.
    pub accelerator: String,
    /// Tokens of prompts and answers a second, of one unit.
    pub tokens_per_s: f64,
    /// How it is known, and where it stands.
    pub source: String,
}

/// Everything that demand follows from.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What was used.
    pub used: &'a [Used],
    /// Over so many hours, from the first to the last.
    pub recorded_hours: u64,
    /// The hour of the day of the first of them.
    pub first_hour: u64,
    /// What is known of rates.
    pub rates: &'a [Rate],
    /// The accelerators that a case may choose from.
    pub accelerators: &'a [String],
    /// How many times what was recorded stands for.
    pub represents: Represents,
    /// What is to be trained, by initiative.
    pub training: &'a [Run],
    /// What is known of peaks.
    pub peaks: &'a [Peak],
    /// The years of the case.
    pub years: &'a [Period],
}

/// From the sample to what it stands for: one multiplier, with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Represents {
    /// At least.
    pub low: f64,
    /// What is planned for.
    pub mid: f64,
    /// At most.
    pub high: f64,
}

/// What nobody declares and demand rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "unknown", rename_all = "snake_case")]
pub enum Unknown {
    /// The model that answers an app.
    Model {
        /// Whose requests.
        app: String,
    },
    /// How fast a model is on an accelerator that the case may choose.
    Throughput {
        /// Which model.
        model: String,
        /// On which accelerator.
        accelerator: String,
    },
    /// What share of a peak the training of an initiative makes use of.
    Mfu {
        /// Whose.
        initiative: String,
    },
    /// The dense peak of an accelerator that the case may choose.
    Peak {
        /// Which accelerator.
        accelerator: String,
    },
}

/// What one model has to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Which model.
    pub model: String,
    /// Tokens a second by hour of the day, in UTC: recorded, before any multiplier.
    pub tokens_per_s: Vec<f64>,
    /// Tokens a day, before any multiplier, by app.
    pub apps: BTreeMap<String, f64>,
    /// Rates that it is served at.
    pub rates: Vec<Rate>,
}

/// Work for a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Demand {
    /// By model.
    pub classes: Vec<Class>,
    /// By initiative. Nothing that was recorded stands for it, and it does not grow: it is declared whole.
    pub training: Vec<Training>,
    /// From what was recorded to what it stands for.
    pub represents: Represents,
    /// Hours that were recorded.
    pub recorded_hours: u64,
    /// Whether less than a day was recorded, so that its mean stands for every hour.
    pub flat: bool,
}

impl Class {
    /// Tokens a day, before any multiplier.
    pub fn tokens_per_day(&self) -> f64 {
        self.apps.values().sum()
    }

    /// Hours of an accelerator a day, before any multiplier; none where it has no rate.
    pub fn accelerator_hours_per_day(&self, accelerator: &str) -> Option<f64> {
        let rate = self.rates.iter().find(|rate| rate.accelerator == accelerator)?;
        Some(self.tokens_per_day() / rate.tokens_per_s / HOUR_S)
    }
}

/// Says what has to be done.
///
/// # Errors
/// Everything that is not known and that it takes.
pub fn demand(asked: &Asked<'_>) -> Result<Demand, BTreeSet<Unknown>> {
    let mut unknown = BTreeSet::new();
    let mut by_model: BTreeMap<&str, Vec<&Used>> = BTreeMap::new();
    for used in asked.used.iter().filter(|it| it.tokens_by_hour.iter().any(|tokens| *tokens > 0)) {
        match &used.model {
            Some(model) => by_model.entry(model).or_default().push(used),
            None => drop(unknown.insert(Unknown::Model { app: used.app.clone() })),
        }
    }
    let flat = asked.recorded_hours < HOURS as u64;
    let mut classes = Vec::new();
    for (model, used) in by_model {
        let rates = rates(asked, model, &mut unknown);
        classes.push(class(model, &used, rates, asked));
    }
    let training = training::training(asked, &mut unknown);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(Demand { classes, training, represents: asked.represents, recorded_hours: asked.recorded_hours, flat })
}

fn rates(asked: &Asked<'_>, model: &str, unknown: &mut BTreeSet<Unknown>) -> Vec<Rate> {
    let mut found = Vec::new();
    for accelerator in asked.accelerators {
        let of = |rate: &&Rate| rate.model == model && rate.accelerator == *accelerator;
        // Of several loads the fastest: a plan may choose how its machines are loaded.
        match asked.rates.iter().filter(of).max_by(|a, b| a.tokens_per_s.total_cmp(&b.tokens_per_s)) {
            Some(rate) => found.push(rate.clone()),
            None => {
                unknown.insert(Unknown::Throughput { model: model.to_owned(), accelerator: accelerator.clone() });
            }
        }
    }
    found
}

/// How often an hour of the day was recorded.
fn times(asked: &Asked<'_>, hour: usize) -> u64 {
    let day = HOURS as u64;
    let since = (hour as u64 + day - asked.first_hour % day) % day;
    (asked.recorded_hours + day - 1).saturating_sub(since) / day
}

fn class(model: &str, used: &[&Used], rates: Vec<Rate>, asked: &Asked<'_>) -> Class {
    let (hours, flat) = (asked.recorded_hours, asked.recorded_hours < HOURS as u64);
    let days = hours.max(1) as f64 / HOURS as f64;
    let mut by_hour = [0.0; HOURS];
    let mut apps: BTreeMap<String, f64> = BTreeMap::new();
    for it in used {
        for (sum, tokens) in by_hour.iter_mut().zip(it.tokens_by_hour) {
            *sum += tokens as f64;
        }
        *apps.entry(it.app.clone()).or_default() += it.tokens_by_hour.iter().sum::<u64>() as f64 / days;
    }
    let mean = apps.values().sum::<f64>() / (HOURS as f64 * HOUR_S);
    let rate = |(hour, tokens): (usize, &f64)| match times(asked, hour) {
        _ if flat => mean,
        0 => 0.0,
        times => tokens / times as f64 / HOUR_S,
    };
    let tokens_per_s = by_hour.iter().enumerate().map(rate).collect();
    Class { model: model.to_owned(), tokens_per_s, apps, rates }
}

#[cfg(test)]
mod tests;
