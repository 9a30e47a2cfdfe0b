//! The endpoints.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::answer::{AnswerBody, Events, Head};
use super::embed;
use super::model::Model;
use super::outbox::{Finish, Reader, outbox};
use super::prompt::{Work, prepare};
use super::pulse::Pulse;
use super::refusal::Refusal;
use super::request::{Ask, Endpoint};

const BODY_BYTES_MAX: usize = 8 << 20;
/// Bodies held at once; others wait in their sockets.
const BODIES_MAX: usize = 16;
/// How long a body may take to arrive: it holds one of those places.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Who asks, for fair turns; set by the gateway.
const APP_HEADER: &str = "x-freehold-app";
const APP_BYTES_MAX: usize = 128;

/// What the endpoints share.
pub(super) struct Api {
    /// Empty while the model is being loaded.
    pub(super) model: OnceLock<Model>,
    jobs: SyncSender<Work>,
    pulse: Arc<Pulse>,
    bodies: Semaphore,
}

impl Api {
    pub(super) fn new(jobs: SyncSender<Work>, pulse: Arc<Pulse>) -> Self {
        Self { model: OnceLock::new(), jobs, pulse, bodies: Semaphore::new(BODIES_MAX) }
    }
}

type Answer = Response<AnswerBody>;

/// Answers one request, whatever it is.
pub(super) async fn handle(api: Arc<Api>, request: Request<Incoming>) -> Answer {
    match route(api, request).await {
        Ok(answer) => answer,
        Err(refusal) => refuse(&refusal),
    }
}

async fn route(api: Arc<Api>, request: Request<Incoming>) -> Result<Answer, Refusal> {
    let path = request.uri().path().to_string();
    match (request.method().clone(), path.as_str()) {
        (Method::GET, "/health") => health(&api),
        (Method::GET, "/v1/models") => Ok(models(loaded(&api)?)),
        (Method::POST, "/v1/chat/completions") => generate(api, Endpoint::Chat, request).await,
        (Method::POST, "/v1/completions") => generate(api, Endpoint::Completion, request).await,
        (Method::POST, "/v1/embeddings") => vectors(api, request).await,
        (method, path) => Err(Refusal::new(404, "not_found", format!("there is no {method} {path} here"))),
    }
}

fn loaded(api: &Api) -> Result<&Model, Refusal> {
    api.model.get().ok_or_else(|| Refusal::new(503, "model_loading", "the model is being loaded"))
}

fn health(api: &Api) -> Result<Answer, Refusal> {
    let model = loaded(api)?;
    Ok(reply(StatusCode::OK, &json!({"status": "ok", "engine": model.ready})))
}

fn models(model: &Model) -> Answer {
    let ready = &model.ready;
    let entry = json!({
        "id": ready.model, "object": "model", "created": 0, "owned_by": "embedded",
        "freehold": {
            "architecture": ready.architecture, "parameters": ready.parameters,
            "quantisation": ready.quantisation, "toy": ready.toy, "note": model.note,
            "context_tokens": ready.context_tokens,
        },
    });
    reply(StatusCode::OK, &json!({"object": "list", "data": [entry]}))
}

async fn generate(api: Arc<Api>, endpoint: Endpoint, request: Request<Incoming>) -> Result<Answer, Refusal> {
    loaded(&api)?;
    let app = app_of(&request);
    let (place, body) = body_of(&api, request).await?;
    let ask = Ask::read(endpoint, &body)?;
    drop(body);
    let (stream, include_usage) = (ask.stream, ask.include_usage);
    let random = random()?;
    let (writer, reader) = outbox(stream);
    let preparing = Arc::clone(&api);
    let job = tokio::task::spawn_blocking(move || {
        let _at_work = preparing.pulse.preparing.begin();
        prepare(loaded(&preparing)?, ask, app, random, writer)
    });
    let job = job.await.map_err(|_| Refusal::internal("reading the request failed"))??;
    drop(place);
    submit(&api, Work::Answer(Box::new(job)))?;
    let model = loaded(&api)?;
    let head = Head::new(endpoint, model, random, now_unix_s(), include_usage);
    respond(head, reader, stream).await
}

async fn vectors(api: Arc<Api>, request: Request<Incoming>) -> Result<Answer, Refusal> {
    loaded(&api)?;
    let app = app_of(&request);
    let (place, body) = body_of(&api, request).await?;
    let ask = embed::Ask::read(&body)?;
    drop(body);
    let base64 = ask.base64;
    let (reply, made) = oneshot::channel();
    let preparing = Arc::clone(&api);
    let job = tokio::task::spawn_blocking(move || {
        let _at_work = preparing.pulse.preparing.begin();
        embed::prepare(loaded(&preparing)?, ask, app, reply)
    });
    let job = job.await.map_err(|_| Refusal::internal("reading the request failed"))??;
    drop(place);
    submit(&api, Work::Vectors(job))?;
    let made = made.await.map_err(|_| Refusal::internal("the engine stopped before the answer"))??;
    let mut answer = Response::new(AnswerBody::Whole(Some(embed::render(loaded(&api)?, &made, base64).into())));
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    Ok(answer)
}

/// A request's body, and the place that it takes until it is dropped.
async fn body_of(api: &Api, request: Request<Incoming>) -> Result<(SemaphorePermit<'_>, bytes::Bytes), Refusal> {
    let place = api.bodies.acquire().await.map_err(|_| Refusal::internal("the engine is ending"))?;
    let late = |_| Refusal::new(408, "incomplete_body", "the body did not arrive in time");
    let body = tokio::time::timeout(BODY_TIME, read_body(request)).await.map_err(late)??;
    Ok((place, body))
}

/// Waits for the first words before the status goes out, so that a failure is still one.
async fn respond(head: Head, reader: Reader, stream: bool) -> Result<Answer, Refusal> {
    match reader.next().await {
        (_, Some(Finish::Failed(refusal))) => Err(refusal),
        (text, Some(Finish::Done(done))) if !stream => Ok(reply(StatusCode::OK, &head.whole(&text, &done))),
        first => {
            let mut answer = Response::new(AnswerBody::Events(Box::new(Events::new(head, reader, first))));
            let headers = answer.headers_mut();
            let event_stream = header::HeaderValue::from_static("text/event-stream");
            headers.insert(header::CONTENT_TYPE, event_stream);
            headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            Ok(answer)
        }
    }
}

fn submit(api: &Api, work: Work) -> Result<(), Refusal> {
    api.jobs.try_send(work).map_err(|e| match e {
        TrySendError::Full(_) => Refusal::new(503, "overloaded", "too many requests are waiting for this model"),
        TrySendError::Disconnected(_) => Refusal::internal("the engine has stopped"),
    })
}

fn app_of(request: &Request<Incoming>) -> String {
    let value = request.headers().get(APP_HEADER).and_then(|v| v.to_str().ok()).unwrap_or("");
    value.chars().take(APP_BYTES_MAX).collect()
}

async fn read_body(request: Request<Incoming>) -> Result<bytes::Bytes, Refusal> {
    let limited = Limited::new(request.into_body(), BODY_BYTES_MAX);
    match limited.collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(e) if e.is::<LengthLimitError>() => {
            Err(Refusal::new(413, "body_too_large", format!("the body is larger than {BODY_BYTES_MAX} bytes")))
        }
        Err(_) => Err(Refusal::new(400, "incomplete_body", "the body did not arrive")),
    }
}

fn random() -> Result<u64, Refusal> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|e| Refusal::internal(format!("no randomness: {e}")))?;
    Ok(u64::from_le_bytes(bytes))
}

#[expect(clippy::disallowed_methods, reason = "the wire format wants the time in the answer; nothing is decided by it")]
fn now_unix_s() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| d.as_secs())
}

fn refuse(refusal: &Refusal) -> Answer {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = reply(status, &refusal.to_json());
    if refusal.status == 503 {
        answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    answer
}

fn reply(status: StatusCode, value: &Value) -> Answer {
    let mut answer = Response::new(AnswerBody::json(value));
    *answer.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    answer
}
