use serde_json::{Value, json};

/// What a stand-in of this name answers to a last user message: the same every time, and it quotes.
pub fn answer_to(name: &str, last_user_message: &str) -> String {
    format!("[stand-in {name}, not a real model] You wrote: {last_user_message}")
}

/// The text of the last user message; parts that are not text are left out.
pub(crate) fn last_user_message(body: &Value) -> String {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = messages.iter().rev().find(|m| m["role"] == "user");
    match last.map(|m| &m["content"]) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|p| p["text"].as_str()).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

/// A rough, deterministic count: one token for every four bytes begun.
pub(crate) fn tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}

pub(crate) fn usage(prompt: &str, answer: &str) -> Value {
    let (input, output) = (tokens(prompt), tokens(answer));
    json!({ "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output })
}

/// The first tool's name, where the request brings tools and its last message asks to use one and brings no result.
pub(crate) fn wanted_tool<'a>(body: &'a Value, said: &str) -> Option<&'a str> {
    let has_result = body["messages"].as_array().and_then(|all| all.last()).is_some_and(|last| last["role"] == "tool");
    if has_result || !said.to_lowercase().contains("use the tool") {
        return None;
    }
    body["tools"][0]["function"]["name"].as_str()
}

/// The body of a chat answer that is not streamed.
pub(crate) fn chat(name: &str, body: &Value) -> Value {
    let said = last_user_message(body);
    let prompt = body["messages"].to_string();
    let text = answer_to(name, &said);
    let message = match wanted_tool(body, &said) {
        Some(tool) => json!({ "role": "assistant", "content": null, "tool_calls": [tool_call(tool, &said)] }),
        None => json!({ "role": "assistant", "content": text }),
    };
    let finish = if message["tool_calls"].is_array() { "tool_calls" } else { "stop" };
    json!({
        "id": "chatcmpl-standin",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": finish }],
        "usage": usage(&prompt, &text),
        "system_fingerprint": "standin",
    })
}

/// A call of a tool with what the user said as its argument.
pub(crate) fn tool_call(tool: &str, said: &str) -> Value {
    let arguments = json!({ "text": said }).to_string();
    json!({ "id": "call_standin", "type": "function", "function": { "name": tool, "arguments": arguments } })
}

/// The body of an answer of the older completions kind.
pub(crate) fn completion(name: &str, body: &Value) -> Value {
    let prompt = body["prompt"].as_str().unwrap_or_default();
    let text = answer_to(name, prompt);
    json!({
        "id": "cmpl-standin",
        "object": "text_completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [{ "index": 0, "text": text, "logprobs": null, "finish_reason": "stop" }],
        "usage": usage(prompt, &text),
    })
}

/// Eight numbers a text, from its bytes: equal texts embed equally.
pub(crate) fn embeddings(body: &Value) -> Value {
    let inputs: Vec<String> = match &body["input"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect(),
        _ => Vec::new(),
    };
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .map(|(index, text)| json!({ "object": "embedding", "index": index, "embedding": embed(text) }))
        .collect();
    let prompt_tokens: u64 = inputs.iter().map(|t| tokens(t)).sum();
    json!({
        "object": "list",
        "model": body["model"],
        "data": data,
        "usage": { "prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens },
    })
}

fn embed(text: &str) -> [f64; 8] {
    let mut sums = [0.0; 8];
    for (place, byte) in text.bytes().enumerate() {
        sums[place % 8] += f64::from(byte) / 255.0;
    }
    let length = sums.iter().map(|s| s * s).sum::<f64>().sqrt().max(1e-9);
    sums.map(|s| s / length)
}
