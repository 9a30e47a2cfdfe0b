//! The smaller calls: which models there are, and how many tokens a text has.

use serde_json::{Value, json};

use crate::translate::Answered;

/// Translates the list of models; the provider does not say since when it has them.
pub fn models_answer(body: &[u8]) -> Answered {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return Answered::Malformed };
    let Some(models) = body["data"].as_array() else {
        let is_error = !body["message"].is_null() || !body["status"].is_null();
        return if is_error { Answered::Error } else { Answered::Malformed };
    };
    let models: Vec<Value> = models
        .iter()
        .filter_map(|model| {
            let owner = model["owned_by"].as_str().unwrap_or("gigachat");
            Some(json!({ "id": model["id"].as_str()?, "object": "model", "created": 0, "owned_by": owner }))
        })
        .collect();
    Answered::Json(json!({ "object": "list", "data": models }).to_string().into_bytes())
}

/// The body that asks how many tokens texts have.
pub fn count_request(model: &str, texts: &[&str]) -> Vec<u8> {
    json!({ "model": model, "input": texts }).to_string().into_bytes()
}

/// The tokens of each text, from the bare list that the provider answers with. None when it is something else.
pub fn count_answer(body: &[u8]) -> Option<Vec<u64>> {
    let counted: Value = serde_json::from_slice(body).ok()?;
    counted.as_array()?.iter().map(|text| text["tokens"].as_u64()).collect()
}
