//! Answers in the form of contract v1, whole and streamed.

use serde_json::{Value, json};

use super::chat::{Reply, Said};

/// Letters in one event.
const PIECE: usize = 5;

fn usage(reply: &Reply) -> Value {
    json!({
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        "precached_prompt_tokens": reply.cached_tokens,
    })
}

/// The whole answer.
pub(super) fn whole(reply: &Reply) -> Value {
    let mut message = match &reply.said {
        Said::Text(text) => json!({ "content": text, "role": "assistant" }),
        Said::Call { name, arguments, state_id } => json!({
            "content": "",
            "role": "assistant",
            "function_call": { "name": name, "arguments": arguments },
            "functions_state_id": state_id,
        }),
    };
    if let Some(reasoning) = &reply.reasoning {
        message["reasoning_content"] = json!(reasoning);
    }
    json!({
        "choices": [{ "message": message, "index": 0, "finish_reason": reply.finish }],
        "created": reply.created,
        "model": reply.model,
        "object": "chat.completion",
        "usage": usage(reply),
    })
}

/// The events of a streamed answer, the terminator included. The first begins with an empty line, as real ones may.
pub(super) fn events(reply: &Reply) -> Vec<String> {
    let mut deltas = vec![json!({ "content": "", "role": "assistant" })];
    if let Some(reasoning) = &reply.reasoning {
        deltas.push(json!({ "content": "", "reasoning_content": reasoning }));
    }
    match &reply.said {
        Said::Text(text) => deltas.extend(pieces(text).map(|piece| json!({ "content": piece }))),
        // The whole call in one event, its state in the next.
        Said::Call { name, arguments, state_id } => {
            deltas.push(json!({ "content": "", "function_call": { "name": name, "arguments": arguments } }));
            deltas.push(json!({ "content": "", "functions_state_id": state_id }));
        }
    }
    let mut events: Vec<String> =
        deltas.into_iter().map(|delta| event(reply, &json!({ "delta": delta, "index": 0 }), None)).collect();
    let end = json!({ "delta": { "content": "" }, "index": 0, "finish_reason": reply.finish });
    events.push(event(reply, &end, Some(usage(reply))));
    events.push("data: [DONE]\n\n".to_owned());
    events[0].insert(0, '\n');
    events
}

/// A text in pieces.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect::<Vec<String>>().into_iter()
}

fn event(reply: &Reply, choice: &Value, usage: Option<Value>) -> String {
    // Not `.chunk`: the provider says the same of both.
    let mut chunk = json!({
        "choices": [choice],
        "created": reply.created,
        "model": reply.model,
        "object": "chat.completion",
    });
    if let Some(usage) = usage {
        chunk["usage"] = usage;
    }
    format!("data: {chunk}\n\n")
}
