//! What the provider says went wrong, in OpenAI's words.

use serde_json::json;

use super::foreign::Body;
use crate::openai::UpstreamError;

/// The status that an error means: the one it came with, or, where that is a success, the one that its body states.
pub fn error_status(status: u16, body: &[u8]) -> u16 {
    stated(status, UpstreamError::read(body).code.as_deref())
}

fn stated(status: u16, code: Option<&str>) -> u16 {
    match (status, code.and_then(|code| code.parse().ok())) {
        (400..=599, _) => status,
        (_, Some(said @ 400..=599)) => said,
        _ => 502,
    }
}

/// Reads an error of the API: `{"status":…,"message":…}`, `{"message":…}`, text, HTML or nothing. `kind` and `code`
/// become OpenAI's; the message stays.
pub fn error(status: u16, body: &[u8]) -> UpstreamError {
    if serde_json::from_slice::<Body>(body).is_ok_and(|body| body.is_failure()) {
        return failed_model();
    }
    let mut read = UpstreamError::read(body);
    let status = stated(status, read.code.as_deref());
    let (kind, code, param) = class(status, &read.message.to_lowercase());
    read.kind = Some(kind.to_owned());
    read.code = Some(code.to_owned());
    read.param = read.param.or(param.map(str::to_owned));
    if read.message.is_empty() {
        read.message = format!("the provider answered with status {status} and no words");
    }
    read
}

/// `type`, `code` and `param` of an error.
fn class(status: u16, message: &str) -> (&'static str, &'static str, Option<&'static str>) {
    const INVALID: &str = "invalid_request_error";
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match status {
        400 | 413 | 422 if says(&["token", "context", "контекст", "токен"]) && says(&LONG) => {
            (INVALID, "context_length_exceeded", Some("messages"))
        }
        413 => (INVALID, "context_length_exceeded", Some("messages")),
        // Our credential, not the client's.
        401 => ("authentication_error", "invalid_api_key", None),
        402 => ("insufficient_quota", "insufficient_quota", None),
        403 => ("permission_error", "permission_denied", None),
        404 if says(&["model"]) => ("not_found_error", "model_not_found", Some("model")),
        404 => ("not_found_error", "not_found", None),
        422 if says(&["does not support functions"]) => (INVALID, "unsupported_parameter", Some("tools")),
        408 | 504 => ("timeout_error", "timeout", None),
        429 => ("rate_limit_error", "rate_limit_exceeded", None),
        400..=499 => (INVALID, "invalid_request", None),
        _ => ("server_error", "server_error", None),
    }
}

/// Words of "too much", in both languages the provider uses.
const LONG: [&str; 9] =
    ["too many", "too long", "too large", "exceed", "limit", "maximum", "превы", "слишком", "лимит"];

/// An error as an event of a stream holds it.
pub(super) fn event(error: &UpstreamError) -> String {
    let UpstreamError { message, kind, code, param } = error;
    json!({ "error": { "message": message, "type": kind, "param": param, "code": code } }).to_string()
}

/// The model failed in the middle of its answer: the provider has a word for it, and no more than that.
pub(super) fn failed_model() -> UpstreamError {
    UpstreamError {
        message: "the model failed to finish its answer".to_owned(),
        kind: Some("server_error".to_owned()),
        code: Some("model_error".to_owned()),
        param: None,
    }
}

/// An event that makes no sense.
pub(super) fn unreadable() -> UpstreamError {
    UpstreamError {
        message: "the provider sent an event that cannot be read".to_owned(),
        kind: Some("server_error".to_owned()),
        code: Some("upstream_invalid".to_owned()),
        param: None,
    }
}
