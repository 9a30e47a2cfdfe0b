//! Server-sent events: an incremental decoder for any chunking, and an encoder.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

pub use decode::{Decoder, TooLong};
pub use encode::{comment, data, encode};

/// What stands in an event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// An event with data.
    Event(Event),
    /// A comment line, without its colon: mostly a sign of life.
    Comment(String),
}

/// An event as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// `event:`, where given.
    pub name: Option<String>,
    /// `data:`, its lines joined by line feeds.
    pub data: String,
    /// `id:`, where given.
    pub id: Option<String>,
}
