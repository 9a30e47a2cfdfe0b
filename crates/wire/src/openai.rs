//! The OpenAI wire format: requests, answers, stream events, errors.

mod answer;
mod bounded;
mod chunk;
mod error_body;
mod fields;
pub mod quirks;
mod request;
mod resume;
mod texts;
mod upstream_error;
mod usage;
mod walk;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Response};
pub use chunk::{Chunk, Event};
pub use error_body::{Cited, ErrorBody, error_type};
pub use request::{Endpoint, Form, LimitName, Place, Request, ResponseFormat, Section, Unscannable};
pub use resume::{Head, continued};
pub use texts::{Field, Said};
pub use upstream_error::UpstreamError;
pub use usage::Usage;

/// The data of the event that ends a stream.
pub const DONE: &str = "[DONE]";
