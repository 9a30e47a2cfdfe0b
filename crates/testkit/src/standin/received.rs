use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

/// How many bodies are remembered.
const KEPT: usize = 256;

/// One request as it arrived: what left Freehold, for anyone to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Received {
    /// Counts from 1.
    pub number: u64,
    /// The path asked for.
    pub path: String,
    /// Names of the headers; their values too, but for credentials.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
    /// The body as JSON, where it is JSON.
    pub body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    count: u64,
    kept: VecDeque<Received>,
}

impl Log {
    pub(crate) fn push(&mut self, path: &str, headers: &axum::http::HeaderMap, body: &[u8]) {
        self.count += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        let shown = |name: &str, value: &axum::http::HeaderValue| match name {
            "authorization" | "x-api-key" => "(withheld)".to_owned(),
            _ => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        };
        self.kept.push_back(Received {
            number: self.count,
            path: path.to_owned(),
            headers: headers.iter().map(|(n, v)| (n.to_string(), shown(n.as_str(), v))).collect(),
            text: String::from_utf8_lossy(body).into_owned(),
            body: serde_json::from_slice(body).unwrap_or(Value::Null),
        });
    }

    pub(crate) fn list(&self) -> Vec<Received> {
        self.kept.iter().cloned().collect()
    }
}
