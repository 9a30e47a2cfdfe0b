//! The client's end of a request: waiting for an answer, reading a stream, or gone.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::edge::Reply;
use crate::pipeline::respond::{self, Told};

/// Parts of a stream that wait for a slow client.
const PARTS_MAX: usize = 32;

/// The client's end of a request.
pub(crate) enum Client {
    Waiting(oneshot::Sender<Reply>),
    Streaming(mpsc::Sender<Bytes>),
    Answered,
}

impl Client {
    /// Comes back when the client has left.
    pub(crate) async fn gone(&mut self) {
        match self {
            Self::Waiting(reply) => reply.closed().await,
            Self::Streaming(parts) => parts.closed().await,
            Self::Answered => std::future::pending().await,
        }
    }

    /// Gives the whole answer.
    pub(crate) fn answer(&mut self, reply: Reply) {
        if let Self::Waiting(waiting) = std::mem::replace(self, Self::Answered) {
            // A client that has left gets nothing.
            let _ = waiting.send(reply);
        }
    }

    /// Gives the head of a stream.
    pub(crate) fn stream(&mut self, told: &Told<'_>) {
        let (send, parts) = mpsc::channel(PARTS_MAX);
        self.answer(respond::stream(parts, told));
        *self = Self::Streaming(send);
    }

    /// Gives a part of a stream; false where the client has left or reads no more.
    pub(crate) async fn send(&mut self, part: Bytes, at_most: Duration) -> bool {
        match self {
            Self::Streaming(parts) => matches!(timeout(at_most, parts.send(part)).await, Ok(Ok(()))),
            Self::Waiting(_) | Self::Answered => false,
        }
    }
}
