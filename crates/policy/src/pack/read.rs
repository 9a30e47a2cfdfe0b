//! A table of a pack's own files as written, with problems that point into it.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use realm::load::{Diagnostic, Source, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::compile::MESSAGES;

/// What one reading gathers.
pub(crate) struct Reading {
    pub(crate) source: Arc<Source>,
    pub(crate) problems: RefCell<Vec<Diagnostic>>,
}

impl Reading {
    pub(crate) fn new(path: &Path, text: &str) -> Self {
        let source = Arc::new(Source { path: path.to_owned(), text: text.to_owned() });
        Self { source, problems: RefCell::default() }
    }

    pub(crate) fn problem(&self, code: &'static str, span: Range<usize>, args: &[(&'static str, String)]) {
        let mut problem = Diagnostic::error(code, &MESSAGES).at(&self.source, span);
        problem.args.extend_from_slice(args);
        self.problems.borrow_mut().push(problem);
    }

    /// The whole file; what of it can be read where its syntax is broken.
    pub(crate) fn document(&self) -> Spanned<DeTable<'_>> {
        let (table, errors) = DeTable::parse_recoverable(&self.source.text);
        for error in errors.iter().take(10) {
            let args = [("detail", error.message().to_owned())];
            self.problem("policy.toml_syntax", error.span().unwrap_or(0..0), &args);
        }
        table
    }
}

/// A table; every field that is asked for is known, what is left over at the end is not.
pub(crate) struct Table<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) name: &'static str,
    pub(crate) span: Range<usize>,
    fields: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(reading: &'a Reading, name: &'static str, span: Range<usize>, fields: &'a DeTable<'a>) -> Self {
        Self { reading, name, span, fields, asked: RefCell::default() }
    }

    pub(crate) fn get(&self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(field);
        self.fields.get(field)
    }

    pub(crate) fn wrong(&self, field: &str, want: &'static str, span: Range<usize>) {
        let args = [("field", field.to_owned()), ("want", want.to_owned())];
        self.reading.problem("policy.toml_value", span, &args);
    }

    /// A field of one type; `want` says which.
    pub(crate) fn read<T>(
        &self,
        field: &'static str,
        want: &'static str,
        parse: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(field)?;
        let parsed = parse(value.get_ref());
        if parsed.is_none() {
            self.wrong(field, want, value.span());
        }
        parsed
    }

    pub(crate) fn text(&self, field: &'static str) -> Option<String> {
        self.read(field, "\"text\"", text)
    }

    pub(crate) fn texts(&self, field: &'static str) -> Vec<String> {
        let texts = self.read(field, "[\"text\", …]", |value| {
            value.as_array()?.iter().map(|it| text(it.get_ref())).collect::<Option<Vec<_>>>()
        });
        texts.unwrap_or_default()
    }

    pub(crate) fn date(&self, field: &'static str) -> Option<Date> {
        self.read(field, "2026-12-02", |value| match value {
            DeValue::Datetime(written) => Date::from_str(&written.to_string()).ok(),
            DeValue::String(written) => Date::from_str(written).ok(),
            _ => None,
        })
    }

    pub(crate) fn word<T: Copy>(&self, field: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let value = self.get(field)?;
        let written = value.get_ref().as_str().unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == written).map(|(_, it)| *it);
        if found.is_none() {
            let all = words.iter().map(|(word, _)| *word);
            let mut args = vec![("field", field.to_owned()), ("words", all.clone().collect::<Vec<_>>().join(", "))];
            args.extend(nearest(written, all).map(|near| ("nearest", near)));
            self.reading.problem("policy.toml_word", value.span(), &args);
        }
        found
    }

    /// The tables of a list.
    pub(crate) fn many(&self, field: &'static str) -> Vec<Table<'a>> {
        let Some(list) = self.read(field, "[[…]]", DeValue::as_array) else { return Vec::new() };
        let mut found = Vec::new();
        for item in list.iter() {
            match item.get_ref() {
                DeValue::Table(fields) => found.push(Table::new(self.reading, field, item.span(), fields)),
                _ => self.wrong(field, "[[…]]", item.span()),
            }
        }
        found
    }

    /// Makes the absence of a field a problem.
    pub(crate) fn require<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.fields.contains_key(field) {
            let args = [("table", self.name.to_owned()), ("field", field.to_owned())];
            self.reading.problem("policy.toml_missing", self.span.clone(), &args);
        }
        read
    }

    /// Makes fields that nobody asked for problems.
    pub(crate) fn finish(&self) {
        let known = self.asked.borrow();
        for key in self.fields.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            let mut args = vec![("field", name.to_owned()), ("fields", known.join(", "))];
            args.extend(nearest(name, known.iter().copied()).map(|near| ("nearest", near)));
            self.reading.problem("policy.toml_unknown", key.span(), &args);
        }
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.trim().is_empty())
}
