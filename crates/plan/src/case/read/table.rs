//! One table as written, in TOML or as a row of a CSV, and what is common to reading any field of it.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use realm::load::{Source, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Place, Reading};
use crate::case::Basis;

/// A value as written.
#[derive(Clone, Copy)]
pub(super) enum Raw<'a> {
    Toml(&'a DeValue<'a>),
    Cell(&'a str),
}

/// A field as written.
pub(super) struct Field<'a> {
    pub(super) name: String,
    name_span: Range<usize>,
    pub(super) span: Range<usize>,
    pub(super) raw: Raw<'a>,
}

/// A table; every field that is asked for is known, what is left over at the end is not.
pub(super) struct Table<'a> {
    pub(super) reading: &'a Reading,
    pub(super) source: Arc<Source>,
    pub(super) name: &'static str,
    pub(super) span: Range<usize>,
    pub(super) fields: Vec<Field<'a>>,
    asked: RefCell<Vec<&'static str>>,
}

/// What no figure of a case exceeds, whatever its unit and currency: beyond it, sums lose the digits that matter.
const MOST: f64 = 1e15;

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) enum Want {
    /// Any.
    Any,
    /// Not below zero.
    NotNegative,
    /// Above zero.
    Positive,
    /// From 0 to 1.
    Share,
}

impl Want {
    pub(super) fn allows(self, value: f64) -> bool {
        value.abs() <= MOST
            && match self {
                Self::Any => true,
                Self::NotNegative => value >= 0.0,
                Self::Positive => value > 0.0,
                Self::Share => (0.0..=1.0).contains(&value),
            }
    }

    /// The word of the message.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::NotNegative => "not_negative",
            Self::Positive => "positive",
            Self::Share => "share",
        }
    }
}

impl<'a> Table<'a> {
    pub(super) fn of_toml(
        reading: &'a Reading,
        source: &Arc<Source>,
        name: &'static str,
        span: Range<usize>,
        fields: &'a DeTable<'a>,
    ) -> Self {
        let fields = fields.iter().map(|(key, value)| Field {
            name: key.get_ref().to_string(),
            name_span: key.span(),
            span: value.span(),
            raw: Raw::Toml(value.get_ref()),
        });
        Self { reading, source: Arc::clone(source), name, span, fields: fields.collect(), asked: RefCell::default() }
    }

    /// A row of a CSV; `cells` are name and text with their spans. Empty cells are absent.
    pub(super) fn of_row(
        reading: &'a Reading,
        source: &Arc<Source>,
        name: &'static str,
        cells: impl Iterator<Item = ((&'a str, Range<usize>), (&'a str, Range<usize>))>,
        span: Range<usize>,
    ) -> Self {
        let fields = cells.filter(|(_, (text, _))| !text.is_empty()).map(|((name, name_span), (text, span))| Field {
            name: name.to_owned(),
            name_span,
            span,
            raw: Raw::Cell(text),
        });
        Self { reading, source: Arc::clone(source), name, span, fields: fields.collect(), asked: RefCell::default() }
    }

    pub(super) fn place(&self) -> Place {
        self.at(self.span.clone())
    }

    pub(super) fn at(&self, span: Range<usize>) -> Place {
        Place { source: Arc::clone(&self.source), span }
    }

    pub(super) fn get(&self, field: &'static str) -> Option<&Field<'a>> {
        self.asked.borrow_mut().push(field);
        self.fields.iter().find(|it| it.name == field)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|it| it.name == field)
    }

    /// Where a field's value stands, or the table where it is absent.
    pub(super) fn place_of(&self, field: &str) -> Place {
        let found = self.fields.iter().find(|it| it.name == field);
        found.map_or_else(|| self.place(), |it| self.at(it.span.clone()))
    }

    pub(super) fn out_of_range(&self, field: &str, span: Range<usize>, want: Want, found: f64) {
        let args = [("field", field.to_owned()), ("want", want.word().to_owned()), ("found", found.to_string())];
        self.reading.problem("case.out_of_range", &self.source, span, &args);
    }

    /// Makes a field's absence a problem.
    pub(super) fn require<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.has(field) {
            let args = [("table", self.name.to_owned()), ("field", field.to_owned())];
            let near = self.fields.iter().find(|it| same_but_unit(&it.name, field));
            match near {
                // The field is there in another unit: `nothing_else` says so.
                Some(_) => {}
                None => self.reading.problem("case.missing_field", &self.source, self.span.clone(), &args),
            }
        }
        read
    }

    pub(super) fn text(&self, field: &'static str) -> Option<String> {
        let it = self.get(field)?;
        let text = match it.raw {
            Raw::Cell(text) => Some(text.to_owned()),
            Raw::Toml(value) => value.as_str().map(str::to_owned),
        };
        if text.is_none() {
            self.wrong_type(field, it.span.clone(), "text");
        }
        text
    }

    pub(super) fn number(&self, field: &'static str, want: Want) -> Option<f64> {
        let it = self.get(field)?;
        let Some(number) = number(it.raw) else {
            self.wrong_type(field, it.span.clone(), "number");
            return None;
        };
        if !want.allows(number) {
            self.out_of_range(field, it.span.clone(), want, number);
            return None;
        }
        Some(number)
    }

    #[expect(clippy::cast_possible_truncation, reason = "between -9999 and 9999, and whole")]
    pub(super) fn whole(&self, field: &'static str) -> Option<i32> {
        let it = self.get(field)?;
        let whole = number(it.raw).filter(|it| it.fract() == 0.0 && it.abs() <= 999_999.0);
        if whole.is_none() {
            self.wrong_type(field, it.span.clone(), "whole");
        }
        whole.map(|it| it as i32)
    }

    /// A calendar year.
    pub(super) fn calendar_year(&self, field: &'static str) -> Option<i32> {
        let year = self.whole(field)?;
        if !(1900..=2300).contains(&year) {
            self.wrong_type(field, self.place_of(field).span, "year");
            return None;
        }
        Some(year)
    }

    /// A count of at least one.
    pub(super) fn count(&self, field: &'static str) -> Option<usize> {
        let whole = self.whole(field)?;
        match usize::try_from(whole) {
            Ok(count) if count > 0 => Some(count),
            _ => {
                self.out_of_range(field, self.place_of(field).span, Want::Positive, f64::from(whole));
                None
            }
        }
    }

    pub(super) fn flag(&self, field: &'static str) -> Option<bool> {
        let it = self.get(field)?;
        let flag = match it.raw {
            Raw::Cell("true" | "1") => Some(true),
            Raw::Cell("false" | "0") => Some(false),
            Raw::Cell(_) => None,
            Raw::Toml(value) => value.as_bool(),
        };
        if flag.is_none() {
            self.wrong_type(field, it.span.clone(), "flag");
        }
        flag
    }

    pub(super) fn texts(&self, field: &'static str) -> Option<Vec<(String, Place)>> {
        let it = self.get(field)?;
        let Raw::Toml(DeValue::Array(list)) = it.raw else {
            self.wrong_type(field, it.span.clone(), "texts");
            return None;
        };
        let mut texts = Vec::new();
        for one in list.iter() {
            match one.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), self.at(one.span()))),
                None => self.wrong_type(field, one.span(), "texts"),
            }
        }
        Some(texts)
    }

    /// Jurisdictions as they are written.
    pub(super) fn jurisdictions(&self, field: &'static str) -> Option<std::collections::BTreeSet<String>> {
        let texts = self.texts(field)?;
        for (text, place) in &texts {
            self.is_jurisdiction(field, text, place);
        }
        Some(texts.into_iter().map(|(text, _)| text).collect())
    }

    pub(super) fn jurisdiction(&self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        self.is_jurisdiction(field, &text, &self.place_of(field));
        Some(text)
    }

    fn is_jurisdiction(&self, field: &str, text: &str, place: &Place) {
        if text.len() != 2 || !text.bytes().all(|it| it.is_ascii_uppercase()) {
            self.wrong_type(field, place.span.clone(), "jurisdiction");
        }
    }

    /// The table's own id; declares nothing.
    pub(super) fn id(&self) -> Option<String> {
        let id = self.require("id", self.text("id"))?;
        let letters = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
        let sound = id.bytes().next().is_some_and(letters) && id.bytes().all(|it| letters(it) || b"-_".contains(&it));
        if !sound {
            self.wrong_type("id", self.place_of("id").span, "id");
            return None;
        }
        Some(id)
    }

    /// The id of a table that nothing names: unique among its kind.
    pub(super) fn own_id(&self) -> Option<String> {
        let id = self.id()?;
        self.reading.declare(self.name, &id, &self.place_of("id"));
        Some(id)
    }

    /// The index of what a required field names.
    pub(super) fn named(&self, field: &'static str, kind: &'static str) -> Option<usize> {
        let id = self.require(field, self.text(field))?;
        self.reading.resolve(kind, &id, &self.place_of(field))
    }

    pub(super) fn basis(&self, field: &'static str) -> Option<Basis> {
        let text = self.text(field)?;
        match text.as_str() {
            "physical" => Some(Basis::Physical),
            "budget" => Some(Basis::Budget),
            "law" => Some(Basis::Law),
            _ => {
                self.wrong_type(field, self.place_of(field).span, "basis");
                None
            }
        }
    }

    /// A table within.
    pub(super) fn table(&self, field: &'static str) -> Option<Table<'a>> {
        let it = self.get(field)?;
        match it.raw {
            Raw::Toml(DeValue::Table(fields)) => {
                Some(Table::of_toml(self.reading, &self.source, field, it.span.clone(), fields))
            }
            _ => {
                self.wrong_type(field, it.span.clone(), "table");
                None
            }
        }
    }

    /// Tables within; none where there is no such field.
    pub(super) fn tables(&self, field: &'static str) -> Vec<Table<'a>> {
        let Some(it) = self.get(field) else { return Vec::new() };
        let Raw::Toml(DeValue::Array(list)) = it.raw else {
            self.wrong_type(field, it.span.clone(), "tables");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for one in list.iter() {
            match one.get_ref() {
                DeValue::Table(fields) => {
                    tables.push(Table::of_toml(self.reading, &self.source, field, one.span(), fields));
                }
                _ => self.wrong_type(field, one.span(), "tables"),
            }
        }
        tables
    }

    /// Makes the ids of `[[kind]]` known, in order.
    pub(super) fn declare(&self, kind: &'static str) {
        for table in self.tables(kind) {
            if let Some(id) = table.id() {
                self.reading.declare(kind, &id, &table.place_of("id"));
            }
        }
    }

    /// What was not asked for is a problem.
    pub(super) fn nothing_else(&self) {
        let asked = self.asked.borrow();
        for field in self.fields.iter().filter(|it| !asked.iter().any(|known| *known == it.name)) {
            let mut args = vec![("table", self.name.to_owned()), ("field", field.name.clone())];
            if let Some(right) = asked.iter().find(|known| same_but_unit(&field.name, known)) {
                args.push(("right", (*right).to_owned()));
                self.reading.problem("case.wrong_unit", &self.source, field.name_span.clone(), &args);
                continue;
            }
            let mut fields: Vec<&str> = asked.clone();
            fields.sort_unstable();
            fields.dedup();
            args.push(("fields", fields.join(", ")));
            if let Some(near) = nearest(&field.name, asked.iter().copied()) {
                args.push(("nearest", near));
            }
            self.reading.problem("case.unknown_field", &self.source, field.name_span.clone(), &args);
        }
    }
}

/// Units that end names of fields, ours and those that people write instead.
const UNITS: [&str; 36] = [
    "mw", "kw", "gw", "w", "mwh", "kwh", "gwh", "twh", "km2", "m2", "ha", "t", "kt", "mt", "kg", "g", "gb", "mb", "tb",
    "h", "hours", "years", "months", "days", "m", "bn", "k", "pflops", "tflops", "eflops", "year", "month", "day",
    "ms", "s", "min",
];

/// Whether two names are the same but for one unit in them.
fn same_but_unit(written: &str, known: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (written.split('_').collect(), known.split('_').collect());
    if a.len() != b.len() || written == known {
        return false;
    }
    let differ: Vec<(&str, &str)> = a.into_iter().zip(b).filter(|(a, b)| a != b).collect();
    matches!(differ.as_slice(), [(x, y)] if UNITS.contains(x) && UNITS.contains(y))
}

/// A number as written.
pub(super) fn number(raw: Raw<'_>) -> Option<f64> {
    match raw {
        Raw::Cell(text) => text.parse().ok(),
        Raw::Toml(DeValue::Integer(it)) if it.radix() == 10 => it.as_str().replace('_', "").parse().ok(),
        Raw::Toml(DeValue::Float(it)) => it.as_str().replace('_', "").parse().ok(),
        Raw::Toml(_) => None,
    }
}

/// A value within a list or table.
pub(super) fn raw<'a>(value: &'a Spanned<DeValue<'a>>) -> Raw<'a> {
    Raw::Toml(value.get_ref())
}
