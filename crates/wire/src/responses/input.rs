//! Items of a conversation as messages: calls side by side become one message, their results one each.

use super::content::{parts, result};
use super::request::invalid;
use crate::translate::Refusal;
use crate::translate::drops::unsupported;
use crate::tree::{Tree, map};

/// `instructions` and `input` as one list of messages.
pub(super) fn messages(body: &Tree) -> Result<Tree, Refusal> {
    let mut turns = Turns::default();
    match body.get("instructions") {
        Tree::Null => {}
        Tree::Text(text) => turns.say("system", text.as_str().into()),
        _ => return Err(invalid("instructions", "a text is required")),
    }
    match body.get("input") {
        Tree::Text(text) => turns.say("user", text.as_str().into()),
        Tree::List(items) if !items.is_empty() => {
            for (place, item) in items.iter().enumerate() {
                turns.item(item, &format!("input[{place}]"))?;
            }
        }
        _ => return Err(invalid("input", "a text, or a list of at least one item, is required")),
    }
    turns.end();
    Ok(turns.messages.into())
}

/// Messages while they are collected.
#[derive(Default)]
struct Turns {
    messages: Vec<Tree>,
    /// What the assistant said last; its calls may follow.
    said: Option<Tree>,
    calls: Vec<Tree>,
}

impl Turns {
    fn say(&mut self, role: &str, content: Tree) {
        self.end();
        self.messages.push(map! { "role": role, "content": content });
    }

    /// The assistant's turn is over.
    fn end(&mut self) {
        let (said, calls) = (self.said.take(), std::mem::take(&mut self.calls));
        if said.is_none() && calls.is_empty() {
            return;
        }
        let mut message = map! { "role": "assistant", "content": said };
        if !calls.is_empty() {
            message.put("tool_calls", calls);
        }
        self.messages.push(message);
    }

    fn item(&mut self, item: &Tree, at: &str) -> Result<(), Refusal> {
        match item.get("type").said() {
            "" | "message" => self.message(item, at),
            "function_call" => self.call(item, at),
            "function_call_output" => {
                let id = text(item, "call_id", at)?;
                let content = result(item.get("output"), &format!("{at}.output"))?;
                self.end();
                self.messages.push(map! { "role": "tool", "tool_call_id": id, "content": content });
                Ok(())
            }
            // Nobody but the model that thought it can read it on.
            "reasoning" => Ok(()),
            "item_reference" => Err(unsupported(at, "items are not kept: send the item itself").into()),
            _ => Err(unsupported(at, "only messages, function calls and their outputs are taken").into()),
        }
    }

    fn message(&mut self, item: &Tree, at: &str) -> Result<(), Refusal> {
        let content = parts(item.get("content"), &format!("{at}.content"))?;
        match item.get("role").said() {
            "user" => self.say("user", content),
            // One word for both, which every server knows.
            "system" | "developer" => self.say("system", content),
            "assistant" => {
                self.end();
                self.said = Some(content);
            }
            _ => return Err(invalid(&format!("{at}.role"), "it must be user, assistant, system or developer")),
        }
        Ok(())
    }

    fn call(&mut self, item: &Tree, at: &str) -> Result<(), Refusal> {
        let (id, name) = (text(item, "call_id", at)?, text(item, "name", at)?);
        let function = map! { "name": name, "arguments": text(item, "arguments", at)? };
        self.calls.push(map! { "id": id, "type": "function", "function": function });
        Ok(())
    }
}

fn text<'t>(item: &'t Tree, member: &str, at: &str) -> Result<&'t str, Refusal> {
    item.get(member).text().ok_or_else(|| invalid(&format!("{at}.{member}"), "a text is required"))
}
