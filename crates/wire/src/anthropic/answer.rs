//! A message as OpenAI's completion, and what streams share with it.

use crate::translate::{Answered, Back};
use crate::tree::{Tree, map};

/// Translates an answer that is not streamed.
pub fn answer(body: &[u8], back: &Back) -> Answered {
    let Some(body) = Tree::object(body) else { return Answered::Malformed };
    if body.get("type").is("error") || (!body.get("error").is_null() && body.get("content").is_null()) {
        return Answered::Error;
    }
    if !matches!(body.get("content"), Tree::List(_)) {
        return Answered::Malformed;
    }
    let message = message(body.get("content").list(), back);
    let finish = finish_reason(body.get("stop_reason").said(), back);
    let choice = map! { "index": 0, "message": message, "logprobs": Tree::Null, "finish_reason": finish };
    let mut usage = Usage::default();
    usage.update(body.get("usage"));
    let mut out = head(back, "chat.completion", body.get("id").text(), body.get("model").text());
    out.put("choices", vec![choice]);
    if !body.get("usage").is_null() {
        out.put("usage", usage.tree());
    }
    Answered::Json(out.to_json().into_bytes())
}

/// What completions and chunks begin with.
pub(super) fn head(back: &Back, object: &str, id: Option<&str>, model: Option<&str>) -> Tree {
    map! {
        "id": id.unwrap_or(&back.id),
        "object": object,
        "created": back.created,
        "model": model.unwrap_or(&back.model),
    }
}

fn message(blocks: &[Tree], back: &Back) -> Tree {
    let (mut text, mut thoughts, mut calls) = (String::new(), String::new(), Vec::new());
    let mut spoke = false;
    for block in blocks {
        match block.get("type").said() {
            "text" => {
                spoke = true;
                text.push_str(block.get("text").said());
            }
            "thinking" => thoughts.push_str(block.get("thinking").said()),
            "tool_use" => calls.push(block),
            // What is hidden, and what only the provider's own tools bring.
            _ => {}
        }
    }
    let mut message = map! { "role": "assistant", "content": (spoke || calls.is_empty()).then_some(text) };
    message.put("refusal", Tree::Null);
    if !thoughts.is_empty() {
        message.put("reasoning_content", thoughts);
    }
    match calls.as_slice() {
        [] => {}
        [first, ..] if back.legacy_functions => message.put("function_call", function(first, back)),
        calls => message.put("tool_calls", calls.iter().map(|call| tool_call(call, back)).collect::<Vec<_>>()),
    }
    message
}

fn tool_call(block: &Tree, back: &Back) -> Tree {
    map! { "id": block.get("id"), "type": "function", "function": function(block, back) }
}

fn function(block: &Tree, back: &Back) -> Tree {
    let arguments = match block.get("input") {
        Tree::Null => "{}".to_owned(),
        input => input.to_json(),
    };
    map! { "name": known_name(block.get("name").said(), back), "arguments": arguments }
}

/// The tool's name as the client knows it.
pub(super) fn known_name<'a>(sent: &'a str, back: &'a Back) -> &'a str {
    back.renamed.iter().find(|(name, _)| name == sent).map_or(sent, |(_, known)| known)
}

/// Why the answer ends, in OpenAI's words.
pub(super) fn finish_reason(stop_reason: &str, back: &Back) -> &'static str {
    match stop_reason {
        "max_tokens" | "model_context_window_exceeded" => "length",
        "tool_use" if back.legacy_functions => "function_call",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        // `end_turn`, `stop_sequence`, `pause_turn`, and words of later versions.
        _ => "stop",
    }
}

/// Token counts; in a stream they come in pieces, and a later one replaces an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Usage {
    input: u64,
    cache_creation: u64,
    cache_read: u64,
    output: u64,
}

impl Usage {
    pub(super) fn update(&mut self, said: &Tree) {
        for (name, slot) in [
            ("input_tokens", &mut self.input),
            ("cache_creation_input_tokens", &mut self.cache_creation),
            ("cache_read_input_tokens", &mut self.cache_read),
            ("output_tokens", &mut self.output),
        ] {
            *slot = said.get(name).count().unwrap_or(*slot);
        }
    }

    /// OpenAI's form: there the cached parts belong to the prompt.
    pub(super) fn tree(self) -> Tree {
        let prompt = self.input.saturating_add(self.cache_creation).saturating_add(self.cache_read);
        map! {
            "prompt_tokens": prompt,
            "completion_tokens": self.output,
            "total_tokens": prompt.saturating_add(self.output),
            "prompt_tokens_details": map! { "cached_tokens": self.cache_read },
        }
    }
}
