//! Embeddings, there and back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::json::quoted;
use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Answered, Back, Outgoing, Target, Unsupported};

/// Translates the body of an embeddings request.
///
/// # Errors
/// If the provider cannot express a field that may not be dropped, or the body is no such request.
pub fn embeddings_request(body: &[u8], target: &Target<'_>) -> Result<Outgoing, Unsupported> {
    let fields: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| unsupported("body", "it is not a JSON object"))?;
    let mut drops = Drops::new(target.droppable);
    let mut base64 = false;
    for (name, value) in &fields {
        match (name.as_str(), value.as_str()) {
            ("model" | "input" | "user", _) => {}
            ("encoding_format", Some("float")) => {}
            ("encoding_format", Some("base64")) => base64 = true,
            _ if value.is_null() => {}
            ("dimensions", _) => drops.leave_out(name, "its vectors have the length of the model")?,
            _ => drops.leave_out(name, "it has no such parameter")?,
        }
    }
    let input = texts(fields.get("input"))?;
    let body = json!({ "model": target.model, "input": input }).to_string().into_bytes();
    let back = Back { model: target.model.to_owned(), embeddings_base64: base64, ..Back::default() };
    Ok(Outgoing { body, dropped: drops.dropped, back, ..Outgoing::default() })
}

fn texts(input: Option<&Value>) -> Result<Vec<&str>, Unsupported> {
    match input {
        Some(Value::String(one)) => Ok(vec![one]),
        Some(Value::Array(many)) if !many.is_empty() => many
            .iter()
            .map(|text| text.as_str().ok_or_else(|| unsupported("input", "it takes texts, and no token numbers")))
            .collect(),
        _ => Err(unsupported("input", "it must be a text or a list of texts")),
    }
}

#[derive(Debug, Deserialize)]
struct Body {
    data: Option<Vec<Item>>,
    #[serde(default)]
    model: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    status: Value,
}

#[derive(Debug, Deserialize)]
struct Item {
    embedding: Box<RawValue>,
    #[serde(default)]
    index: Value,
    #[serde(default)]
    usage: Value,
}

/// Translates the body of an embeddings answer. The order is that of the indexes, the numbers are those of the
/// provider, digit for digit; usage, which each vector states, is added up.
pub fn embeddings_answer(body: &[u8], back: &Back) -> Answered {
    let Ok(body) = serde_json::from_slice::<Body>(body) else { return Answered::Malformed };
    let Some(mut items) = body.data else {
        let is_error = !body.message.is_null() || !body.status.is_null();
        return if is_error { Answered::Error } else { Answered::Malformed };
    };
    let place = |item: &Item| item.index.as_u64();
    if items.iter().all(|item| place(item).is_some()) {
        items.sort_by_key(place);
    }
    let tokens = items.iter().filter_map(|item| item.usage["prompt_tokens"].as_u64()).fold(0, u64::saturating_add);
    let model = body.model.as_str().filter(|model| !model.is_empty()).unwrap_or(&back.model);
    let mut out = format!("{{\"object\":\"list\",\"model\":{},\"data\":[", quoted(model));
    for (index, item) in items.iter().enumerate() {
        let Some(vector) = vector(item.embedding.get(), back.embeddings_base64) else { return Answered::Malformed };
        if index > 0 {
            out.push(',');
        }
        out.push_str(&format!("{{\"object\":\"embedding\",\"index\":{index},\"embedding\":{vector}}}"));
    }
    out.push_str(&format!("],\"usage\":{{\"prompt_tokens\":{tokens},\"total_tokens\":{tokens}}}}}"));
    Answered::Json(out.into_bytes())
}

/// The vector as JSON: its text, or the base64 of its numbers as little-endian floats.
fn vector(text: &str, base64: bool) -> Option<String> {
    let numbers: Vec<f32> = serde_json::from_str(text).ok()?;
    if !base64 {
        return Some(text.to_owned());
    }
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    Some(format!("\"{}\"", STANDARD.encode(bytes)))
}
