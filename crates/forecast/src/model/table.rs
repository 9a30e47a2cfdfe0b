//! One table of a model as written. Problems are gathered, never the first one only.

use std::cell::RefCell;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use realm::load::{Diagnostic, Source, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Measured;
use crate::say::MESSAGES;
use crate::unit::{Unit, UnitError};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// What one reading gathers.
pub(crate) struct Reading {
    pub(super) source: Arc<Source>,
    pub(super) today: Date,
    pub(super) problems: RefCell<Vec<Diagnostic>>,
    /// Units that the model declares.
    pub(super) own_units: RefCell<Vec<String>>,
}

impl Reading {
    pub(super) fn problem(&self, code: &'static str, span: Range<usize>, args: &[(&'static str, String)]) {
        let mut problem = Diagnostic::error(code, &MESSAGES).at(&self.source, span);
        problem.args.extend_from_slice(args);
        self.problems.borrow_mut().push(problem);
    }
}

/// A table; every field that is asked for is known, what is left over at the end is not.
pub(crate) struct Table<'a> {
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

    /// The fields as written, for tables whose names are free.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Placed<String>, &'a Spanned<DeValue<'a>>)> {
        self.fields.iter().map(|(key, value)| (Placed { value: key.get_ref().to_string(), span: key.span() }, value))
    }

    pub(super) fn get(&self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&field) {
            asked.push(field);
        }
        self.fields.get(field)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
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
            self.wrong(field, want, value.span());
        }
        Some(Placed { value: parsed?, span: value.span() })
    }

    pub(crate) fn text(&self, field: &'static str) -> Option<Placed<String>> {
        let is_plain = |text: &String| !text.trim().is_empty() && !text.chars().any(char::is_control);
        self.read(field, "text", |value| value.as_str().map(str::to_owned).filter(is_plain))
    }

    /// A name that formulas can use: letters, digits and `_`.
    pub(crate) fn id(&self, field: &'static str) -> Option<Placed<String>> {
        self.read(field, "id", |value| value.as_str().filter(|text| is_id(text)).map(str::to_owned))
    }

    pub(crate) fn number(&self, field: &'static str) -> Option<Placed<f64>> {
        self.read(field, "number", number)
    }

    pub(super) fn year(&self, field: &'static str) -> Option<Placed<i16>> {
        self.read(field, "year", |value| {
            value.as_integer()?.to_string().parse().ok().filter(|year| (1900..=2200).contains(year))
        })
    }

    pub(crate) fn date(&self, field: &'static str) -> Option<Placed<Date>> {
        self.read(field, "date", |value| match value {
            DeValue::Datetime(written) => Date::from_str(&written.to_string()).ok(),
            DeValue::String(written) => Date::from_str(written).ok(),
            _ => None,
        })
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&self, field: &'static str, words: &[(&'static str, T)]) -> Option<Placed<T>> {
        let text = self.text(field)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Placed { value: *value, span: text.span });
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let mut args = vec![("field", field.to_owned()), ("word", text.value.clone()), ("words", names.join(", "))];
        args.extend(nearest(&text.value, names).map(|near| ("nearest", near)));
        self.reading.problem("forecast.unknown_word", text.span, &args);
        None
    }

    /// A unit.
    pub(super) fn unit(&self, field: &'static str) -> Option<Placed<Measured>> {
        let text = self.text(field)?;
        let unit = match Unit::parse(&text.value, &self.reading.own_units.borrow()) {
            Ok(unit) => Some(unit),
            Err(UnitError::Unknown(word, near)) => {
                let mut args = vec![("word", word)];
                args.extend(near.map(|near| ("nearest", near)));
                self.reading.problem("forecast.unknown_unit", text.span.clone(), &args);
                None
            }
            Err(UnitError::Shape) => {
                self.reading.problem("forecast.bad_unit", text.span.clone(), &[("unit", text.value.clone())]);
                None
            }
        };
        Some(Placed { value: Measured { text: text.value, unit: unit? }, span: text.span })
    }

    /// A table within this one.
    pub(super) fn sub(&self, field: &'static str) -> Option<Table<'a>> {
        let fields = self.read(field, "table", DeValue::as_table)?;
        Some(Table::new(self.reading, field, fields.span, fields.value))
    }

    /// A list of tables within this one.
    pub(crate) fn many(&self, field: &'static str) -> Vec<Table<'a>> {
        let Some(list) = self.read(field, "tables", DeValue::as_array) else { return Vec::new() };
        let mut found = Vec::new();
        for item in list.value.iter() {
            match item.get_ref() {
                DeValue::Table(fields) => found.push(Table::new(self.reading, field, item.span(), fields)),
                _ => self.wrong(field, "tables", item.span()),
            }
        }
        found
    }

    /// Makes a value a problem; `want` is the word of the message.
    pub(super) fn wrong(&self, field: &str, want: &'static str, span: Range<usize>) {
        let args = [("field", field.to_owned()), ("want", want.to_owned())];
        self.reading.problem("forecast.wrong_value", span, &args);
    }

    /// Makes the whole table a problem.
    pub(crate) fn problem(&self, code: &'static str, args: &[(&'static str, String)]) {
        self.reading.problem(code, self.span.clone(), args);
    }

    /// Makes the absence of a field a problem.
    pub(crate) fn require<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.has(field) {
            let args = [("table", self.name.to_owned()), ("field", field.to_owned())];
            self.reading.problem("forecast.missing_field", self.span.clone(), &args);
        }
        read
    }

    /// Makes fields that nobody asked for problems.
    pub(crate) fn finish(&self) {
        let known = self.asked.borrow();
        for key in self.fields.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            let mut args = vec![("table", self.name.to_owned()), ("field", name.to_owned())];
            args.push(("fields", known.join(", ")));
            args.extend(nearest(name, known.iter().copied()).map(|near| ("nearest", near)));
            self.reading.problem("forecast.unknown_field", key.span(), &args);
        }
    }
}

/// A finite number, as TOML writes whole and other numbers.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    let written = match value {
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        _ => return None,
    };
    written.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Letters, digits and `_`, a letter first.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Where the content of a text begins in the file, after its quotes.
pub(super) fn content(source: &str, span: &Range<usize>) -> usize {
    let written = source.get(span.clone()).unwrap_or_default();
    let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
    let newline = written.get(quotes..).is_some_and(|rest| rest.starts_with('\n'));
    span.start + quotes + usize::from(newline && quotes == 3)
}
