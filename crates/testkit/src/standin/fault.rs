use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// A way to fail, for one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Answers with this status and an error body.
    Status {
        /// The HTTP status.
        status: u16,
        /// Seconds in `Retry-After`.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Answers 200 with a page of HTML.
    Html,
    /// Answers 200 with nothing.
    Empty,
    /// Answers 200 with broken JSON.
    Malformed,
    /// Answers 200 with an error object.
    ErrorInOk,
    /// Says nothing for this long, then answers.
    Silent {
        /// How long.
        for_ms: u64,
    },
    /// Streams this many events and then cuts the connection.
    CutAfter {
        /// How many events.
        events: usize,
    },
    /// Streams everything but the terminator.
    NoTerminator,
    /// Waits this long between events.
    Drip {
        /// How long.
        every_ms: u64,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Queue(VecDeque<Fault>);

impl Queue {
    pub(crate) fn next(&mut self) -> Option<Fault> {
        self.0.pop_front()
    }

    pub(crate) fn set(&mut self, faults: Vec<Fault>) {
        self.0 = faults.into();
    }
}
