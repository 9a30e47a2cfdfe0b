//! One door for everything: what asks for what, who may, and how it fails when told to.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::Frame;
use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::stream::{Cut, Events};
use super::{Place, State, auth, chat, check, files, locked, render, smaller, v2};

/// The path of token requests.
const OAUTH: &str = "/api/v2/oauth";

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(serve).layer(DefaultBodyLimit::max(64 << 20)).with_state(state)
}

/// A call, taken apart.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

async fn serve(
    Shared(state): Shared<Arc<State>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match (&method, uri.path()) {
        (&Method::GET, "/_received") => {
            let told = json!({ "stand_in": state.common.name, "received": state.common.received() });
            return json_body(StatusCode::OK, &told);
        }
        (&Method::POST, path @ ("/_faults" | "/_token_faults")) => return set_faults(&state, path, &body),
        _ => {}
    }
    state.common.note(uri.path(), &headers, &body);
    let is_token = uri.path() == OAUTH;
    let fault = if is_token { locked(&state.token_faults).next() } else { state.common.next_fault() };
    if let Some(Fault::Silent { for_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(for_ms)).await;
    }
    let call = Call { state: &state, headers: &headers, body: &body };
    let mut response = match (fault.as_ref().and_then(failed), is_token) {
        (Some(failure), _) => failure,
        (None, true) => auth::token(&state, &headers, &body),
        (None, false) => api(&call, &method, uri.path(), fault),
    };
    label(&state, &headers, response.headers_mut());
    response
}

fn set_faults(state: &State, path: &str, body: &[u8]) -> Response {
    let Ok(faults) = serde_json::from_slice::<Vec<Fault>>(body) else {
        return error(StatusCode::BAD_REQUEST, "not a list of faults", None);
    };
    match path {
        "/_faults" => state.common.set_faults(faults),
        _ => locked(&state.token_faults).set(faults),
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Every answer has these, errors too.
fn label(state: &State, asked: &HeaderMap, answer: &mut HeaderMap) {
    let number = state.answered.fetch_add(1, Ordering::SeqCst) + 1;
    for (name, kind) in [("x-request-id", 1), ("x-session-id", 2)] {
        let own = format!("00000000-0000-4000-8{kind:03}-{number:012}");
        let value = asked.get(name).cloned().or_else(|| HeaderValue::from_str(&own).ok());
        if let Some(value) = value {
            answer.insert(name, value);
        }
    }
}

fn api(call: &Call<'_>, method: &Method, path: &str, fault: Option<Fault>) -> Response {
    if let Some(refusal) = auth::refuse(call.state, call.headers) {
        return refusal;
    }
    let path = path.strip_prefix("/api").unwrap_or(path);
    if (method, path) == (&Method::POST, "/v2/chat/completions") {
        return completions(call, fault, true);
    }
    let Some(path) = path.strip_prefix("/v1") else { return not_found() };
    match (method.as_str(), path) {
        ("POST", "/chat/completions") => completions(call, fault, false),
        ("GET", "/models") => smaller::models(call.state),
        ("POST", "/embeddings") => smaller::embeddings(call),
        ("POST", "/tokens/count") => smaller::count(call),
        ("GET", "/balance") => smaller::balance(),
        ("POST", "/ai/check") => smaller::ai_check(call),
        ("GET", path) if path.starts_with("/models/") => smaller::model(call.state, &path["/models/".len()..]),
        (method, path) if path == "/files" || path.starts_with("/files/") => files::serve(call, method, path),
        _ => not_found(),
    }
}

fn completions(call: &Call<'_>, fault: Option<Fault>, is_v2: bool) -> Response {
    let Some(place) = call.state.enter() else {
        return error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", None);
    };
    let Ok(asked) = serde_json::from_slice::<Value>(call.body) else {
        return error(StatusCode::BAD_REQUEST, "the body is not JSON", None);
    };
    let body = if is_v2 { v2::as_v1(&asked) } else { Ok(asked) };
    let checked = body.and_then(|body| check::chat(call.state, &body).map(|()| body));
    let body = match checked {
        Ok(body) => body,
        Err(refused) => return refusal(&refused),
    };
    let reply = chat::reply(call.state, &body);
    match (is_v2, body["stream"] == true) {
        (false, false) => json_body(StatusCode::OK, &render::whole(&reply)),
        (true, false) => json_body(StatusCode::OK, &v2::whole(&reply)),
        (false, true) => events(render::events(&reply), fault, place),
        (true, true) => events(v2::events(&reply), fault, place),
    }
}

fn events(mut events: Vec<String>, fault: Option<Fault>, place: Place) -> Response {
    if let Some(Fault::ErrorInOk) = fault {
        events = vec!["data: {\"status\":429,\"message\":\"Too many requests\"}\n\n".to_owned()];
    }
    let body = Body::new(Held { events: Events::start(events, fault), _place: place });
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], body)
        .into_response()
}

/// A stream that holds its place until it ends or its reader leaves.
struct Held {
    events: Events,
    _place: Place,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        Pin::new(&mut self.events).poll_frame(cx)
    }
}

fn failed(fault: &Fault) -> Option<Response> {
    let json_type = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    match fault {
        Fault::Status { status, retry_after_s } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some(error(status, words(status), *retry_after_s))
        }
        Fault::Html => {
            Some(([(header::CONTENT_TYPE, "text/html")], "<!doctype html><title>maintenance</title>").into_response())
        }
        Fault::Empty => Some((json_type, "").into_response()),
        Fault::Malformed => Some((json_type, "{\"choices\":[{\"mess").into_response()),
        Fault::ErrorInOk => Some(json_body(StatusCode::OK, &json!({ "status": 429, "message": "Too many requests" }))),
        Fault::Silent { .. } | Fault::CutAfter { .. } | Fault::NoTerminator | Fault::Drip { .. } => None,
    }
}

/// What the provider says with a status.
fn words(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Permission denied",
        404 => "No such model",
        413 => "Payload too large",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500..=599 => "Internal Server Error",
        _ => "failing as asked",
    }
}

fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "Not found", None)
}

/// A refusal with its status and words.
pub(super) fn refusal((status, message): &check::Refused) -> Response {
    error(StatusCode::from_u16(*status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), message, None)
}

pub(super) fn error(status: StatusCode, message: &str, retry_after_s: Option<u64>) -> Response {
    let mut response = json_body(status, &json!({ "status": status.as_u16(), "message": message }));
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

pub(super) fn json_body(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}
