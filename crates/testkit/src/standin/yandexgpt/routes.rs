//! Paths, and what every call goes through: noted, authorised, perhaps failed, read, answered.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::super::fault::Fault;
use super::super::stream::{Cut, Events};
use super::errors::{Checked, EXHAUSTED, Problem, Surface};
use super::plan::Plan;
use super::{Shared, auth, check, compatible, iam, native, operations, unary};

type Handle = State<Arc<Shared>>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let under = |name: &str| format!("/foundationModels/v1/{name}");
    Router::new()
        .route(&under("completion"), post(generate))
        .route("/v1/chat/completions", post(generate))
        .route(&under("completionAsync"), post(one))
        .route(&under("tokenize"), post(one))
        .route(&under("tokenizeCompletion"), post(one))
        .route(&under("textEmbedding"), post(one))
        .route("/v1/embeddings", post(one))
        .route("/v1/models", get(models))
        .route("/operations/{id}", get(operation))
        .route("/iam/v1/tokens", post(token))
        .route("/_received", get(received))
        .route("/_faults", post(faults))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(shared)
}

async fn received(State(shared): Handle) -> Json<Value> {
    Json(json!({ "stand_in": shared.settings.name, "received": shared.state.received() }))
}

async fn faults(State(shared): Handle, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    shared.state.set_faults(faults);
    StatusCode::NO_CONTENT
}

/// The JWT is a credential: only that it came is noted.
async fn token(State(shared): Handle, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    shared.state.note(uri.path(), &headers, b"(withheld)");
    let exchanged = parsed(&body).and_then(|body| iam::exchange(&shared, &body));
    exchanged.map_or_else(|problem| problem.respond(Surface::Unary), |token| Json(token).into_response())
}

async fn models(State(shared): Handle, uri: Uri, headers: HeaderMap) -> Response {
    shared.state.note(uri.path(), &headers, b"");
    let project = headers.get("openai-project").and_then(|value| value.to_str().ok());
    let listed = auth::check(&shared, &headers, Surface::Compatible).and_then(|()| match project {
        Some(folder) if folder == shared.settings.folder => Ok(auth::uris(folder)),
        _ => Err(Problem::invalid("OpenAI-Project must name the folder")),
    });
    match listed {
        Ok(uris) => {
            let model = |id: String| json!({ "id": id, "object": "model", "created": 0, "owned_by": "yandex" });
            Json(json!({ "object": "list", "data": uris.map(model).collect::<Vec<_>>() })).into_response()
        }
        Err(problem) => problem.respond(Surface::Compatible),
    }
}

async fn operation(State(shared): Handle, uri: Uri, headers: HeaderMap, Path(id): Path<String>) -> Response {
    shared.state.note(uri.path(), &headers, b"");
    let said = auth::check(&shared, &headers, Surface::Unary).and_then(|()| operations::ask(&shared, &id));
    said.map_or_else(|problem| problem.respond(Surface::Unary), |said| Json(said).into_response())
}

/// A call with one answer, not wrapped.
async fn one(State(shared): Handle, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let surface = if uri.path().starts_with("/v1/") { Surface::Compatible } else { Surface::Unary };
    // Faults of streams mean nothing here.
    if let Err(response) = enter(&shared, &uri, &headers, &body, surface).await {
        return *response;
    }
    let answered = parsed(&body).and_then(|body| match uri.path().rsplit('/').next() {
        Some("tokenize") => unary::tokenize(&shared, &body),
        Some("tokenizeCompletion") => {
            check::completion(&shared, &body).map(|_| unary::tokens_of(&body["messages"].to_string()))
        }
        Some("textEmbedding") => unary::embedding(&shared, &body),
        Some("embeddings") => unary::compatible(&shared, &body),
        _ => check::completion(&shared, &body).and_then(|(asked, streamed)| match streamed {
            true => Err(Problem::invalid("stream is not allowed in async mode")),
            false => Ok(operations::begin(&shared, &asked)),
        }),
    });
    answered.map_or_else(|problem| problem.respond(surface), |answer| traced(&shared, Json(answer)))
}

/// A generation: as many at a time as the quota allows.
async fn generate(State(shared): Handle, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let surface = if uri.path().starts_with("/v1/") { Surface::Compatible } else { Surface::Streaming };
    let Ok(permit) = Arc::clone(&shared.running).try_acquire_owned() else {
        shared.state.note(uri.path(), &headers, &body);
        return gauge(&shared).respond(surface);
    };
    let fault = match enter(&shared, &uri, &headers, &body, surface).await {
        Ok(fault) => fault,
        Err(response) => return *response,
    };
    let body = match parsed(&body) {
        Ok(body) => body,
        Err(problem) if surface == Surface::Streaming => return problem.respond(Surface::Unary),
        Err(problem) => return problem.respond(surface),
    };
    let read = match surface {
        Surface::Compatible => compatible::read(&shared, &body),
        _ => check::completion(&shared, &body),
    };
    let (asked, streamed) = match read {
        Ok(read) => read,
        Err(problem) => return problem.respond(surface),
    };
    let (plan, piece_chars) = (Plan::of(&shared.settings.name, &asked), shared.settings.piece_chars);
    match (surface, streamed) {
        (Surface::Compatible, true) => {
            let events = compatible::events(&plan, &body["model"], piece_chars);
            stream("text/event-stream", events, fault, permit)
        }
        (Surface::Compatible, false) => traced(&shared, Json(compatible::whole(&plan, &body["model"]))),
        (_, true) => stream("application/json", native::lines(&plan, piece_chars), fault, permit),
        (_, false) => traced(&shared, Json(json!({ "result": native::response(&plan) }))),
    }
}

fn gauge(shared: &Shared) -> Problem {
    let most = shared.settings.concurrent_max;
    let name = "ai.textGenerationCompletionSessionsCount.count";
    Problem::new(EXHAUSTED, format!("{name} gauge quota limit exceed: allowed {most} requests"))
}

/// Notes and authorises a call, and fails it where that was asked for.
async fn enter(
    shared: &Shared,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    surface: Surface,
) -> Result<Option<Fault>, Box<Response>> {
    shared.state.note(uri.path(), headers, body);
    auth::check(shared, headers, surface).map_err(|problem| Box::new(problem.respond(surface)))?;
    let fault = shared.state.next_fault();
    if let Some(Fault::Silent { for_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(for_ms)).await;
    }
    let json_type = [(header::CONTENT_TYPE, "application/json")];
    match fault {
        Some(Fault::Status { status, .. }) => {
            let given = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Err(Box::new((given, Json(Problem::of_status(status).body(surface))).into_response()))
        }
        Some(Fault::Html) => {
            let page = "<!doctype html><title>maintenance</title>";
            Err(Box::new(([(header::CONTENT_TYPE, "text/html")], page).into_response()))
        }
        Some(Fault::Empty) => Err(Box::new((json_type, "").into_response())),
        Some(Fault::Malformed) => Err(Box::new((json_type, "{\"result\":{\"alte").into_response())),
        Some(Fault::ErrorInOk) => Err(Box::new(Json(Problem::of_status(503).body(surface)).into_response())),
        other => Ok(other),
    }
}

fn parsed(body: &[u8]) -> Checked<Value> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Problem::invalid("proto: syntax error: unexpected token")),
        Err(error) => Err(Problem::invalid(format!("invalid JSON: {error}"))),
    }
}

fn traced(shared: &Shared, answer: Json<Value>) -> Response {
    let id = format!("standin-{}", shared.number());
    ([("x-request-id", id.clone()), ("x-server-trace-id", id)], answer).into_response()
}

fn stream(kind: &'static str, events: Vec<String>, fault: Option<Fault>, permit: OwnedSemaphorePermit) -> Response {
    let events = Events::start(events, fault);
    ([(header::CONTENT_TYPE, kind)], Body::new(Held { events, _permit: permit })).into_response()
}

/// A stream that counts as a running generation until it ends.
struct Held {
    events: Events,
    _permit: OwnedSemaphorePermit,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        Pin::new(&mut self.events).poll_frame(cx)
    }
}
