//! The gateway's errors in the shape that Anthropic's clients read.

use crate::sse::{Event, Frame};
use crate::tree::{Tree, map};

/// Translates an error body of ours, `{"error":{…}}`. What has no place in Anthropic's shape stays beside it.
pub fn error(status: u16, body: &[u8], request_id: Option<&str>) -> Vec<u8> {
    let body = Tree::object(body).unwrap_or(Tree::Null);
    shape(error_type(status), body.get("error"), request_id).to_json().into_bytes()
}

/// The event of an error in a stream, for an error object of ours or of OpenAI's form.
pub fn error_event(body: &[u8]) -> Frame {
    event(Tree::object(body).unwrap_or(Tree::Null).get("error"))
}

pub(super) fn event(said: &Tree) -> Frame {
    let data = shape(kind_of(said), said, None).to_json();
    Frame::Event(Event { name: Some("error".to_owned()), data, id: None })
}

fn shape(kind: &str, said: &Tree, request_id: Option<&str>) -> Tree {
    let message = said.text().or(said.get("message").text()).unwrap_or("the request failed");
    let mut error = map! { "type": kind, "message": message };
    for name in ["code", "param", "freehold"] {
        if !said.get(name).is_null() {
            error.put(name, said.get(name));
        }
    }
    let mut out = map! { "type": "error", "error": error };
    if let Some(id) = request_id {
        out.put("request_id", id);
    }
    out
}

/// The type that goes with a status.
fn error_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 | 504 => "timeout_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 | 529 => "overloaded_error",
        400..=499 => "invalid_request_error",
        _ => "api_error",
    }
}

/// The type of an error without a status, from OpenAI's words for it.
fn kind_of(said: &Tree) -> &'static str {
    if said.get("code").is("overloaded") {
        return "overloaded_error";
    }
    match said.get("type").said() {
        "authentication_error" => "authentication_error",
        "insufficient_quota" => "billing_error",
        "permission_error" => "permission_error",
        "not_found_error" => "not_found_error",
        "timeout_error" => "timeout_error",
        "rate_limit_error" => "rate_limit_error",
        "invalid_request_error" => "invalid_request_error",
        _ => "api_error",
    }
}
