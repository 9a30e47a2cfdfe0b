//! What the provider answers, read leniently: only what is used, and arguments with their numbers as written.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::verbatim;
use crate::json::Shape;
use crate::translate::Back;

/// Highest index a choice may have.
pub(super) const CHOICE_MAX: u64 = 127;

/// A whole answer or one event of a stream.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    pub(super) choices: Option<Vec<Choice>>,
    #[serde(default)]
    pub(super) created: Value,
    #[serde(default)]
    pub(super) model: Value,
    #[serde(default)]
    pub(super) usage: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    error: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(alias = "delta")]
    pub(super) message: Option<Message>,
    #[serde(default)]
    index: Value,
    #[serde(default)]
    pub(super) finish_reason: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    role: Value,
    #[serde(default)]
    content: Value,
    #[serde(default)]
    reasoning_content: Value,
    #[serde(default)]
    pub(super) functions_state_id: Value,
    pub(super) function_call: Option<FunctionCall>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FunctionCall {
    #[serde(default)]
    name: Value,
    arguments: Option<Box<RawValue>>,
}

/// A call as OpenAI's clients read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) name: String,
    pub(super) arguments: String,
}

impl Body {
    /// Whether it is an error in spite of the status.
    pub(super) fn is_error(&self) -> bool {
        let says = !self.message.is_null() || !self.status.is_null() || !self.error.is_null();
        self.choices.is_none() && says
    }

    /// Whether a choice ends because the model failed.
    pub(super) fn is_failure(&self) -> bool {
        self.choices.iter().flatten().any(|choice| choice.finish_reason == "error")
    }

    pub(super) fn created(&self, back: &Back) -> u64 {
        self.created.as_u64().unwrap_or(back.created)
    }

    pub(super) fn model<'m>(&'m self, back: &'m Back) -> &'m str {
        self.model.as_str().filter(|model| !model.is_empty()).unwrap_or(&back.model)
    }

    /// The usage in OpenAI's form; none where the provider states none. Tokens from its cache stand beside the others
    /// and are part of the prompt's.
    pub(super) fn usage(&self) -> Option<Value> {
        let count = |name: &str| self.usage[name].as_u64();
        let (prompt, completion) = (count("prompt_tokens")?, count("completion_tokens").unwrap_or(0));
        let total = count("total_tokens").unwrap_or_else(|| prompt.saturating_add(completion));
        let mut usage = json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total });
        if let Some(cached) = count("precached_prompt_tokens") {
            usage["prompt_tokens_details"] = json!({ "cached_tokens": cached });
        }
        Some(usage)
    }
}

impl Choice {
    /// Its index, else its place; none when no sane answer has it.
    pub(super) fn index(&self, place: usize) -> Option<u32> {
        let index = self.index.as_u64().or(u64::try_from(place).ok())?;
        u32::try_from(index).ok().filter(|_| index <= CHOICE_MAX)
    }
}

impl Message {
    /// The text; none when `content` is neither a string nor null. What built-in tools report on their way is no
    /// part of the answer.
    pub(super) fn content(&self) -> Option<&str> {
        match &self.content {
            Value::String(_) if matches!(self.role.as_str(), Some("function_in_progress" | "search_result")) => {
                Some("")
            }
            Value::String(text) => Some(text),
            Value::Null => Some(""),
            _ => None,
        }
    }

    pub(super) fn reasoning(&self) -> &str {
        self.reasoning_content.as_str().unwrap_or_default()
    }
}

impl FunctionCall {
    /// The call with the client's name of the function; none when it makes no sense.
    pub(super) fn read(&self, back: &Back) -> Option<Called> {
        let name = self.name.as_str()?;
        let known = back.renamed.iter().find(|(sent, _)| sent == name).map_or(name, |(_, known)| known);
        let arguments = match self.arguments.as_deref().map(|raw| verbatim::compact(raw.get())) {
            None | Some(Some((Shape::Null, _))) => "{}".to_owned(),
            // OpenAI's form, as some servers between us and the provider have it.
            Some(Some((Shape::String, text))) => serde_json::from_str(&text).ok()?,
            Some(Some((_, text))) => text,
            Some(None) => return None,
        };
        Some(Called { name: known.to_owned(), arguments })
    }
}

/// OpenAI's word for why a choice ended.
pub(super) fn finish_reason(said: &str, called: bool, back: &Back) -> &'static str {
    match (said, called) {
        // The topic is forbidden: the text is a refusal that the provider keeps ready.
        ("blacklist", _) => "content_filter",
        ("length", _) => "length",
        (_, true) if back.legacy_functions => "function_call",
        (_, true) => "tool_calls",
        _ => "stop",
    }
}
