//! Clients that speak Anthropic's dialect to the gateway.
//!
//! [`request`] makes OpenAI's chat body of a `messages` body, which the gateway then handles like any other; [`answer`],
//! [`Events`] and [`error`] make Anthropic's form of what comes back. Either version of the API is taken: what the newer
//! one refuses (`temperature`) is only a matter for the upstream.
//!
//! Absorbed: `cache_control`, citations and thinking in earlier turns, `thinking` that is disabled or adaptive,
//! `service_tier: "auto"`, `eager_input_streaming`. Moved: images in a tool's result go into the user's message after
//! it, and its `is_error` becomes a mark before its text, for OpenAI's tool messages can say neither.

mod answer;
mod content;
mod error;
mod events;
mod request;
mod turns;

pub use answer::answer;
pub use error::{error, error_event};
pub use events::Events;
pub use request::{count_request, request};

pub use crate::translate::Refusal;
use crate::tree::{Tree, map};

/// A request, translated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// OpenAI's chat body.
    pub body: Vec<u8>,
    /// Parameters that were left out, each one of those that may be.
    pub dropped: Vec<String>,
    /// What the way back needs to know.
    pub back: Back,
}

/// What the translation back to Anthropic's form needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Back {
    /// The message's `id`; the caller sets it. Empty: the answer's own.
    pub id: String,
    /// The model that the client named, where the answer names none.
    pub model: String,
    /// Whether the client wants to see the model's thinking.
    pub thinking: bool,
    /// The estimate of the prompt, for the first event of a stream; the caller sets it. The last event has the count.
    pub input_tokens: u64,
}

/// The tokens of so many bytes of text, rather too many than too few: the gateway's own rule.
pub fn count_tokens(text_bytes: u64) -> u64 {
    text_bytes.div_ceil(3)
}

/// The answer of `count_tokens`.
pub fn count_answer(tokens: u64) -> Vec<u8> {
    map! { "input_tokens": tokens }.to_json().into_bytes()
}

/// The list of models. Nobody asks a route for its birthday, so each was born at the epoch, as the API allows.
pub fn models(ids: &[String]) -> Vec<u8> {
    let model = |id: &String| {
        map! {
            "type": "model",
            "id": id.as_str(),
            "display_name": id.as_str(),
            "created_at": "1970-01-01T00:00:00Z",
            "lifecycle": "active",
        }
    };
    let data: Vec<Tree> = ids.iter().map(model).collect();
    let (first, last) = (ids.first().map(String::as_str), ids.last().map(String::as_str));
    map! { "data": data, "has_more": false, "first_id": first, "last_id": last }.to_json().into_bytes()
}
