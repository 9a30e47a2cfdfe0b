//! Models, embeddings, counts and what else is small.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::check::Refused;
use super::routes::{Call, error, json_body, refusal};
use super::{State, locked};
use crate::standin::answer::tokens;

const MODELS: [(&str, &str); 9] = [
    ("GigaChat", "chat"),
    ("GigaChat-2", "chat"),
    ("GigaChat-2-Pro", "chat"),
    ("GigaChat-2-Max", "chat"),
    ("GigaChat-2-Reasoning", "chat"),
    ("GigaChat-3-Ultra", "chat"),
    ("Embeddings", "embedder"),
    ("EmbeddingsGigaR", "embedder"),
    ("GigaCheckDetection", "aicheck"),
];

/// The length of a vector.
const DIMENSIONS: usize = 1024;

pub(super) fn models_known(state: &State, name: &str) -> bool {
    MODELS.iter().any(|(known, _)| *known == name) || state.options.model.as_deref() == Some(name)
}

pub(super) fn files_known(state: &State, id: &str) -> bool {
    locked(&state.files).known(id)
}

fn described(name: &str, kind: &str) -> Value {
    json!({ "id": name, "object": "model", "owned_by": "salutedevices", "type": kind })
}

fn all(state: &State) -> Vec<Value> {
    let mut all: Vec<Value> = MODELS.iter().map(|(name, kind)| described(name, kind)).collect();
    all.extend(state.options.model.as_deref().map(|name| described(name, "chat")));
    all
}

pub(super) fn models(state: &State) -> Response {
    json_body(StatusCode::OK, &json!({ "object": "list", "data": all(state) }))
}

pub(super) fn model(state: &State, name: &str) -> Response {
    match all(state).into_iter().find(|model| model["id"] == name) {
        Some(model) => json_body(StatusCode::OK, &model),
        None => refusal(&(404, "No such model".to_owned())),
    }
}

/// The model, and the texts of `input`, which must be a list even for one.
fn input(call: &Call<'_>) -> Result<(String, Vec<String>), Refused> {
    let body: Value = serde_json::from_slice(call.body).map_err(|_| (400, "the body is not JSON".to_owned()))?;
    let model = body["model"].as_str().unwrap_or_default();
    if !models_known(call.state, model) {
        return Err((404, "No such model".to_owned()));
    }
    let texts: Option<Vec<String>> =
        body["input"].as_array().and_then(|list| list.iter().map(|text| text.as_str().map(str::to_owned)).collect());
    let wrong = || (422, "Invalid params: input must be a list of texts".to_owned());
    Ok((model.to_owned(), texts.filter(|texts| !texts.is_empty()).ok_or_else(wrong)?))
}

pub(super) fn embeddings(call: &Call<'_>) -> Response {
    let (model, texts) = match input(call) {
        Ok(input) => input,
        Err(refused) => return refusal(&refused),
    };
    let vector = |(index, text): (usize, &String)| {
        let usage = json!({ "prompt_tokens": tokens(text) });
        json!({ "object": "embedding", "index": index, "embedding": embed(text), "usage": usage })
    };
    let data: Vec<Value> = texts.iter().enumerate().map(vector).collect();
    json_body(StatusCode::OK, &json!({ "object": "list", "model": model, "data": data }))
}

/// Numbers from the bytes: equal texts embed equally, and nothing is normalised.
fn embed(text: &str) -> Vec<f64> {
    let mut sums = vec![0.0; DIMENSIONS];
    for (place, byte) in text.bytes().enumerate() {
        sums[place % DIMENSIONS] += f64::from(byte) / 64.0;
    }
    sums
}

pub(super) fn count(call: &Call<'_>) -> Response {
    let counted =
        |text: &String| json!({ "object": "tokens", "tokens": tokens(text), "characters": text.chars().count() });
    match input(call) {
        Ok((_, texts)) => json_body(StatusCode::OK, &Value::Array(texts.iter().map(counted).collect())),
        Err(refused) => refusal(&refused),
    }
}

pub(super) fn balance() -> Response {
    let balance = json!({ "balance": [{ "usage": "GigaChat", "value": 900_000 }, { "usage": "embeddings", "value": 9_999_967 }] });
    json_body(StatusCode::OK, &balance)
}

pub(super) fn ai_check(call: &Call<'_>) -> Response {
    let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
    let Some(text) = body["input"].as_str() else {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "Invalid params: input must be a text", None);
    };
    let characters = text.chars().count();
    let checked = json!({ "category": "human", "characters": characters, "tokens": tokens(text), "ai_intervals": [] });
    json_body(StatusCode::OK, &checked)
}
