//! Contract v2: the provider's own client speaks it by default.

use serde_json::{Map, Value, json};

use super::chat::{Reply, Said};
use super::check::Refused;
use super::render::pieces;

/// The same request in the form of contract v1, so that both are judged and answered alike.
pub(super) fn as_v1(asked: &Value) -> Result<Value, Refused> {
    let wrong = |what: &str| (422, format!("Invalid params: {what}"));
    let Some(said) = asked["messages"].as_array() else { return Err(wrong("messages must be a list")) };
    let mut messages = Vec::with_capacity(said.len());
    for message in said {
        messages.push(self::message(message).ok_or_else(|| wrong("content must be a list of parts"))?);
    }
    let options = &asked["model_options"];
    let mut body = Map::new();
    for (name, value) in [
        ("model", &asked["model"]),
        ("stream", &asked["stream"]),
        ("temperature", &options["temperature"]),
        ("max_tokens", &options["max_tokens"]),
    ] {
        if !value.is_null() {
            body.insert(name.to_owned(), value.clone());
        }
    }
    if options["response_format"]["type"] == "json_schema" {
        body.insert("response_format".to_owned(), options["response_format"].clone());
    }
    let tools = asked["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    let functions: Vec<Value> =
        tools.iter().filter_map(|tool| tool["functions"]["specifications"].as_array()).flatten().cloned().collect();
    let how = match asked["tool_config"]["mode"].as_str() {
        Some("forced") => json!({ "name": asked["tool_config"]["function_name"] }),
        Some("none") => json!("none"),
        _ => json!("auto"),
    };
    body.insert("messages".to_owned(), Value::Array(messages));
    if !functions.is_empty() {
        body.insert("functions".to_owned(), Value::Array(functions));
        body.insert("function_call".to_owned(), how);
    }
    Ok(Value::Object(body))
}

fn message(message: &Value) -> Option<Value> {
    let parts = message["content"].as_array()?;
    let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    let mut out = json!({ "role": message["role"], "content": texts.join("\n") });
    for part in parts {
        let (call, result) = (&part["function_call"], &part["function_result"]);
        if call.is_object() {
            out["function_call"] = call.clone();
        }
        if result.is_object() {
            out["role"] = json!("function");
            out["name"] = result["name"].clone();
            out["content"] = json!(result["result"].to_string());
        }
    }
    Some(out)
}

fn usage(reply: &Reply) -> Value {
    json!({
        "input_tokens": reply.prompt_tokens,
        "input_tokens_details": { "prompt_tokens": reply.prompt_tokens, "cached_tokens": reply.cached_tokens },
        "output_tokens": reply.completion_tokens,
        "total_tokens": reply.prompt_tokens + reply.completion_tokens,
    })
}

/// The message, or a piece of one. The answer's key of the state is not the request's.
fn said(part: Value, state_id: Option<&str>) -> Value {
    let mut message = json!({ "role": "assistant", "content": [part] });
    if let Some(state_id) = state_id {
        message["tool_state_id"] = json!(state_id);
    }
    json!([message])
}

fn call(name: &str, arguments: &Value, state_id: &str) -> Value {
    said(json!({ "function_call": { "name": name, "arguments": arguments } }), Some(state_id))
}

/// The whole answer.
pub(super) fn whole(reply: &Reply) -> Value {
    let messages = match &reply.said {
        Said::Text(text) => said(json!({ "text": text }), None),
        Said::Call { name, arguments, state_id } => call(name, arguments, state_id),
    };
    json!({
        "model": reply.model,
        "created_at": reply.created,
        "messages": messages,
        "finish_reason": reply.finish,
        "usage": usage(reply),
    })
}

/// The events of a streamed answer: they have names, and no terminator follows them.
pub(super) fn events(reply: &Reply) -> Vec<String> {
    let messages: Vec<Value> = match &reply.said {
        Said::Text(text) => pieces(text).map(|piece| said(json!({ "text": piece }), None)).collect(),
        Said::Call { name, arguments, state_id } => vec![call(name, arguments, state_id)],
    };
    let head = |rest: Value| {
        let mut event = json!({ "model": reply.model, "created_at": reply.created });
        if let (Some(event), Value::Object(rest)) = (event.as_object_mut(), rest) {
            event.extend(rest);
        }
        event
    };
    let mut events: Vec<String> = messages
        .into_iter()
        .map(|messages| format!("event: response.message.delta\ndata: {}\n\n", head(json!({ "messages": messages }))))
        .collect();
    let end = head(json!({ "finish_reason": reply.finish, "usage": usage(reply) }));
    events.push(format!("event: response.message.done\ndata: {end}\n\n"));
    events
}
