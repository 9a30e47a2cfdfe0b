//! Inputs and where they come from.

use jiff::civil::Date;
use serde::Serialize;

use super::table::Table;
use super::words::words;
use super::{Measured, Words, value};
use crate::contract::{Balance, Contract, Form, Measure, Price, Span, words};
use crate::dist::Distribution;
use crate::unit::Kind;

words!(
    /// How a number came to be.
    Basis {
        /// Counted or metered.
        Measured = "measured",
        /// Said by whoever answers for it.
        Declared = "declared",
        /// Taken from a source that is named.
        Cited = "cited",
        /// Somebody's judgement.
        Estimated = "estimated",
        /// Put in so that there is a number.
        Assumed = "assumed",
    }
);

impl Basis {
    /// Whether somebody's judgement stands for a count or a source.
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Estimated | Self::Assumed)
    }
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// The source in words.
    pub source: Words,
    /// Who answers for it.
    pub owner: String,
    /// Of which day it is.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// Until when it may be used.
    #[serde(serialize_with = "as_text")]
    pub expires: Date,
    /// How it came to be.
    pub basis: Basis,
}

fn as_text<S: serde::Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}

/// An uncertain number.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Option<Words>,
    /// Its distribution, in its unit.
    pub distribution: Distribution,
    /// Its unit as written.
    pub unit: String,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Whether it was set in place of what the file says.
    pub is_set: bool,
    /// What it is a figure of; money always says.
    pub contract: Option<Contract>,
    pub(crate) scale: f64,
    pub(crate) kind: Kind,
}

/// Reads an input.
pub(super) fn input(table: &Table<'_>, sets: &[(String, String)]) -> Option<Input> {
    let id = table.require("id", table.id("id"));
    let title = words(table, "title");
    let unit = table.require("unit", table.unit("unit"));
    let distribution =
        table.require("value", table.get("value").map(|written| value::distribution(table.reading, written)));
    let provenance = provenance(table);
    let contract = contract(table);
    table.finish();
    let Measured { text, unit } = unit?.value;
    if unit.kind.is_money() && !table.has("contract") {
        table.reading.problem("forecast.needs_contract", table.span.clone(), &[("name", id.clone()?.value)]);
    }
    let id = id?.value;
    let mut distribution = distribution??;
    let mut is_set = false;
    for (_, set) in sets.iter().filter(|(name, _)| name.strip_prefix("input.") == Some(&id)) {
        match value::of_text(set) {
            Some(value) => (distribution, is_set) = (value, true),
            None => table.reading.problem("forecast.bad_set", table.span.clone(), &[("value", set.clone())]),
        }
    }
    let (scale, kind) = (unit.scale, unit.kind);
    let (provenance, contract) = (provenance?, contract.flatten());
    Some(Input { id, title, distribution, unit: text, provenance, is_set, contract, scale, kind })
}

/// Source, owner, date, expiry and basis, all of them.
pub(super) fn provenance(table: &Table<'_>) -> Option<Provenance> {
    let source = table.require("source", words(table, "source"));
    let owner = table.require("owner", table.text("owner"));
    let date = table.require("date", table.date("date"));
    let expires = table.require("expires", table.date("expires"));
    let basis = table.require("basis", table.word("basis", Basis::WORDS));
    let (date, expires) = (date?, expires?);
    let today = table.reading.today;
    let says = |day: Date| [("date", day.to_string()), ("today", today.to_string())];
    if date.value > today {
        table.reading.problem("forecast.not_yet", date.span, &says(date.value));
    }
    if expires.value < date.value {
        table.reading.problem("forecast.expires_first", expires.span, &says(expires.value));
    } else if expires.value < today {
        table.reading.problem("forecast.expired", expires.span, &says(expires.value));
    }
    Some(Provenance {
        source: source?,
        owner: owner?.value,
        date: date.value,
        expires: expires.value,
        basis: basis?.value,
    })
}

/// A contract, where one is written: all of it.
pub(super) fn contract(table: &Table<'_>) -> Option<Option<Contract>> {
    let inner = table.sub("contract")?;
    let form = inner.require("form", inner.word("form", Form::WORDS));
    let span = inner.require("span", inner.word("span", Span::WORDS));
    let price = inner.require("price", inner.word("price", Price::WORDS));
    let base_year = inner.year("base_year");
    let measure = inner.require("measure", inner.word("measure", Measure::WORDS));
    let geography = inner.require("geography", inner.text("geography"));
    let counterfactual = inner.require("counterfactual", inner.text("counterfactual"));
    let balance = inner.require("balance", inner.word("balance", Balance::WORDS));
    inner.finish();
    if let Some(price) = &price {
        match (price.value, &base_year) {
            (Price::Real, None) => inner.reading.problem("forecast.real_without_year", price.span.clone(), &[]),
            (Price::Nominal | Price::None, Some(year)) => {
                inner.reading.problem("forecast.year_without_real", year.span.clone(), &[]);
            }
            _ => {}
        }
    }
    let read = || {
        Some(Contract {
            form: form?.value,
            span: span?.value,
            price: price?.value,
            base_year: base_year.map(|year| year.value),
            measure: measure?.value,
            geography: geography?.value,
            counterfactual: counterfactual?.value,
            balance: balance?.value,
        })
    };
    Some(read())
}
