use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::case::Expected;
use crate::rule::Rule;
use crate::schema::FACTS;

/// A kind of case that a rule lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// One in which it passes.
    Pass,
    /// One in which it fails.
    Fail,
    /// One in which it lacks a fact.
    Unknown,
    /// The day before its first: in shadow.
    DayBefore(Date),
    /// Its first day: it fails.
    FirstDay(Date),
    /// Its last day: it fails.
    LastDay(Date),
    /// The day after its last: in shadow.
    DayAfter(Date),
    /// Not a case: its texts for people.
    Texts,
}

impl Missing {
    /// The word for it in messages and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::DayBefore(_) => "day_before",
            Self::FirstDay(_) => "first_day",
            Self::LastDay(_) => "last_day",
            Self::DayAfter(_) => "day_after",
            Self::Texts => "texts",
        }
    }

    /// The day it is about.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::DayBefore(day) | Self::FirstDay(day) | Self::LastDay(day) | Self::DayAfter(day) => Some(day),
            _ => None,
        }
    }
}

/// As `{ "kind": "day_before", "date": "2026-08-01" }`.
impl Serialize for Missing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_struct("Missing", 2)?;
        all.serialize_field("kind", self.as_str())?;
        all.serialize_field("date", &self.date().map(|date| date.to_string()))?;
        all.end()
    }
}

/// What a rule's cases leave out. `found` is what they expect, day by day.
pub(super) fn missing(rule: &Rule, found: &[(Date, Expected)]) -> Vec<Missing> {
    let any = |expected| found.iter().any(|(_, it)| *it == expected);
    let fails_on = |day: Date| found.contains(&(day, Expected::Fail));
    let shadow_on = |day: Date| found.contains(&(day, Expected::Shadow));
    let mut all = Vec::new();
    let mut need = |there: bool, what: Missing| {
        if !there {
            all.push(what);
        }
    };
    need(any(Expected::Pass), Missing::Pass);
    need(any(Expected::Fail), Missing::Fail);
    need(!asks_facts(rule) || any(Expected::Unknown), Missing::Unknown);
    if let Some(from) = rule.from {
        need(from.yesterday().is_ok_and(shadow_on), Missing::DayBefore(from.yesterday().unwrap_or(from)));
        need(fails_on(from), Missing::FirstDay(from));
    }
    if let Some(until) = rule.until {
        need(fails_on(until), Missing::LastDay(until));
        need(until.tomorrow().is_ok_and(shadow_on), Missing::DayAfter(until.tomorrow().unwrap_or(until)));
    }
    need(rule.texts.is_some(), Missing::Texts);
    all
}

/// Whether a rule asks for something that may be unknown.
fn asks_facts(rule: &Rule) -> bool {
    let words = rule.text().split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    !rule.evidence.is_empty() || words.into_iter().any(|word| FACTS.contains(&word))
}
