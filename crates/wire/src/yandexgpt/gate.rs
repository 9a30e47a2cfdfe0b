//! What cannot be said: refused, or left out where that is allowed.

use serde_json::{Map, Value};

use crate::translate::Unsupported;

/// Lets parameters fall, if at all, where the realm lists them.
pub(super) struct Gate<'a> {
    droppable: &'a [String],
    pub(super) dropped: Vec<String>,
}

impl<'a> Gate<'a> {
    pub(super) fn new(droppable: &'a [String]) -> Self {
        Self { droppable, dropped: Vec::new() }
    }

    /// Notes a parameter as left out, or refuses the request because of it.
    pub(super) fn refuse(&mut self, field: &str, why: &str) -> Result<(), Unsupported> {
        if !self.droppable.iter().any(|name| name == field) {
            return Err(unsupported(field, why));
        }
        if !self.dropped.iter().any(|name| name == field) {
            self.dropped.push(field.to_owned());
        }
        Ok(())
    }
}

/// The longest name of a parameter that is quoted.
const NAME_MAX: usize = 64;

/// A refusal. A name that is not like a parameter's may hold anything and is not quoted.
pub(super) fn unsupported(field: &str, why: &str) -> Unsupported {
    let plain = field.len() <= NAME_MAX && field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    let field = if plain { field } else { "(an unknown parameter)" };
    Unsupported { field: field.to_owned(), why: why.to_owned() }
}

/// The body as an object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Unsupported> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(unsupported("(body)", "the body is not a JSON object, or is nested too deeply")),
    }
}

/// Whether a parameter has no influence on the answer: it is null, only describes the request, or has its default.
pub(super) fn is_neutral(name: &str, value: &Value) -> bool {
    let number = |expected: f64| value.as_f64() == Some(expected);
    let is_empty = match value {
        Value::Null => return true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    match name {
        "user" | "metadata" | "safety_identifier" | "prompt_cache_key" | "prompt_cache_retention" => true,
        "n" | "top_p" => number(1.0),
        "frequency_penalty" | "presence_penalty" | "top_logprobs" => number(0.0),
        "logprobs" | "store" => *value == false,
        "logit_bias" | "stop" | "tools" | "functions" => is_empty,
        "service_tier" => *value == "auto" || *value == "default",
        "modalities" => value.as_array().is_some_and(|all| all.len() == 1 && all[0] == "text"),
        "verbosity" => *value == "medium",
        _ => false,
    }
}
