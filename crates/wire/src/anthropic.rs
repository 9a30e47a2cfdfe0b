//! Anthropic's Messages API, in both directions.
//!
//! Outward, [`request`] turns OpenAI's chat body into a `messages` request, [`answer`], [`Stream`] and [`error`] turn
//! what comes back into OpenAI's form. [`incoming`] is the other way round: clients that speak Anthropic's dialect to
//! the gateway. Where OpenAI's parameters go, and which are refused, is a table in `docs/providers/anthropic.md`.
//!
//! Absorbed, because they mean nothing here or are only hints: `null` values, `n: 1`, penalties of 0, empty
//! `logit_bias`, `logprobs: false`, `store: false`, `modalities: ["text"]`, `verbosity: "medium"`, `stream_options`,
//! `user`, `safety_identifier`, the `prompt_cache_…` fields, `service_tier: "auto"`, an image's `detail`, the names of
//! schemas, `name` of a tool's message, and the reasoning in earlier answers (it cannot be replayed without its
//! signature). Everything else that has no equivalent is [`crate::translate::Unsupported`].
//!
//! Model thinking comes back as `reasoning_content`. Anthropic's embeddings do not exist, so none are translated.

mod answer;
mod error;
pub mod incoming;
mod request;
mod stream;
#[cfg(test)]
mod tests;

pub use answer::answer;
pub use error::{error, retryable};
pub use request::request;
pub use stream::Stream;

/// Where messages are created, under the provider's base URL.
pub const MESSAGES_PATH: &str = "/v1/messages";
/// Where the tokens of a request are counted.
pub const COUNT_TOKENS_PATH: &str = "/v1/messages/count_tokens";
/// Where the models are listed.
pub const MODELS_PATH: &str = "/v1/models";
/// The header that names the [`Version`]; every request needs it.
pub const VERSION_HEADER: &str = "anthropic-version";
/// The header that carries the key, in either version. It wins over `Authorization: Bearer`.
pub const KEY_HEADER: &str = "x-api-key";
/// The header that names what is tried out: `a,b`; it is passed on as it came.
pub const BETA_HEADER: &str = "anthropic-beta";

/// A version of the API; the provider keeps both alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// `2023-06-01`: takes sampling parameters.
    #[default]
    V2023,
    /// `2026-10-21`: refuses `temperature`, `top_p` and `top_k`, whatever their value.
    V2026,
}

impl Version {
    /// The version that a header names; none for one that nobody knows.
    pub fn read(header: &str) -> Option<Self> {
        [Self::V2023, Self::V2026].into_iter().find(|version| version.as_str() == header.trim())
    }

    /// What the header says.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2023 => "2023-06-01",
            Self::V2026 => "2026-10-21",
        }
    }
}

/// What the translation of a request takes from the realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The version that the request will be sent with.
    pub version: Version,
    /// `max_tokens` where the client names none: the provider demands one.
    pub max_tokens_default: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { version: Version::default(), max_tokens_default: 4096 }
    }
}

/// What stands before the text of a tool's result that is an error. OpenAI's tool messages have no mark for it, so the
/// way in writes it and the way out reads it.
const TOOL_ERROR: &str = "[tool error]\n";
