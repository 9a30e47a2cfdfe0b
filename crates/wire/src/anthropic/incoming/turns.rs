//! Turns as OpenAI's messages: results of tools become messages of their own.

use super::Refusal;
use super::content::{joined, part, texts};
use super::request::invalid;
use crate::anthropic::TOOL_ERROR;
use crate::translate::drops::Drops;
use crate::tree::{Tree, map};

/// OpenAI's messages while they are collected.
pub(super) struct Turns {
    messages: Vec<Tree>,
}

impl Turns {
    /// `system` and `messages` as one list.
    pub(super) fn read(body: &Tree, drops: &mut Drops<'_>) -> Result<Tree, Refusal> {
        let mut turns = Self { messages: Vec::new() };
        turns.system(body.get("system"))?;
        let Tree::List(messages) = body.get("messages") else {
            return Err(invalid("messages", "a list is required"));
        };
        if messages.is_empty() {
            return Err(invalid("messages", "at least one message is required"));
        }
        for message in messages {
            let content = message.get("content");
            match message.get("role").said() {
                "user" => turns.user(content, drops)?,
                "assistant" => turns.assistant(content, drops)?,
                "system" => turns.system(content)?,
                _ => return Err(invalid("messages.role", "it must be user or assistant")),
            }
        }
        Ok(turns.messages.into())
    }

    fn say(&mut self, role: &str, content: Tree) {
        self.messages.push(map! { "role": role, "content": content });
    }

    fn system(&mut self, said: &Tree) -> Result<(), Refusal> {
        if said.is_null() {
            return Ok(());
        }
        let parts = texts(said).ok_or_else(|| invalid("system", "it must be a text or a list of text blocks"))?;
        if !parts.is_empty() {
            self.say("system", joined(parts));
        }
        Ok(())
    }

    fn user(&mut self, said: &Tree, drops: &mut Drops<'_>) -> Result<(), Refusal> {
        if said.text().is_some() {
            self.say("user", said.clone());
            return Ok(());
        }
        let Tree::List(blocks) = said else {
            return Err(invalid("messages.content", "it must be a text or a list of blocks"));
        };
        let mut parts = Vec::new();
        for block in blocks {
            if block.get("type").is("tool_result") {
                self.result(block, &mut parts, drops)?;
            } else {
                parts.extend(part(block, drops)?);
            }
        }
        if !parts.is_empty() {
            self.say("user", joined(parts));
        }
        Ok(())
    }

    /// A result; its images go on to the user's own message.
    fn result(&mut self, block: &Tree, images: &mut Vec<Tree>, drops: &mut Drops<'_>) -> Result<(), Refusal> {
        let Some(id) = block.get("tool_use_id").text() else {
            return Err(invalid("messages.content.tool_use_id", "a text is required"));
        };
        let mut parts = Vec::new();
        match block.get("content") {
            Tree::List(blocks) => {
                for block in blocks {
                    match part(block, drops)? {
                        Some(part) if part.get("type").is("text") => parts.push(part),
                        other => images.extend(other),
                    }
                }
            }
            text => parts.extend(texts(text).unwrap_or_default()),
        }
        if block.get("is_error").is_true() {
            mark(&mut parts);
        }
        let content = if parts.is_empty() { "".into() } else { joined(parts) };
        self.messages.push(map! { "role": "tool", "tool_call_id": id, "content": content });
        Ok(())
    }

    fn assistant(&mut self, said: &Tree, drops: &mut Drops<'_>) -> Result<(), Refusal> {
        if said.text().is_some() {
            self.say("assistant", said.clone());
            return Ok(());
        }
        let Tree::List(blocks) = said else {
            return Err(invalid("messages.content", "it must be a text or a list of blocks"));
        };
        let (mut parts, mut calls) = (Vec::new(), Vec::new());
        for block in blocks {
            match block.get("type").said() {
                "tool_use" => calls.push(call(block)?),
                // Nobody but the model that thought it can read it on.
                "thinking" | "redacted_thinking" => {}
                "text" => parts.extend(part(block, drops)?),
                kind => {
                    let field = format!("messages.content.{kind}");
                    drops.leave_out(&field, "an answer in OpenAI's form holds text and calls")?;
                }
            }
        }
        if parts.is_empty() && calls.is_empty() {
            return Ok(());
        }
        let mut message = map! { "role": "assistant", "content": (!parts.is_empty()).then(|| joined(parts)) };
        if !calls.is_empty() {
            message.put("tool_calls", calls);
        }
        self.messages.push(message);
        Ok(())
    }
}

fn call(block: &Tree) -> Result<Tree, Refusal> {
    let (Some(id), Some(name)) = (block.get("id").text(), block.get("name").text()) else {
        return Err(invalid("messages.content.tool_use", "it needs an id and a name"));
    };
    let arguments = match block.get("input") {
        Tree::Null => "{}".to_owned(),
        input => input.to_json(),
    };
    let function = map! { "name": name, "arguments": arguments };
    Ok(map! { "id": id, "type": "function", "function": function })
}

fn mark(parts: &mut Vec<Tree>) {
    let said = parts.first().map_or("", |part| part.get("text").said());
    let marked = map! { "type": "text", "text": format!("{TOOL_ERROR}{said}") };
    match parts.first_mut() {
        Some(first) => *first = marked,
        None => parts.push(marked),
    }
}
