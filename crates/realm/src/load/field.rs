//! Typed readers of single fields. Each reports what is wrong and gives `None`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeInteger, DeValue};

use super::context::At;
use super::nearest::nearest;
use super::table::Table;
use crate::{DataClass, Jurisdiction, Nano};

impl<'a> Table<'a> {
    /// A text that is not blank.
    pub(super) fn text(&self, field: &'static str) -> Option<At<String>> {
        let text = self.read(field, "string", |value| value.as_str().map(str::to_owned))?;
        self.not_blank(field, text)
    }

    fn not_blank(&self, field: &str, text: At<String>) -> Option<At<String>> {
        if text.value.trim().is_empty() {
            self.cx.report(text.place.error("realm.empty_text").arg("field", field));
            return None;
        }
        Some(text)
    }

    /// A list of texts, each of them once.
    pub(super) fn texts(&self, field: &'static str) -> Option<At<Vec<At<String>>>> {
        let list = self.read(field, "strings", DeValue::as_array)?;
        let mut texts: Vec<At<String>> = Vec::new();
        for value in list.value.iter() {
            let text = self.parse(field, value, "string", |value| value.as_str().map(str::to_owned));
            let Some(text) = text.and_then(|text| self.not_blank(field, text)) else { continue };
            if texts.iter().any(|earlier| earlier.value == text.value) {
                let problem = text.place.error("realm.duplicate_entry");
                self.cx.report(problem.arg("field", field).arg("entry", text.value));
                continue;
            }
            texts.push(text);
        }
        Some(At { value: texts, place: list.place })
    }

    /// A list of texts of a shape.
    pub(super) fn shaped_texts(
        &self,
        field: &'static str,
        shape: &'static str,
        fits: fn(&str) -> bool,
    ) -> Option<At<Vec<String>>> {
        let texts = self.texts(field)?;
        let fitting = texts.value.into_iter().filter_map(|text| self.fit(field, text, shape, fits)).map(|at| at.value);
        Some(At { value: fitting.collect(), place: texts.place })
    }

    /// A text of a shape; the message knows the shape by its name.
    pub(super) fn shaped(
        &self,
        field: &'static str,
        shape: &'static str,
        fits: fn(&str) -> bool,
    ) -> Option<At<String>> {
        let text = self.text(field)?;
        self.fit(field, text, shape, fits)
    }

    fn fit(&self, field: &str, text: At<String>, shape: &'static str, fits: fn(&str) -> bool) -> Option<At<String>> {
        if fits(&text.value) {
            return Some(text);
        }
        let problem = text.place.error("realm.bad_shape").arg("field", field).arg("shape", shape);
        self.cx.report(problem.arg("value", text.value));
        None
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, field: &'static str, words: &[(&'static str, T)]) -> Option<At<T>> {
        let text = self.text(field)?;
        self.pick(field, text, words)
    }

    fn pick<T: Copy>(&self, field: &'static str, text: At<String>, words: &[(&'static str, T)]) -> Option<At<T>> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(At { value: *value, place: text.place });
        }
        let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let near = nearest(&text.value, names.iter().copied());
        let problem = text.place.error("realm.unknown_word").arg_if("nearest", near);
        self.cx.report(problem.arg("field", field).arg("word", text.value).arg("words", names.join(", ")));
        None
    }

    /// Data classes.
    pub(super) fn classes(&self, field: &'static str) -> Option<crate::ClassSet> {
        let words = DataClass::ALL.map(|class| (class.as_str(), class));
        let texts = self.texts(field)?;
        Some(texts.value.into_iter().filter_map(|text| self.pick(field, text, &words)).map(|at| at.value).collect())
    }

    /// Yes or no.
    pub(super) fn flag(&self, field: &'static str) -> Option<At<bool>> {
        self.read(field, "boolean", DeValue::as_bool)
    }

    /// A whole number within bounds.
    pub(super) fn whole(&self, field: &'static str, range: RangeInclusive<u64>) -> Option<At<u64>> {
        let number = self.read(field, "integer", |value| value.as_integer().map(whole_of))?;
        self.within(field, number, range)
    }

    /// A whole number that may be so large that it is better written as a text.
    pub(super) fn large(&self, field: &'static str, range: RangeInclusive<u64>) -> Option<At<u64>> {
        let number = self.read(field, "large", |value| match value {
            DeValue::Integer(number) => Some(whole_of(number)),
            DeValue::String(text) => text.parse::<i128>().ok(),
            _ => None,
        })?;
        self.within(field, number, range)
    }

    fn within(&self, field: &str, number: At<i128>, range: RangeInclusive<u64>) -> Option<At<u64>> {
        let fitting = u64::try_from(number.value).ok().filter(|value| range.contains(value));
        if fitting.is_none() {
            let problem = number.place.error("realm.out_of_range").arg("field", field);
            let problem = problem.arg("min", range.start().to_string()).arg("max", range.end().to_string());
            self.cx.report(problem.arg("value", number.value.to_string()));
        }
        fitting.map(|value| At { value, place: number.place })
    }

    /// A decimal number, written as a text, within bounds.
    pub(super) fn decimal(&self, field: &'static str, range: RangeInclusive<Decimal>) -> Option<At<Decimal>> {
        let text = self.read(field, "decimal", |value| value.as_str().map(str::to_owned))?;
        let Some(value) = plain_decimal(&text.value) else {
            self.cx.report(text.place.error("realm.bad_decimal").arg("field", field).arg("value", text.value));
            return None;
        };
        if !range.contains(&value) {
            let problem = text.place.error("realm.out_of_range").arg("field", field).arg("value", text.value);
            self.cx.report(problem.arg("min", range.start().to_string()).arg("max", range.end().to_string()));
            return None;
        }
        Some(At { value, place: text.place })
    }

    /// An amount of the realm's currency.
    pub(super) fn money(&self, field: &'static str) -> Option<Nano> {
        // What a sum of amounts in billionths can hold, with room to add up.
        let amount = self.decimal(field, Decimal::ZERO..=Decimal::from(1_000_000_000u64))?;
        let nano = Nano::from_decimal(amount.value);
        if nano.is_none() {
            let problem = amount.place.error("realm.too_precise").arg("field", field);
            self.cx.report(problem.arg("value", amount.value.to_string()));
        }
        nano
    }

    /// A calendar date, as a TOML date or as a text.
    pub(super) fn date(&self, field: &'static str) -> Option<At<Date>> {
        let text = self.read(field, "date", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(when) => Some(when.to_string()),
            _ => None,
        })?;
        match Date::from_str(&text.value) {
            Ok(date) if text.value.len() == 10 => Some(At { value: date, place: text.place }),
            _ => {
                self.cx.report(text.place.error("realm.bad_date").arg("field", field).arg("value", text.value));
                None
            }
        }
    }

    /// A country or a bloc; which there are is known once all files are read.
    pub(super) fn jurisdiction(&self, field: &'static str) -> Option<At<Jurisdiction>> {
        let text = self.text(field)?;
        Some(self.note_jurisdiction(text))
    }

    /// Countries or blocs.
    pub(super) fn jurisdictions(&self, field: &'static str) -> Option<Vec<Jurisdiction>> {
        let texts = self.texts(field)?;
        Some(texts.value.into_iter().map(|text| self.note_jurisdiction(text).value).collect())
    }

    fn note_jurisdiction(&self, text: At<String>) -> At<Jurisdiction> {
        self.cx.jurisdictions.borrow_mut().push(text.clone());
        At { value: Jurisdiction::new(&text.value), place: text.place }
    }
}

/// A number too large for us is held at the largest one: the bounds refuse it.
fn whole_of(number: &DeInteger<'_>) -> i128 {
    i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(i128::MAX)
}

/// Digits with at most one point, and a sign: no exponent, no blanks.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}
