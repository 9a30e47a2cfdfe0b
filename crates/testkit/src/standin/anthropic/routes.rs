use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State as Shared};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use super::Anthropic;
use super::answer::{message, prompt_tokens};
use super::events::{error_events, message_events};
use super::rules::{Problem, Version, check};
use crate::standin::stream::Events;
use crate::standin::{Fault, State};

/// The longest body that Anthropic takes.
const BYTES_MAX: usize = 32 << 20;

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1/messages", post(answer))
        .route("/v1/messages/count_tokens", post(answer))
        .route("/v1/models", get(models))
        .route("/v1/models/{id}", get(one_model))
        .route("/_received", get(received))
        .route("/_faults", post(faults))
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(2 * BYTES_MAX))
        .with_state(state)
}

async fn received(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "stand_in": state.name, "received": state.received() }))
}

async fn faults(Shared(state): Shared<Arc<State>>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    state.set_faults(faults);
    StatusCode::NO_CONTENT
}

async fn nothing() -> Response {
    error(&Problem::new(404, "Not Found"))
}

fn model(id: &str) -> Value {
    json!({
        "type": "model",
        "id": id,
        "display_name": format!("{id}, a stand-in"),
        "created_at": "2026-10-21T00:00:00Z",
        "lifecycle": "active",
    })
}

async fn models(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    match admitted(&headers) {
        Ok(_) => {
            let (id, data) = (&state.name, [model(&state.name)]);
            Json(json!({ "data": data, "has_more": false, "first_id": id, "last_id": id })).into_response()
        }
        Err(problem) => error(&problem),
    }
}

async fn one_model(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match admitted(&headers) {
        Ok(_) if id == state.name => Json(model(&id)).into_response(),
        Ok(_) => error(&Problem::new(404, format!("model: {id}"))),
        Err(problem) => error(&problem),
    }
}

/// Checks the key, then the version, as the API does.
fn admitted(headers: &HeaderMap) -> Result<Version, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = || header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    match header("x-api-key").or_else(bearer) {
        Some(Anthropic::KEY) => Version::read(header("anthropic-version")),
        Some(_) => Err(Problem::new(401, "invalid x-api-key")),
        None => Err(Problem::new(401, "x-api-key header is required")),
    }
}

async fn answer(Shared(state): Shared<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    state.note(uri.path(), &headers, &body);
    let fault = state.next_fault();
    if let Some(Fault::Silent { for_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(for_ms)).await;
    }
    let counts = uri.path().ends_with("count_tokens");
    let asked = match admitted(&headers).and_then(|version| read(&body, version, counts)) {
        Ok(asked) => asked,
        Err(problem) => return error(&problem),
    };
    let streamed = asked["stream"] == true;
    if let Some(failure) = fault.as_ref().and_then(|fault| failed(fault, &state.name, &asked)) {
        return failure;
    }
    match (counts, streamed) {
        (true, _) => with_id(Json(json!({ "input_tokens": prompt_tokens(&asked) })).into_response()),
        (false, true) => events(message_events(&message(&state.name, &asked)), fault),
        (false, false) => with_id(Json(message(&state.name, &asked)).into_response()),
    }
}

fn read(body: &[u8], version: Version, counts: bool) -> Result<Value, Problem> {
    if body.len() > BYTES_MAX {
        return Err(Problem::new(413, "Request exceeds the maximum size"));
    }
    let asked = serde_json::from_slice(body).map_err(|_| Problem::new(400, "The request body is not valid JSON"))?;
    check(&asked, version, counts)?;
    Ok(asked)
}

fn events(events: Vec<String>, fault: Option<Fault>) -> Response {
    let body = Body::new(Events::start(events, fault));
    let headers = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    with_id((headers, body).into_response())
}

fn failed(fault: &Fault, name: &str, asked: &Value) -> Option<Response> {
    let json_type = [(header::CONTENT_TYPE, "application/json")];
    match fault {
        Fault::Status { status, retry_after_s } => {
            let mut response = error(&Problem::new(*status, "failing as asked"));
            if let Some(seconds) = retry_after_s {
                response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
            }
            Some(response)
        }
        Fault::Html => {
            Some(([(header::CONTENT_TYPE, "text/html")], "<!doctype html><title>maintenance</title>").into_response())
        }
        Fault::Empty => Some((json_type, "").into_response()),
        Fault::Malformed => Some((json_type, "{\"type\":\"message\",\"cont").into_response()),
        Fault::ErrorInOk if asked["stream"] == true => Some(events(error_events(&message(name, asked)), None)),
        Fault::ErrorInOk => Some(Json(Problem::new(529, "Overloaded").body()).into_response()),
        Fault::Silent { .. } | Fault::CutAfter { .. } | Fault::NoTerminator | Fault::Drip { .. } => None,
    }
}

fn error(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    with_id((status, Json(problem.body())).into_response())
}

fn with_id(mut response: Response) -> Response {
    response.headers_mut().insert("request-id", header::HeaderValue::from_static("req_standin"));
    response
}
