//! The conversation, as the provider takes it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::files::{Image, Images};
use super::tools::Names;
use super::{call_id, tool_result, verbatim};
use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};

/// A message as the provider takes it.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    role: &'static str,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<Call>,
    #[serde(skip_serializing_if = "Option::is_none")]
    functions_state_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<[String; 1]>,
    /// The number of its image.
    #[serde(skip)]
    image: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Call {
    name: String,
    arguments: Box<RawValue>,
}

impl Message {
    fn said(role: &'static str, content: String) -> Self {
        Self {
            role,
            content,
            name: None,
            function_call: None,
            functions_state_id: None,
            attachments: None,
            image: None,
        }
    }

    /// Names its image, where it has one.
    pub(super) fn attach(&mut self, images: &Images) {
        self.attachments = self.image.map(|number| [images.stands(number)]);
    }
}

/// Members of an answer's message that clients send back; they tell the model nothing.
const ECHOES: [&str; 8] = [
    "annotations",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "provider_specific_fields",
    "id",
    "status",
    "type",
];

/// Translates `messages`; and the images in them.
pub(super) fn messages(
    said: &[Value],
    names: &Names,
    drops: &mut Drops<'_>,
) -> Result<(Vec<Message>, Images), Unsupported> {
    let (system, out, calls, images) = (Vec::new(), Vec::new(), Vec::new(), Images::default());
    let mut history = History { names, drops, system, out, calls, images };
    let mut at = 0;
    while let Some(message) = said.get(at) {
        at += 1;
        let fields = message.as_object().ok_or_else(|| unsupported("messages", "a message must be an object"))?;
        let results = said[at..].iter().take_while(|next| next["role"] == "tool").count();
        at += history.take(fields, &said[at..at + results])?;
    }
    Ok(history.finish())
}

struct History<'a, 'd> {
    names: &'a Names,
    drops: &'a mut Drops<'d>,
    system: Vec<String>,
    out: Vec<Message>,
    /// Ids of the calls so far, with the names of what they call.
    calls: Vec<(String, String)>,
    images: Images,
}

impl History<'_, '_> {
    /// Takes a message; how many of the results right after it were taken with it.
    fn take(&mut self, message: &Map<String, Value>, results: &[Value]) -> Result<usize, Unsupported> {
        self.check_fields(message)?;
        match message.get("role").and_then(Value::as_str) {
            Some("system" | "developer") => {
                let text = self.text(message.get("content"))?;
                self.system.push(text);
            }
            Some("user") => {
                let (text, image) = self.user_content(message.get("content"))?;
                self.user(text, image);
            }
            Some("assistant") => return self.assistant(message, results),
            Some("tool") => self.tool(message)?,
            Some("function") => {
                let name = message.get("name").and_then(Value::as_str).unwrap_or_default();
                self.result(name, message.get("content"))?;
            }
            _ => return Err(unsupported("messages", "the role of a message is not one it knows")),
        }
        Ok(0)
    }

    fn check_fields(&mut self, message: &Map<String, Value>) -> Result<(), Unsupported> {
        let names_a_tool = matches!(message.get("role").and_then(Value::as_str), Some("tool" | "function"));
        for (field, value) in message {
            match field.as_str() {
                "role" | "content" | "tool_calls" | "function_call" | "tool_call_id" | "refusal" => {}
                "name" if names_a_tool => {}
                field if value.is_null() || ECHOES.contains(&field) => {}
                "name" => self.drops.leave_out("name", "messages of one role cannot be told apart by names")?,
                field => self.drops.leave_out(field, "a message has no such field")?,
            }
        }
        Ok(())
    }

    /// Neighbours of one role become one message: some models insist on taking turns.
    /// A message has room for one image.
    fn user(&mut self, text: String, image: Option<usize>) {
        match self.out.last_mut() {
            Some(last) if last.role == "user" && (last.image.is_none() || image.is_none()) => {
                last.content.push('\n');
                last.content.push_str(&text);
                last.image = last.image.or(image);
            }
            _ => self.out.push(Message { image, ..Message::said("user", text) }),
        }
    }

    /// The text of a user's `content`, and its image.
    fn user_content(&mut self, content: Option<&Value>) -> Result<(String, Option<usize>), Unsupported> {
        let parts = content.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut image = None;
        for part in parts.iter().filter(|part| part["type"] == "image_url") {
            let taken = match image {
                Some(_) => Err("it takes one image in a message"),
                None => Image::read(part).and_then(|image| self.images.take(image)),
            };
            match taken {
                Ok(number) => image = Some(number),
                Err(why) => self.drops.leave_out("image_url", why)?,
            }
        }
        Ok((self.text_of(content, true)?, image))
    }

    fn assistant(&mut self, message: &Map<String, Value>, results: &[Value]) -> Result<usize, Unsupported> {
        let mut text = self.text(message.get("content"))?;
        if text.is_empty() {
            text = message.get("refusal").and_then(Value::as_str).unwrap_or_default().to_owned();
        }
        let calls = message.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if let (true, Some(call)) = (calls.is_empty(), message.get("function_call").filter(|call| !call.is_null())) {
            self.call(call, None, text)?;
            return Ok(0);
        }
        if calls.is_empty() {
            self.out.push(Message::said("assistant", text));
            return Ok(0);
        }
        self.pairs(calls, text, results)
    }

    /// One message can hold one call: each is followed by its own result. How many results are taken.
    fn pairs(&mut self, calls: &[Value], mut text: String, results: &[Value]) -> Result<usize, Unsupported> {
        let mut left: Vec<&Value> = results.iter().collect();
        for call in calls {
            let id = call["id"].as_str().unwrap_or_default();
            self.call(&call["function"], Some(id), std::mem::take(&mut text))?;
            if let Some(at) = left.iter().position(|result| result["tool_call_id"] == id) {
                self.answered(left.remove(at))?;
            }
        }
        for result in left {
            self.answered(result)?;
        }
        Ok(results.len())
    }

    fn answered(&mut self, result: &Value) -> Result<(), Unsupported> {
        let Some(fields) = result.as_object() else { return Ok(()) };
        self.check_fields(fields)?;
        self.tool(fields)
    }

    fn call(&mut self, call: &Value, id: Option<&str>, text: String) -> Result<(), Unsupported> {
        let Some(name) = call["name"].as_str() else {
            return Err(unsupported("tool_calls", "a call in the history is not one of a function"));
        };
        let written = match call["arguments"].as_str().map(str::trim_ascii) {
            None | Some("") => "{}",
            Some(written) => written,
        };
        let wrong = || unsupported("tool_calls", "the arguments of a call in the history are not a JSON object");
        let arguments = verbatim::object(written).ok_or_else(wrong)?;
        let mut message = Message::said("assistant", text);
        message.function_call = Some(Call { name: self.names.sent(name).to_owned(), arguments });
        message.functions_state_id = id.and_then(call_id::state).map(str::to_owned);
        self.out.push(message);
        if let Some(id) = id {
            self.calls.push((id.to_owned(), name.to_owned()));
        }
        Ok(())
    }

    fn tool(&mut self, message: &Map<String, Value>) -> Result<(), Unsupported> {
        let id = message.get("tool_call_id").and_then(Value::as_str).unwrap_or_default();
        // The latest one: histories put together from several may repeat an id.
        let called = self.calls.iter().rev().find(|(known, _)| known == id).map(|(_, name)| name.clone());
        let named = || message.get("name").and_then(Value::as_str).map(str::to_owned);
        let Some(name) = called.or_else(named) else {
            return Err(unsupported("messages", "a `tool_call_id` names no call before it"));
        };
        self.result(&name, message.get("content"))
    }

    fn result(&mut self, name: &str, content: Option<&Value>) -> Result<(), Unsupported> {
        if name.is_empty() {
            return Err(unsupported("messages", "a function's result must name the function"));
        }
        let said = self.text(content)?;
        let mut message = Message::said("function", tool_result::content(&said));
        message.name = Some(self.names.sent(name).to_owned());
        self.out.push(message);
        Ok(())
    }

    /// The text of a `content`: a string, or parts joined by line feeds.
    fn text(&mut self, content: Option<&Value>) -> Result<String, Unsupported> {
        self.text_of(content, false)
    }

    fn text_of(&mut self, content: Option<&Value>, images_are_taken: bool) -> Result<String, Unsupported> {
        match content {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Array(parts)) => {
                let mut texts = Vec::with_capacity(parts.len());
                for part in parts.iter().filter(|part| !(images_are_taken && part["type"] == "image_url")) {
                    texts.extend(self.part(part)?);
                }
                Ok(texts.join("\n"))
            }
            Some(_) => Err(unsupported("messages", "`content` must be a string or a list of parts")),
        }
    }

    fn part<'p>(&mut self, part: &'p Value) -> Result<Option<&'p str>, Unsupported> {
        let text = match part["type"].as_str() {
            Some("text") => part["text"].as_str(),
            Some("refusal") => part["refusal"].as_str(),
            Some(kind @ ("image_url" | "input_audio" | "file")) => {
                self.drops.leave_out(kind, "it takes images of users, and no other files")?;
                return Ok(None);
            }
            _ => part.as_str(),
        };
        text.map(Some).ok_or_else(|| unsupported("messages", "a content part is of a kind it does not know"))
    }

    fn finish(mut self) -> (Vec<Message>, Images) {
        if !self.system.is_empty() {
            self.out.insert(0, Message::said("system", self.system.join("\n")));
        }
        (self.out, self.images)
    }
}
