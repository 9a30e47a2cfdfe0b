//! What a client asks: OpenAI's request bodies, checked and made ours.
//!
//! A parameter that would change the answer and is not honoured is refused by name; one that has
//! no effect on it (`user`, `metadata`, …) or is unknown is passed over.

mod params;
mod schema;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::refusal::Refusal;
pub(super) use params::{Params, Shape};
pub(super) use schema::Schema;

/// One message of a chat.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    pub(super) role: String,
    pub(super) content: String,
    pub(super) name: Option<String>,
}

/// What is to be continued.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Input {
    Chat(Vec<Message>),
    Text(String),
    Tokens(Vec<u32>),
}

/// A request for text.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) input: Input,
    pub(super) params: Params,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
}

/// Which endpoint was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Chat,
    Completion,
}

const MESSAGES_MAX: usize = 4096;

impl Ask {
    pub(super) fn read(endpoint: Endpoint, body: &[u8]) -> Result<Self, Refusal> {
        let object: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|e| Refusal::new(400, "invalid_json", format!("the body is not a JSON object: {e}")))?;
        refuse_unsupported(endpoint, &object)?;
        let input = match endpoint {
            Endpoint::Chat => Input::Chat(messages(object.get("messages"))?),
            Endpoint::Completion => prompt(object.get("prompt"))?,
        };
        let flag = |value: Option<&Value>, name: &str| match value {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(b)) => Ok(*b),
            Some(_) => Err(Refusal::invalid(name, "must be true or false")),
        };
        let options = object.get("stream_options").and_then(|o| o.get("include_usage"));
        Ok(Self {
            input,
            stream: flag(object.get("stream"), "stream")?,
            include_usage: flag(options, "stream_options.include_usage")?,
            params: Params::read(&object)?,
        })
    }
}

/// Whether `value` asks for nothing.
fn is_idle(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(s) => s.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) => false,
    }
}

fn refuse_unsupported(endpoint: Endpoint, object: &Map<String, Value>) -> Result<(), Refusal> {
    const BOTH: &[&str] = &["logprobs", "top_logprobs"];
    const CHAT: &[&str] = &["tools", "functions", "audio", "prediction", "web_search_options"];
    const COMPLETION: &[&str] = &["suffix", "echo"];
    let own = if endpoint == Endpoint::Chat { CHAT } else { COMPLETION };
    for name in BOTH.iter().chain(own) {
        if object.get(*name).is_some_and(|v| !is_idle(v)) {
            return Err(Refusal::unsupported(name));
        }
    }
    for name in ["n", "best_of"] {
        match object.get(name) {
            None | Some(Value::Null) => {}
            Some(v) if v.as_u64() == Some(1) => {}
            Some(_) => {
                let mut refusal = Refusal::unsupported(name);
                refusal.message = format!("`{name}` can only be 1 with the embedded engine");
                return Err(refusal);
            }
        }
    }
    match object.get("modalities") {
        Some(Value::Array(kinds)) if kinds.iter().any(|k| k != "text") => Err(Refusal::unsupported("modalities")),
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct RawMessage {
    role: String,
    #[serde(default)]
    content: Option<RawContent>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawContent {
    Text(String),
    Parts(Vec<Map<String, Value>>),
}

fn messages(value: Option<&Value>) -> Result<Vec<Message>, Refusal> {
    let value = value.ok_or_else(|| Refusal::invalid("messages", "is missing"))?;
    let raw: Vec<RawMessage> =
        Deserialize::deserialize(value).map_err(|e| Refusal::invalid("messages", e.to_string()))?;
    if raw.is_empty() || raw.len() > MESSAGES_MAX {
        let message = format!("must hold 1 to {MESSAGES_MAX} messages, not {}", raw.len());
        return Err(Refusal::invalid("messages", message));
    }
    raw.into_iter().map(message).collect()
}

fn message(raw: RawMessage) -> Result<Message, Refusal> {
    if raw.tool_calls.is_some_and(|calls| !calls.is_empty()) {
        return Err(Refusal::unsupported("messages.tool_calls"));
    }
    // Templates know the older name only.
    let role = if raw.role == "developer" { "system".into() } else { raw.role };
    let content = match raw.content {
        None => String::new(),
        Some(RawContent::Text(text)) => text,
        Some(RawContent::Parts(parts)) => parts.iter().map(part_text).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    Ok(Message { role, content, name: raw.name })
}

fn part_text(part: &Map<String, Value>) -> Result<&str, Refusal> {
    let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
    match (kind, part.get("text").and_then(Value::as_str)) {
        ("text", Some(text)) => Ok(text),
        ("text", None) => Err(Refusal::invalid("messages", "a text part has no text")),
        (other, _) => {
            let mut refusal = Refusal::unsupported("messages.content");
            refusal.message = format!("content of type `{other}` is not supported: this model reads text");
            Err(refusal)
        }
    }
}

fn prompt(value: Option<&Value>) -> Result<Input, Refusal> {
    let bad = || Refusal::invalid("prompt", "must be one text, or one list of token numbers");
    match value {
        None => Err(Refusal::invalid("prompt", "is missing")),
        Some(Value::String(text)) => Ok(Input::Text(text.clone())),
        Some(Value::Array(items)) => match items.as_slice() {
            [Value::String(text)] => Ok(Input::Text(text.clone())),
            [Value::Array(tokens)] => tokens_of(tokens).ok_or_else(bad),
            items => tokens_of(items).ok_or_else(bad),
        },
        Some(_) => Err(bad()),
    }
}

fn tokens_of(items: &[Value]) -> Option<Input> {
    let one = |v: &Value| u32::try_from(v.as_u64()?).ok();
    let tokens = items.iter().map(one).collect::<Option<Vec<_>>>()?;
    (!tokens.is_empty()).then_some(Input::Tokens(tokens))
}

#[cfg(test)]
mod tests;
