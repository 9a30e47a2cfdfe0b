//! Tokens for the API: what to ask, what comes back, how long it serves. Sends nothing and knows no clock.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::openai::UpstreamError;

/// Where tokens are asked for: another host than the API's.
pub const URL: &str = "https://ngw.devices.sberbank.ru:9443/api/v2/oauth";
/// Scopes there are: of persons, of companies that pay before, and of companies that pay after.
pub const SCOPES: [&str; 3] = ["GIGACHAT_API_PERS", "GIGACHAT_API_B2B", "GIGACHAT_API_CORP"];
/// What cannot stand in a form as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// A token is not used in its last minute.
pub const MARGIN_MS: u64 = 60_000;
/// Longest token believed; real ones have about 1.2 kB.
const TOKEN_BYTES_MAX: usize = 16 << 10;
/// Below this a time is in seconds: in milliseconds it would be in 1973.
const SECONDS_MAX: u64 = 100_000_000_000;

/// A request for a token, ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// Headers, a secret among them.
    pub headers: Vec<(&'static str, String)>,
    /// The form.
    pub body: String,
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest").field("body", &self.body).finish_non_exhaustive()
    }
}

/// Asks for a token. The authorization key is base64 already, and is not encoded again; white space in it, which
/// copying brings, is taken out. `rquid` must be new each time: see [`rquid`].
pub fn token_request(key: &str, scope: &str, rquid: &str) -> TokenRequest {
    let key: String = key.split_ascii_whitespace().collect();
    let key = key.strip_prefix("Basic").unwrap_or(&key);
    let headers = vec![
        ("authorization", format!("Basic {key}")),
        ("rquid", rquid.to_owned()),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ("accept", "application/json".to_owned()),
        ("user-agent", "freehold".to_owned()),
    ];
    TokenRequest { headers, body: format!("scope={}", utf8_percent_encode(scope.trim_ascii(), RESERVED)) }
}

/// The authorization key of a client's id and secret, where they are given apart.
pub fn key_of(client_id: &str, client_secret: &str) -> String {
    STANDARD.encode(format!("{}:{}", client_id.trim_ascii(), client_secret.trim_ascii()))
}

/// A request id as the provider insists on it: a UUID of version 4, from bytes that the caller draws.
pub fn rquid(mut random: [u8; 16]) -> String {
    random[6] = (random[6] & 0x0F) | 0x40;
    random[8] = (random[8] & 0x3F) | 0x80;
    let mut out = String::with_capacity(36);
    for (at, byte) in random.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// A token and how long it serves.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What goes after `Bearer`.
    pub value: String,
    /// Milliseconds since 1970; 0 where it was given from outside and never ends.
    pub expires_at_ms: u64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("expires_at_ms", &self.expires_at_ms).finish_non_exhaustive()
    }
}

impl Token {
    /// Reads a reply with status 200, in either of its dialects. None when it makes no sense.
    pub fn read(body: &[u8]) -> Option<Self> {
        let reply: Value = serde_json::from_slice(body).ok()?;
        let either = |one: &str, other: &str| reply.get(one).or_else(|| reply.get(other)).cloned();
        let value = either("access_token", "tok")?.as_str()?.to_owned();
        let fits = !value.is_empty() && value.len() <= TOKEN_BYTES_MAX && value.bytes().all(|b| b.is_ascii_graphic());
        let at = time(&either("expires_at", "exp")?)?;
        let expires_at_ms = if at < SECONDS_MAX { at.checked_mul(1000)? } else { at };
        fits.then_some(Self { value, expires_at_ms })
    }

    /// Whether a call may begin with it.
    pub fn is_usable(&self, now_ms: u64) -> bool {
        self.expires_at_ms == 0 || self.expires_at_ms > now_ms.saturating_add(MARGIN_MS)
    }

    /// When to fetch the next one, without hurry: after four fifths of the life that it has from now.
    pub fn refresh_at_ms(&self, now_ms: u64) -> Option<u64> {
        if self.expires_at_ms == 0 {
            return None;
        }
        let left = self.expires_at_ms.saturating_sub(now_ms);
        Some(now_ms.saturating_add(left / 5 * 4))
    }

    /// The header of a call.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.value)
    }
}

/// A number, or one written as text.
fn time(value: &Value) -> Option<u64> {
    if let Some(text) = value.as_str() {
        return text.trim_ascii().parse().ok();
    }
    value.as_u64()
}

/// Why no token came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What to do about it.
    pub kind: FailureKind,
    /// The provider's code, where it gives one.
    pub code: Option<String>,
    /// What it says; for the operator, for it never quotes the key.
    pub message: String,
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Key, scope or request are wrong: trying again changes nothing, somebody must set it right.
    Configuration,
    /// Too many requests, or the provider's own trouble: later is better.
    Retry,
}

/// Reads a reply with any other status. Which of 400 and 401 comes with a wrong key is told differently, so both
/// mean the same here.
pub fn failure(status: u16, body: &[u8]) -> Failure {
    let read = UpstreamError::read(body);
    let kind = match status {
        408 | 429 | 500..=599 => FailureKind::Retry,
        _ => FailureKind::Configuration,
    };
    let message = match (read.message.is_empty(), read.code.as_deref()) {
        (false, _) => read.message,
        (true, Some("4")) => "the authorization key cannot be decoded: is it base64, encoded once?".to_owned(),
        (true, Some("6")) => "the authorization key is not known: was it issued anew?".to_owned(),
        (true, Some("5" | "7")) => "the scope is not the key's".to_owned(),
        (true, _) => format!("the token endpoint answered with status {status} and no words"),
    };
    Failure { kind, code: read.code, message }
}
