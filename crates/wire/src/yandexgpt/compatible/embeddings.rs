//! Embeddings: one text a request here too.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::translate::{Target, Unsupported};
use crate::yandexgpt::counts::count;
use crate::yandexgpt::embeddings::{Asked, Fanout, Vector};

/// Translates a request for embeddings.
///
/// # Errors
/// If something in it has no counterpart and is not droppable.
pub fn embeddings_request(body: &[u8], target: &Target<'_>) -> Result<Fanout, Unsupported> {
    let asked = Asked::read(body, target)?;
    let one = |text: &String| {
        let mut sent = json!({ "model": asked.uri, "input": text, "encoding_format": "float" });
        if let Some(dimensions) = asked.dimensions {
            sent["dimensions"] = dimensions.into();
        }
        sent.to_string().into_bytes()
    };
    let bodies = asked.texts.iter().map(one).collect();
    Ok(Fanout { bodies, dropped: asked.dropped, base64: asked.base64 })
}

/// Reads the answer for one text; none if there is no embedding in it. [`merge`](crate::yandexgpt::merge) puts
/// several together.
pub fn embeddings_answer(body: &[u8]) -> Option<Vector> {
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        data: Vec<Item<'a>>,
        #[serde(default)]
        usage: Value,
    }
    #[derive(serde::Deserialize)]
    struct Item<'a> {
        #[serde(borrow)]
        embedding: &'a RawValue,
    }
    let answer: Answer<'_> = serde_json::from_slice(body).ok()?;
    let [item] = answer.data.as_slice() else { return None };
    let tokens = count(&answer.usage["prompt_tokens"]).max(count(&answer.usage["total_tokens"]));
    Vector::new(item.embedding, tokens)
}
