//! Counting tokens.

use serde_json::{Value, json};

use super::{Scheme, model_uri};
use crate::translate::{Target, Unsupported};

/// The body that asks how many tokens a text has.
///
/// # Errors
/// If the model cannot be named.
pub fn tokenize_request(text: &str, target: &Target<'_>) -> Result<Vec<u8>, Unsupported> {
    let uri = model_uri(Scheme::Generation, target)?;
    Ok(json!({ "modelUri": uri, "text": text }).to_string().into_bytes())
}

/// How many tokens there are; none if the body does not say. A text without tokens has no list.
pub fn tokenize_answer(body: &[u8]) -> Option<usize> {
    let value: Value = serde_json::from_slice(body).ok()?;
    match &value["tokens"] {
        Value::Array(tokens) => Some(tokens.len()),
        Value::Null if value["modelVersion"].is_string() => Some(0),
        _ => None,
    }
}
