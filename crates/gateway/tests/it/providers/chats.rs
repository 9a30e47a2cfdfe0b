//! Chats that OpenAI's clients have with every provider: the same in, the same out.

use serde_json::{Value, json};
use testkit::Fault;

use super::world::{Abroad, ROUTES, say};
use crate::harness::Reply;

const IBAN: &str = "DE89370400440532013000";

fn content(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned()
}

/// The arguments of the first call of a stream, put together.
fn streamed_arguments(reply: &Reply) -> String {
    let delta = |data: String| -> Option<String> {
        let value: Value = serde_json::from_str(&data).ok()?;
        value["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str().map(str::to_owned)
    };
    reply.events().into_iter().filter_map(delta).collect()
}

#[tokio::test]
async fn every_provider_answers_whole_and_in_a_stream_alike() {
    let world = Abroad::usual().await;
    for (number, route) in ROUTES.into_iter().enumerate() {
        let whole = world.chat(&say(route, "Привет, как дела?", false)).await;
        let text = content(&whole);
        assert!(text.ends_with("You wrote: Привет, как дела?"), "{route}: {text}");
        assert_eq!(whole.json()["choices"][0]["finish_reason"], "stop", "{route}");
        let streamed = world.chat(&say(route, "Привет, как дела?", true)).await;
        assert_eq!((streamed.status, streamed.said()), (200, text), "{route}: {}", streamed.body);
        let events = streamed.events();
        assert_eq!(events.last().map(String::as_str), Some("[DONE]"), "{route}: {}", streamed.body);
        assert!(events.iter().all(|event| !event.contains("\"usage\":{")), "{route}: nobody asked for usage");
        let outcomes = world.outcomes();
        assert_eq!(outcomes.len(), 2 * (number + 1));
        for outcome in &outcomes[2 * number..] {
            assert!(!outcome.tokens.estimated && outcome.tokens.input > 0 && outcome.tokens.output > 0, "{outcome:?}");
        }
        assert_eq!(world.received(route).len(), if route == "yandex-compatible" { 4 } else { 2 });
    }
}

#[tokio::test]
async fn usage_comes_to_who_asks_for_it() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let mut body = say(route, "hello", true);
        body["stream_options"] = json!({ "include_usage": true });
        let reply = world.chat(&body).await;
        let with: Vec<String> =
            reply.events().into_iter().filter(|event| event.contains("\"prompt_tokens\"")).collect();
        assert_eq!(with.len(), 1, "{route}: {}", reply.body);
    }
}

#[tokio::test]
async fn values_stay_at_home_and_come_back_in_every_language() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        for stream in [false, true] {
            let reply = world.chat(&say(route, &format!("pay to {IBAN} today"), stream)).await;
            assert_eq!((reply.status, reply.header("x-freehold-decision")), (200, Some("redact")), "{}", reply.body);
            let text = if stream { reply.said() } else { content(&reply) };
            assert!(text.ends_with(&format!("pay to {IBAN} today")), "{route}: {text}");
        }
        let received = world.received(route);
        assert!(received.iter().all(|one| !one.text.contains(IBAN) && one.text.contains("IBAN_1")), "{route}");
    }
}

fn note() -> Value {
    let parameters = json!({ "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] });
    json!({ "type": "function", "function": { "name": "note", "description": "Notes", "parameters": parameters } })
}

#[tokio::test]
async fn tools_are_called_and_their_results_go_back() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let mut body = say(route, &format!("use the tool for {IBAN}"), false);
        body["tools"] = json!([note()]);
        let reply = world.chat(&body).await;
        assert_eq!(reply.status, 200, "{route}: {}", reply.body);
        let choice = reply.json()["choices"][0].clone();
        assert_eq!(choice["finish_reason"], "tool_calls", "{route}: {choice}");
        let call = &choice["message"]["tool_calls"][0];
        let arguments: Value = serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
        assert_eq!(arguments, json!({ "text": format!("use the tool for {IBAN}") }), "{route}");

        body["stream"] = json!(true);
        let streamed = world.chat(&body).await;
        let arguments: Value = serde_json::from_str(&streamed_arguments(&streamed)).unwrap();
        assert_eq!(arguments, json!({ "text": format!("use the tool for {IBAN}") }), "{route}: {}", streamed.body);

        body["stream"] = json!(false);
        body["messages"] = json!([
            { "role": "user", "content": "use the tool" },
            { "role": "assistant", "content": null, "tool_calls": [call] },
            { "role": "tool", "tool_call_id": call["id"], "content": "{\"noted\":true}" },
        ]);
        let after = world.chat(&body).await;
        assert!(!content(&after).is_empty(), "{route}: {}", after.body);
        let sent = world.received(route).pop().unwrap().text;
        assert!(sent.contains("noted") && !sent.contains(IBAN), "{route}: {sent}");
    }
}

#[tokio::test]
async fn a_schema_holds_in_every_language() {
    let world = Abroad::usual().await;
    for route in ROUTES.into_iter().filter(|route| *route != "plain") {
        let mut body = say(route, "a number", false);
        body["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": "n", "schema": {
            "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"], "additionalProperties": false } } });
        let reply = world.chat(&body).await;
        let answer: Value =
            serde_json::from_str(&content(&reply)).unwrap_or_else(|e| panic!("{route}: {e}: {}", reply.body));
        assert!(answer["n"].is_i64(), "{route}: {answer}");
    }
}

#[tokio::test]
async fn what_a_provider_cannot_express_is_refused_by_name_or_goes_to_one_that_can() {
    let world = Abroad::usual().await;
    let with = |route: &str, field: &str, value: Value| {
        let mut body = say(route, "hello", false);
        body[field] = value;
        body
    };
    let reply = world.chat(&with("claude", "logit_bias", json!({ "1": 5 }))).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "unsupported_parameter"), "{}", reply.body);
    assert_eq!(reply.json()["error"]["param"], "logit_bias");
    assert!(world.received("claude").is_empty() && world.intents().is_empty());

    let reply = world.chat(&with("any", "logit_bias", json!({ "1": 5 }))).await;
    assert_eq!(reply.header("x-freehold-deployment"), Some("plain"), "{}", reply.body);
    assert!(world.received("giga").is_empty());

    let reply = world.chat(&with("giga", "seed", json!(7))).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(world.intents().last().unwrap().dropped, ["seed"], "what is left out is recorded");
    assert!(!world.received("giga")[0].text.contains("seed"));
}

#[tokio::test]
async fn errors_of_every_provider_read_like_openais() {
    let world = Abroad::usual().await;
    for route in ["giga", "yandex", "yandex-compatible", "claude"] {
        world.fail_next(route, vec![Fault::Status { status: 400, retry_after_s: None }]);
        let reply = world.chat(&say(route, "hello", false)).await;
        let error = reply.json()["error"].clone();
        assert_eq!(reply.status, 400, "{route}: {}", reply.body);
        let texts = ["message", "code", "type"].map(|field| error[field].is_string());
        assert_eq!(texts, [true; 3], "{route}: {error}");
        assert_eq!(error["type"], "invalid_request_error", "{route}");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_ends_in_an_error_and_one_that_breaks_at_once_goes_elsewhere() {
    let world = Abroad::usual().await;
    for route in ["giga", "yandex", "yandex-compatible", "claude"] {
        world.fail_next(route, vec![Fault::CutAfter { events: 4 }]);
        let reply = world.chat(&say(route, "hello there, long enough to be cut", true)).await;
        assert_eq!(reply.status, 200, "{route}: {}", reply.body);
        assert!(!reply.body.contains("[DONE]") && reply.body.contains("\"error\":{"), "{route}: {}", reply.body);
        assert_eq!(world.outcomes().pop().unwrap().code.as_deref(), Some("upstream_error"), "{route}");
    }
    for fault in [Fault::CutAfter { events: 0 }, Fault::Empty, Fault::Html, Fault::Malformed, Fault::ErrorInOk] {
        world.fail_next("giga", vec![fault.clone()]);
        let reply = world.chat(&say("any", "hello", true)).await;
        assert_eq!(reply.header("x-freehold-deployment"), Some("plain"), "{fault:?}: {}", reply.body);
        assert!(reply.body.contains("[DONE]"), "{fault:?}");
        world.advance(60_000);
    }
}

#[tokio::test]
async fn the_providers_own_name_of_a_request_is_told_where_it_has_one() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        for stream in [false, true] {
            let reply = world.chat(&say(route, "hello", stream)).await;
            let named = reply.header("x-freehold-upstream-request").is_some_and(|name| !name.is_empty());
            // The stand-in of Yandex names whole answers only.
            let has_one = route.starts_with("giga") || (route.starts_with("yandex") && !stream);
            assert_eq!(named, has_one, "{route}, stream {stream}");
        }
    }
}
