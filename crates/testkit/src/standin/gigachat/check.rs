//! What a chat request must be like. Where the provider's words are not known, ours say what is wrong.

use serde_json::Value;

use super::State;
use super::smaller::{files_known, models_known};

/// A status and its words.
pub(super) type Refused = (u16, String);

fn invalid<T>(what: &str) -> Result<T, Refused> {
    Err((422, format!("Invalid params: {what}")))
}

/// Checks a request of contract v1.
pub(super) fn chat(state: &State, body: &Value) -> Result<(), Refused> {
    match body["model"].as_str() {
        None => return invalid("model is required"),
        Some(model) if !models_known(state, model) => return Err((404, "No such model".to_owned())),
        Some(_) => {}
    }
    let Some(messages) = body["messages"].as_array().filter(|messages| !messages.is_empty()) else {
        return invalid("messages must be a list of at least one message");
    };
    for (at, message) in messages.iter().enumerate() {
        self::message(message, at.checked_sub(1).map(|before| &messages[before]))?;
    }
    attachments(state, messages)?;
    functions(body)?;
    if body["temperature"].as_f64().is_some_and(|temperature| temperature <= 0.0) {
        return invalid("temperature must be greater than 0");
    }
    let format = &body["response_format"];
    if !format.is_null() && (format["type"] != "json_schema" || !format["schema"].is_object()) {
        return invalid("response_format must be a json_schema with its schema");
    }
    Ok(())
}

fn message(message: &Value, before: Option<&Value>) -> Result<(), Refused> {
    let Some(content) = message["content"].as_str() else { return invalid("content must be a string") };
    match message["role"].as_str() {
        Some("system") if before.is_some() => {
            return Err((422, "system message must be the first message".to_owned()));
        }
        Some("system" | "user" | "search_result" | "function_in_progress") => {}
        Some("assistant") => {
            let call = &message["function_call"];
            if !call.is_null() && (!call["name"].is_string() || !call["arguments"].is_object()) {
                return invalid("function_call needs a name and arguments that are an object");
            }
        }
        Some("function") => {
            if message["name"].as_str().is_none_or(str::is_empty) {
                return invalid("a function message needs the name of the function");
            }
            if serde_json::from_str::<Value>(content).is_err() {
                return invalid("content of a function message must be valid JSON");
            }
            let called = before.map_or(&Value::Null, |before| &before["function_call"]["name"]);
            if called != &message["name"] {
                return invalid("a function message must follow the call of that function");
            }
        }
        _ => return invalid("unknown role"),
    }
    Ok(())
}

fn attachments(state: &State, messages: &[Value]) -> Result<(), Refused> {
    let mut count = 0;
    for message in messages {
        let ids = message["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
        count += ids.len();
        if ids.len() > 1 || count > 10 {
            return Err((413, "Payload too large".to_owned()));
        }
        if !ids.iter().all(|id| id.as_str().is_some_and(|id| files_known(state, id))) {
            return Err((404, "No such file".to_owned()));
        }
    }
    Ok(())
}

fn functions(body: &Value) -> Result<(), Refused> {
    let offered = body["functions"].as_array().map(Vec::as_slice).unwrap_or_default();
    for function in offered {
        if !function["name"].is_string() {
            return invalid("a function needs a name");
        }
        let parameters = &function["parameters"];
        if !parameters.is_null() && !is_whole(parameters) {
            return invalid("every property needs a type and every object its properties");
        }
    }
    match &body["function_call"] {
        Value::Null => Ok(()),
        Value::String(how) if how == "auto" || how == "none" => Ok(()),
        Value::Object(one) if offered.iter().any(|function| Some(&function["name"]) == one.get("name")) => Ok(()),
        _ => invalid("function_call must be auto, none or the name of a function offered"),
    }
}

/// Whether a schema keeps to the subset.
fn is_whole(schema: &Value) -> bool {
    let composed = ["$ref", "anyOf", "oneOf", "allOf"].iter().any(|word| !schema[*word].is_null());
    let properties = match schema["type"].as_str() {
        Some("object") => schema["properties"].as_object().is_some_and(|all| all.values().all(is_whole)),
        Some("array") => is_whole(&schema["items"]),
        Some(_) => true,
        None => false,
    };
    let strings = schema["enum"].as_array().is_none_or(|values| values.iter().all(Value::is_string));
    !composed && properties && strings
}
