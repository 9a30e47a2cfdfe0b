//! OpenAI's chat request as a native `CompletionRequest`.

use serde_json::{Map, Value, json};

use super::parameters::{is_neutral, object};
use super::{Scheme, messages, model_uri, tools};
use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Back, Outgoing, Target, Unsupported};

/// Translates a chat request.
///
/// # Errors
/// If something in it has no counterpart and is not droppable.
pub fn request(body: &[u8], target: &Target<'_>) -> Result<Outgoing, Unsupported> {
    let asked = object(body)?;
    let mut drops = Drops::new(target.droppable);
    let mut options = json!({ "stream": asked.get("stream") == Some(&Value::Bool(true)) });
    for (name, value) in &asked {
        field(name, value, &mut options, &mut drops)?;
    }
    let said = asked.get("messages").unwrap_or(&Value::Null);
    let mut sent = Map::new();
    sent.insert("modelUri".to_owned(), model_uri(Scheme::Generation, target)?.into());
    sent.insert("completionOptions".to_owned(), options);
    sent.insert("messages".to_owned(), messages::translate(said, &mut drops)?.into());
    let legacy_functions = tools::translate(&asked, &mut sent, &mut drops)?;
    if let Some((name, value)) = response_format(asked.get("response_format"), &mut drops)? {
        sent.insert(name.to_owned(), value);
    }
    let back =
        Back { model: target.model.to_owned(), legacy_functions, wants_usage: wants_usage(&asked), ..Back::default() };
    Ok(Outgoing {
        body: Value::Object(sent).to_string().into_bytes(),
        dropped: drops.dropped,
        back,
        ..Outgoing::default()
    })
}

/// Whether the client asked for the usage of a stream.
pub(super) fn wants_usage(asked: &Map<String, Value>) -> bool {
    asked.get("stream_options").is_some_and(|options| options["include_usage"] == true)
}

/// A parameter that needs no other; those that do are read by their own translations.
fn field(name: &str, value: &Value, options: &mut Value, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
    match name {
        _ if is_neutral(name, value) => Ok(()),
        "model" | "messages" | "stream" | "stream_options" | "response_format" => Ok(()),
        "tools" | "functions" | "tool_choice" | "function_call" | "parallel_tool_calls" => Ok(()),
        "temperature" => {
            let Some(degrees) = value.as_f64().filter(|degrees| *degrees >= 0.0) else {
                return drops.leave_out(name, "it must be a number, not negative");
            };
            options["temperature"] = if degrees > 1.0 { json!(1) } else { value.clone() };
            Ok(())
        }
        "max_tokens" | "max_completion_tokens" => {
            let Some(count) = value.as_u64().filter(|count| (1..=i64::MAX as u64).contains(count)) else {
                return drops.leave_out(name, "it must be a whole number above zero");
            };
            // Where both are given, the newer name has the say, as at the gateway.
            if name == "max_completion_tokens" || options["maxTokens"].is_null() {
                options["maxTokens"] = json!(count.to_string());
            }
            Ok(())
        }
        "reasoning_effort" => {
            let mode = if *value == "none" { "DISABLED" } else { "ENABLED_HIDDEN" };
            options["reasoningOptions"] = json!({ "mode": mode });
            Ok(())
        }
        _ => drops.leave_out(name, "the provider has no such parameter"),
    }
}

fn response_format(asked: Option<&Value>, drops: &mut Drops<'_>) -> Result<Option<(&'static str, Value)>, Unsupported> {
    let Some(format) = asked.filter(|format| !format.is_null()) else { return Ok(None) };
    match format["type"].as_str() {
        Some("text") => Ok(None),
        Some("json_object") => Ok(Some(("jsonObject", Value::Bool(true)))),
        Some("json_schema") => match &format["json_schema"]["schema"] {
            schema @ Value::Object(_) => Ok(Some(("jsonSchema", json!({ "schema": schema })))),
            _ => Err(unsupported("response_format", "`json_schema.schema` must be an object")),
        },
        _ => drops.leave_out("response_format", "the provider knows text, json_object and json_schema").map(|()| None),
    }
}
