//! Errors of the API in OpenAI's words.

use crate::openai::{UpstreamError, error_type};
use crate::tree::{Tree, map};

/// Reads an error body. `kind` and `code` are OpenAI's, whatever the provider says; the message is the provider's.
pub fn error(status: u16, body: &[u8]) -> UpstreamError {
    let tree = Tree::object(body).unwrap_or(Tree::Null);
    let said = tree.get("error");
    let mut found = UpstreamError::read(body);
    if let Some(message) = said.get("message").text() {
        found.message = clip(message);
    }
    name(&mut found, status, said.get("type").said());
    found
}

/// Whether a failed request may be tried again, elsewhere or later.
pub fn retryable(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500 | 502 | 503 | 504 | 529)
}

/// The event of an error in a stream.
pub(super) fn event(said: &Tree) -> String {
    let mut found = UpstreamError { message: clip(said.get("message").said()), ..UpstreamError::default() };
    let kind = said.get("type").said();
    name(&mut found, 500, kind);
    let error = map! { "message": found.message, "type": found.kind, "param": Tree::Null, "code": found.code };
    map! { "error": error }.to_json()
}

fn name(found: &mut UpstreamError, status: u16, kind: &str) {
    let status = match status_of(kind) {
        // The status says more than the widest of the types.
        Some(400) if (400..500).contains(&status) => status,
        Some(known) => known,
        None => status,
    };
    let code = code(status, &found.message);
    let word = if code == "insufficient_quota" { code } else { error_type(status) };
    found.code = Some(code.to_owned());
    found.kind = Some(word.to_owned());
}

/// OpenAI's code.
fn code(status: u16, message: &str) -> &'static str {
    let message = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match status {
        400 | 413 if says(&["prompt is too long", "exceed context limit", "context window", "context length"]) => {
            "context_length_exceeded"
        }
        400 if says(&["credit balance"]) => "insufficient_quota",
        403 | 451 if status == 451 || says(&["your country", "your region", "unsupported country"]) => {
            "unsupported_country_region_territory"
        }
        401 => "invalid_api_key",
        402 => "insufficient_quota",
        403 => "permission_denied",
        404 if message.starts_with("model") => "model_not_found",
        404 => "not_found",
        408 | 504 => "timeout",
        413 => "request_too_large",
        429 => "rate_limit_exceeded",
        529 => "overloaded",
        400..=499 => "invalid_request",
        _ => "server_error",
    }
}

/// The status that an error's type comes with; none for a type of later versions.
fn status_of(kind: &str) -> Option<u16> {
    Some(match kind {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "api_error" => 500,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => return None,
    })
}

/// At most as much as is kept of any provider's words.
fn clip(message: &str) -> String {
    const MESSAGE_MAX: usize = 2048;
    let mut end = message.len().min(MESSAGE_MAX);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message[..end].to_owned()
}
