//! One table of a scenario as written. Problems are gathered, never the first one only.

use std::cell::RefCell;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use realm::ids::Id;
use realm::load::{Diagnostic, Source, nearest};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Placed;
use crate::say::MESSAGES;

/// What one reading gathers.
pub(super) struct Reading {
    pub(super) source: Arc<Source>,
    pub(super) problems: RefCell<Vec<Diagnostic>>,
}

impl Reading {
    pub(super) fn problem(&self, code: &'static str, span: Range<usize>, args: &[(&'static str, String)]) {
        let mut problem = Diagnostic::error(code, &MESSAGES).at(&self.source, span);
        problem.args.extend_from_slice(args);
        self.problems.borrow_mut().push(problem);
    }
}

/// A table; every field that is asked for is known, what is left over at the end is not.
pub(super) struct Table<'a> {
    pub(super) reading: &'a Reading,
    pub(super) name: &'static str,
    pub(super) span: Range<usize>,
    fields: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(reading: &'a Reading, name: &'static str, span: Range<usize>, fields: &'a DeTable<'a>) -> Self {
        Self { reading, name, span, fields, asked: RefCell::default() }
    }

    fn get(&self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(field);
        self.fields.get(field)
    }

    /// A field of one type; `want` is the word of the message for it.
    pub(super) fn read<T>(
        &self,
        field: &'static str,
        want: &'static str,
        parse: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Placed<T>> {
        let value = self.get(field)?;
        let parsed = parse(value.get_ref());
        if parsed.is_none() {
            let args = [("field", field.to_owned()), ("want", want.to_owned())];
            self.reading.problem("scenario.wrong_value", value.span(), &args);
        }
        Some(Placed { value: parsed?, span: value.span() })
    }

    pub(super) fn text(&self, field: &'static str) -> Option<Placed<String>> {
        let is_plain = |text: &String| !text.trim().is_empty() && !text.chars().any(moves_the_screen);
        self.read(field, "text", |value| value.as_str().map(str::to_owned).filter(is_plain))
    }

    pub(super) fn id<T: Id>(&self, field: &'static str) -> Option<Placed<T>> {
        self.read(field, "id", |value| T::from_text(value.as_str()?).ok())
    }

    pub(super) fn ids<T: Id>(&self, field: &'static str) -> Option<Placed<Vec<T>>> {
        self.read(field, "ids", |value| {
            value.as_array()?.iter().map(|it| T::from_text(it.get_ref().as_str()?).ok()).collect()
        })
    }

    pub(super) fn flag(&self, field: &'static str) -> Option<Placed<bool>> {
        self.read(field, "flag", DeValue::as_bool)
    }

    pub(super) fn date(&self, field: &'static str) -> Option<Placed<Date>> {
        self.read(field, "date", |value| match value {
            DeValue::Datetime(written) => Date::from_str(&written.to_string()).ok(),
            DeValue::String(written) => Date::from_str(written).ok(),
            _ => None,
        })
    }

    pub(super) fn whole(&self, field: &'static str) -> Option<Placed<u64>> {
        self.read(field, "whole", |value| value.as_integer()?.to_string().parse().ok())
    }

    /// A number that is not negative: in quotes, or as TOML writes numbers.
    pub(super) fn decimal(&self, field: &'static str) -> Option<Placed<Decimal>> {
        self.read(field, "decimal", |value| {
            let written = match value {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.to_string(),
                DeValue::Float(number) => number.to_string(),
                _ => return None,
            };
            Decimal::from_str(&written).ok().filter(|number| !number.is_sign_negative())
        })
    }

    /// Makes a value a problem that is of its type and still cannot be; `want` is the word of the message.
    pub(super) fn wrong(&self, field: &'static str, want: &'static str, span: Range<usize>) {
        let args = [("field", field.to_owned()), ("want", want.to_owned())];
        self.reading.problem("scenario.wrong_value", span, &args);
    }

    /// Makes the absence of a field a problem.
    pub(super) fn require<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.fields.contains_key(field) {
            let args = [("table", self.name.to_owned()), ("field", field.to_owned())];
            self.reading.problem("scenario.missing_field", self.span.clone(), &args);
        }
        read
    }

    /// Makes fields that nobody asked for problems.
    pub(super) fn finish(&self) {
        let known = self.asked.borrow();
        for key in self.fields.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            let mut args = vec![("table", self.name.to_owned()), ("field", name.to_owned())];
            args.push(("fields", known.join(", ")));
            args.extend(nearest(name, known.iter().copied()).map(|near| ("nearest", near)));
            self.reading.problem("scenario.unknown_field", key.span(), &args);
        }
    }
}

/// Whether a character can make a text look like another one where somebody reads it before they sign.
pub(crate) fn moves_the_screen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
