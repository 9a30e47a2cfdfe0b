//! One attempt: sending, and waiting until there is an answer or no more hope of one.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use realm::AppId;
use wire::openai::{Answer, Response, quirks};
use wire::translate::Answered;
use wire::yandexgpt::paths::COMPLETION_ASYNC;

use crate::code::Code;
use crate::epoch::Place;
use crate::gateway::Shared;
use crate::pipeline::Life;
use crate::pipeline::accept::Asked;
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::pipeline::interruption::{Subject, interruption, revoked};
use crate::pipeline::opening::{Open, first_content};
use crate::pipeline::operation::{self, Asker, Over};
use crate::pipeline::redact::Sendable;
use crate::pipeline::uploads::Stay;
use crate::salt::Salts;
use crate::upstream::{self, Call, Dialect, Fault, Provider};

/// The longest error body read.
const ERROR_BYTES_MAX: usize = 1 << 20;

/// What an attempt came to.
pub(crate) enum Tried {
    /// A whole answer; or, with `code`, the provider's own error, which is the client's to read.
    Whole(Box<Whole>),
    /// A stream whose first content is here.
    Stream(Box<Open>),
    Failed(Failure),
}

/// A whole answer.
pub(crate) struct Whole {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<HeaderValue>,
    /// As the provider sent it: mostly one body.
    pub(crate) raw: Vec<Bytes>,
    /// As OpenAI's clients read it; the same bytes where nothing is translated.
    pub(crate) body: Bytes,
    pub(crate) response: Response,
    pub(crate) code: Option<Code>,
    /// The provider's own name of the request.
    pub(crate) trace: Option<HeaderValue>,
}

impl Tried {
    /// The provider's own name of the request.
    pub(crate) fn take_trace(&mut self) -> Option<HeaderValue> {
        match self {
            Self::Whole(whole) => whole.trace.take(),
            Self::Stream(open) => open.trace.take(),
            Self::Failed(_) => None,
        }
    }
}

/// What an exchange needs beside the request.
struct Exchange<'a> {
    asked: &'a Asked<'a>,
    shared: &'a Arc<Shared>,
    place: &'a Arc<Place>,
    provider: &'a Arc<Provider>,
    sendable: &'a Sendable,
    app: &'a AppId,
    request: (&'a str, u32),
    salts: &'a Salts,
    now: realm::UnixMs,
    /// The trace that it belongs to, as the provider is told it.
    traced: Option<String>,
    /// It is a mirror, and has no place at the provider to itself.
    is_guest: bool,
}

/// Sends a body to a deployment and waits for an answer, for the client to leave, or for a revocation.
pub(crate) async fn upstream(
    life: &mut Life<'_>,
    asked: &Asked<'_>,
    (place, provider): (&Arc<Place>, &Arc<Provider>),
    sendable: &Sendable,
    (attempt, traced): (u32, Option<String>),
    client: &mut Client,
) -> Tried {
    let (salts, app) = (&life.salts, &life.caller.app.id);
    let (request, now) = ((life.accepted.id.as_str(), attempt), life.shared.now());
    let shared = life.shared;
    let is_guest = life.mirrors.is_some();
    let exchange = Exchange { asked, shared, place, provider, sendable, app, request, salts, now, traced, is_guest };
    let subject = Subject::of(&life.caller, life.accepted, &life.user_in, life.epoch);
    tokio::select! {
        biased;
        failure = interruption(shared, subject, place, &mut life.signal) => Tried::Failed(failure),
        () = client.gone() => Tried::Failed(Failure::client_closed()),
        // A connection that we ended ourselves is no failure of the provider.
        tried = exchange.run() => {
            tried.unwrap_or_else(|failure| Tried::Failed(revoked(shared, subject, place).unwrap_or(failure)))
        }
    }
}

impl Exchange<'_> {
    async fn run(&self) -> Result<Tried, Failure> {
        let wants_stream = self.asked.request.stream;
        let accept = HeaderValue::from_static(if wants_stream { "text/event-stream" } else { "application/json" });
        let (provider, sendable) = (self.provider, self.sendable);
        let turn = if self.is_guest { None } else { provider.place().map_err(|_| busy())? };
        let mut stay = Stay::new(turn);
        let (request, traced) = (self.request, self.traced.as_deref());
        let path = sendable.path;
        let call = Call { path, accept, content_type: None, app: self.app, request, now: self.now, traced };
        if let Some(tried) = self.upload(&mut stay, &call).await? {
            return Ok(tried);
        }
        let mut raw = Vec::with_capacity(sendable.bodies.len());
        let mut head = (StatusCode::OK, None, None);
        for body in &sendable.bodies {
            let named = sendable.images.as_ref().map(|images| Bytes::from(images.named(body, stay.ids())));
            let body = named.unwrap_or_else(|| body.clone());
            let answer = provider.post(&call, body).await.map_err(Failure::fault)?;
            if !answer.status.is_success() {
                return refused(answer, &provider.dialect).await;
            }
            if wants_stream && provider.dialect.is_stream(answer.content_type.as_ref()) {
                let framing = provider.dialect.framing(self.asked.request.endpoint, sendable.back.as_deref());
                return first_content(answer, stay, framing, self.salts.answer(request.1)).await;
            }
            head = (answer.status, answer.content_type, answer.trace);
            let told = answer.body.whole(self.answer_bytes_max()).await.map_err(Failure::fault)?;
            if sendable.path != COMPLETION_ASYNC {
                raw.push(told);
                continue;
            }
            // In a box: it is rare, and every request would hold its room.
            match Box::pin(operation::over(told, &call, self.asker(), self.answer_bytes_max())).await? {
                Over::Answered(told) => raw.push(told),
                Over::Refused(status, told) => return Refusal::of(status, head.2).read(Ok(told), &provider.dialect),
            }
        }
        self.whole(head, raw)
    }

    fn answer_bytes_max(&self) -> usize {
        self.shared.settings.answer_bytes_max
    }

    fn asker(&self) -> Asker<'_> {
        Asker { shared: self.shared, place: self.place, provider: self.provider }
    }

    /// Uploads what must be there before the request; a provider's refusal of it is one of the request.
    async fn upload(&self, stay: &mut Stay, call: &Call<'_>) -> Result<Option<Tried>, Failure> {
        for image in self.sendable.images.iter().flat_map(|images| images.iter()) {
            // In a box: it is rare, and every request would hold its room.
            let uploading = Box::pin(stay.upload(image, call, (self.shared, self.place, self.provider)));
            if let Some(answer) = uploading.await? {
                return refused(answer, &self.provider.dialect).await.map(Some);
            }
        }
        Ok(None)
    }

    fn whole(
        &self,
        (status, content_type, trace): (StatusCode, Option<HeaderValue>, Option<HeaderValue>),
        raw: Vec<Bytes>,
    ) -> Result<Tried, Failure> {
        let in_error = || {
            let failure = Failure::of_deployment(Code::UpstreamError, "the provider reports an error in its answer");
            Err(Failure { status: Some(status.as_u16()), ..failure })
        };
        let invalid = || Failure::invalid(status.as_u16());
        let (body, content_type) = match &self.sendable.back {
            None => (raw.first().cloned().ok_or_else(invalid)?, content_type),
            Some(back) => match self.provider.dialect.answer(self.asked.request.endpoint, &raw, back) {
                Answered::Json(body) => (Bytes::from(body), None),
                Answered::Error => return in_error(),
                Answered::Malformed => return Err(invalid()),
            },
        };
        match Answer::read(&body) {
            Answer::Response(response) if !self.asked.request.stream => {
                Ok(Tried::Whole(Box::new(Whole { status, content_type, raw, body, response, code: None, trace })))
            }
            Answer::Error(_) => in_error(),
            Answer::Response(_) | Answer::Empty | Answer::Html | Answer::Foreign | Answer::Malformed(_) => {
                Err(invalid())
            }
        }
    }
}

fn busy() -> Failure {
    let words = "as many requests run at the provider as the realm allows";
    Failure { retry_after_s: Some(1), blame: false, ..Failure::of_deployment(Code::NoDeploymentAvailable, words) }
}

/// The provider said no: what may be better elsewhere or later is a failure, the rest is the client's to read.
async fn refused(answer: upstream::Answer, dialect: &Dialect) -> Result<Tried, Failure> {
    // Read to its end, so that the connection can be used again.
    let read = answer.body.whole(ERROR_BYTES_MAX).await;
    let upstream::Answer { status, retry_after_s, content_type, trace, .. } = answer;
    Refusal { status, retry_after_s, content_type, trace }.read(read, dialect)
}

/// The head of a refusal.
struct Refusal {
    status: StatusCode,
    retry_after_s: Option<u64>,
    content_type: Option<HeaderValue>,
    trace: Option<HeaderValue>,
}

impl Refusal {
    /// One that came as a part of a success.
    fn of(status: StatusCode, trace: Option<HeaderValue>) -> Self {
        Self { status, retry_after_s: None, content_type: None, trace }
    }

    fn read(self, read: Result<Bytes, Fault>, dialect: &Dialect) -> Result<Tried, Failure> {
        let Self { status, retry_after_s, content_type, trace } = self;
        let code = match status.as_u16() {
            429 => Code::RateLimited,
            408 | 504 => Code::UpstreamTimeout,
            // Our credential, not the client's.
            401 => Code::UpstreamError,
            403 | 451 => {
                let error = dialect.error(status.as_u16(), &read.unwrap_or_default());
                return Err(match quirks::is_legal(status.as_u16(), &error) {
                    true => Failure::legal(status.as_u16()),
                    false => failed(Code::UpstreamError, status, retry_after_s),
                });
            }
            400..=499 => {
                let raw = read.map_err(Failure::fault)?;
                let error = dialect.error(status.as_u16(), &raw);
                let code = if quirks::is_overlong(&error) { Code::ContextLengthExceeded } else { Code::UpstreamError };
                let response = Response::default();
                let (body, content_type) = match dialect {
                    Dialect::Openai => (raw.clone(), content_type),
                    _ => (Bytes::from(error.to_json()), None),
                };
                let (raw, code) = (vec![raw], Some(code));
                let whole = Whole { status, content_type, raw, body, response, code, trace };
                return Ok(Tried::Whole(Box::new(whole)));
            }
            // It does not do this at all: that is no failure of a deployment that works.
            501 => return Err(Failure { blame: false, ..failed(Code::UpstreamError, status, retry_after_s) }),
            500..=599 => Code::UpstreamError,
            _ => Code::UpstreamInvalid,
        };
        Err(failed(code, status, retry_after_s))
    }
}

/// What the body says is the provider's, not the client's.
fn failed(code: Code, status: StatusCode, retry_after_s: Option<u64>) -> Failure {
    let message = format!("the provider answered with status {}", status.as_u16());
    Failure { status: Some(status.as_u16()), retry_after_s, ..Failure::of_deployment(code, message) }
}
