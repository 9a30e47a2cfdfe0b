//! A whole answer, translated back.

use serde_json::{Map, Value, json};

use super::call_id;
use super::foreign::{Body, Choice, finish_reason};
use crate::translate::{Answered, Back};

/// Translates the body of a chat answer that came with a status of success.
pub fn answer(body: &[u8], back: &Back) -> Answered {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let Ok(body) = serde_json::from_slice::<Body>(body) else { return Answered::Malformed };
    if body.is_error() || body.is_failure() {
        return Answered::Error;
    }
    translate(&body, back).map_or(Answered::Malformed, |json| Answered::Json(json.to_string().into_bytes()))
}

fn translate(body: &Body, back: &Back) -> Option<Value> {
    let choices = body.choices.as_ref().filter(|choices| !choices.is_empty())?;
    let choices: Option<Vec<Value>> =
        choices.iter().enumerate().map(|(place, choice)| self::choice(choice, place, back)).collect();
    let mut out = json!({
        "id": back.id,
        "object": "chat.completion",
        "created": body.created(back),
        "model": body.model(back),
        "choices": choices?,
    });
    if let Some(usage) = body.usage() {
        out["usage"] = usage;
    }
    out["system_fingerprint"] = Value::Null;
    Some(out)
}

fn choice(choice: &Choice, place: usize, back: &Back) -> Option<Value> {
    let index = choice.index(place)?;
    let said = choice.message.as_ref()?;
    let content = said.content()?;
    let called = match &said.function_call {
        Some(call) => Some(call.read(back)?),
        None => None,
    };
    let mut message = Map::new();
    message.insert("role".to_owned(), json!("assistant"));
    let silent = content.is_empty() && called.is_some();
    message.insert("content".to_owned(), if silent { Value::Null } else { json!(content) });
    message.insert("refusal".to_owned(), Value::Null);
    if !said.reasoning().is_empty() {
        message.insert("reasoning_content".to_owned(), json!(said.reasoning()));
    }
    let finish = finish_reason(choice.finish_reason.as_str().unwrap_or_default(), called.is_some(), back);
    if let Some(called) = called {
        let function = json!({ "name": called.name, "arguments": called.arguments });
        if back.legacy_functions {
            message.insert("function_call".to_owned(), function);
        } else {
            let id = call_id::of(said.functions_state_id.as_str(), back, index, 0);
            let call = json!({ "id": id, "type": "function", "function": function });
            message.insert("tool_calls".to_owned(), json!([call]));
        }
    }
    Some(json!({ "index": index, "message": message, "logprobs": null, "finish_reason": finish }))
}
