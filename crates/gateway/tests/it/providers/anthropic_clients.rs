//! Clients that speak Anthropic's language, to every provider.

use serde_json::{Value, json};

use super::world::{Abroad, ROUTES};
use crate::harness::{KEY, Reply};

const IBAN: &str = "DE89370400440532013000";

fn message(route: &str, text: &str, stream: bool) -> Value {
    json!({ "model": route, "max_tokens": 200, "stream": stream, "messages": [{ "role": "user", "content": text }] })
}

/// The text deltas of a stream, put together.
fn said(reply: &Reply) -> String {
    let delta = |data: String| -> Option<String> {
        let value: Value = serde_json::from_str(&data).ok()?;
        value["delta"]["text"].as_str().map(str::to_owned)
    };
    reply.events().into_iter().filter_map(delta).collect()
}

#[tokio::test]
async fn every_provider_answers_in_their_language_and_values_stay_here() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let whole = world.post("/v1/messages", &message(route, &format!("pay to {IBAN}"), false)).await;
        assert_eq!(whole.status, 200, "{route}: {}", whole.body);
        let answer = whole.json();
        let text = answer["content"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.ends_with(&format!("pay to {IBAN}")), "{route}: {text}");
        assert_eq!((&answer["type"], &answer["stop_reason"]), (&json!("message"), &json!("end_turn")), "{route}");
        assert!(answer["usage"]["output_tokens"].as_u64().unwrap() > 0, "{route}");
        assert!(whole.header("request-id").is_some() && whole.header("x-freehold-receipt").is_some());

        let streamed = world.post("/v1/messages", &message(route, &format!("pay to {IBAN}"), true)).await;
        assert_eq!(said(&streamed), text, "{route}: {}", streamed.body);
        let names: Vec<&str> = streamed.body.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!((names.first(), names.last()), (Some(&"message_start"), Some(&"message_stop")), "{route}");
        assert!(streamed.body.contains("freehold-receipt"), "{route}");
        assert!(world.received(route).iter().all(|one| !one.text.contains(IBAN)), "{route}");
    }
}

#[tokio::test]
async fn they_call_tools() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let mut body = message(route, "use the tool now", false);
        body["tools"] = json!([{ "name": "note", "description": "Notes", "input_schema": {
            "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] } }]);
        let reply = world.post("/v1/messages", &body).await;
        assert_eq!(reply.status, 200, "{route}: {}", reply.body);
        let answer = reply.json();
        let call = answer["content"].as_array().unwrap().iter().find(|block| block["type"] == "tool_use").cloned();
        let call = call.unwrap_or_else(|| panic!("{route}: {answer}"));
        assert_eq!(
            (&call["name"], &call["input"]),
            (&json!("note"), &json!({ "text": "use the tool now" })),
            "{route}"
        );
        assert_eq!(answer["stop_reason"], "tool_use", "{route}");
        body["messages"] = json!([
            { "role": "user", "content": "use the tool now" },
            { "role": "assistant", "content": [call] },
            { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": call["id"], "content": "done" }] },
        ]);
        let after = world.post("/v1/messages", &body).await;
        assert_eq!((after.status, &after.json()["stop_reason"]), (200, &json!("end_turn")), "{route}: {}", after.body);
    }
}

#[tokio::test]
async fn errors_are_in_their_shape() {
    let world = Abroad::usual().await;
    let cases = [
        (json!({ "model": "plain", "messages": [] }), 400, "invalid_request_error"),
        (message("nowhere", "hello", false), 404, "not_found_error"),
    ];
    for (body, status, kind) in cases {
        let reply = world.post("/v1/messages", &body).await;
        let error = reply.json();
        assert_eq!((reply.status, &error["type"]), (status, &json!("error")), "{}", reply.body);
        assert_eq!(error["error"]["type"], kind, "{error}");
        assert!(error["request_id"].as_str().is_some_and(|id| id.starts_with("req-")), "{error}");
    }
    // With a key that is none: before anything is known of the request.
    let wrong = [("x-api-key", "fh_wrong")];
    let events = crate::harness::Events::default();
    let body = message("plain", "hello", false).to_string();
    let reply =
        crate::harness::Conversation::begin(world.address, "POST", "/v1/messages", &wrong, body.as_bytes(), &events)
            .await
            .finish()
            .await;
    assert_eq!((reply.status, &reply.json()["error"]["type"]), (401, &json!("authentication_error")));
}

#[tokio::test]
async fn tokens_are_counted_without_sending_anything() {
    let world = Abroad::usual().await;
    let mut body = message("claude", "twelve bytes", false);
    body.as_object_mut().unwrap().remove("max_tokens");
    let reply = world.post("/v1/messages/count_tokens", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.json()["input_tokens"].as_u64().unwrap() >= 4);
    let longer = message("claude", &"twelve bytes".repeat(50), false);
    let more = world.post("/v1/messages/count_tokens", &longer).await;
    assert!(more.json()["input_tokens"].as_u64() > reply.json()["input_tokens"].as_u64());
    assert!(world.received("claude").is_empty() && world.journal.entries().is_empty());
}

#[tokio::test]
async fn the_list_of_models_is_theirs_too() {
    let world = Abroad::usual().await;
    let events = crate::harness::Events::default();
    let headers = [("x-api-key", KEY), ("anthropic-version", "2023-06-01")];
    let conversation =
        crate::harness::Conversation::begin(world.address, "GET", "/v1/models", &headers, b"", &events).await;
    let list = conversation.finish().await.json();
    assert_eq!(list["has_more"], json!(false), "{list}");
    assert!(list["data"].as_array().unwrap().iter().any(|model| model["id"] == "claude" && model["type"] == "model"));
}
