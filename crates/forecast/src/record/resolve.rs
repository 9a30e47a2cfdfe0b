//! What happened, as a file says it.

use std::path::Path;

use jiff::civil::Date;
use realm::load::Diagnostic;

use crate::contract::Span;
use crate::model::{Table, read_tables};

/// What a target came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The forecast's id.
    pub forecast: String,
    /// The target's id.
    pub target: String,
    /// The reading.
    pub reading: Span,
    /// What it came to, in the target's unit.
    pub value: f64,
    /// The day it was known.
    pub date: Date,
    /// Where it is from.
    pub source: String,
}

impl Resolved {
    /// Reads a file of `[[resolved]]` tables.
    ///
    /// # Errors
    /// Every problem of the text, each with its place.
    pub fn parse(path: &Path, text: &str, today: Date) -> Result<Vec<Self>, Vec<Diagnostic>> {
        read_tables(path, text, today, |top| {
            let tables = top.many("resolved");
            let all: Option<Vec<Self>> = tables.iter().map(one).collect();
            top.finish();
            let all = all?;
            for (at, it) in all.iter().enumerate() {
                if all[..at].iter().any(|other| it.is_of(other)) {
                    let args = [("forecast", it.forecast.clone()), ("target", it.target.clone())];
                    tables[at].problem("forecast.resolved_twice", &args);
                }
            }
            Some(all)
        })
    }
}

impl Resolved {
    /// Whether both say what the same reading of the same target came to.
    fn is_of(&self, other: &Self) -> bool {
        (&self.forecast, &self.target, self.reading) == (&other.forecast, &other.target, other.reading)
    }
}

fn one(table: &Table<'_>) -> Option<Resolved> {
    const READINGS: [(&str, Span); 2] = [("annual", Span::Annual), ("cumulative", Span::Cumulative)];
    let forecast = table.require("forecast", table.text("forecast"));
    let target = table.require("target", table.id("target"));
    let reading = table.require("reading", table.word("reading", &READINGS));
    let value = table.require("value", table.number("value"));
    let date = table.require("date", table.date("date"));
    let source = table.require("source", table.text("source"));
    table.finish();
    Some(Resolved {
        forecast: forecast?.value,
        target: target?.value,
        reading: reading?.value,
        value: value?.value,
        date: date?.value,
        source: source?.value,
    })
}
