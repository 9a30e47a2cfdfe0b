//! What the provider says went wrong, in any of its shapes: the transcoder's object in `error`, the flat one with
//! a text in `error`, OpenAI's.

use serde_json::{Value, json};

use super::auth::mask;
use super::{counts::count, form};
use crate::openai::{UpstreamError, error_type};
use crate::sse::Frame;

/// An error, with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// As a client of OpenAI's reads it; credentials that the provider echoes are masked.
    pub error: UpstreamError,
    /// What kind of trouble it is.
    pub class: Class,
}

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request is wrong.
    Invalid,
    /// The conversation is longer than the model takes.
    ContextLength,
    /// No such model or operation.
    NotFound,
    /// The credential may not do this, or belongs to another folder than the model's.
    Permission,
    /// The credential is wrong or has expired.
    Unauthenticated,
    /// As many generations are running as are allowed.
    Concurrency,
    /// More requests in a span of time than are allowed.
    RateWindow,
    /// The provider has a problem that may pass.
    Unavailable,
    /// The provider does not do this.
    NotImplemented,
}

/// Whether and when asking again makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It does not.
    Never,
    /// Once, with a fresh token, where the credential is one that can be renewed.
    Renewed,
    /// As soon as one of the running generations has ended.
    Soon,
    /// After a while, and a longer one each time.
    Later,
}

impl Class {
    /// Whether and when asking again makes sense, as long as nothing of an answer was passed on.
    pub fn retry(self) -> Retry {
        match self {
            Self::Unauthenticated => Retry::Renewed,
            Self::Concurrency => Retry::Soon,
            Self::RateWindow | Self::Unavailable => Retry::Later,
            Self::Invalid | Self::ContextLength | Self::NotFound | Self::Permission | Self::NotImplemented => {
                Retry::Never
            }
        }
    }

    /// The HTTP status that says the same.
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid | Self::ContextLength => 400,
            Self::Unauthenticated => 401,
            Self::Permission => 403,
            Self::NotFound => 404,
            Self::Concurrency | Self::RateWindow => 429,
            Self::NotImplemented => 501,
            Self::Unavailable => 503,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid_request",
            Self::ContextLength => "context_length_exceeded",
            Self::NotFound => "model_not_found",
            Self::Permission => "permission_denied",
            Self::Unauthenticated => "invalid_api_key",
            Self::Concurrency | Self::RateWindow => "rate_limit_exceeded",
            Self::Unavailable => "server_error",
            Self::NotImplemented => "not_implemented",
        }
    }

    fn of(status: u16, message: &str) -> Self {
        let message = message.to_lowercase();
        match status {
            401 => Self::Unauthenticated,
            403 | 451 => Self::Permission,
            404 => Self::NotFound,
            429 if message.contains(" gauge ") => Self::Concurrency,
            429 => Self::RateWindow,
            501 => Self::NotImplemented,
            408 | 500..=599 => Self::Unavailable,
            _ if TOO_LONG.iter().any(|words| message.contains(words)) => Self::ContextLength,
            413 => Self::ContextLength,
            _ => Self::Invalid,
        }
    }
}

/// How the provider, or the open models' server behind it, says that a conversation is too long.
const TOO_LONG: [&str; 3] = ["number of input tokens must be no more than", "context length", "context window"];

/// Reads the body of an error with its HTTP status. Never fails: HTML and the like are errors without words. With
/// a status of success (a stream that breaks, [`Answered::Error`](crate::translate::Answered::Error)) the body's
/// own code says what it is.
pub fn error(status: u16, body: &[u8]) -> Failure {
    match serde_json::from_slice::<Value>(body) {
        Ok(value @ Value::Object(_)) => failure(Some(status), &value),
        _ => built(status.max(400), UpstreamError::read(body).message, None),
    }
}

/// The same of a JSON value that is already read.
pub(super) fn failure(status: Option<u16>, value: &Value) -> Failure {
    let inner = if value["error"].is_object() { &value["error"] } else { value };
    let stated = status.filter(|status| *status >= 400).or_else(|| {
        let http = u16::try_from(count(&inner["httpCode"])).ok().filter(|code| (400..600).contains(code));
        http.or_else(|| [&inner["grpcCode"], &inner["code"]].into_iter().find_map(http_status))
    });
    let message = UpstreamError::read(value.to_string().as_bytes()).message;
    let own = inner["code"].as_str().filter(|code| code.parse::<u64>().is_err()).map(str::to_owned);
    built(stated.unwrap_or(500), message, own)
}

fn built(status: u16, message: String, own: Option<String>) -> Failure {
    let mut class = Class::of(status, &message);
    if own.as_deref() == Some("context_length_exceeded") {
        class = Class::ContextLength;
    }
    let code = match (class, own) {
        // These say no more than the status does, so the provider's own word is worth more.
        (Class::Invalid | Class::Unavailable, Some(own)) => mask(&own),
        _ => class.code().to_owned(),
    };
    let kind = error_type(if class == Class::ContextLength { 400 } else { status });
    let error = UpstreamError { message: mask(&message), kind: Some(kind.to_owned()), code: Some(code), param: None };
    Failure { error, class }
}

/// The HTTP status that a gRPC code is sent with; a number that is an HTTP status already stays one.
fn http_status(code: &Value) -> Option<u16> {
    match count(code) {
        3 | 9 | 11 => Some(400),
        16 => Some(401),
        7 => Some(403),
        5 => Some(404),
        6 | 10 => Some(409),
        8 => Some(429),
        1 => Some(499),
        2 | 13 | 15 => Some(500),
        12 => Some(501),
        14 => Some(503),
        4 => Some(504),
        status @ 400..=599 => u16::try_from(status).ok(),
        _ => None,
    }
}

/// The event that an error in a stream is.
pub(super) fn event(failure: &Failure) -> Frame {
    let error = &failure.error;
    let body = json!({ "error": { "message": error.message, "type": error.kind, "param": null, "code": error.code } });
    form::event(body.to_string())
}
