//! Provider wire formats: OpenAI bodies as views over the original bytes, the SSE codec, errors.
//!
//! A view records *where* things stand in a body and never rebuilds it: what is not understood is kept
//! byte for byte, and a change is an edit (a range and its replacement) applied in one pass.
//!
//! Invariants: no edit, no change (the same bytes go out); a body is read in one pass with bounded
//! depth, and what a view keeps is proportional to the text. A key that another reader could take for
//! one we act upon (a duplicate, another case) is refused, so that nobody downstream reads a
//! different request than the one that was judged.
//!
//! Pure: knows no I/O, no clock, no realm, no policy.
#![forbid(unsafe_code)]

pub mod anthropic;
pub mod completions;
pub mod edit;
pub mod eight;
pub mod error;
pub mod gigachat;
pub mod json;
pub mod openai;
pub mod responses;
pub mod sse;
pub mod translate;
mod tree;
pub mod yandexgpt;

pub use edit::Edits;
pub use error::{Error, Problem};
