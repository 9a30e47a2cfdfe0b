//! OpenAI's form of answers.

use serde_json::{Value, json};

use crate::openai::DONE;
use crate::sse::{Event, Frame};
use crate::translate::Back;

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    /// JSON, as text.
    pub(super) arguments: String,
}

/// What a choice says in the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Said<'a> {
    pub(super) text: &'a str,
    pub(super) calls: &'a [Call],
    pub(super) finish: &'a str,
}

/// The id of a call: the same for the same answer and place, and no other answer's.
pub(super) fn call_id(back: &Back, choice: usize, place: usize) -> String {
    // FNV-1a: ids need to differ, not to resist anyone.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in back.id.bytes().chain([b'/']).chain(choice.to_string().bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("call_{hash:016x}_{place}")
}

/// A whole answer.
pub(super) fn completion(back: &Back, choices: Vec<Value>, usage: Option<Value>, version: Option<&str>) -> Value {
    let mut answer = json!({
        "id": back.id,
        "object": "chat.completion",
        "created": back.created,
        "model": back.model,
        "choices": choices,
    });
    if let Some(usage) = usage {
        answer["usage"] = usage;
    }
    if let Some(version) = version {
        answer["system_fingerprint"] = version.into();
    }
    answer
}

/// One choice of a whole answer.
pub(super) fn choice(back: &Back, index: usize, said: &Said<'_>) -> Value {
    let content = if said.text.is_empty() && !said.calls.is_empty() { Value::Null } else { said.text.into() };
    let mut message = json!({ "role": "assistant", "content": content, "refusal": null });
    if let (Some(first), true) = (said.calls.first(), back.legacy_functions) {
        message["function_call"] = json!({ "name": first.name, "arguments": first.arguments });
    } else if !said.calls.is_empty() {
        let calls = said.calls.iter().enumerate().map(|(place, call)| tool_call(back, index, place, call));
        message["tool_calls"] = calls.collect();
    }
    json!({ "index": index, "message": message, "logprobs": null, "finish_reason": said.finish })
}

fn tool_call(back: &Back, choice: usize, place: usize, call: &Call) -> Value {
    json!({
        "id": call_id(back, choice, place),
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments },
    })
}

/// The delta that brings every call of a choice.
pub(super) fn calls_delta(back: &Back, choice: usize, calls: &[Call]) -> Value {
    if let (Some(first), true) = (calls.first(), back.legacy_functions) {
        return json!({ "function_call": { "name": first.name, "arguments": first.arguments } });
    }
    let each = calls.iter().enumerate().map(|(place, call)| {
        let mut written = tool_call(back, choice, place, call);
        written["index"] = place.into();
        written
    });
    json!({ "tool_calls": each.collect::<Value>() })
}

/// A piece of a stream.
pub(super) fn chunk(back: &Back, choices: Value) -> Value {
    json!({
        "id": back.id,
        "object": "chat.completion.chunk",
        "created": back.created,
        "model": back.model,
        "choices": choices,
    })
}

/// A piece of one choice.
pub(super) fn delta(back: &Back, index: usize, delta: &Value, finish: Option<&str>) -> Frame {
    let choice = json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish });
    event(chunk(back, json!([choice])).to_string())
}

/// What ends a stream: its usage, if it is wanted and known, and the terminator.
pub(super) fn ending(back: &Back, usage: Option<Value>, out: &mut Vec<Frame>) {
    if let (Some(usage), true) = (usage, back.wants_usage) {
        let mut last = chunk(back, json!([]));
        last["usage"] = usage;
        out.push(event(last.to_string()));
    }
    out.push(event(DONE.to_owned()));
}

/// An event with data.
pub(super) fn event(data: String) -> Frame {
    Frame::Event(Event { data, ..Event::default() })
}
