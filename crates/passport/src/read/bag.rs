//! An object of a document that is emptied field by field: what is left in it at the end was not understood.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::document::{Left, Why};

/// A text longer than this is not taken over.
const TEXT_BYTES_MAX: usize = 16 << 10;
/// A place is told up to here.
const PLACE_CHARS_MAX: usize = 200;
/// A list longer than this is cut.
pub(super) const LIST_MAX: usize = 1_000;

/// What was left, as it is found.
#[derive(Debug, Default)]
pub(super) struct Notes(RefCell<Vec<Left>>);

impl Notes {
    /// Notes a place. Its names are foreign: they are told without what a terminal would obey, and not without end.
    pub(super) fn left(&self, place: impl AsRef<str>, why: Why) {
        let place = place.as_ref().chars().filter(|c| !c.is_control()).take(PLACE_CHARS_MAX).collect();
        self.0.borrow_mut().push(Left { place, why });
    }

    pub(super) fn into_left(self) -> Vec<Left> {
        self.0.into_inner()
    }
}

pub(super) struct Bag<'n> {
    notes: &'n Notes,
    place: String,
    fields: Map<String, Value>,
}

impl<'n> Bag<'n> {
    pub(super) fn new(notes: &'n Notes, place: impl Into<String>, fields: Map<String, Value>) -> Self {
        Self { notes, place: place.into(), fields }
    }

    /// Where the object stands.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Where a field of it stands.
    pub(super) fn at(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    pub(super) fn left(&self, key: &str, why: Why) {
        self.notes.left(self.at(key), why);
    }

    /// A field's value; nothing where it is null.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.fields.shift_remove(key).filter(|value| !value.is_null())
    }

    /// Puts a text back that was taken to look at.
    pub(super) fn put_back(&mut self, key: &str, text: String) {
        self.fields.insert(key.to_owned(), Value::String(text));
    }

    /// Fields that say how to read the document and nothing of the model.
    pub(super) fn known(&mut self, keys: &[&str]) {
        for key in keys {
            self.fields.shift_remove(*key);
        }
    }

    /// A text that is not blank; a number is one too.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        match words(&value) {
            Ok(text) => text,
            Err(why) => {
                self.left(key, why);
                None
            }
        }
    }

    /// A text, or a list of texts, each once.
    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        let all = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(all)) => all,
            Some(one) => vec![one],
        };
        let mut texts = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, value) in all.iter().enumerate() {
            let place = || format!("{}[{index}]", self.at(key));
            if index == LIST_MAX {
                self.notes.left(place(), Why::TooLong);
                break;
            }
            match words(value) {
                Ok(None) => {}
                Ok(Some(text)) if !seen.insert(text.clone()) => self.notes.left(place(), Why::Twice),
                Ok(Some(text)) => texts.push(text),
                Err(why) => self.notes.left(place(), why),
            }
        }
        texts
    }

    /// A date, or the day of a time.
    pub(super) fn date(&mut self, key: &str) -> Option<Date> {
        let text = self.text(key)?;
        let date = date(&text);
        if date.is_none() {
            self.left(key, Why::Kind);
        }
        date
    }

    /// An object within this one.
    pub(super) fn bag(&mut self, key: &str) -> Option<Bag<'n>> {
        match self.take(key)? {
            Value::Object(fields) => Some(Bag::new(self.notes, self.at(key), fields)),
            _ => {
                self.left(key, Why::Kind);
                None
            }
        }
    }

    /// A list of objects, or one of them.
    pub(super) fn bags(&mut self, key: &str) -> Vec<Bag<'n>> {
        let all = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(all)) => all,
            Some(one) => vec![one],
        };
        let mut bags = Vec::new();
        for (index, value) in all.into_iter().enumerate() {
            let place = format!("{}[{index}]", self.at(key));
            match value {
                Value::Object(fields) => bags.push(Bag::new(self.notes, place, fields)),
                _ => self.notes.left(place, Why::Kind),
            }
        }
        bags
    }

    /// Lists what nobody took.
    pub(super) fn finish(self) {
        for (key, value) in &self.fields {
            if !is_nothing(value) {
                self.left(key, Why::Unknown);
            }
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn words(value: &Value) -> Result<Option<String>, Why> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => clean(text),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(Why::Kind),
    }
}

/// A foreign text without what a terminal would obey; nothing where it is blank.
pub(crate) fn clean(text: &str) -> Result<Option<String>, Why> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Why::TooLong);
    }
    let plain: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let plain = plain.trim();
    Ok((!plain.is_empty()).then(|| plain.to_owned()))
}

/// A date, or the day of a time.
pub(super) fn date(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let rest = &text[10..];
    day.parse().ok().filter(|_| rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}
