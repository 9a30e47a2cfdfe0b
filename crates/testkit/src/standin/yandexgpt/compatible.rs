//! The OpenAI-compatible surface, with its quirks.

use serde_json::{Value, json};

use super::super::answer::{last_user_message, tokens};
use super::Shared;
use super::auth::model;
use super::errors::{Checked, Problem, Surface};
use super::plan::{Asked, Choice, End, Plan};

/// Reads a chat request: what is asked, and whether as a stream. What is not documented is ignored, as there.
pub(super) fn read(shared: &Shared, body: &Value) -> Checked<(Asked, bool)> {
    model(shared, "gpt", body["model"].as_str().unwrap_or_default(), Surface::Compatible)?;
    let list = body["messages"].as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Problem::invalid("messages must not be empty"))?;
    for message in list {
        let role = message["role"].as_str().unwrap_or_default();
        if !["system", "user", "assistant", "tool"].contains(&role) {
            return Err(Problem::invalid(format!("invalid message role '{role}'")));
        }
    }
    let after = list.iter().rev().take_while(|message| message["role"] == "tool").map(said);
    let mut results: Vec<String> = after.collect();
    results.reverse();
    let tokens_max = match &body["max_tokens"] {
        Value::Null => None,
        count => Some(count.as_u64().filter(|count| *count > 0).ok_or_else(|| Problem::invalid("max_tokens"))?),
    };
    let asked = Asked {
        said: last_user_message(body),
        results: (!results.is_empty()).then_some(results),
        tools: body["tools"].as_array().into_iter().flatten().map(|tool| tool["function"].clone()).collect(),
        choice: choice(&body["tool_choice"]),
        parallel: body["parallel_tool_calls"] != false,
        schema: schema(&body["response_format"])?,
        tokens_max,
        input_tokens: tokens(&body["messages"].to_string()),
    };
    Ok((asked, body["stream"] == true))
}

fn said(message: &Value) -> String {
    message["content"].as_str().map_or_else(|| message["content"].to_string(), str::to_owned)
}

fn choice(value: &Value) -> Choice {
    match (value.as_str(), value["function"]["name"].as_str()) {
        (Some("none"), _) => Choice::None,
        (Some("required"), _) => Choice::Required,
        (_, Some(name)) => Choice::Named(name.to_owned()),
        _ => Choice::Auto,
    }
}

fn schema(format: &Value) -> Checked<Option<Value>> {
    match format["type"].as_str() {
        None | Some("text") => Ok(None),
        Some("json_object") => Ok(Some(Value::Bool(true))),
        Some("json_schema") if format["json_schema"]["name"].is_string() => {
            Ok(Some(format["json_schema"]["schema"].clone()))
        }
        _ => Err(Problem::invalid("response_format is invalid")),
    }
}

fn finish(plan: &Plan) -> &'static str {
    match plan.end {
        End::Final => "stop",
        End::Truncated => "length",
        End::Filtered => "content_filter",
        End::ToolCalls => "tool_calls",
    }
}

fn calls(plan: &Plan) -> Vec<Value> {
    let call = |(place, (name, arguments)): (usize, &(String, Value))| {
        let function = json!({ "name": name, "arguments": arguments.to_string() });
        json!({ "index": place, "id": format!("call_standin_{place}"), "type": "function", "function": function })
    };
    plan.calls.iter().enumerate().map(call).collect()
}

fn usage(plan: &Plan) -> Value {
    let (input, output) = (plan.input_tokens, plan.output_tokens());
    json!({ "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output })
}

/// A whole answer.
pub(super) fn whole(plan: &Plan, model: &Value) -> Value {
    let mut message = json!({ "role": "assistant", "content": plan.text });
    if !plan.calls.is_empty() {
        message["tool_calls"] = calls(plan).into();
    }
    json!({
        "id": "chatcmpl-standin",
        "object": "chat.completion",
        "created": 1_764_000_000,
        "model": model,
        "choices": [{ "index": 0, "message": message, "finish_reason": finish(plan) }],
        "usage": usage(plan),
    })
}

/// The events of a stream: a role alone, deltas without a `finish_reason`, the end, usage without choices.
pub(super) fn events(plan: &Plan, model: &Value, piece_chars: usize) -> Vec<String> {
    let chunk = |choices: Value| {
        json!({
            "id": "chatcmpl-standin",
            "object": "chat.completion.chunk",
            "created": 1_764_000_000,
            "model": model,
            "choices": choices,
        })
    };
    let mut chunks = vec![chunk(json!([{ "index": 0, "delta": { "role": "assistant" } }]))];
    let streamed: Vec<char> =
        plan.before.as_ref().filter(|_| plan.end == End::Filtered).unwrap_or(&plan.text).chars().collect();
    let last = if plan.end == End::Filtered { streamed.len() / 2 } else { streamed.len() };
    for piece in streamed[..last].chunks(piece_chars.max(1)) {
        let text: String = piece.iter().collect();
        chunks.push(chunk(json!([{ "index": 0, "delta": { "content": text } }])));
    }
    if !plan.calls.is_empty() {
        chunks.push(chunk(json!([{ "index": 0, "delta": { "tool_calls": calls(plan) } }])));
    }
    // What was filtered comes whole, in place of what came before.
    let delta = if plan.end == End::Filtered { json!({ "content": plan.text }) } else { json!({}) };
    chunks.push(chunk(json!([{ "index": 0, "delta": delta, "finish_reason": finish(plan) }])));
    let mut counted = chunk(json!([]));
    counted["usage"] = usage(plan);
    chunks.push(counted);
    let mut events: Vec<String> = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    events.push("data: [DONE]\n\n".to_owned());
    events
}
