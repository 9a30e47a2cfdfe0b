//! One attempt: sending, and waiting until there is an answer or no more hope of one.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use realm::AppId;
use realm::record::Mac;
use tokio::sync::watch;
use wire::openai::{Answer, Chunk, Endpoint, Event, Response, UpstreamError};
use wire::sse::{self, Decoder, Frame};

use crate::code::Code;
use crate::epoch::Place;
use crate::gateway::{Shared, Signal};
use crate::pipeline::Life;
use crate::pipeline::accept::Asked;
use crate::pipeline::authenticate::{Caller, standing};
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::pipeline::redact::Sendable;
use crate::salt::Running;
use crate::upstream::{self, Body, Provider};

/// The longest event of a stream.
const EVENT_BYTES_MAX: usize = 4 << 20;
/// The longest error body read.
const ERROR_BYTES_MAX: usize = 1 << 20;
/// Events kept while none of them says anything.
const SILENT_EVENTS_MAX: usize = 1_024;
/// Bytes read while nothing is said: every one of them is kept until another deployment can no longer take over.
const SILENT_BYTES_MAX: u64 = 8 << 20;

/// What an attempt came to.
pub(crate) enum Tried {
    /// A whole answer; or, with `code`, the provider's own error, which passes unchanged.
    Whole(Box<Whole>),
    /// A stream whose first content is here.
    Stream(Box<Open>),
    Failed(Failure),
}

/// A whole answer.
pub(crate) struct Whole {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
    pub(crate) response: Response,
    pub(crate) code: Option<Code>,
}

/// A stream that has begun.
pub(crate) struct Open {
    pub(crate) body: Body,
    decoder: Decoder,
    frames: Vec<Frame>,
    /// Pieces read and not yet passed on.
    pub(crate) pieces: Vec<Piece>,
    bytes: u64,
    mac: Option<Running>,
}

/// A piece of a stream.
pub(crate) enum Piece {
    Chunk(sse::Event, Box<Chunk>),
    Done,
    Error,
    Malformed,
    Comment(String),
}

/// Sends a body to a deployment and waits for an answer, for the client to leave, or for a revocation.
pub(crate) async fn upstream(
    life: &mut Life<'_>,
    asked: &Asked<'_>,
    place: &Place,
    sendable: &Sendable,
    attempt: u32,
    client: &mut Client,
) -> Tried {
    let Some(provider) = &place.provider else {
        return Tried::Failed(Failure::of_deployment(Code::NoDeploymentAvailable, "the deployment is not connected"));
    };
    let (mac, app) = (life.salts.answer(attempt), &life.caller.app.id);
    let most = life.shared.settings.answer_bytes_max;
    tokio::select! {
        biased;
        failure = interruption(life.shared, &life.caller, place, &mut life.signal) => Tried::Failed(failure),
        () = client.gone() => Tried::Failed(Failure::client_closed()),
        tried = exchange(asked, provider, sendable, (mac, app), most) => tried.unwrap_or_else(Tried::Failed),
    }
}

/// Comes back when the attempt must end: something of it was revoked, or the gateway goes down.
pub(crate) async fn interruption(
    shared: &Arc<Shared>,
    caller: &Caller<'_>,
    place: &Place,
    signal: &mut watch::Receiver<Signal>,
) -> Failure {
    loop {
        let now = *signal.borrow_and_update();
        if now.cut {
            return Failure::interrupted(crate::error::Refused::shutting_down(), true);
        }
        if let Some(failure) = revoked(shared, caller, place) {
            return failure;
        }
        if signal.changed().await.is_err() {
            // The gateway owns the sender and outlives its requests.
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the live set forbids an attempt, whatever was decided before.
pub(crate) fn revoked(shared: &Arc<Shared>, caller: &Caller<'_>, place: &Place) -> Option<Failure> {
    let live = shared.live.load();
    if let Some(refused) = standing(&live, &caller.key, caller.app, shared) {
        return Some(Failure::interrupted(refused, true));
    }
    let suspended = &live.suspended;
    let out = suspended.deployments.contains(&place.id) || suspended.providers.contains(&place.provider_id);
    out.then(|| {
        let words = "the deployment was suspended";
        Failure::interrupted(crate::error::Refused::new(Code::NoDeploymentAvailable, words), false)
    })
}

/// Whether a permitted deployment can be tried now; if not, in how many seconds it may be.
pub(crate) fn available(shared: &Arc<Shared>, caller: &Caller<'_>, place: &Place) -> Result<(), u64> {
    if place.provider.is_none() || revoked(shared, caller, place).is_some() {
        return Err(60);
    }
    match place.breaker.wait(shared.now()) {
        Some(wait) => Err(wait.as_secs().max(1)),
        None => Ok(()),
    }
}

async fn exchange(
    asked: &Asked<'_>,
    provider: &Provider,
    sendable: &Sendable,
    (mac, app): (Running, &AppId),
    most: usize,
) -> Result<Tried, Failure> {
    let path = match asked.request.endpoint {
        Endpoint::Chat => "/chat/completions",
        Endpoint::Completions => "/completions",
        Endpoint::Embeddings => "/embeddings",
    };
    let accept = match asked.request.stream {
        true => HeaderValue::from_static("text/event-stream"),
        false => HeaderValue::from_static("application/json"),
    };
    let held = provider.place().map_err(|_| busy())?;
    let answer = provider.post(path, sendable.body.clone(), accept, app, held).await.map_err(Failure::fault)?;
    if !answer.status.is_success() {
        return refused(answer).await;
    }
    let is_stream = answer.content_type.as_ref().is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    match is_stream && asked.request.stream {
        true => first_content(answer, mac).await,
        false => whole(answer, asked.request.stream, most).await,
    }
}

fn busy() -> Failure {
    let words = "as many requests run at the provider as the realm allows";
    Failure { retry_after_s: Some(1), blame: false, ..Failure::of_deployment(Code::NoDeploymentAvailable, words) }
}

/// The provider said no: what may be better elsewhere or later is a failure, the rest is the client's to read.
async fn refused(answer: upstream::Answer) -> Result<Tried, Failure> {
    let (status, retry_after_s) = (answer.status, answer.retry_after_s);
    let code = match status.as_u16() {
        429 => Code::RateLimited,
        408 | 504 => Code::UpstreamTimeout,
        // Our credential, not the client's.
        401 => Code::UpstreamError,
        400..=499 => {
            let body = answer.body.whole(ERROR_BYTES_MAX).await.map_err(Failure::fault)?;
            let context = UpstreamError::read(&body).code.as_deref() == Some("context_length_exceeded");
            let code = if context { Code::ContextLengthExceeded } else { Code::UpstreamError };
            let response = Response::default();
            let content_type = answer.content_type;
            return Ok(Tried::Whole(Box::new(Whole { status, content_type, body, response, code: Some(code) })));
        }
        500..=599 => Code::UpstreamError,
        _ => Code::UpstreamInvalid,
    };
    // Read to its end, so that the connection can be used again; what it says is the provider's, not the client's.
    let _ = answer.body.whole(ERROR_BYTES_MAX).await;
    let message = format!("the provider answered with status {}", status.as_u16());
    let failure = Failure::of_deployment(code, message);
    Err(Failure { status: Some(status.as_u16()), retry_after_s, ..failure })
}

async fn whole(answer: upstream::Answer, wanted_stream: bool, most: usize) -> Result<Tried, Failure> {
    let (status, content_type) = (answer.status, answer.content_type);
    let body = answer.body.whole(most).await.map_err(Failure::fault)?;
    match Answer::read(&body) {
        Answer::Response(response) if !wanted_stream => {
            Ok(Tried::Whole(Box::new(Whole { status, content_type, body, response, code: None })))
        }
        Answer::Error(_) => {
            let failure = Failure::of_deployment(Code::UpstreamError, "the provider reports an error in its answer");
            Err(Failure { status: Some(status.as_u16()), ..failure })
        }
        Answer::Response(_) | Answer::Empty | Answer::Html | Answer::Foreign | Answer::Malformed(_) => {
            Err(Failure::invalid(status.as_u16()))
        }
    }
}

/// Reads a stream until it says something: until then another deployment can take over unseen.
async fn first_content(answer: upstream::Answer, mac: Running) -> Result<Tried, Failure> {
    let status = answer.status.as_u16();
    let decoder = Decoder::new(EVENT_BYTES_MAX);
    let mut open =
        Open { body: answer.body, decoder, frames: Vec::new(), pieces: Vec::new(), bytes: 0, mac: Some(mac) };
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
                Piece::Error => {
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
        let Some(bytes) = self.body.chunk().await.map_err(Failure::fault)? else { return Ok(false) };
        self.bytes += bytes.len() as u64;
        if let Some(mac) = &mut self.mac {
            mac.update(&bytes);
        }
        if self.decoder.push(&bytes, &mut self.frames).is_err() {
            return Err(Failure::of_deployment(Code::UpstreamInvalid, "an event of the stream is too long"));
        }
        self.pieces.extend(self.frames.drain(..).map(piece));
        Ok(true)
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
            Event::Error(_) => Piece::Error,
            Event::Malformed(_) => Piece::Malformed,
        },
    }
}
