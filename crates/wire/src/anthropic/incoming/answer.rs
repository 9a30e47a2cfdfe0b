//! OpenAI's completion as a message, and what streams share with it.

use super::Back;
use crate::tree::{Tree, map};

/// Translates an answer that is not streamed; none where it is no answer.
pub fn answer(body: &[u8], back: &Back) -> Option<Vec<u8>> {
    let body = Tree::object(body)?;
    let choice = body.get("choices").list().first()?;
    let said = choice.get("message");
    let mut content = Vec::new();
    let thoughts = thoughts(said);
    if back.thinking && !thoughts.is_empty() {
        content.push(map! { "type": "thinking", "thinking": thoughts, "signature": "" });
    }
    for text in [said.get("content").said(), said.get("refusal").said()] {
        if !text.is_empty() {
            content.push(map! { "type": "text", "text": text });
        }
    }
    let legacy = said.get("function_call");
    let calls = said.get("tool_calls").list();
    content.extend(calls.iter().map(|call| tool_use(call.get("id").said(), call.get("function"))));
    if !legacy.is_null() {
        content.push(tool_use("call_0", legacy));
    }
    let called = !calls.is_empty() || !legacy.is_null();
    let stop = Stop::of(choice, called);
    let mut message = head(&body, back);
    message.put("content", content);
    message.put("stop_reason", stop.reason);
    message.put("stop_sequence", stop.sequence);
    message.put("usage", usage(body.get("usage")));
    Some(message.to_json().into_bytes())
}

/// What messages begin with.
pub(super) fn head(body: &Tree, back: &Back) -> Tree {
    let id = if back.id.is_empty() { body.get("id").said() } else { &back.id };
    let model = body.get("model").text().unwrap_or(&back.model);
    map! { "id": id, "type": "message", "role": "assistant", "model": model }
}

/// The reasoning of a message or delta, by either name.
pub(super) fn thoughts(said: &Tree) -> &str {
    said.get("reasoning_content").text().or(said.get("reasoning").text()).unwrap_or_default()
}

fn tool_use(id: &str, function: &Tree) -> Tree {
    map! { "type": "tool_use", "id": id, "name": function.get("name"), "input": input(function.get("arguments")) }
}

/// Arguments as an object, which the API promises; text that is none is kept under a name of its own.
fn input(arguments: &Tree) -> Tree {
    match arguments {
        Tree::Map(_) => arguments.clone(),
        Tree::Text(text) if text.trim().is_empty() => Tree::Map(Vec::new()),
        Tree::Text(text) => match Tree::parse(text) {
            Ok(object @ Tree::Map(_)) => object,
            _ => map! { "malformed_arguments": text.as_str() },
        },
        _ => Tree::Map(Vec::new()),
    }
}

/// Why an answer ends, in Anthropic's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) reason: &'static str,
    pub(super) sequence: Option<String>,
}

impl Stop {
    /// `choice`: the one with `finish_reason`. Some servers say `stop` although the model calls.
    pub(super) fn of(choice: &Tree, called: bool) -> Self {
        // vLLM and SGLang say which stop sequence it was.
        let matched = choice.get("stop_reason").text().or(choice.get("matched_stop").text());
        let reason = match choice.get("finish_reason").said() {
            "length" | "model_length" => "max_tokens",
            "content_filter" => "refusal",
            "tool_calls" | "function_call" => "tool_use",
            _ if called => "tool_use",
            _ if matched.is_some() => "stop_sequence",
            _ => "end_turn",
        };
        let sequence = matched.filter(|_| reason == "stop_sequence").map(str::to_owned);
        Self { reason, sequence }
    }
}

/// Anthropic's form: there the cached part does not belong to the input.
pub(super) fn usage(said: &Tree) -> Tree {
    let prompt = said.get("prompt_tokens").count().unwrap_or(0);
    let cached = said.get("prompt_tokens_details").get("cached_tokens").count().unwrap_or(0).min(prompt);
    map! {
        "input_tokens": prompt - cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "output_tokens": said.get("completion_tokens").count().unwrap_or(0),
    }
}
