//! Files: kept in memory, a few of them.

use std::collections::VecDeque;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::locked;
use super::routes::{Call, error, json_body};

/// How many are kept.
const KEPT: usize = 32;

/// The files uploaded.
#[derive(Debug, Default)]
pub(super) struct Files {
    count: u64,
    kept: VecDeque<(Value, Bytes)>,
}

impl Files {
    pub(super) fn known(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    fn find(&self, id: &str) -> Option<&(Value, Bytes)> {
        self.kept.iter().find(|(told, _)| told["id"] == id)
    }

    fn add(&mut self, name: &str, purpose: &str, content: Bytes, created_at: u64) -> Value {
        self.count += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        let told = json!({
            "id": format!("00000000-0000-4000-9000-{:012}", self.count),
            "object": "file",
            "bytes": content.len(),
            "created_at": created_at,
            "filename": name,
            "purpose": purpose,
            "access_policy": "private",
        });
        self.kept.push_back((told.clone(), content));
        told
    }
}

/// Answers under `/files`.
pub(super) fn serve(call: &Call<'_>, method: &str, path: &str) -> Response {
    let rest: Vec<&str> = path.split('/').skip(2).collect();
    match (method, rest.as_slice()) {
        ("POST", []) => upload(call),
        ("GET", []) => {
            let data: Vec<Value> = locked(&call.state.files).kept.iter().map(|(told, _)| told.clone()).collect();
            json_body(StatusCode::OK, &json!({ "data": data }))
        }
        ("GET", [id]) => match locked(&call.state.files).find(id) {
            Some((told, _)) => json_body(StatusCode::OK, told),
            None => missing(),
        },
        ("GET", [id, "content"]) => match locked(&call.state.files).find(id) {
            Some((_, content)) => ([(header::CONTENT_TYPE, "application/jpg")], content.clone()).into_response(),
            None => missing(),
        },
        ("POST", [id, "delete"]) => delete(call, id),
        _ => missing(),
    }
}

fn delete(call: &Call<'_>, id: &str) -> Response {
    let mut files = locked(&call.state.files);
    if !files.known(id) {
        return missing();
    }
    files.kept.retain(|(told, _)| told["id"] != id);
    json_body(StatusCode::OK, &json!({ "id": id, "object": "file", "deleted": true }))
}

fn missing() -> Response {
    error(StatusCode::NOT_FOUND, "No such file", None)
}

fn upload(call: &Call<'_>) -> Response {
    let kind = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = kind.split("boundary=").nth(1).map(|boundary| boundary.trim_matches('"')).unwrap_or_default();
    let wrong = |what: &str| error(StatusCode::BAD_REQUEST, what, None);
    if boundary.is_empty() {
        return wrong("the body is not multipart");
    }
    let (mut purpose, mut file) = (None, None);
    for part in parts(call.body, boundary) {
        let (head, content) = part;
        match (attribute(head, "name="), attribute(head, "filename=")) {
            (Some("file"), Some(name)) => file = Some((name, content)),
            (Some("purpose"), _) => purpose = std::str::from_utf8(content).ok(),
            _ => {}
        }
    }
    let (Some((name, content)), Some(purpose @ ("general" | "assistant"))) = (file, purpose) else {
        return wrong("an upload needs a file and a purpose");
    };
    let content = Bytes::copy_from_slice(content);
    let told = locked(&call.state.files).add(name, purpose, content, call.state.now_s());
    json_body(StatusCode::OK, &told)
}

/// The parts of a multipart body: the headers and the content of each.
fn parts<'b>(body: &'b [u8], boundary: &str) -> Vec<(&'b str, &'b [u8])> {
    let mark = format!("--{boundary}");
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = &rest[at + mark.len()..];
        let end = find(rest, mark.as_bytes()).unwrap_or(rest.len());
        let part = &rest[..end];
        if let Some(gap) = find(part, b"\r\n\r\n") {
            let content = &part[gap + 4..];
            let content = content.strip_suffix(b"\r\n").unwrap_or(content);
            out.push((std::str::from_utf8(&part[..gap]).unwrap_or_default(), content));
        }
    }
    out
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A quoted attribute of a part's headers.
fn attribute<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let from = head.match_indices(name).find(|(at, _)| head[..*at].ends_with(['"', ' ', ';']))?.0 + name.len();
    head[from..].strip_prefix('"')?.split('"').next()
}
