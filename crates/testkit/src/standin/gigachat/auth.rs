//! Giving out tokens, and checking them.

use std::collections::VecDeque;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::routes::{error, json_body};
use super::{State, locked};

/// How many tokens are remembered.
const KEPT: usize = 256;
/// Real tokens are about this long: whoever caps headers should notice here.
const TOKEN_CHARS: usize = 1200;
const SCOPES: [&str; 3] = ["GIGACHAT_API_PERS", "GIGACHAT_API_B2B", "GIGACHAT_API_CORP"];

/// The tokens given out.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    issued: u64,
    /// Each with its end, in milliseconds.
    valid: VecDeque<(String, u64)>,
    /// When tokens were asked for lately.
    asked: VecDeque<u64>,
}

impl Tokens {
    fn issue(&mut self, until_ms: u64) -> String {
        self.issued += 1;
        let token = format!("standin.{}.{:x<TOKEN_CHARS$}", self.issued, "");
        if self.valid.len() == KEPT {
            self.valid.pop_front();
        }
        self.valid.push_back((token.clone(), until_ms));
        token
    }

    pub(super) fn revoke(&mut self) {
        self.valid.clear();
    }

    pub(super) fn issued(&self) -> u64 {
        self.issued
    }

    /// Counts a request; whether there were more than so many in the last second.
    fn is_flood(&mut self, now_ms: u64, most: Option<usize>) -> bool {
        self.asked.retain(|at| at + 1000 > now_ms);
        let flood = most.is_some_and(|most| self.asked.len() >= most);
        if !flood && most.is_some() {
            self.asked.push_back(now_ms);
        }
        flood
    }
}

/// Answers a token request.
pub(super) fn token(state: &State, headers: &HeaderMap, body: &[u8]) -> Response {
    let now_ms = state.clock.now().0;
    let mut tokens = locked(&state.tokens);
    if tokens.is_flood(now_ms, state.options.tokens_per_second) {
        return error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", None);
    }
    if let Err((status, code, message)) = check(state, headers, body) {
        return json_body(status, &json!({ "code": code, "message": message }));
    }
    let until_ms = now_ms.saturating_add(state.options.token_ttl_ms);
    let token = tokens.issue(until_ms);
    let reply = match state.options.short_dialect {
        true => json!({ "tok": token, "exp": until_ms }),
        false => json!({ "access_token": token, "expires_at": until_ms }),
    };
    json_body(StatusCode::OK, &reply)
}

type Refusal = (StatusCode, u32, &'static str);

fn check(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The provider's words for this are not documented.
    if !is_uuid_v4(text("rquid")) {
        return Err((BAD, 1, "RqUID is missing or is no UUID of version 4"));
    }
    if !text("content-type").starts_with("application/x-www-form-urlencoded") {
        return Err((BAD, 1, "scope data format invalid"));
    }
    let key = text("authorization").strip_prefix("Basic ").unwrap_or_default();
    let decoded = STANDARD.decode(key).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    if !decoded.split_once(':').is_some_and(|(id, secret)| !id.is_empty() && !secret.is_empty()) {
        return Err((BAD, 4, "Can't decode 'Authorization' header"));
    }
    if state.options.key.as_deref().is_some_and(|known| known != key) {
        return Err((StatusCode::UNAUTHORIZED, 6, "credentials doesn't match db data"));
    }
    let form = std::str::from_utf8(body).unwrap_or_default();
    match form.split('&').find_map(|pair| pair.strip_prefix("scope=")).unwrap_or_default() {
        "" => Err((BAD, 5, "scope is empty")),
        scope if !SCOPES.contains(&scope) => Err((BAD, 1, "scope data format invalid")),
        scope if scope != state.options.scope => Err((BAD, 7, "scope from db not fully includes consumed scope")),
        _ => Ok(()),
    }
}

fn is_uuid_v4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        && parts[2].starts_with('4')
        && parts[3].starts_with(['8', '9', 'a', 'b', 'A', 'B'])
}

/// Refuses a call of the API that is not entitled to an answer.
pub(super) fn refuse(state: &State, headers: &HeaderMap) -> Option<Response> {
    if state.options.user_agent_required && !headers.contains_key(header::USER_AGENT) {
        // The edge's words, without a status.
        return Some(json_body(StatusCode::FORBIDDEN, &json!({ "message": "Unauthorized" })));
    }
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    let tokens = locked(&state.tokens);
    let known = tokens.valid.iter().find(|(valid, _)| valid == token);
    let message = match known {
        Some((_, until_ms)) if *until_ms > state.clock.now().0 => return None,
        Some(_) => "Token has expired",
        None => "Unauthorized",
    };
    Some(error(StatusCode::UNAUTHORIZED, message, None))
}
