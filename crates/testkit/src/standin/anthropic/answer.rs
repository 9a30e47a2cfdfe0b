//! What the stand-in answers: it quotes, calls the first tool where that is wanted, and fills schemas.

use serde_json::{Map, Value, json};

use crate::standin::answer::{answer_to, tokens};

/// The whole message.
pub(super) fn message(name: &str, body: &Value) -> Value {
    let said = last_user_text(body);
    let mut content = Vec::new();
    if matches!(body["thinking"]["type"].as_str(), Some("enabled" | "adaptive")) {
        content.push(json!({ "type": "thinking", "thinking": "The stand-in quotes.", "signature": "c3RhbmQtaW4=" }));
    }
    let (stop_reason, stop_sequence) = if said.to_lowercase().contains("please refuse") {
        ("refusal", Value::Null)
    } else if let Some(tool) = wanted_tool(body, &said) {
        let input = arguments(&tool["input_schema"], &said);
        content.push(json!({ "type": "tool_use", "id": "toolu_standin", "name": tool["name"], "input": input }));
        ("tool_use", Value::Null)
    } else {
        let (text, reason, sequence) = cut(text(name, body, &said), body);
        content.push(json!({ "type": "text", "text": text }));
        (reason, sequence)
    };
    let output = tokens(&Value::from(content.clone()).to_string());
    let cached = if body.to_string().contains("\"cache_control\"") { 3 } else { 0 };
    json!({
        "id": "msg_standin",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": stop_sequence,
        "usage": {
            "input_tokens": prompt_tokens(body),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": cached,
            "output_tokens": output,
        },
    })
}

/// Rough and deterministic, as every stand-in counts.
pub(super) fn prompt_tokens(body: &Value) -> u64 {
    tokens(&format!("{}{}{}", body["system"], body["messages"], body["tools"]))
}

/// The text of the last user message; a tool's results count as text.
fn last_user_text(body: &Value) -> String {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = messages.iter().rev().find(|message| message["role"] == "user");
    let mut said = Vec::new();
    if let Some(message) = last {
        texts(&message["content"], &mut said);
    }
    said.join("\n")
}

fn texts(content: &Value, said: &mut Vec<String>) {
    match content {
        Value::String(text) => said.push(text.clone()),
        Value::Array(blocks) => {
            for block in blocks {
                said.extend(block["text"].as_str().map(str::to_owned));
                texts(&block["content"], said);
            }
        }
        _ => {}
    }
}

/// The tool to call: the one named, else the first where the message asks for one and brings no result.
fn wanted_tool<'a>(body: &'a Value, said: &str) -> Option<&'a Value> {
    let tools = body["tools"].as_array()?;
    let choice = &body["tool_choice"];
    match choice["type"].as_str() {
        Some("none") => return None,
        Some("tool") => return tools.iter().find(|tool| tool["name"] == choice["name"]),
        Some("any") => return tools.first(),
        _ => {}
    }
    let results = body["messages"].as_array()?.last()?["content"].to_string().contains("\"tool_result\"");
    let said = said.to_lowercase();
    let asks = ["use the tool", "weather", "погод"].iter().any(|words| said.contains(words));
    tools.first().filter(|_| asks && !results)
}

/// Arguments that fit the schema; without one, what was said.
fn arguments(schema: &Value, said: &str) -> Value {
    match schema["properties"].as_object() {
        Some(properties) if !properties.is_empty() => instance(schema, said, 0),
        _ => json!({ "text": said }),
    }
}

/// The simplest value that fits a simple schema.
fn instance(schema: &Value, said: &str, depth: u8) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    match schema["type"].as_str() {
        _ if depth > 16 => Value::Null,
        Some("object") => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let filled = properties.iter().map(|(name, inner)| (name.clone(), instance(inner, said, depth + 1)));
            Value::Object(filled.collect::<Map<String, Value>>())
        }
        Some("array") => json!([instance(&schema["items"], said, depth + 1)]),
        Some("integer") => json!(1),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("null") => Value::Null,
        _ => json!(said),
    }
}

fn text(name: &str, body: &Value, said: &str) -> String {
    match &body["output_config"]["format"]["schema"] {
        Value::Null => answer_to(name, said),
        schema => instance(schema, said, 0).to_string(),
    }
}

/// Stops the text where the request says so.
fn cut(text: String, body: &Value) -> (String, &'static str, Value) {
    for stop in body["stop_sequences"].as_array().into_iter().flatten() {
        if let Some(at) = stop.as_str().and_then(|stop| text.find(stop)) {
            return (text[..at].to_owned(), "stop_sequence", stop.clone());
        }
    }
    let most = usize::try_from(body["max_tokens"].as_u64().unwrap_or(u64::MAX)).unwrap_or(usize::MAX).saturating_mul(4);
    if text.len() <= most {
        return (text, "end_turn", Value::Null);
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text[..end].to_owned(), "max_tokens", Value::Null)
}
