//! Embeddings: one text a request, on both surfaces, so one request of OpenAI's becomes several.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::counts::count;
use super::parameters::{is_neutral, object};
use super::{Scheme, model_uri};
use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Target, Unsupported};

/// One request of OpenAI's as those that the provider takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fanout {
    /// One body for each text, in order.
    pub bodies: Vec<Vec<u8>>,
    /// Parameters that were left out.
    pub dropped: Vec<String>,
    /// The client wants numbers as base64.
    pub base64: bool,
}

/// What the embedding of one text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector {
    /// The list of numbers, as the provider wrote it.
    numbers: String,
    /// The tokens that the text had.
    pub tokens: u64,
}

/// What one request is made of.
pub(super) struct Asked {
    pub(super) uri: String,
    pub(super) texts: Vec<String>,
    pub(super) dimensions: Option<u64>,
    pub(super) dropped: Vec<String>,
    pub(super) base64: bool,
}

/// Translates a request for embeddings.
///
/// # Errors
/// If something in it has no counterpart and is not droppable.
pub fn embeddings_request(body: &[u8], target: &Target<'_>) -> Result<Fanout, Unsupported> {
    let asked = Asked::read(body, target)?;
    let one = |text: &String| {
        let mut sent = json!({ "modelUri": asked.uri, "text": text });
        if let Some(dimensions) = asked.dimensions {
            sent["dim"] = dimensions.to_string().into();
        }
        sent.to_string().into_bytes()
    };
    let bodies = asked.texts.iter().map(one).collect();
    Ok(Fanout { bodies, dropped: asked.dropped, base64: asked.base64 })
}

impl Asked {
    pub(super) fn read(body: &[u8], target: &Target<'_>) -> Result<Self, Unsupported> {
        let members = object(body)?;
        let mut drops = Drops::new(target.droppable);
        let mut dimensions = None;
        for (name, value) in &members {
            match name.as_str() {
                "model" | "input" => {}
                _ if is_neutral(name, value) => {}
                "encoding_format" if *value == "float" || *value == "base64" => {}
                "dimensions" if value.as_u64().is_some_and(|count| count > 0) => dimensions = value.as_u64(),
                _ => drops.leave_out(name, "the provider has no such parameter, or not with this value")?,
            }
        }
        let base64 = members.get("encoding_format").is_some_and(|format| format == "base64");
        let texts = texts(&members)?;
        Ok(Self { uri: model_uri(Scheme::Embeddings, target)?, texts, dimensions, dropped: drops.dropped, base64 })
    }
}

fn texts(members: &Map<String, Value>) -> Result<Vec<String>, Unsupported> {
    let refused = || unsupported("input", "the provider takes texts, not tokens");
    let list = match members.get("input") {
        Some(Value::String(text)) => return Ok(vec![text.clone()]),
        Some(Value::Array(list)) if !list.is_empty() => list,
        _ => return Err(refused()),
    };
    list.iter().map(|text| text.as_str().map(str::to_owned).ok_or_else(refused)).collect()
}

/// Reads the answer for one text; none if there is no embedding in it.
pub fn embeddings_answer(body: &[u8]) -> Option<Vector> {
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        embedding: &'a RawValue,
        #[serde(rename = "numTokens", default)]
        tokens: Value,
    }
    let answer: Answer<'_> = serde_json::from_slice(body).ok()?;
    Vector::new(answer.embedding, count(&answer.tokens))
}

impl Vector {
    pub(super) fn new(numbers: &RawValue, tokens: u64) -> Option<Self> {
        let read: Vec<f64> = serde_json::from_str(numbers.get()).ok()?;
        (!read.is_empty()).then(|| Self { numbers: numbers.get().to_owned(), tokens })
    }

    fn written(&self, base64: bool) -> String {
        if !base64 {
            return self.numbers.clone();
        }
        let read: Vec<f32> = serde_json::from_str(&self.numbers).unwrap_or_default();
        let bytes: Vec<u8> = read.iter().flat_map(|number| number.to_le_bytes()).collect();
        format!("\"{}\"", STANDARD.encode(bytes))
    }
}

/// Puts the vectors of a request together, in the order of its texts, as OpenAI's answer.
pub fn merge(vectors: &[Vector], model: &str, base64: bool) -> Vec<u8> {
    let mut answer = String::from("{\"object\":\"list\",\"data\":[");
    for (index, vector) in vectors.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let numbers = vector.written(base64);
        answer.push_str(&format!("{comma}{{\"object\":\"embedding\",\"index\":{index},\"embedding\":{numbers}}}"));
    }
    let tokens = vectors.iter().fold(0_u64, |sum, vector| sum.saturating_add(vector.tokens));
    let model = crate::json::quoted(model);
    let usage = json!({ "prompt_tokens": tokens, "total_tokens": tokens });
    answer.push_str(&format!("],\"model\":{model},\"usage\":{usage}}}"));
    answer.into_bytes()
}
