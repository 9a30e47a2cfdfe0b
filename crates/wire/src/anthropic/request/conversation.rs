//! Messages: system text moves to the top, tool results into the user's turn, neighbours of one role together.

use super::content::{blocks, text_block};
use super::names::Names;
use crate::anthropic::TOOL_ERROR;
use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};
use crate::tree::{Tree, map};

/// What the fields of a message are, where they are not refused.
const KNOWN: [&str; 10] = [
    "role",
    "content",
    "refusal",
    "tool_calls",
    "tool_call_id",
    "function_call",
    "reasoning_content",
    "reasoning",
    "annotations",
    "id",
];

/// The conversation as the API takes it.
#[derive(Default)]
pub(super) struct Conversation {
    system: Vec<Tree>,
    turns: Vec<(&'static str, Vec<Tree>)>,
    /// How many calls of the older kind there were: they have no ids of their own.
    functions: usize,
}

impl Conversation {
    pub(super) fn read(body: &Tree, names: &mut Names, drops: &mut Drops<'_>) -> Result<Self, Unsupported> {
        let mut conversation = Self::default();
        for message in body.get("messages").list() {
            conversation.message(message, names, drops)?;
        }
        Ok(conversation)
    }

    /// `system`: a text, or blocks where there are several.
    pub(super) fn system(&self) -> Option<Tree> {
        (!self.system.is_empty()).then(|| content(&self.system))
    }

    pub(super) fn messages(&self) -> Result<Tree, Unsupported> {
        if self.turns.is_empty() {
            return Err(unsupported("messages", "besides instructions there must be something to answer"));
        }
        let turn = |(role, blocks): &(&str, Vec<Tree>)| map! { "role": *role, "content": content(blocks) };
        Ok(self.turns.iter().map(turn).collect::<Vec<_>>().into())
    }

    fn message(&mut self, message: &Tree, names: &mut Names, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
        let role = message.get("role").said();
        check(message, role, drops)?;
        let said = message.get("content");
        match role {
            "system" | "developer" => self.system.extend(blocks(said, drops)?),
            "user" => self.say("user", blocks(said, drops)?),
            "assistant" => {
                let spoken = self.assistant(message, names, drops)?;
                self.say("assistant", spoken);
            }
            "tool" => {
                let Some(id) = message.get("tool_call_id").text() else {
                    return Err(unsupported("messages.tool_call_id", "a tool's result must name its call"));
                };
                self.say("user", vec![result(&names.id(id), said, drops)?]);
            }
            "function" => {
                let id = function_id(self.functions.saturating_sub(1));
                self.say("user", vec![result(&id, said, drops)?]);
            }
            _ => return Err(unsupported("messages.role", "there is no such role")),
        }
        Ok(())
    }

    fn assistant(
        &mut self,
        message: &Tree,
        names: &mut Names,
        drops: &mut Drops<'_>,
    ) -> Result<Vec<Tree>, Unsupported> {
        let mut spoken = blocks(message.get("content"), drops)?;
        spoken.extend(text_block(message.get("refusal").said()));
        for call in message.get("tool_calls").list() {
            if !matches!(call.get("type").said(), "" | "function") {
                drops.leave_out("messages.tool_calls", "only calls of functions exist there")?;
                continue;
            }
            let id = names.id(call.get("id").said());
            spoken.push(tool_use(&id, call.get("function"), names)?);
        }
        let call = message.get("function_call");
        if !call.is_null() {
            spoken.push(tool_use(&function_id(self.functions), call, names)?);
            self.functions += 1;
        }
        Ok(spoken)
    }

    fn say(&mut self, role: &'static str, blocks: Vec<Tree>) {
        if blocks.is_empty() {
            return;
        }
        match self.turns.last_mut() {
            Some((last, said)) if *last == role => said.extend(blocks),
            _ => self.turns.push((role, blocks)),
        }
    }
}

/// Refuses what a message says beside its content.
fn check(message: &Tree, role: &str, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
    for (name, value) in message.members() {
        let empty = value.is_null() || matches!(value, Tree::List(items) if items.is_empty());
        // The call that a result names has the tool's name already.
        let told = name == "name" && matches!(role, "tool" | "function");
        if empty || told || KNOWN.contains(&name.as_str()) {
            continue;
        }
        drops.leave_out(&format!("messages.{name}"), "messages there have no such field")?;
    }
    Ok(())
}

fn function_id(number: usize) -> String {
    format!("function_call_{number}")
}

fn tool_use(id: &str, function: &Tree, names: &mut Names) -> Result<Tree, Unsupported> {
    let field = "messages.tool_calls.function";
    let Some(name) = function.get("name").text() else {
        return Err(unsupported(field, "a call needs the name of its tool"));
    };
    let input = match function.get("arguments") {
        Tree::Null => Tree::Map(Vec::new()),
        Tree::Text(text) if text.trim().is_empty() => Tree::Map(Vec::new()),
        Tree::Text(text) => Tree::parse(text).map_err(|_| unsupported(field, "its arguments are not JSON"))?,
        // Some providers give them as an object, and clients hand them back so.
        other => other.clone(),
    };
    if !matches!(input, Tree::Map(_)) {
        return Err(unsupported(field, "its arguments are not a JSON object"));
    }
    Ok(map! { "type": "tool_use", "id": id, "name": names.tool(name), "input": input })
}

fn result(id: &str, said: &Tree, drops: &mut Drops<'_>) -> Result<Tree, Unsupported> {
    let mut block = map! { "type": "tool_result", "tool_use_id": id };
    let (said, failed) = without_mark(said);
    match &said {
        Tree::Text(text) if !text.is_empty() => block.put("content", text.as_str()),
        Tree::Text(_) => {}
        parts => {
            let blocks = blocks(parts, drops)?;
            if !blocks.is_empty() {
                block.put("content", blocks);
            }
        }
    }
    if failed {
        block.put("is_error", true);
    }
    Ok(block)
}

/// Takes the mark of an error off a tool's result.
fn without_mark(said: &Tree) -> (Tree, bool) {
    let first = said.text().unwrap_or_else(|| said.list().first().map_or("", |part| part.get("text").said()));
    let Some(rest) = first.strip_prefix(TOOL_ERROR) else { return (said.clone(), false) };
    let mut parts = said.list().to_vec();
    match parts.first_mut() {
        Some(part) => *part = map! { "type": "text", "text": rest },
        None => return (rest.into(), true),
    }
    (parts.into(), true)
}

/// Blocks as content: one that is only text is said as a text.
fn content(blocks: &[Tree]) -> Tree {
    match blocks {
        [only] if only.get("type").is("text") && only.members().len() == 2 => only.get("text").clone(),
        _ => blocks.to_vec().into(),
    }
}
