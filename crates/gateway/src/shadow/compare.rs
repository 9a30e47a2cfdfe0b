//! Two answers to one request, compared: counts and sums, nothing of what they say.
//!
//! That two answers agree says that a client would see much the same. It does not say that either is right: which of two
//! models answers better is for evaluations to say.

use std::time::Duration;

use jsonschema::{PatternOptions, Validator};
use realm::Nano;
use realm::mirrored::Agreement;
use serde_json::Value;

use super::heard::{Answer, Call, Heard, Spoken, Unread};
use super::words::{f1_ppm, words};

/// One of the two answers.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) heard: Heard,
    /// Whether it ended well.
    pub(crate) ok: bool,
    /// How long it took, from the request that was sent: until it was there, or until a stream said something.
    pub(crate) took: Duration,
    /// Tokens of the answer.
    pub(crate) tokens: u64,
}

/// What the answer of a request was asked to be.
#[derive(Debug, Default)]
pub(crate) struct Form {
    /// JSON.
    json: bool,
    /// Of a schema, where it has one that can be checked.
    schema: Option<Box<Validator>>,
    /// Of the second answer: at most so long, by a limit that the client did not set.
    limited: bool,
}

/// Size of a schema, and of a compiled pattern in it, at most.
const SCHEMA_BYTES_MAX: usize = 64 << 10;
const PATTERN_BYTES_MAX: usize = 1 << 20;
/// How deep a schema is nested, and how long an answer is that is held against one, at most.
const SCHEMA_DEPTH_MAX: usize = 24;
const CHECKED_BYTES_MAX: usize = 64 << 10;

/// Whether a schema is no deeper than this and refers to nothing: one that refers can ask for any amount of work, and is
/// what a client wrote. Two lists of alternatives within each other multiply, so only one of them may stand on a way down.
fn is_plain(schema: &Value, depth: usize) -> bool {
    is_plain_with(schema, depth, false)
}

fn is_plain_with(schema: &Value, depth: usize, branched: bool) -> bool {
    if depth == 0 {
        return false;
    }
    match schema {
        Value::Object(fields) => fields.iter().all(|(name, value)| {
            let branches = ["allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas"].contains(&name.as_str());
            let refers = name.ends_with("Ref") || name == "$ref" || name == "uniqueItems";
            let multiplies = branches && branched;
            !(refers || multiplies) && is_plain_with(value, depth - 1, branched || branches)
        }),
        Value::Array(items) => items.iter().all(|item| is_plain_with(item, depth - 1, branched)),
        _ => true,
    }
}

impl Form {
    /// What the body of a request asks for. A schema that is long, deep, refers to others, or has a pattern that cannot be matched in
    /// linear time, is not checked.
    pub(crate) fn of(body: &[u8]) -> Self {
        // Only the one field: a body can be megabytes.
        #[derive(serde::Deserialize)]
        struct Wanted<'a> {
            #[serde(borrow)]
            response_format: Option<&'a serde_json::value::RawValue>,
        }
        let Some(format) = serde_json::from_slice::<Wanted<'_>>(body).ok().and_then(|it| it.response_format) else {
            return Self::default();
        };
        if format.get().len() > SCHEMA_BYTES_MAX {
            return Self { json: true, ..Self::default() };
        }
        let format: Value = serde_json::from_str(format.get()).unwrap_or_default();
        let kind = format["type"].as_str().unwrap_or_default();
        let schema = Some(&format["json_schema"]["schema"]).filter(|it| kind == "json_schema" && it.is_object());
        let schema = schema.filter(|it| is_plain(it, SCHEMA_DEPTH_MAX));
        let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX);
        let build = |schema| jsonschema::options().with_pattern_options(patterns).build(schema).ok().map(Box::new);
        Self { json: matches!(kind, "json_object" | "json_schema"), schema: schema.and_then(build), limited: false }
    }

    /// The same; `limited`: the second answer had a limit that the first did not.
    pub(crate) fn limited(self, limited: bool) -> Self {
        Self { limited, ..self }
    }

    /// Whether the second answer ends where its limit is, and the first went on.
    fn cuts_short(&self, one: &Spoken, other: &Spoken) -> bool {
        self.limited && other.finish == Some("length") && one.finish != other.finish
    }
}

/// Compares the client's answer with the fallback's, which used so much.
pub(crate) fn compare(first: &Side, second: &Side, form: &Form, used: (u64, Nano)) -> Agreement {
    let mut counted = Agreement { mirrors: 1, tokens: used.0, cost_nano: used.1, ..Agreement::default() };
    match (first.ok, second.ok) {
        (true, true) => counted.both_ok = 1,
        (true, false) => counted.fallback_failed = 1,
        (false, true) => counted.only_fallback_ok = 1,
        (false, false) => counted.neither_ok = 1,
    }
    if counted.both_ok == 0 {
        return counted;
    }
    counted.latency_ms.note(millis(second.took) - millis(first.took));
    match (first.heard.read(), second.heard.read()) {
        (Ok(Answer::Text(one)), Ok(Answer::Text(other))) if form.cuts_short(&one, &other) => counted.too_long = 1,
        (Ok(Answer::Text(one)), Ok(Answer::Text(other))) => {
            counted.compared = 1;
            if let Some(ratio) = second.tokens.saturating_mul(1_000).checked_div(first.tokens) {
                counted.length_ratio.note(i64::try_from(ratio).unwrap_or(i64::MAX));
            }
            texts(&one, &other, form, &mut counted);
        }
        (Ok(Answer::Vectors(one)), Ok(Answer::Vectors(other))) => vectors(&one, &other, &mut counted),
        (Err(Unread::TooLong), _) | (_, Err(Unread::TooLong)) => counted.too_long = 1,
        _ => counted.unlike = 1,
    }
    counted
}

/// What was used by a mirror that nobody can compare, for it was given up.
pub(crate) fn given_up(used: (u64, Nano)) -> Agreement {
    Agreement { given_up: 1, tokens: used.0, cost_nano: used.1, ..Agreement::default() }
}

fn millis(took: Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX / 2)
}

fn texts(one: &Spoken, other: &Spoken, form: &Form, counted: &mut Agreement) {
    counted.finish_differs = u64::from(one.finish != other.finish);
    counted.refusal.count(one.refused, other.refused);
    if form.json {
        let (first, second) = (value(one), value(other));
        counted.json.count(first.is_some(), second.is_some());
        let short = one.text.len().max(other.text.len()) <= CHECKED_BYTES_MAX;
        if let Some(schema) = form.schema.as_ref().filter(|_| short) {
            let fits = |value: Option<&Value>| value.is_some_and(|value| schema.is_valid(value));
            counted.schema.count(fits(first.as_ref()), fits(second.as_ref()));
        }
    }
    let same_calls = calls(&one.calls, &other.calls, counted);
    counted.exact = u64::from(one.text == other.text);
    let (first, second) = (words(&one.text), words(&other.text));
    counted.same_words = u64::from(first == second);
    counted.similarity.note(i64::try_from(f1_ppm(&first, &second)).unwrap_or(i64::MAX));
    let unlike =
        [counted.finish_differs, counted.refusal.differing(), counted.json.differing(), counted.schema.differing()];
    counted.agreeing = u64::from(same_calls && unlike.iter().all(|count| *count == 0));
}

fn value(spoken: &Spoken) -> Option<Value> {
    serde_json::from_str(&spoken.text).ok()
}

/// Counts the calls of both; whether they are the same, or there are none.
fn calls(one: &[Call], other: &[Call], counted: &mut Agreement) -> bool {
    if one.is_empty() && other.is_empty() {
        return true;
    }
    let same_names = one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.name == b.name);
    let same = same_names && one.iter().zip(other).all(|(a, b)| same_arguments(&a.arguments, &b.arguments));
    (counted.calling, counted.same_names, counted.same_calls) = (1, u64::from(same_names), u64::from(same));
    same
}

/// Arguments are JSON: the order of their fields and their spaces say nothing.
fn same_arguments(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text);
    match (read(one), read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

fn vectors(one: &[Vec<f64>], other: &[Vec<f64>], counted: &mut Agreement) {
    let cosines: Option<Vec<f64>> = one.iter().zip(other).map(|(a, b)| cosine(a, b)).collect();
    match cosines.filter(|all| one.len() == other.len() && !all.is_empty()) {
        Some(all) => {
            (counted.compared, counted.agreeing) = (1, 1);
            all.iter().for_each(|cosine| counted.cosine.note((cosine * 1e6).round() as i64));
        }
        None => counted.unlike = 1,
    }
}

/// None where the dimensions differ, or one is zero or no number.
fn cosine(one: &[f64], other: &[f64]) -> Option<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let length = (dot(one, one) * dot(other, other)).sqrt();
    let cosine = dot(one, other) / length;
    (one.len() == other.len() && cosine.is_finite()).then(|| cosine.clamp(-1.0, 1.0))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
