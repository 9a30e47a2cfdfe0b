//! The parameters of a request.

use serde_json::{Map, Value};

use crate::translate::Unsupported;
use crate::translate::drops::unsupported;

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
