//! YandexGPT: its native REST protocol, and in [`compatible`] what differs in its OpenAI-compatible one.
//!
//! Natively a stream is JSON values one after another, each holding the *whole* text so far; text already sent may
//! still change, which a client of OpenAI's cannot be told: see [`Rewritten`]. Calls of tools carry no ids, and
//! results follow in one list whose order is that of the calls.
//!
//! Absorbed because they change no answer: null values, `user`, `metadata`, `safety_identifier`, `prompt_cache_key`,
//! `prompt_cache_retention`, `stream_options`, `store: false`, `n: 1`, `top_p: 1`, penalties of 0, `logprobs: false`,
//! `top_logprobs: 0`, an empty `logit_bias` or `stop`, `service_tier` `auto` and `default`, `modalities: ["text"]`,
//! `verbosity: "medium"`, the name and `strict` of a JSON schema, `reasoning_content` in the history, and
//! `tool_choice` `auto` and `none` and `parallel_tool_calls` where no tools are offered.
//!
//! Changed: a `temperature` above 1, which is the highest there, goes as 1; `developer` becomes `system`; parts of
//! text are joined by line feeds; text beside tool calls goes as a message of its own before them. Everything else
//! that has no counterpart is [`Unsupported`](crate::translate::Unsupported) or listed as droppable.

pub mod auth;
pub mod compatible;
pub mod iam;
pub mod paths;

mod answer;
mod counts;
mod embeddings;
mod error;
mod form;
mod messages;
mod operation;
mod parameters;
mod request;
mod stream;
mod time;
mod tokens;
mod tools;
mod uri;
mod values;

#[cfg(test)]
mod tests;

pub use answer::answer;
pub use embeddings::{Fanout, Vector, embeddings_answer, embeddings_request, merge};
pub use error::{Class, Failure, Retry, error};
pub use operation::{Operation, operation};
pub use request::request;
pub use stream::{Rewritten, Stream};
pub use tokens::{tokenize_answer, tokenize_request};
pub use uri::{Scheme, model_uri};
