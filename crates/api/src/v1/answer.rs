//! Answers, and errors in the shape of OpenAI's.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::rights::Within;
use crate::trouble::Trouble;

/// Why a call was refused; each is a page in `docs/errors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    InvalidRequest,
    InvalidToken,
    RoleMissing,
    WrongScope,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Busy,
    ReceiptPending,
    Internal,
}

/// Every code and its status.
pub const CODES: [(&str, u16); 10] = [
    ("invalid_request", 400),
    ("invalid_token", 401),
    ("role_missing", 403),
    ("wrong_scope", 403),
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("conflict", 409),
    ("rate_limited", 429),
    ("receipt_pending", 503),
    ("internal", 500),
];

impl Code {
    fn told(self) -> (&'static str, u16) {
        CODES[self as usize]
    }
}

/// An error, as OpenAI's clients know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
}

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// In words: what was expected and what to do.
    pub message: String,
    /// Whose fault it is: `invalid_request_error`, `authentication_error`, `permission_error` or `server_error`.
    pub r#type: &'static str,
    /// Stable; each is a page in the guide.
    pub code: &'static str,
    /// The parameter or field that it is about.
    pub param: Option<&'static str>,
}

/// A call that is refused.
#[derive(Debug)]
pub(super) struct Refused {
    code: Code,
    message: String,
    param: Option<&'static str>,
    /// What the path takes instead.
    allow: String,
}

impl Refused {
    pub(super) fn takes(methods: &[&str]) -> Self {
        let said = format!("this path takes {}", methods.join(" and "));
        Self { allow: methods.join(", "), ..Self::of(Code::MethodNotAllowed, said) }
    }

    pub(super) fn of(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), param: None, allow: String::new() }
    }

    pub(super) fn about(param: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param), ..Self::of(Code::InvalidRequest, message) }
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        let (code, status) = self.code.told();
        let kind = match status {
            401 => "authentication_error",
            403 => "permission_error",
            500.. => "server_error",
            _ => "invalid_request_error",
        };
        let error = ErrorDetail { message: self.message, r#type: kind, code, param: self.param };
        let mut reply = json(&ErrorBody { error });
        *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(allow) = HeaderValue::from_str(&self.allow).ok().filter(|allow| !allow.is_empty()) {
            reply.headers_mut().insert(ALLOW, allow);
        }
        if self.code == Code::InvalidToken {
            reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"freehold\""));
        }
        reply
    }
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        let said = trouble.to_string();
        match trouble {
            Trouble::NotFound => Self::of(Code::NotFound, "there is nothing of that name here"),
            Trouble::Forbidden => Self::of(Code::RoleMissing, "your role in this organisation does not allow it"),
            Trouble::NoRole => Self::of(Code::RoleMissing, "you have a role in no organisation of this realm"),
            Trouble::ElsewhereOnly(Within::Whole) => {
                Self::of(Code::WrongScope, "it is of the deployment as a whole: say `?organisation=@`")
            }
            Trouble::ElsewhereOnly(_) => Self::of(
                Code::WrongScope,
                "it is of one organisation: name one in which you have a role by `?organisation=ID`",
            ),
            Trouble::Wrong { what, field } => Self { param: field, ..Self::of(Code::InvalidRequest, what) },
            Trouble::Taken => Self::of(Code::Conflict, "somebody took the name just now: ask again"),
            Trouble::Anothers => Self::of(
                Code::Conflict,
                "an account of that name is another organisation's: an administrator of both gives it a role here",
            ),
            Trouble::InEach => {
                Self::of(Code::Conflict, "the role holds in each organisation: it cannot be taken in one of them")
            }
            Trouble::Busy => Self::of(Code::Busy, "too much of this is under way: come again in a second"),
            Trouble::NotYet => {
                Self::of(Code::ReceiptPending, "no signed checkpoint covers this entry yet: ask again in a second")
            }
            Trouble::Unsaved(why) => {
                tracing::error!(error = why, "no backup could be made");
                Self::of(Code::Internal, "no backup could be made: the server's log says why")
            }
            Trouble::Store(_) | Trouble::Ledger(_) | Trouble::Lost(_) => {
                tracing::error!(error = said, "a call of the API failed");
                Self::of(Code::Internal, "the store or the ledger cannot be read: the server's log says why")
            }
        }
    }
}

/// An answer.
pub(super) fn json(value: &impl Serialize) -> Response<Bytes> {
    let body = serde_json::to_vec(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer of the API cannot be written");
        json!({}).to_string().into_bytes()
    });
    typed("application/json", body.into())
}

/// Nothing more to say.
pub(super) fn done() -> Response<Bytes> {
    let mut reply = typed("application/json", Bytes::new());
    reply.headers_mut().remove(CONTENT_TYPE);
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}

/// The same of something new.
pub(super) fn created(value: &impl Serialize) -> Response<Bytes> {
    let mut reply = json(value);
    *reply.status_mut() = StatusCode::CREATED;
    reply
}

/// The same of something that goes on beside.
pub(super) fn begun(value: &impl Serialize) -> Response<Bytes> {
    let mut reply = json(value);
    *reply.status_mut() = StatusCode::ACCEPTED;
    reply
}

/// A body of a type. Nothing of it is kept, and no browser takes it for a page.
pub(super) fn typed(kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut reply = Response::new(body);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    reply
}
