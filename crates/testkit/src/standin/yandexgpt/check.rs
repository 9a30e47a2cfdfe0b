//! Whether a native request is one, field by field: unknown ones are refused, so that a client's mistake is seen.

use serde_json::Value;

use super::super::answer::tokens;
use super::Shared;
use super::auth::model;
use super::errors::{Checked, Problem, Surface};
use super::plan::{Asked, Choice};

/// Reads a `CompletionRequest`: what is asked, and whether as a stream.
pub(super) fn completion(shared: &Shared, body: &Value) -> Checked<(Asked, bool)> {
    only(
        body,
        &[
            "modelUri",
            "completionOptions",
            "messages",
            "tools",
            "jsonObject",
            "jsonSchema",
            "parallelToolCalls",
            "toolChoice",
        ],
    )?;
    let name = model(shared, "gpt", body["modelUri"].as_str().unwrap_or_default(), Surface::Streaming)?;
    let options = &body["completionOptions"];
    only(options, &["stream", "temperature", "maxTokens", "reasoningOptions"])?;
    if !options["temperature"].is_null() && options["temperature"].as_f64().is_none_or(|t| !(0.0..=1.0).contains(&t)) {
        return Err(Problem::invalid("temperature must be in range [0, 1]"));
    }
    let tokens_max = max_tokens(&options["maxTokens"])?;
    reasoning(&options["reasoningOptions"])?;
    let mut asked = Asked { tokens_max, parallel: body["parallelToolCalls"] != false, ..Asked::default() };
    messages(&body["messages"], &mut asked)?;
    tools(body, &mut asked)?;
    asked.schema = schema(body)?;
    let most = if name.starts_with("llama") { 8_192 } else { 32_000 };
    if asked.input_tokens > most {
        let got = asked.input_tokens;
        return Err(Problem::invalid(format!("Number of input tokens must be no more than {most}, got {got}")));
    }
    Ok((asked, options["stream"] == true))
}

/// Refuses members that the contract does not have.
fn only(value: &Value, names: &[&str]) -> Checked<()> {
    match value {
        Value::Null => Ok(()),
        Value::Object(members) => match members.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(Problem::invalid(format!("unknown field \"{name}\""))),
            None => Ok(()),
        },
        _ => Err(Problem::invalid("an object is expected")),
    }
}

fn max_tokens(value: &Value) -> Checked<Option<u64>> {
    let count = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.parse::<u64>().ok(),
        _ => value.as_u64(),
    };
    count.filter(|count| *count > 0).map(Some).ok_or_else(|| Problem::invalid("maxTokens must be greater than 0"))
}

fn reasoning(value: &Value) -> Checked<()> {
    only(value, &["mode"])?;
    match value["mode"].as_str() {
        None | Some("REASONING_MODE_UNSPECIFIED" | "DISABLED" | "ENABLED_HIDDEN") => Ok(()),
        Some(_) => Err(Problem::invalid("invalid value for enum field mode")),
    }
}

fn messages(value: &Value, asked: &mut Asked) -> Checked<()> {
    let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
        return Err(Problem::invalid("messages must not be empty"));
    };
    let mut called: Vec<&str> = Vec::new();
    for message in list {
        only(message, &["role", "text", "toolCallList", "toolResultList"])?;
        let role = message["role"].as_str().unwrap_or_default();
        if !["system", "user", "assistant"].contains(&role) {
            return Err(Problem::invalid(format!("invalid message role '{role}'")));
        }
        let content = ["text", "toolCallList", "toolResultList"].iter().filter(|name| !message[**name].is_null());
        if content.count() != 1 {
            return Err(Problem::invalid("exactly one of text, toolCallList, toolResultList must be set"));
        }
        asked.results = None;
        if message["toolCallList"].is_object() {
            called = calls(&message["toolCallList"])?;
        } else if message["toolResultList"].is_object() {
            asked.results = Some(results(&message["toolResultList"], &called)?);
        } else if !message["text"].is_string() {
            return Err(Problem::invalid("invalid value for string field text"));
        }
        if role == "user" && message["text"].is_string() {
            asked.said = message["text"].as_str().unwrap_or_default().to_owned();
        }
    }
    asked.input_tokens = tokens(&value.to_string());
    Ok(())
}

fn calls(list: &Value) -> Checked<Vec<&str>> {
    let wrong = || Problem::invalid("invalid toolCallList");
    let mut names = Vec::new();
    for call in list["toolCalls"].as_array().ok_or_else(wrong)? {
        only(call, &["functionCall"])?;
        only(&call["functionCall"], &["name", "arguments"])?;
        if !call["functionCall"]["arguments"].is_object() {
            return Err(wrong());
        }
        names.push(call["functionCall"]["name"].as_str().ok_or_else(wrong)?);
    }
    Ok(names)
}

/// The results must be of the calls before them, in their order: nothing else tells them apart.
fn results(list: &Value, called: &[&str]) -> Checked<Vec<String>> {
    let wrong = || Problem::invalid("invalid toolResultList");
    let mut said = Vec::new();
    let list = list["toolResults"].as_array().ok_or_else(wrong)?;
    for (place, result) in list.iter().enumerate() {
        only(result, &["functionResult"])?;
        only(&result["functionResult"], &["name", "content"])?;
        if result["functionResult"]["name"].as_str() != called.get(place).copied() {
            return Err(Problem::invalid("tool results do not match the tool calls before them"));
        }
        said.push(result["functionResult"]["content"].as_str().ok_or_else(wrong)?.to_owned());
    }
    Ok(said)
}

fn tools(body: &Value, asked: &mut Asked) -> Checked<()> {
    for tool in body["tools"].as_array().into_iter().flatten() {
        only(tool, &["function"])?;
        only(&tool["function"], &["name", "description", "parameters", "strict"])?;
        if !tool["function"]["name"].is_string() {
            return Err(Problem::invalid("a function needs a name"));
        }
        asked.tools.push(tool["function"].clone());
    }
    let choice = &body["toolChoice"];
    only(choice, &["mode", "functionName"])?;
    asked.choice = match (choice["mode"].as_str(), choice["functionName"].as_str()) {
        (None, None) | (Some("AUTO"), None) => Choice::Auto,
        (Some("NONE"), None) => Choice::None,
        (Some("REQUIRED"), None) => Choice::Required,
        (None, Some(name)) => Choice::Named(name.to_owned()),
        _ => return Err(Problem::invalid("invalid toolChoice")),
    };
    Ok(())
}

fn schema(body: &Value) -> Checked<Option<Value>> {
    only(&body["jsonSchema"], &["schema"])?;
    match (&body["jsonObject"], &body["jsonSchema"]["schema"]) {
        (Value::Null | Value::Bool(false), Value::Null) => Ok(None),
        (Value::Bool(true), Value::Null) => Ok(Some(Value::Bool(true))),
        (Value::Null, schema @ Value::Object(_)) => Ok(Some(schema.clone())),
        _ => Err(Problem::invalid("oneof field is already set, or of a wrong type: jsonObject, jsonSchema")),
    }
}
