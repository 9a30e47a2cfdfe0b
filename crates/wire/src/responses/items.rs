//! What a response consists of: reasoning, messages, calls of functions.

use super::Back;
use crate::tree::{Tree, map};

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Reasoning,
    Text,
    Refusal,
    /// With the number that chunks give the call, its id and its function.
    Call {
        number: u64,
        call_id: String,
        name: String,
    },
}

/// One item, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) id: String,
    /// What it says so far; of a call, its arguments.
    pub(super) said: String,
}

impl Item {
    /// The item at this place of a response.
    pub(super) fn new(kind: Kind, back: &Back, place: usize) -> Self {
        let prefix = match kind {
            Kind::Reasoning => "rs",
            Kind::Text | Kind::Refusal => "msg",
            Kind::Call { .. } => "fc",
        };
        Self { kind, id: format!("{prefix}_{}_{place}", back.id), said: String::new() }
    }

    /// The part that holds a message's or a reasoning's text; none of a call.
    pub(super) fn part(&self) -> Option<Tree> {
        let said = self.said.as_str();
        match self.kind {
            Kind::Reasoning => Some(map! { "type": "reasoning_text", "text": said }),
            Kind::Text => Some(map! {
                "type": "output_text", "text": said, "annotations": Vec::new(), "logprobs": Vec::new(),
            }),
            Kind::Refusal => Some(map! { "type": "refusal", "refusal": said }),
            Kind::Call { .. } => None,
        }
    }

    /// The item in a response; `begun`: nothing of it is written yet.
    pub(super) fn tree(&self, status: &str, begun: bool) -> Tree {
        let content: Vec<Tree> = self.part().filter(|_| !begun).into_iter().collect();
        let id = self.id.as_str();
        match &self.kind {
            Kind::Reasoning => {
                map! { "id": id, "type": "reasoning", "summary": Vec::new(), "content": content, "status": status }
            }
            Kind::Text | Kind::Refusal => map! {
                "id": id, "type": "message", "status": status, "role": "assistant", "content": content,
            },
            Kind::Call { call_id, name, .. } => map! {
                "id": id,
                "type": "function_call",
                "status": status,
                "call_id": call_id.as_str(),
                "name": name.as_str(),
                "arguments": self.said.as_str(),
            },
        }
    }
}

/// How a response ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    /// With the API's word for why.
    Incomplete(&'static str),
}

impl End {
    /// By the chat's `finish_reason`.
    pub(super) fn of(finish_reason: &str) -> Self {
        match finish_reason {
            "length" | "model_length" => Self::Incomplete("max_output_tokens"),
            "content_filter" => Self::Incomplete("content_filter"),
            _ => Self::Completed,
        }
    }

    pub(super) fn status(self) -> &'static str {
        if self == Self::Completed { "completed" } else { "incomplete" }
    }

    pub(super) fn details(self) -> Option<Tree> {
        match self {
            Self::Completed => None,
            Self::Incomplete(reason) => Some(map! { "reason": reason }),
        }
    }

    /// All items of a response, of which only the last one can be incomplete.
    pub(super) fn output(self, items: &[Item]) -> Vec<Tree> {
        let last = items.len().saturating_sub(1);
        let status = |place: usize| if place == last { self.status() } else { "completed" };
        items.iter().enumerate().map(|(place, item)| item.tree(status(place), false)).collect()
    }
}
