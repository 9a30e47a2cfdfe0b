//! Clients that speak OpenAI's Responses API to the gateway, without state.
//!
//! [`request`] makes OpenAI's chat body of a `responses` body, which the gateway then handles like any other; [`answer`]
//! and [`Events`] make a response of what comes back. Errors have one shape in both APIs and pass as they are.
//!
//! Absorbed: `metadata` (it is told back), `store: false`, `background: false`, `truncation: "disabled"`,
//! `stream_options`, `reasoning.summary`, `include` of encrypted reasoning, and the reasoning in earlier turns: nobody but
//! the model that thought it can read it on. What needs a memory of earlier responses, or tools of the provider's own, is
//! [`Unsupported`](crate::translate::Unsupported).

mod answer;
mod content;
mod events;
mod input;
mod items;
mod request;
mod shape;
#[cfg(test)]
mod tests;

pub use answer::answer;
pub use events::Events;
pub use request::request;

use crate::tree::Tree;

/// A request, translated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// OpenAI's chat body.
    pub body: Vec<u8>,
    /// What the way back needs to know.
    pub back: Back,
}

/// What the translation back needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Back {
    /// What ids are made of, behind `resp_`, `msg_`, `fc_` and `rs_`; the caller sets it.
    pub id: String,
    /// The model that the client named, where the answer names none.
    pub model: String,
    /// What a response repeats of its request, in order.
    echo: Vec<(String, Tree)>,
}
