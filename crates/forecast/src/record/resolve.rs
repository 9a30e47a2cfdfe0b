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
            let all: Vec<_> = top.many("resolved").iter().map(one).collect();
            top.finish();
            all.into_iter().collect()
        })
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
