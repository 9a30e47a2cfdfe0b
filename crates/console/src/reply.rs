//! Answers: the headers that every page carries, compression, redirects.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, VARY,
};
use http::{Method, Response, StatusCode};
use serde_json::Value;

use crate::ask::Ask;

/// Shorter answers are not worth compressing.
const GZIP_BYTES_MIN: usize = 1_024;

/// Nothing from elsewhere, nothing inline, nobody's frame.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// What OWASP's list of headers asks of a page that only browsers read.
const HEADERS: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// A page.
pub fn html(text: String) -> Response<Bytes> {
    typed("text/html; charset=utf-8", text.into())
}

/// A value for programs.
pub fn json(value: &Value) -> Response<Bytes> {
    typed("application/json", format!("{value}\n").into())
}

/// Rows for spreadsheets, as a file of a name.
pub fn csv(name: &str, text: String) -> Response<Bytes> {
    file(typed("text/csv; charset=utf-8", text.into()), &format!("{name}.csv"))
}

/// An answer to be kept as a file; its name is made of letters, digits and dashes here.
pub fn file(mut reply: Response<Bytes>, name: &str) -> Response<Bytes> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        reply.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    reply
}

/// Go and look there.
pub fn see_other(path: &str) -> Response<Bytes> {
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(value) = HeaderValue::from_str(path) {
        reply.headers_mut().insert(LOCATION, value);
    }
    reply
}

/// A body of a type.
pub fn typed(kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut reply = Response::new(body);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// Puts the headers of every answer on, and compresses what is long.
pub fn finish(mut reply: Response<Bytes>, ask: &Ask, secure: bool) -> Response<Bytes> {
    let headers = reply.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(HeaderName::from_static("strict-transport-security"), year);
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
    let packed = reply.headers().contains_key(CONTENT_ENCODING);
    if !packed
        && reply.body().len() >= GZIP_BYTES_MIN
        && ask.takes("gzip")
        && let Some(body) = gzip(reply.body(), Compression::fast())
    {
        *reply.body_mut() = body;
        reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if ask.method == Method::HEAD {
        *reply.body_mut() = Bytes::new();
    }
    reply
}

/// Compresses; none where memory gives out.
pub fn gzip(body: &[u8], level: Compression) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), level);
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
