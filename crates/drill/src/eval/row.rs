//! One object on a line of its own, as written. Every field that is asked for is known; what is left over is not.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use jsonschema::Validator;
use realm::load::{Diagnostic, Source, nearest};
use regex::Regex;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::say::MESSAGES;

/// Where a line stands: its first byte and the one after its last.
pub(super) type Span = (usize, usize);

/// What one reading gathers.
pub(super) struct Reading {
    source: Arc<Source>,
    problems: RefCell<Vec<Diagnostic>>,
}

impl Reading {
    pub(super) fn of(path: &Path, text: &str) -> Self {
        let source = Arc::new(Source { path: path.to_owned(), text: text.to_owned() });
        Self { source, problems: RefCell::default() }
    }

    pub(super) fn problem(&self, code: &'static str, span: Span, args: &[(&'static str, String)]) {
        let mut problem = Diagnostic::error(code, &MESSAGES).at(&self.source, span.0..span.1);
        problem.args.extend_from_slice(args);
        self.problems.borrow_mut().push(problem);
    }

    /// How many there are so far.
    pub(super) fn count(&self) -> usize {
        self.problems.borrow().len()
    }

    pub(super) fn problems(self) -> Vec<Diagnostic> {
        self.problems.into_inner()
    }
}

/// The lines of a text that hold something: number from 1, place, line.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, Span, &str)> {
    let mut start = 0;
    let placed = text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let span = (start, start + line.trim_end().len());
        start += line.len();
        (index + 1, span, line)
    });
    placed.filter(|(_, _, line)| !line.trim().is_empty())
}

/// The object that a line holds.
pub(super) fn object(reading: &Reading, span: Span, line: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => return Some(fields),
        Ok(_) => reading.problem("suite.syntax", span, &[("why", "–".to_owned())]),
        Err(why) => {
            let at = span.0 + why.column().saturating_sub(1).min(span.1 - span.0);
            reading.problem("suite.syntax", (at, span.1), &[("why", why.to_string())]);
        }
    }
    None
}

pub(super) struct Row<'a> {
    reading: &'a Reading,
    /// Where its line stands.
    span: Span,
    table: &'static str,
    fields: &'a Map<String, Value>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Row<'a> {
    pub(super) fn new(reading: &'a Reading, span: Span, table: &'static str, fields: &'a Map<String, Value>) -> Self {
        Self { reading, span, table, fields, asked: RefCell::default() }
    }

    /// A field by a function that knows one type; `want` is the word of the message for it.
    pub(super) fn read<T>(
        &self,
        field: &'static str,
        want: &str,
        parse: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        self.asked.borrow_mut().push(field);
        let value = self.fields.get(field)?;
        let parsed = parse(value);
        if parsed.is_none() {
            self.wrong(field, want);
        }
        parsed
    }

    /// Says that a field has a value that it cannot have.
    pub(super) fn wrong(&self, field: &str, want: &str) {
        let args = [("table", self.table.to_owned()), ("field", field.to_owned()), ("want", want.to_owned())];
        self.reading.problem("suite.wrong_value", self.span, &args);
    }

    pub(super) fn need<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if !self.fields.contains_key(field) {
            let args = [("table", self.table.to_owned()), ("field", field.to_owned())];
            self.reading.problem("suite.missing_field", self.span, &args);
        }
        read
    }

    pub(super) fn text(&self, field: &'static str) -> Option<String> {
        self.read(field, "text", |value| value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned))
    }

    pub(super) fn need_text(&self, field: &'static str) -> Option<String> {
        self.need(field, self.text(field))
    }

    pub(super) fn texts(&self, field: &'static str) -> Option<Vec<String>> {
        let texts = |value: &Value| {
            let texts: Option<Vec<String>> = value
                .as_array()?
                .iter()
                .map(|text| text.as_str().filter(|it| !it.is_empty()).map(str::to_owned))
                .collect();
            texts.filter(|texts| !texts.is_empty())
        };
        self.read(field, "texts", texts)
    }

    pub(super) fn whole(&self, field: &'static str, most: u64) -> Option<u64> {
        self.read(field, "whole", |value| value.as_u64().filter(|number| (1..=most).contains(number)))
    }

    pub(super) fn flag(&self, field: &'static str) -> Option<bool> {
        self.read(field, "flag", Value::as_bool)
    }

    pub(super) fn object(&self, field: &'static str) -> Option<&'a Map<String, Value>> {
        self.read(field, "object", Value::as_object)
    }

    pub(super) fn need_object(&self, field: &'static str) -> Option<&'a Map<String, Value>> {
        self.need(field, self.object(field))
    }

    /// A number exactly as it is written, in quotes or without.
    pub(super) fn decimal(&self, field: &'static str) -> Option<Decimal> {
        let decimal = |value: &Value| match value {
            Value::Number(number) => {
                let text = number.to_string();
                text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
            }
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        self.read(field, "number", decimal)
    }

    pub(super) fn regex(&self, field: &'static str) -> Option<Regex> {
        let text = self.text(field)?;
        self.understood("suite.regex", Regex::new(&text))
    }

    pub(super) fn schema(&self, field: &'static str) -> Option<Validator> {
        let schema = self.read(field, "object", |value| (value.is_object() || value.is_boolean()).then_some(value))?;
        self.understood("suite.schema", jsonschema::validator_for(schema))
    }

    fn understood<T>(&self, code: &'static str, read: Result<T, impl ToString>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(why) => {
                self.reading.problem(code, self.span, &[("why", why.to_string())]);
                None
            }
        }
    }

    /// Makes fields that nobody asked for problems.
    pub(super) fn finish(&self) {
        let known = self.asked.borrow();
        for field in self.fields.keys().filter(|field| !known.contains(&field.as_str())) {
            let mut args =
                vec![("table", self.table.to_owned()), ("field", field.clone()), ("fields", known.join(", "))];
            args.extend(nearest(field, known.iter().copied()).map(|near| ("nearest", near)));
            self.reading.problem("suite.unknown_field", self.span, &args);
        }
    }
}
