//! A stream, read until it says something: until then another deployment can take over unseen.

use http::HeaderValue;
use realm::record::Mac;
use wire::openai::{Chunk, Event, UpstreamError};
use wire::sse::{self, Frame};

use crate::code::Code;
use crate::pipeline::failure::Failure;
use crate::pipeline::uploads::Stay;
use crate::pipeline::upstream::Tried;
use crate::salt::Running;
use crate::upstream::{self, Body, Framing};

/// Events kept while none of them says anything.
const SILENT_EVENTS_MAX: usize = 1_024;
/// Bytes read while nothing is said: every one of them is kept until another deployment can no longer take over.
const SILENT_BYTES_MAX: u64 = 8 << 20;

/// A stream that has begun.
pub(crate) struct Open {
    body: Body,
    framing: Framing,
    ended: bool,
    frames: Vec<Frame>,
    /// Pieces read and not yet passed on.
    pub(crate) pieces: Vec<Piece>,
    bytes: u64,
    mac: Option<Running>,
    /// The provider's own name of the request.
    pub(crate) trace: Option<HeaderValue>,
    /// What it holds at the provider, as long as it is read.
    _stay: Stay,
}

/// A piece of a stream.
pub(crate) enum Piece {
    Chunk(sse::Event, Box<Chunk>),
    Done,
    Error(Box<UpstreamError>),
    Malformed,
    Comment(String),
}

/// Reads a stream until it says something.
///
/// # Errors
/// If it ends, fails or makes no sense before.
pub(super) async fn first_content(
    answer: upstream::Answer,
    stay: Stay,
    framing: Framing,
    mac: Running,
) -> Result<Tried, Failure> {
    let status = answer.status.as_u16();
    let (frames, pieces, mac, trace) = (Vec::new(), Vec::new(), Some(mac), answer.trace);
    let mut open = Open { body: answer.body, framing, ended: false, frames, pieces, bytes: 0, mac, trace, _stay: stay };
    loop {
        let seen = open.pieces.len();
        match open.read().await {
            Ok(true) => {}
            // Cut before it said anything.
            Ok(false) => return Err(Failure { may_have_cost: true, ..Failure::invalid(status) }),
            Err(failure) => return Err(Failure { status: Some(status), ..failure }),
        }
        for piece in &open.pieces[seen..] {
            match piece {
                Piece::Chunk(_, chunk) if chunk.has_content() || chunk.finishes() => {
                    return Ok(Tried::Stream(Box::new(open)));
                }
                Piece::Done => return Ok(Tried::Stream(Box::new(open))),
                Piece::Error(_) => {
                    let failure =
                        Failure::of_deployment(Code::UpstreamError, "the provider reports an error in its stream");
                    return Err(Failure { status: Some(status), ..failure });
                }
                Piece::Malformed => return Err(Failure::invalid(status)),
                Piece::Chunk(..) | Piece::Comment(_) => {}
            }
        }
        if open.pieces.len() > SILENT_EVENTS_MAX || open.bytes > SILENT_BYTES_MAX {
            return Err(Failure::invalid(status));
        }
    }
}

impl Open {
    /// Reads what comes next; false at the end of the body.
    pub(crate) async fn read(&mut self) -> Result<bool, Failure> {
        if self.ended {
            return Ok(false);
        }
        let Some(bytes) = self.body.chunk().await.map_err(Failure::fault)? else {
            self.ended = true;
            // Some languages have no sign of the end but the end itself.
            self.framing.end(&mut self.frames);
            let more = !self.frames.is_empty();
            self.pieces.extend(self.frames.drain(..).map(piece));
            return Ok(more);
        };
        self.bytes += bytes.len() as u64;
        if let Some(mac) = &mut self.mac {
            mac.update(&bytes);
        }
        if self.framing.push(&bytes, &mut self.frames).is_err() {
            return Err(Failure::of_deployment(Code::UpstreamInvalid, "an event of the stream is too long"));
        }
        self.pieces.extend(self.frames.drain(..).map(piece));
        Ok(true)
    }

    /// Gives up the rest: its connection is closed at once, however long the client takes to hear of it.
    pub(crate) fn give_up(&mut self) {
        self.body.give_up();
        self.ended = true;
    }

    /// The MAC of what was read until now.
    pub(crate) fn finish_mac(&mut self) -> Option<Mac> {
        self.mac.take().map(Running::finish)
    }
}

fn piece(frame: Frame) -> Piece {
    match frame {
        Frame::Comment(text) => Piece::Comment(text),
        Frame::Event(event) => match Event::read(&event.data) {
            Event::Chunk(chunk) => Piece::Chunk(event, Box::new(chunk)),
            Event::Done => Piece::Done,
            Event::Error(error) => Piece::Error(Box::new(error)),
            Event::Malformed(_) => Piece::Malformed,
        },
    }
}
