//! Calls with one answer that is not wrapped: tokens and embeddings.

use serde_json::{Value, json};

use super::super::answer::tokens;
use super::Shared;
use super::auth::model;
use super::errors::{Checked, Problem, Surface};

/// How many numbers an embedding has.
const DIMENSIONS: u64 = 256;
/// How many tokens a text to embed may have.
const TOKENS_MAX: u64 = 2_000;

/// `TokenizeResponse`: a token for every four bytes begun.
pub(super) fn tokenize(shared: &Shared, body: &Value) -> Checked<Value> {
    model(shared, "gpt", body["modelUri"].as_str().unwrap_or_default(), Surface::Unary)?;
    let text = body["text"].as_str().ok_or_else(|| Problem::invalid("text is required"))?;
    Ok(tokens_of(text))
}

pub(super) fn tokens_of(text: &str) -> Value {
    let pieces = text.as_bytes().chunks(4).enumerate();
    let token = |(place, piece): (usize, &[u8])| {
        let id = 1_000 + place;
        json!({ "id": id.to_string(), "text": String::from_utf8_lossy(piece) })
    };
    json!({ "tokens": pieces.map(token).collect::<Vec<_>>(), "modelVersion": "09.02.2025" })
}

/// `TextEmbeddingResponse`.
pub(super) fn embedding(shared: &Shared, body: &Value) -> Checked<Value> {
    if let Some(unknown) =
        body.as_object().and_then(|all| all.keys().find(|k| !["modelUri", "text", "dim"].contains(&k.as_str())))
    {
        return Err(Problem::invalid(format!("unknown field \"{unknown}\"")));
    }
    let name = model(shared, "emb", body["modelUri"].as_str().unwrap_or_default(), Surface::Unary)?;
    let text = body["text"].as_str().ok_or_else(|| Problem::invalid("text is required"))?;
    let dimensions = match &body["dim"] {
        Value::Null => DIMENSIONS,
        Value::String(count) => count.parse().unwrap_or(0),
        count => count.as_u64().unwrap_or(0),
    };
    let vector = embed(name, text, dimensions)?;
    Ok(json!({ "embedding": vector, "numTokens": tokens(text).to_string(), "modelVersion": "06.12.2023" }))
}

/// The embedding of the compatible surface: one text, floats.
pub(super) fn compatible(shared: &Shared, body: &Value) -> Checked<Value> {
    let uri = body["model"].as_str().unwrap_or_default();
    let name = model(shared, "emb", uri, Surface::Compatible)?;
    // The provider's own SDK sends its one text in a list.
    let one = body["input"].as_array().filter(|list| list.len() == 1).map_or(&body["input"], |list| &list[0]);
    let text = one.as_str().ok_or_else(|| Problem::invalid("input must be one string"))?;
    if !body["encoding_format"].is_null() && body["encoding_format"] != "float" {
        return Err(Problem::invalid("only encoding_format float is supported"));
    }
    let vector = embed(name, text, body["dimensions"].as_u64().unwrap_or(DIMENSIONS))?;
    let count = tokens(text);
    Ok(json!({
        "object": "list",
        "data": [{ "object": "embedding", "index": 0, "embedding": vector }],
        "model": uri,
        "usage": { "prompt_tokens": count, "total_tokens": count },
    }))
}

/// From the bytes of the text, of length 1; the two models differ in their first number's sign.
fn embed(model: &str, text: &str, dimensions: u64) -> Checked<Vec<f64>> {
    if !(1..=DIMENSIONS).contains(&dimensions) {
        return Err(Problem::invalid("invalid dim"));
    }
    if tokens(text) > TOKENS_MAX {
        let got = tokens(text);
        return Err(Problem::invalid(format!("Number of input tokens must be no more than {TOKENS_MAX}, got {got}")));
    }
    let mut sums = vec![0.0_f64; usize::try_from(dimensions).unwrap_or(1)];
    let count = sums.len();
    for (place, byte) in text.bytes().enumerate() {
        sums[place % count] += f64::from(byte) / 255.0;
    }
    let length = sums.iter().map(|s| s * s).sum::<f64>().sqrt().max(1e-9);
    sums.iter_mut().for_each(|s| *s /= length);
    if model == "text-search-query" {
        sums[0] = -sums[0];
    }
    Ok(sums)
}
