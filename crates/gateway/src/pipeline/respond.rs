//! What a client gets: status, headers, body.

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use policy::{Obligation, ObligationKind};
use realm::load::Lang;
use serde::Serialize;

use crate::edge::{Reply, StreamBody};
use crate::error::Refused;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST: HeaderName = HeaderName::from_static("x-freehold-request");
const DECISION: HeaderName = HeaderName::from_static("x-freehold-decision");
const DEPLOYMENT: HeaderName = HeaderName::from_static("x-freehold-deployment");
const ATTEMPTS: HeaderName = HeaderName::from_static("x-freehold-attempts");
const LABEL: HeaderName = HeaderName::from_static("x-freehold-label");
const TRACE: HeaderName = HeaderName::from_static("x-freehold-upstream-request");
/// See [`super::approval::HEADER`].
pub(crate) const TICKET: HeaderName = HeaderName::from_static(super::approval::HEADER);
const RECEIPT: HeaderName = HeaderName::from_static("x-freehold-receipt");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The names of a request; both empty where it has none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ids<'a> {
    /// The one in records.
    pub(crate) ours: &'a str,
    /// The client's.
    pub(crate) named: Option<&'a str>,
    /// What whoever is told of it reads.
    pub(crate) lang: Lang,
}

/// What our own headers say, each where it applies.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told<'a> {
    pub(crate) ids: Ids<'a>,
    pub(crate) decision: Option<&'static str>,
    pub(crate) deployment: Option<&'a str>,
    pub(crate) attempts: usize,
    pub(crate) receipt: Option<(&'a str, u64)>,
    /// What is owed for the answer.
    pub(crate) owed: &'a [Obligation],
    /// The ticket that the request waits under.
    pub(crate) ticket: Option<&'a str>,
    /// The provider's own name of the request.
    pub(crate) trace: Option<&'a HeaderValue>,
}

impl Told<'_> {
    fn write(&self, reply: &mut Reply) {
        let headers = reply.headers_mut();
        if !self.ids.ours.is_empty() {
            put(headers, REQUEST, self.ids.ours);
            put(headers, REQUEST_ID, self.ids.named.unwrap_or(self.ids.ours));
        }
        if let Some(decision) = self.decision {
            headers.insert(DECISION, HeaderValue::from_static(decision));
        }
        if let Some(deployment) = self.deployment {
            put(headers, DEPLOYMENT, deployment);
        }
        if let Some(ticket) = self.ticket {
            put(headers, TICKET, ticket);
        }
        if let Some(receipt) = self.receipt.and_then(|(log, index)| receipt(log, index)) {
            headers.insert(RECEIPT, receipt);
        }
        let labels = self.owed.iter().filter(|owed| owed.kind == ObligationKind::Label);
        let labels: Vec<&str> = labels.map(|owed| owed.rule.id.as_str()).collect();
        if !labels.is_empty() {
            put(headers, LABEL, &labels.join(", "));
        }
        if let Some(trace) = self.trace {
            headers.insert(TRACE, trace.clone());
        }
        if self.attempts > 0 {
            headers.insert(ATTEMPTS, HeaderValue::from(self.attempts));
        }
    }
}

/// All of these are ids, words or numbers; what cannot stand in a header is left out.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// `<log>/<index>`.
fn receipt(log: &str, index: u64) -> Option<HeaderValue> {
    /// Digits of the greatest index.
    const DIGITS: usize = 20;
    let mut words = String::with_capacity(log.len() + 1 + DIGITS);
    // Writing to a String cannot fail.
    let _ = write!(words, "{log}/{index}");
    // It takes the text as it is, without a copy.
    HeaderValue::from_maybe_shared(Bytes::from(words)).ok()
}

/// A refusal without more to tell.
pub(crate) fn refused(refused: &Refused, ids: Ids<'_>) -> Reply {
    refusal(refused, &Told { ids, ..Told::default() })
}

/// A refusal in OpenAI's shape.
pub(crate) fn refusal(refused: &Refused, told: &Told<'_>) -> Reply {
    let mut reply = plain(refused.code.status(), JSON, Bytes::from(refused.to_json(told.ids.ours, told.ids.lang)));
    if let Some(seconds) = refused.retry_after_s {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    told.write(&mut reply);
    reply
}

/// A provider's answer, whole.
pub(crate) fn whole(status: StatusCode, content_type: Option<HeaderValue>, body: Bytes, told: &Told<'_>) -> Reply {
    let mut reply = plain(status, content_type.unwrap_or(JSON), body);
    told.write(&mut reply);
    reply
}

/// The head of a stream; its parts come by the receiver.
pub(crate) fn stream(parts: tokio::sync::mpsc::Receiver<Bytes>, told: &Told<'_>) -> Reply {
    let mut reply = roomy(StreamBody::Parts(parts));
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    told.write(&mut reply);
    reply
}

/// A value as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(body) => plain(status, JSON, body.into()),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, JSON, Bytes::from_static(b"{}")),
    }
}

/// Plain text.
pub(crate) fn text(body: impl Into<Bytes>) -> Reply {
    uncached(plain(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), body.into()))
}

/// Prometheus text.
pub(crate) fn metrics(body: String) -> Reply {
    plain(StatusCode::OK, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"), body.into())
}

/// A page.
pub(crate) fn html(body: &str) -> Reply {
    let body = Bytes::copy_from_slice(body.as_bytes());
    uncached(plain(StatusCode::OK, HeaderValue::from_static("text/html; charset=utf-8"), body))
}

/// A tile of the log: it never changes.
pub(crate) fn tile(body: Vec<u8>) -> Reply {
    let mut reply = plain(StatusCode::OK, HeaderValue::from_static("application/octet-stream"), body.into());
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    reply
}

fn uncached(mut reply: Reply) -> Reply {
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    reply
}

/// A reply with room for all the headers that we or hyper may write: the map is made once.
fn roomy(body: StreamBody) -> Reply {
    const HEADERS: usize = 12;
    let mut reply = Response::new(body);
    *reply.headers_mut() = HeaderMap::with_capacity(HEADERS);
    reply
}

fn plain(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Reply {
    let mut reply = roomy(StreamBody::Whole(body));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}
