//! A suite: questions and what is expected of their answers, one JSON object a line.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jsonschema::Validator;
use realm::load::Diagnostic;
use regex::Regex;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::number::Digits;
use super::row::{Reading, Row, Span, lines, object};
use crate::say::MESSAGES;

/// Tokens that an answer may have where an item does not say.
const TOKENS: u64 = 256;
/// Tokens that an item may ask for.
const TOKENS_MAX: u64 = 32_768;

/// A suite of questions.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The name of its file, without its ending.
    pub name: String,
    /// The SHA-256 of its file in hexadecimal.
    pub sha256: String,
    /// Its questions, each with an id of its own, in the order written.
    pub items: Vec<Item>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What sort of question it is.
    pub kind: String,
    /// What is asked.
    pub prompt: String,
    /// What stands before it as the system's message.
    pub system: Option<String>,
    /// Tokens that the answer may have.
    pub max_tokens: u64,
    /// What the answer must be: all of it.
    pub expect: Expect,
    /// What is expected as it is written, for a judge.
    pub reference: String,
    /// How numbers are written where the question comes from.
    pub digits: Digits,
}

/// What an answer must be.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// The whole answer, but for white space around it.
    pub exact: Option<String>,
    /// What it must hold.
    pub contains: Vec<String>,
    /// Whether capitals do not matter in these two.
    pub ignore_case: bool,
    /// What must be found in it.
    pub regex: Option<Regex>,
    /// What its last number must be.
    pub numeric: Option<Numeric>,
    /// What it must satisfy as JSON.
    pub schema: Option<Arc<Validator>>,
    /// What only a judge can compare it with.
    pub reference: Option<String>,
}

/// A number, and how far from it an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeric {
    /// The number.
    pub value: Decimal,
    /// How far, on either side.
    pub tolerance: Decimal,
}

impl Suite {
    /// Reads a suite; `path` gives its name and is said in problems.
    ///
    /// # Errors
    /// Every problem of the text, each with its line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let reading = Reading::of(path, text);
        let (mut items, mut ids) = (Vec::new(), BTreeMap::new());
        for (number, span, line) in lines(text) {
            let Some(item) = object(&reading, span, line).and_then(|fields| item(&reading, span, &fields)) else {
                continue;
            };
            if let Some(first) = ids.insert(item.id.clone(), number) {
                reading.problem("suite.twice", span, &[("id", item.id.clone()), ("first", first.to_string())]);
            }
            items.push(item);
        }
        let mut problems = reading.problems();
        if items.is_empty() && problems.is_empty() {
            problems.push(Diagnostic::error("suite.empty", &MESSAGES).in_file(path));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, sha256: hex::encode(Sha256::digest(text.as_bytes())), items })
    }

    /// Questions of which only a judge can say whether they are answered.
    pub fn needs_judge(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.expect.reference.is_some())
    }
}

fn item(reading: &Reading, span: Span, fields: &Map<String, Value>) -> Option<Item> {
    let row = Row::new(reading, span, "item", fields);
    let (id, kind, prompt) = (row.need_text("id"), row.need_text("kind"), row.need_text("prompt"));
    let system = row.text("system");
    let max_tokens = row.whole("max_tokens", TOKENS_MAX).unwrap_or(TOKENS);
    let ignore_case = row.flag("ignore_case").unwrap_or(false);
    let expected = row.need_object("expect");
    let expect = expected.and_then(|fields| expect(reading, span, fields, ignore_case));
    row.finish();
    let prompt = prompt?;
    Some(Item {
        id: id?,
        kind: kind?,
        digits: Digits::of(&prompt),
        prompt,
        system,
        max_tokens,
        expect: expect?,
        reference: Value::Object(expected?.clone()).to_string(),
    })
}

fn expect(reading: &Reading, span: Span, fields: &Map<String, Value>, ignore_case: bool) -> Option<Expect> {
    let row = Row::new(reading, span, "expect", fields);
    let before = reading.count();
    let expect = Expect {
        exact: row.text("exact"),
        contains: row.texts("contains").unwrap_or_default(),
        ignore_case,
        regex: row.regex("regex"),
        numeric: row.object("numeric").and_then(|fields| numeric(reading, span, fields)),
        schema: row.schema("schema").map(Arc::new),
        reference: row.text("reference"),
    };
    row.finish();
    let is_sound = reading.count() == before;
    if is_sound && fields.is_empty() {
        reading.problem("suite.nothing_expected", span, &[]);
    }
    is_sound.then_some(expect)
}

fn numeric(reading: &Reading, span: Span, fields: &Map<String, Value>) -> Option<Numeric> {
    let row = Row::new(reading, span, "numeric", fields);
    let (value, tolerance) = (row.decimal("value"), row.decimal("tolerance"));
    if !fields.contains_key("value") {
        reading.problem("suite.missing_field", span, &[("table", "numeric".to_owned()), ("field", "value".to_owned())]);
    }
    row.finish();
    Some(Numeric { value: value?, tolerance: tolerance.unwrap_or_default() })
}
