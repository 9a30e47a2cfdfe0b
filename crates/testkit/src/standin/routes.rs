use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde_json::{Value, json};

use super::State;
use super::answer::{chat, completion, embeddings};
use super::fault::Fault;
use super::stream::{Events, chat_events, completion_events};

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(answer))
        .route("/v1/completions", post(answer))
        .route("/v1/embeddings", post(answer))
        .route("/v1/models", get(models))
        .route("/_received", get(received))
        .route("/_faults", post(faults))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(state)
}

async fn models(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let model = json!({ "id": state.name, "object": "model", "created": 1_700_000_000, "owned_by": "stand-in" });
    Json(json!({ "object": "list", "data": [model] }))
}

async fn received(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "stand_in": state.name, "received": state.received() }))
}

async fn faults(Shared(state): Shared<Arc<State>>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    state.set_faults(faults);
    StatusCode::NO_CONTENT
}

async fn answer(Shared(state): Shared<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    state.note(uri.path(), &headers, &body);
    let fault = state.next_fault();
    if let Some(Fault::Silent { for_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(for_ms)).await;
    }
    if let Some(failure) = fault.as_ref().and_then(failed) {
        return failure;
    }
    let Ok(asked) = serde_json::from_slice::<Value>(&body) else {
        return error(StatusCode::BAD_REQUEST, "the body is not JSON", None);
    };
    let streamed = asked["stream"] == true;
    match (uri.path(), streamed) {
        ("/v1/embeddings", _) => Json(embeddings(&asked)).into_response(),
        ("/v1/completions", true) => events(completion_events(&state.name, &asked), fault),
        ("/v1/completions", false) => Json(completion(&state.name, &asked)).into_response(),
        (_, true) => events(chat_events(&state.name, &asked), fault),
        (_, false) => Json(chat(&state.name, &asked)).into_response(),
    }
}

fn events(events: Vec<String>, fault: Option<Fault>) -> Response {
    let body = Body::new(Events::start(events, fault));
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], body)
        .into_response()
}

fn failed(fault: &Fault) -> Option<Response> {
    let json_type = [(header::CONTENT_TYPE, "application/json")];
    match fault {
        Fault::Status { status, retry_after_s } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some(error(status, "failing as asked", *retry_after_s))
        }
        Fault::Html => {
            Some(([(header::CONTENT_TYPE, "text/html")], "<!doctype html><title>maintenance</title>").into_response())
        }
        Fault::Empty => Some((json_type, "").into_response()),
        Fault::Malformed => Some((json_type, "{\"choices\":[{\"mess").into_response()),
        Fault::ErrorInOk => {
            Some(Json(json!({ "error": { "message": "failing as asked", "code": 500 } })).into_response())
        }
        Fault::Silent { .. } | Fault::CutAfter { .. } | Fault::NoTerminator | Fault::Drip { .. } => None,
    }
}

fn error(status: StatusCode, message: &str, retry_after_s: Option<u64>) -> Response {
    let body = Json(json!({ "error": { "message": message, "type": "stand_in_error", "code": status.as_u16() } }));
    let mut response = (status, body).into_response();
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::{Arc, Body, Fault, State, StatusCode, Value, json, router};

    async fn ask(state: &Arc<State>, body: Value) -> (StatusCode, String) {
        let request = Request::post("/v1/chat/completions").body(Body::from(body.to_string())).unwrap();
        let response = router(Arc::clone(state)).oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = match response.into_body().collect().await {
            Ok(all) => all.to_bytes(),
            Err(_) => "cut".into(),
        };
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn hello(stream: bool) -> Value {
        json!({ "model": "m", "stream": stream, "messages": [{ "role": "user", "content": "Hello, мир" }] })
    }

    #[tokio::test]
    async fn streamed_or_not_the_answer_is_the_same() {
        let state = Arc::new(State::new("one"));
        let (_, whole) = ask(&state, hello(false)).await;
        let whole: Value = serde_json::from_str(&whole).unwrap();
        let (_, events) = ask(&state, hello(true)).await;
        let put_together: String = events
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .filter_map(|data| serde_json::from_str::<Value>(data).ok())
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(whole["choices"][0]["message"]["content"], put_together.as_str());
        assert!(put_together.ends_with("You wrote: Hello, мир"));
        assert!(events.ends_with("data: [DONE]\n\n"));
        assert_eq!(state.received().len(), 2);
    }

    #[tokio::test]
    async fn faults_apply_once_each_and_in_order() {
        let state = Arc::new(State::new("one"));
        state.set_faults(vec![Fault::Status { status: 503, retry_after_s: Some(2) }, Fault::CutAfter { events: 2 }]);
        assert_eq!(ask(&state, hello(false)).await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(&state, hello(true)).await.1, "cut");
        assert_eq!(ask(&state, hello(false)).await.0, StatusCode::OK);
    }
}
