//! A chat request: what the client said, less what the model would not take.

use serde_json::{Map, Value};

use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Back, Outgoing, Target, Unsupported};
use crate::yandexgpt::parameters::{is_neutral, object};
use crate::yandexgpt::request::wants_usage;
use crate::yandexgpt::uri::is_own;
use crate::yandexgpt::{Scheme, model_uri};

/// Translates a chat request.
///
/// # Errors
/// If the model takes something not and it is not droppable.
pub fn request(body: &[u8], target: &Target<'_>) -> Result<Outgoing, Unsupported> {
    let asked = object(body)?;
    let uri = model_uri(Scheme::Generation, target)?;
    let (own, wants_usage) = (is_own(&uri), wants_usage(&asked));
    let mut drops = Drops::new(target.droppable);
    let mut sent = Map::new();
    sent.insert("model".to_owned(), uri.into());
    let newer = asked.get("max_completion_tokens").is_some_and(|count| !count.is_null());
    for (name, value) in asked {
        match name.as_str() {
            "model" => {}
            _ if is_neutral(&name, &value) => {}
            "messages" => drop(sent.insert(name, messages(value, own, &mut drops)?)),
            "max_completion_tokens" => drop(sent.insert("max_tokens".to_owned(), value)),
            "max_tokens" if newer => {}
            "functions" | "function_call" => drops.leave_out(&name, "the provider knows only `tools`")?,
            "max_tokens"
            | "temperature"
            | "stream"
            | "stream_options"
            | "response_format"
            | "tools"
            | "tool_choice"
            | "parallel_tool_calls"
            | "reasoning_effort" => drop(sent.insert(name, value)),
            _ if own => drops.leave_out(&name, "the provider's models do not take it")?,
            _ => drop(sent.insert(name, value)),
        }
    }
    let back = Back { model: target.model.to_owned(), wants_usage, ..Back::default() };
    Ok(Outgoing {
        body: Value::Object(sent).to_string().into_bytes(),
        dropped: drops.dropped,
        back,
        ..Outgoing::default()
    })
}

fn messages(value: Value, own: bool, drops: &mut Drops<'_>) -> Result<Value, Unsupported> {
    let Value::Array(mut list) = value else {
        return Err(unsupported("messages", "a list of messages is needed"));
    };
    for message in &mut list {
        if message["role"] == "developer" {
            message["role"] = "system".into();
        }
        if let (true, Some(Value::Array(parts))) = (own, message.get_mut("content")) {
            only_text(parts, drops)?;
        }
    }
    Ok(Value::Array(list))
}

/// The provider's own models take text only.
fn only_text(parts: &mut Vec<Value>, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
    for part in std::mem::take(parts) {
        match part["type"].as_str().unwrap_or_default() {
            "text" | "refusal" => parts.push(part),
            kind => drops.leave_out(kind, "the provider's models take only text")?,
        }
    }
    Ok(())
}
