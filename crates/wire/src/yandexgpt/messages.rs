//! The conversation.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};

/// Translates the messages, in their order.
pub(super) fn translate(messages: &Value, drops: &mut Drops<'_>) -> Result<Vec<Value>, Unsupported> {
    let Some(list) = messages.as_array().filter(|list| !list.is_empty()) else {
        return Err(unsupported("messages", "a list of messages is needed"));
    };
    let mut history = History::default();
    for message in list {
        history.message(message, drops)?;
    }
    history.flush();
    Ok(history.sent)
}

#[derive(Default)]
struct History<'a> {
    sent: Vec<Value>,
    /// How many calls there were so far: gives each its place.
    count: usize,
    /// By id, the latest call with it: its place and name.
    calls: HashMap<&'a str, (usize, &'a str)>,
    /// Results not yet sent, with the place of their call.
    results: Vec<(usize, Value)>,
}

impl<'a> History<'a> {
    fn message(&mut self, message: &'a Value, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
        let role = message["role"].as_str().unwrap_or_default();
        if !matches!(role, "tool" | "function") {
            self.flush();
            if !message["name"].is_null() {
                drops.leave_out("messages.name", "the provider's messages have no names")?;
            }
        }
        match role {
            "system" | "developer" => self.say("system", text(&message["content"], drops)?),
            "user" => self.say("user", text(&message["content"], drops)?),
            "assistant" => self.assistant(message, drops)?,
            "tool" => self.result(message, drops)?,
            "function" => {
                let name = message["name"].as_str().unwrap_or_default();
                self.results.push((usize::MAX, result(name, &text(&message["content"], drops)?)));
            }
            _ => return Err(unsupported("messages.role", "the provider knows system, user and assistant")),
        }
        Ok(())
    }

    fn say(&mut self, role: &str, text: String) {
        self.sent.push(json!({ "role": role, "text": text }));
    }

    fn assistant(&mut self, message: &'a Value, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
        if !message["audio"].is_null() {
            drops.leave_out("messages.audio", "the provider does not take sound")?;
        }
        let mut said = text(&message["content"], drops)?;
        if let Some(refusal) = message["refusal"].as_str() {
            said.push_str(refusal);
        }
        let mut calls = Vec::new();
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            if !call["type"].is_null() && call["type"] != "function" {
                return Err(unsupported("messages.tool_calls", "the provider knows only calls of functions"));
            }
            self.called(call["id"].as_str().unwrap_or_default(), &call["function"], &mut calls)?;
        }
        if message["function_call"].is_object() {
            self.called("", &message["function_call"], &mut calls)?;
        }
        if calls.is_empty() || !said.is_empty() {
            // A message holds text or calls, never both.
            self.say("assistant", said);
        }
        if !calls.is_empty() {
            self.sent.push(json!({ "role": "assistant", "toolCallList": { "toolCalls": calls } }));
        }
        Ok(())
    }

    fn called(&mut self, id: &'a str, function: &'a Value, calls: &mut Vec<Value>) -> Result<(), Unsupported> {
        let name = function["name"].as_str().unwrap_or_default();
        self.calls.insert(id, (self.count, name));
        self.count += 1;
        let arguments = match function["arguments"].as_str().map(str::trim_ascii) {
            None | Some("") => json!({}),
            Some(text) => serde_json::from_str(text).unwrap_or_default(),
        };
        if !arguments.is_object() {
            return Err(unsupported("messages.tool_calls", "the provider takes arguments only as a JSON object"));
        }
        calls.push(json!({ "functionCall": { "name": name, "arguments": arguments } }));
        Ok(())
    }

    fn result(&mut self, message: &'a Value, drops: &mut Drops<'_>) -> Result<(), Unsupported> {
        let id = message["tool_call_id"].as_str().unwrap_or_default();
        let Some((place, name)) = self.calls.get(id).copied() else {
            return Err(unsupported("messages.tool_call_id", "no call before it has this id"));
        };
        self.results.push((place, result(name, &text(&message["content"], drops)?)));
        Ok(())
    }

    /// Sends the results of one turn as one list. Only their order tells two calls of one function apart, so it must
    /// be that of the calls, whatever the client's was.
    fn flush(&mut self) {
        if self.results.is_empty() {
            return;
        }
        self.results.sort_by_key(|(place, _)| *place);
        let results: Vec<Value> = self.results.drain(..).map(|(_, result)| result).collect();
        self.sent.push(json!({ "role": "user", "toolResultList": { "toolResults": results } }));
    }
}

fn result(name: &str, content: &str) -> Value {
    json!({ "functionResult": { "name": name, "content": content } })
}

/// The text of a content; its parts are joined by line feeds.
fn text(content: &Value, drops: &mut Drops<'_>) -> Result<String, Unsupported> {
    match content {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(parts) => {
            let mut texts = Vec::new();
            for part in parts {
                texts.extend(part_text(part, drops)?);
            }
            Ok(texts.join("\n"))
        }
        _ => Err(unsupported("messages.content", "it must be text or a list of parts")),
    }
}

fn part_text<'a>(part: &'a Value, drops: &mut Drops<'_>) -> Result<Option<&'a str>, Unsupported> {
    let kind = part["type"].as_str().unwrap_or_default();
    let said = match kind {
        "text" => part["text"].as_str(),
        "refusal" => part["refusal"].as_str(),
        "image_url" | "input_audio" | "file" | "video_url" => {
            return drops.leave_out(kind, "the provider takes only text here").map(|()| None);
        }
        _ => None,
    };
    said.map(Some).ok_or_else(|| unsupported("messages.content", "a part of an unknown kind"))
}
