//! Restoring whole texts and whole answers.

use std::borrow::Cow;
use std::sync::Arc;

use wire::Edits;
use wire::json::{escape_into, is_container, leaves, quoted};
use wire::openai::Response;

use super::Table;
use super::token::{self, Start};
use crate::detect::Span;

/// Puts values back in place of one request's tokens. Knows its own table and no other.
#[derive(Debug, Clone)]
pub struct Restorer {
    table: Arc<Table>,
}

/// Whether a text ends for good, or goes on in the next piece of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Final,
    Open,
}

/// How a text is read by whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As it stands.
    Text,
    /// As JSON that also people may see: a value stands there as it stood in the request, where it can.
    Json,
    /// As JSON by a program: values are escaped.
    Arguments,
}

/// What came of one run over a text.
pub(super) struct Restored {
    /// The text with its whole tokens restored, without what is held back.
    pub(super) text: String,
    /// Where the beginning of a token that is not yet whole starts; the text's end if there is none.
    pub(super) held_from: usize,
    /// Whether any token was restored.
    pub(super) changed: bool,
    /// What stands in the text in place of tokens.
    pub(super) values: Vec<Span>,
}

impl Restorer {
    /// A restorer for one table.
    pub fn new(table: Arc<Table>) -> Self {
        Self { table }
    }

    /// Whether there is nothing to restore.
    pub fn is_idle(&self) -> bool {
        self.table.is_empty()
    }

    /// Restores a whole text. `is_json`: the text is itself JSON (arguments of a call), so that values
    /// are escaped in it.
    pub fn text<'t>(&self, text: &'t str, is_json: bool) -> Cow<'t, str> {
        if self.is_idle() {
            return Cow::Borrowed(text);
        }
        let reading = if is_json { Reading::Arguments } else { Reading::Text };
        let restored = self.run(text, reading, End::Final);
        if restored.changed { Cow::Owned(restored.text) } else { Cow::Borrowed(text) }
    }

    /// A text of a stream that broke off, as its reader has it: restored, without the beginning of a token at its end;
    /// and what came in place of tokens.
    pub(crate) fn broken_off(&self, text: &str) -> (String, Vec<Span>) {
        if self.is_idle() {
            return (text.to_owned(), Vec::new());
        }
        let restored = self.run(text, Reading::Text, End::Open);
        (restored.text, restored.values)
    }

    /// Adds the edits that restore a whole answer, read from `text`.
    pub fn answer(&self, text: &str, response: &Response, edits: &mut Edits) {
        if self.is_idle() {
            return;
        }
        for said in &response.said {
            let said_text = said.literal.decode(text);
            let reading = match said.field.is_json() {
                true => Reading::Arguments,
                false if is_container(&said_text) && leaves(&said_text).is_ok() => Reading::Json,
                false => Reading::Text,
            };
            let restored = self.run(&said_text, reading, End::Final);
            if restored.changed {
                edits.replace(said.literal.outer(), quoted(&restored.text));
            }
        }
    }

    /// Restores what is whole; in an open text, stops where one of our tokens may be beginning.
    pub(super) fn run(&self, text: &str, reading: Reading, end: End) -> Restored {
        let mut out = String::with_capacity(text.len() + 64);
        let (mut passed, mut at, mut held_from, mut values) = (0, 0, text.len(), Vec::new());
        while let Some(candidate) = token::next_candidate(text, at) {
            at = candidate;
            match token::read(&text[at..]) {
                Start::Token { name, length, escaped } => {
                    if let Some(entry) = self.table.entry(name) {
                        out.push_str(&text[passed..at]);
                        // A bracket written as an escape means that the text is JSON after all.
                        let escape = match reading {
                            Reading::Text => false,
                            Reading::Json => !stands_in_json(&entry.spelling, &entry.value),
                            Reading::Arguments => true,
                        };
                        let from = out.len();
                        if escape || escaped {
                            escape_into(&entry.value, &mut out);
                        } else {
                            out.push_str(&entry.spelling);
                        }
                        values.push(Span { range: from..out.len(), kind: entry.kind, class: entry.class });
                        passed = at + length;
                    }
                    at += length;
                }
                Start::Partial { name } => {
                    if end == End::Open && self.table.begins(name) {
                        held_from = at;
                        break;
                    }
                    at += 1;
                }
                Start::Other(length) => at += length,
            }
        }
        out.push_str(&text[passed..held_from]);
        Restored { text: out, held_from, changed: !values.is_empty(), values }
    }
}

/// Whether a spelling within quotes of JSON says the value.
fn stands_in_json(spelling: &str, value: &str) -> bool {
    serde_json::from_str::<String>(&format!("\"{spelling}\"")).is_ok_and(|said| said == value)
}
