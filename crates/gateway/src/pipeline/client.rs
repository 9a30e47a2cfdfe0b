//! The client's end of a request: waiting for an answer, reading a stream, or gone; and the language it speaks.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::edge::Reply;
use crate::error::Refused;
use crate::pipeline::kept::Kept;
use crate::pipeline::leash::Leash;
use crate::pipeline::respond::{self, Ids, Told};
use crate::pipeline::voice::Voice;

/// Parts of a stream that wait for a slow client.
const PARTS_MAX: usize = 32;

/// The client's end of a request.
pub(crate) struct Client {
    end: End,
    voice: Voice,
    /// What it sent and was told, where that is kept.
    kept: Option<Box<Kept>>,
}

enum End {
    Waiting(oneshot::Sender<Reply>),
    Streaming(mpsc::Sender<Bytes>),
    Answered,
    /// There is none: a mirror, and what ends it.
    Nobody(Box<Leash>),
}

impl Client {
    /// A client that waits.
    pub(crate) fn waiting(reply: oneshot::Sender<Reply>, voice: Voice) -> Self {
        Self { end: End::Waiting(reply), voice, kept: None }
    }

    /// Nobody: whatever is said is heard by no client.
    pub(crate) fn nobody(leash: Leash) -> Self {
        Self { end: End::Nobody(Box::new(leash)), voice: Voice::Openai, kept: None }
    }

    /// Whether there is nobody because it took too long.
    pub(crate) fn is_overdue(&self) -> bool {
        matches!(&self.end, End::Nobody(leash) if leash.is_overdue())
    }

    /// The request as we speak inside.
    ///
    /// # Errors
    /// If it is no request of the client's language, or says what cannot be said inside.
    pub(crate) fn understand(&mut self, body: Bytes, ids: Ids<'_>) -> Result<Bytes, Refused> {
        self.voice.understand(body, ids)
    }

    /// What it sends and is told is kept from now on.
    pub(crate) fn keep(&mut self, kept: Kept) {
        self.kept = Some(Box::new(kept));
    }

    /// What it sent, as it sent it.
    pub(crate) fn sent(&mut self, body: &Bytes) -> Bytes {
        if let Some(kept) = &mut self.kept {
            kept.request = body.clone();
        }
        body.clone()
    }

    /// Nothing of it is kept: there is no record that it would belong to.
    pub(crate) fn keep_nothing(&mut self) {
        self.kept = None;
    }

    /// What was kept of it.
    pub(crate) fn take_kept(&mut self) -> Option<Box<Kept>> {
        self.kept.take()
    }

    /// The request has about so many tokens: some languages tell at once.
    pub(crate) fn sized(&mut self, input_tokens: u64) {
        self.voice.sized(input_tokens);
    }

    /// Comes back when the client has left.
    pub(crate) async fn gone(&mut self) {
        match &mut self.end {
            End::Waiting(reply) => reply.closed().await,
            End::Streaming(parts) => parts.closed().await,
            End::Answered => std::future::pending().await,
            End::Nobody(leash) => leash.pulled().await,
        }
    }

    /// Whether it has the head of a stream.
    pub(crate) fn is_streaming(&self) -> bool {
        matches!(self.end, End::Streaming(_))
    }

    /// Gives the whole answer.
    pub(crate) fn answer(&mut self, reply: Reply) {
        if !matches!(self.end, End::Waiting(_)) {
            return;
        }
        if let End::Waiting(waiting) = std::mem::replace(&mut self.end, End::Answered) {
            let reply = self.voice.reply(reply);
            if let Some(kept) = &mut self.kept {
                kept.told(&reply);
            }
            // A client that has left gets nothing.
            let _ = waiting.send(reply);
        }
    }

    /// Gives the head of a stream.
    pub(crate) fn stream(&mut self, told: &Told<'_>) {
        let (send, parts) = mpsc::channel(PARTS_MAX);
        self.answer(respond::stream(parts, told));
        self.end = End::Streaming(send);
    }

    /// Gives a part of a stream; false where the client has left or reads no more.
    pub(crate) async fn send(&mut self, part: Bytes, at_most: Duration) -> bool {
        let parts = match &mut self.end {
            End::Streaming(parts) => parts,
            End::Nobody(_) => return true,
            End::Waiting(_) | End::Answered => return false,
        };
        let part = self.voice.part(part);
        if let Some(kept) = &mut self.kept {
            kept.part(&part);
        }
        part.is_empty() || matches!(timeout(at_most, parts.send(part)).await, Ok(Ok(())))
    }

    /// Nothing more comes.
    pub(crate) fn close(&mut self) {
        self.end = End::Answered;
    }
}
