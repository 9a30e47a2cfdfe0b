//! A native answer, whole or one message of a stream.

use serde_json::{Map, Number, Value};

use super::counts;
use super::form::{Call, Said, choice, completion};
use crate::translate::{Answered, Back};

/// Translates an answer that is no stream. Takes it wrapped in `result` or not.
pub fn answer(bytes: &[u8], back: &Back) -> Answered {
    let Some(value) = parse(bytes) else { return Answered::Malformed };
    let reply = match Read::of(&value) {
        Read::Reply(reply) => reply,
        Read::Error => return Answered::Error,
        Read::Malformed => return Answered::Malformed,
    };
    let mut choices = Vec::new();
    for (index, alternative) in reply.alternatives.iter().enumerate() {
        // It is all there is, and not finished; or it has more calls than the older form can say.
        if alternative.status == Status::Partial || (back.legacy_functions && alternative.calls.len() > 1) {
            return Answered::Malformed;
        }
        let finish = alternative.finish(back).unwrap_or("stop");
        choices.push(choice(back, index, &Said { text: &alternative.text, calls: &alternative.calls, finish }));
    }
    Answered::Json(completion(back, choices, reply.usage, reply.version.as_deref()).to_string().into_bytes())
}

/// What a body or a message of a stream turns out to be.
pub(super) enum Read {
    Reply(Reply),
    Error,
    Malformed,
}

/// A `CompletionResponse`.
pub(super) struct Reply {
    pub(super) alternatives: Vec<Alternative>,
    /// In OpenAI's form.
    pub(super) usage: Option<Value>,
    pub(super) version: Option<String>,
}

pub(super) struct Alternative {
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
    pub(super) status: Status,
}

/// How far an alternative is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Status {
    /// Absent or said to be nothing in particular.
    #[default]
    Unspecified,
    Partial,
    Truncated,
    Final,
    Filtered,
    ToolCalls,
    /// One that came after this was written.
    Unknown,
}

pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).ok()
}

impl Read {
    pub(super) fn of(value: &Value) -> Self {
        if !value.is_object() {
            return Self::Malformed;
        }
        let inner = if value["result"].is_object() { &value["result"] } else { value };
        let Some(alternatives) = inner["alternatives"].as_array().filter(|list| !list.is_empty()) else {
            let failed = !value["error"].is_null() || value["message"].is_string();
            return if failed { Self::Error } else { Self::Malformed };
        };
        if !value["error"].is_null() {
            return Self::Error;
        }
        let alternatives: Option<Vec<Alternative>> = alternatives.iter().map(Alternative::of).collect();
        let Some(alternatives) = alternatives else { return Self::Malformed };
        let version = inner["modelVersion"].as_str().filter(|version| !version.is_empty()).map(str::to_owned);
        Self::Reply(Reply { alternatives, usage: counts::native(&inner["usage"]), version })
    }
}

impl Alternative {
    fn of(value: &Value) -> Option<Self> {
        let message = &value["message"];
        let list = message["toolCallList"]["toolCalls"].as_array();
        let calls: Option<Vec<Call>> = list.into_iter().flatten().map(|call| called(&call["functionCall"])).collect();
        let text = message["text"].as_str().unwrap_or_default().to_owned();
        Some(Self { text, calls: calls?, status: Status::of(&value["status"]) })
    }

    /// OpenAI's `finish_reason`; none while more may come.
    pub(super) fn finish(&self, back: &Back) -> Option<&'static str> {
        let calls = if back.legacy_functions { "function_call" } else { "tool_calls" };
        match self.status {
            Status::Final | Status::Unknown if !self.calls.is_empty() => Some(calls),
            Status::ToolCalls => Some(calls),
            Status::Final => Some("stop"),
            Status::Truncated => Some("length"),
            Status::Filtered => Some("content_filter"),
            Status::Unspecified | Status::Unknown | Status::Partial => None,
        }
    }
}

impl Status {
    fn of(value: &Value) -> Self {
        let number = value.as_u64();
        let name = value.as_str().map(|name| name.trim_start_matches("ALTERNATIVE_STATUS_"));
        match (name, number) {
            (Some("PARTIAL"), _) | (_, Some(1)) => Self::Partial,
            (Some("TRUNCATED_FINAL"), _) | (_, Some(2)) => Self::Truncated,
            (Some("FINAL"), _) | (_, Some(3)) => Self::Final,
            (Some("CONTENT_FILTER"), _) | (_, Some(4)) => Self::Filtered,
            (Some("TOOL_CALLS"), _) | (_, Some(5)) => Self::ToolCalls,
            (Some("UNSPECIFIED"), _) | (_, Some(0)) | (None, None) => Self::Unspecified,
            _ => Self::Unknown,
        }
    }
}

fn called(function: &Value) -> Option<Call> {
    let name = function["name"].as_str()?.to_owned();
    let arguments = match &function["arguments"] {
        Value::Null => Value::Object(Map::new()),
        arguments @ Value::Object(_) => whole(arguments),
        _ => return None,
    };
    Some(Call { name, arguments: arguments.to_string() })
}

/// The largest number below which every whole number is a float of its own.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Its numbers are all floats: those that are whole are written as clients expect whole numbers, 2 and not 2.0.
fn whole(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) if float.fract() == 0.0 && float.abs() < EXACT_MAX => Number::from(float as i64).into(),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(whole).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), whole(member))).collect(),
        _ => value.clone(),
    }
}
