//! OpenAI's completion as a response, and what streams share with it.

use std::borrow::Cow;

use super::Back;
use super::items::{End, Item, Kind};
use crate::tree::{Tree, map};

/// Translates an answer that is not streamed; none where it is no answer.
pub fn answer(body: &[u8], back: &Back) -> Option<Vec<u8>> {
    let body = Tree::object(body)?;
    let choice = body.get("choices").list().first()?;
    let said = choice.get("message");
    let mut items = Vec::new();
    let mut write = |kind: Kind, text: &str| {
        let item = Item::new(kind, back, items.len());
        items.push(Item { said: text.to_owned(), ..item });
    };
    let content = words(said.get("content"))?;
    let texts =
        [(Kind::Reasoning, thoughts(said)), (Kind::Text, &content), (Kind::Refusal, said.get("refusal").said())];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).for_each(|(kind, text)| write(kind, text));
    for (number, (call_id, function)) in (0..).zip(calls(said)) {
        // A call without a name is of a kind that nobody here can make.
        let name = function.get("name").text()?.to_owned();
        write(Kind::Call { number, call_id, name }, function.get("arguments").said());
    }
    let end = End::of(choice.get("finish_reason").said());
    let head = Head::of(&body, back);
    let output = end.output(&items);
    Some(
        head.response(
            back,
            end.status(),
            &Ending { output, details: end.details(), error: None, usage: body.get("usage") },
        )
        .to_json()
        .into_bytes(),
    )
}

/// What a message says: a text, or parts of it; none where a part is no text.
pub(super) fn words(content: &Tree) -> Option<Cow<'_, str>> {
    match content {
        Tree::Null => Some(Cow::Borrowed("")),
        Tree::Text(text) => Some(Cow::Borrowed(text)),
        Tree::List(parts) => parts.iter().map(|part| part.text().or(part.get("text").text())).collect(),
        _ => None,
    }
}

/// The calls of a message, each with its id; the older form has one, without an id.
fn calls(said: &Tree) -> impl Iterator<Item = (String, &Tree)> {
    let old = said.get("function_call");
    let old = (!old.is_null()).then(|| ("call_0".to_owned(), old));
    let new = said.get("tool_calls").list().iter();
    new.map(|call| (call.get("id").said().to_owned(), call.get("function"))).chain(old)
}

/// The reasoning of a message or delta, by either name.
pub(super) fn thoughts(said: &Tree) -> &str {
    said.get("reasoning_content").text().or(said.get("reasoning").text()).unwrap_or_default()
}

/// What is known of a response before it ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    model: String,
    created: u64,
}

/// What is known only then.
pub(super) struct Ending<'a> {
    pub(super) output: Vec<Tree>,
    pub(super) details: Option<Tree>,
    pub(super) error: Option<Tree>,
    pub(super) usage: &'a Tree,
}

impl Head {
    /// Of an answer, or the first chunk of one.
    pub(super) fn of(body: &Tree, back: &Back) -> Self {
        let model = body.get("model").text().unwrap_or(&back.model).to_owned();
        Self { model, created: body.get("created").count().unwrap_or(0) }
    }

    /// The whole response.
    pub(super) fn response(&self, back: &Back, status: &str, ending: &Ending<'_>) -> Tree {
        let mut out = map! {
            "id": format!("resp_{}", back.id),
            "object": "response",
            "created_at": self.created,
            "status": status,
            "error": ending.error.clone(),
            "incomplete_details": ending.details.clone(),
            "model": self.model.as_str(),
            "output": ending.output.clone(),
            "usage": usage(ending.usage),
        };
        back.echo.iter().for_each(|(name, value)| out.put(name, value));
        out
    }
}

/// The words of Responses for a chat's count; null where there is none.
fn usage(said: &Tree) -> Option<Tree> {
    let count = |tree: &Tree| tree.count().unwrap_or(0);
    let (input, output) = (count(said.get("prompt_tokens")), count(said.get("completion_tokens")));
    let cached = count(said.get("prompt_tokens_details").get("cached_tokens"));
    let reasoning = count(said.get("completion_tokens_details").get("reasoning_tokens"));
    (!said.is_null()).then(|| {
        map! {
            "input_tokens": input,
            "input_tokens_details": map! { "cached_tokens": cached },
            "output_tokens": output,
            "output_tokens_details": map! { "reasoning_tokens": reasoning },
            "total_tokens": input.saturating_add(output),
        }
    })
}
