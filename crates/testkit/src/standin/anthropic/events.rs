//! A message as named events, in the order that the API keeps, cut small.

use serde_json::{Value, json};

/// Characters in one event.
const PIECE: usize = 3;

/// The events of a message, `message_stop` included.
pub(super) fn message_events(message: &Value) -> Vec<String> {
    let mut events = opening(message);
    for (index, block) in message["content"].as_array().into_iter().flatten().enumerate() {
        events.extend(block_events(index, block));
    }
    let delta = json!({ "stop_reason": message["stop_reason"], "stop_sequence": message["stop_sequence"] });
    let usage = json!({ "output_tokens": message["usage"]["output_tokens"] });
    events.push(event(&json!({ "type": "message_delta", "delta": delta, "usage": usage })));
    events.push(event(&json!({ "type": "message_stop" })));
    events
}

/// A stream that fails after it has begun.
pub(super) fn error_events(message: &Value) -> Vec<String> {
    let mut events = opening(message);
    let error = json!({ "type": "overloaded_error", "message": "Overloaded" });
    events.push(event(&json!({ "type": "error", "error": error })));
    events
}

fn opening(message: &Value) -> Vec<String> {
    let mut start = message.clone();
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    start["stop_sequence"] = Value::Null;
    start["usage"]["output_tokens"] = json!(1);
    vec![event(&json!({ "type": "message_start", "message": start })), event(&json!({ "type": "ping" }))]
}

fn block_events(index: usize, block: &Value) -> Vec<String> {
    let mut empty = block.clone();
    let deltas: Vec<Value> = match block["type"].as_str() {
        Some("tool_use") => {
            empty["input"] = json!({});
            let text = block["input"].to_string();
            let piece = |piece: String| json!({ "type": "input_json_delta", "partial_json": piece });
            // The API, too, begins with an empty piece.
            std::iter::once(String::new()).chain(pieces(&text)).map(piece).collect()
        }
        Some("thinking") => {
            (empty["thinking"], empty["signature"]) = (json!(""), json!(""));
            let piece = |piece: String| json!({ "type": "thinking_delta", "thinking": piece });
            let signed = json!({ "type": "signature_delta", "signature": block["signature"] });
            pieces(block["thinking"].as_str().unwrap_or_default()).map(piece).chain([signed]).collect()
        }
        _ => {
            empty["text"] = json!("");
            let piece = |piece: String| json!({ "type": "text_delta", "text": piece });
            pieces(block["text"].as_str().unwrap_or_default()).map(piece).collect()
        }
    };
    let mut events = vec![event(&json!({ "type": "content_block_start", "index": index, "content_block": empty }))];
    let delta = |delta: &Value| event(&json!({ "type": "content_block_delta", "index": index, "delta": delta }));
    events.extend(deltas.iter().map(delta));
    events.push(event(&json!({ "type": "content_block_stop", "index": index })));
    events
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect::<Vec<String>>().into_iter()
}

fn event(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default())
}
