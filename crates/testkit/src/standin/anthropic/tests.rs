use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Anthropic;
use super::routes::router;
use crate::standin::{Fault, State};

const OLD: &str = "2023-06-01";
const NEW: &str = "2026-10-21";

async fn send(state: &Arc<State>, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, String) {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let response = router(Arc::clone(state)).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    assert_eq!(response.headers()["request-id"], "req_standin");
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn ask(version: &str, body: &Value) -> (u16, Value) {
    let state = Arc::new(State::new("claude"));
    let headers = [("x-api-key", Anthropic::KEY), ("anthropic-version", version)];
    let (status, text) = send(&state, "/v1/messages", &headers, body).await;
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn hello(more: Value) -> Value {
    let mut body =
        json!({ "model": "claude", "max_tokens": 100, "messages": [{ "role": "user", "content": "Hello, мир" }] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn key_and_version_are_demanded_and_x_api_key_wins() {
    let state = Arc::new(State::new("claude"));
    let bearer = format!("Bearer {}", Anthropic::KEY);
    for (headers, wanted) in [
        (vec![("x-api-key", Anthropic::KEY), ("anthropic-version", OLD)], 200),
        (vec![("authorization", bearer.as_str()), ("anthropic-version", NEW)], 200),
        (vec![("authorization", bearer.as_str()), ("x-api-key", "wrong"), ("anthropic-version", NEW)], 401),
        (vec![("authorization", "Bearer wrong"), ("anthropic-version", NEW)], 401),
        (vec![("anthropic-version", NEW)], 401),
        (vec![("x-api-key", Anthropic::KEY)], 400),
        (vec![("x-api-key", Anthropic::KEY), ("anthropic-version", "2024-01-01")], 400),
    ] {
        let (status, _) = send(&state, "/v1/messages", &headers, &hello(json!({}))).await;
        assert_eq!(status, wanted, "{headers:?}");
    }
}

#[tokio::test]
async fn the_newer_version_refuses_sampling_parameters_even_at_their_defaults() {
    for name in ["temperature", "top_p", "top_k"] {
        let body = hello(json!({ name: 1 }));
        assert_eq!(ask(OLD, &body).await.0, 200);
        let (status, error) = ask(NEW, &body).await;
        assert_eq!(
            (status, &error["error"]["message"]),
            (400, &json!(format!("{name}: Extra inputs are not permitted")))
        );
    }
    let cited = json!([{ "role": "user", "content": [{ "type": "text", "text": "x", "citations": [{}] }] }]);
    let document = json!([{ "role": "user", "content": "x" }, { "role": "assistant", "content": [{ "type": "document", "source": {} }] }]);
    for messages in [cited, document] {
        let body = hello(json!({ "messages": messages }));
        assert_eq!((ask(OLD, &body).await.0, ask(NEW, &body).await.0), (200, 400));
    }
}

#[tokio::test]
async fn required_fields_roles_and_pairs_are_checked() {
    let call = json!({ "role": "assistant", "content": [{ "type": "tool_use", "id": "t", "name": "f", "input": {} }] });
    let user = json!({ "role": "user", "content": "x" });
    let result = json!({ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t", "content": "r" }] });
    for (more, wanted) in [
        (json!({ "max_tokens": null }), 400),
        (json!({ "model": null }), 400),
        (json!({ "model": "missing-model" }), 404),
        (json!({ "messages": [] }), 400),
        (json!({ "messages": [{ "role": "system", "content": "x" }] }), 400),
        (json!({ "messages": [{ "role": "user", "content": " " }] }), 400),
        (json!({ "messages": [user, call, result] }), 200),
        (json!({ "messages": [user, call, user] }), 400),
        (json!({ "messages": [result] }), 400),
        (json!({ "n": 1 }), 400),
        (json!({ "tools": [{ "name": "a b", "input_schema": { "type": "object" } }] }), 400),
        (json!({ "tool_choice": { "type": "any" } }), 400),
    ] {
        assert_eq!(ask(NEW, &hello(more.clone())).await.0, wanted, "{more}");
    }
}

#[tokio::test]
async fn streamed_or_not_the_answer_is_the_same() {
    let (_, whole) = ask(NEW, &hello(json!({}))).await;
    let (_, events) = ask(NEW, &hello(json!({ "stream": true }))).await;
    let events = events.as_str().unwrap();
    let named: Vec<&str> = events.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(named[..3], ["message_start", "ping", "content_block_start"]);
    assert_eq!(named[named.len() - 3..], ["content_block_stop", "message_delta", "message_stop"]);
    let datas = events.lines().filter_map(|line| line.strip_prefix("data: "));
    let text: String = datas
        .filter_map(|data| serde_json::from_str::<Value>(data).ok())
        .filter_map(|data| data["delta"]["text"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(whole["content"][0]["text"], text.as_str());
    assert!(text.ends_with("You wrote: Hello, мир") && !events.contains("[DONE]"));
}

#[tokio::test]
async fn tools_schemas_limits_and_refusals_are_deterministic() {
    let tool =
        json!({ "name": "w", "input_schema": { "type": "object", "properties": { "city": { "type": "string" } } } });
    let asks = json!([{ "role": "user", "content": "Какая погода?" }]);
    let (_, called) = ask(NEW, &hello(json!({ "tools": [tool], "messages": asks }))).await;
    assert_eq!(
        (&called["stop_reason"], &called["content"][0]["input"]["city"]),
        (&json!("tool_use"), &json!("Какая погода?"))
    );
    let schema = json!({ "type": "object", "properties": { "n": { "type": "integer" } } });
    let format = json!({ "format": { "type": "json_schema", "schema": schema } });
    assert_eq!(ask(NEW, &hello(json!({ "output_config": format }))).await.1["content"][0]["text"], "{\"n\":1}");
    assert_eq!(ask(NEW, &hello(json!({ "max_tokens": 2 }))).await.1["stop_reason"], "max_tokens");
    assert_eq!(ask(NEW, &hello(json!({ "stop_sequences": ["wrote"] }))).await.1["stop_sequence"], "wrote");
    let no = json!([{ "role": "user", "content": "Please refuse" }]);
    assert_eq!(ask(NEW, &hello(json!({ "messages": no }))).await.1["stop_reason"], "refusal");
}

#[tokio::test]
async fn faults_and_counts_and_paths() {
    let state = Arc::new(State::new("claude"));
    let headers = [("x-api-key", Anthropic::KEY), ("anthropic-version", NEW)];
    state.set_faults(vec![Fault::Status { status: 529, retry_after_s: None }, Fault::ErrorInOk]);
    let (status, body) = send(&state, "/v1/messages", &headers, &hello(json!({}))).await;
    assert!(status == 529 && body.contains("overloaded_error"), "{body}");
    let (status, body) = send(&state, "/v1/messages", &headers, &hello(json!({ "stream": true }))).await;
    assert!(status == 200 && body.contains("event: error"), "{body}");
    let count = json!({ "model": "claude", "messages": [{ "role": "user", "content": "x" }] });
    let (status, body) = send(&state, "/v1/messages/count_tokens", &headers, &count).await;
    assert!(status == 200 && body.starts_with("{\"input_tokens\":"), "{body}");
    assert_eq!(send(&state, "/v1/complete", &headers, &count).await.0, 404);
    assert_eq!(state.received().len(), 3);
}
