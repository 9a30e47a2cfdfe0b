//! OpenAI's chat wire as Sber's GigaChat speaks it (contract v1, `/chat/completions`), and back.
//!
//! **Requests.** `system` and `developer` messages, wherever they stand, become one `system` message in front, joined
//! by line feeds: anywhere else the provider refuses them. Neighbouring `user` messages become one. `tools` become
//! `functions`, their schemas cut to the subset the provider reads; a call's `arguments` text becomes an object with
//! every number as it was written; a `tool` message becomes a `function` message whose content is a JSON object.
//! Several calls in one message become pairs of call and result, in order. `temperature: 0` becomes `top_p: 0`. An
//! image, which must be in the request itself, is uploaded before and named in its message: one a message, ten in all.
//!
//! **Answers.** A call's id carries `functions_state_id` (as `gc_…`), so that the history a client sends back gives it
//! back to the provider and the gateway needs no memory. `blacklist` is `content_filter`. An error in a body or an
//! event with status 200 is an error.
//!
//! **Absorbed**, because they mean nothing or only the default: `null` anywhere; `n: 1`; penalties of 0; `logprobs:
//! false`, `top_logprobs: 0`, `logit_bias: {}`, an empty `stop`; `store: false`; `modalities: ["text"]`; `service_tier`
//! `auto` or `default`; `verbosity: medium`; `response_format: text`; `parallel_tool_calls` (at most one call is made);
//! `strict` of a tool; `stream_options` (usage always comes, and reaches who asked); and what only labels a request or
//! its caches: `user`, `safety_identifier`, `metadata`, `prompt_cache_key`, `prompt_cache_retention`.
//!
//! **Passed on** though OpenAI has them not: `repetition_penalty`, `update_interval`, `profanity_check`,
//! `function_ranker`. Every other field is refused or, where the realm lists it, dropped.

mod answer;
mod call_id;
mod catalogue;
mod embeddings;
mod error;
mod files;
mod foreign;
mod messages;
pub mod oauth;
mod request;
mod schema;
mod stream;
mod tool_result;
mod tools;
mod verbatim;

#[cfg(test)]
mod tests;

pub use answer::answer;
pub use catalogue::{count_answer, count_request, models_answer};
pub use embeddings::{embeddings_answer, embeddings_request};
pub use error::{error, error_status};
pub use files::{FILES_PATH, Image, Images, delete_path, uploaded};
pub use request::request;
pub use stream::Stream;

/// Chat, below the base URL.
pub const CHAT_PATH: &str = "/chat/completions";
/// Embeddings, below the base URL.
pub const EMBEDDINGS_PATH: &str = "/embeddings";
/// The models, below the base URL.
pub const MODELS_PATH: &str = "/models";
/// Counting tokens, below the base URL.
pub const COUNT_PATH: &str = "/tokens/count";
/// The base URL that the provider's own client uses.
pub const BASE_URL: &str = "https://api.giga.chat/v1";
/// The base URL before that one, still serving.
pub const BASE_URL_LEGACY: &str = "https://gigachat.devices.sberbank.ru/api/v1";

/// A path below a base URL, whether or not that ends in a slash.
pub fn url(base_url: &str, path: &str) -> String {
    format!("{}{path}", base_url.trim_end_matches('/'))
}

/// Headers that a call needs beside its credentials. The provider refuses a call without `User-Agent`.
pub fn headers(streamed: bool) -> &'static [(&'static str, &'static str)] {
    const COMMON: (&str, &str) = ("user-agent", "freehold");
    match streamed {
        true => &[COMMON, ("accept", "text/event-stream"), ("cache-control", "no-store")],
        false => &[COMMON, ("accept", "application/json")],
    }
}
