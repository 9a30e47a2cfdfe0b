//! Streams that are cut and go on elsewhere, where the route says so.

mod leaks;
mod refused;

use serde_json::{Value, json};

use crate::harness::{Changes, PERSONAL_STAYS, Reply, Step, World, chunk, usage_chunk};
use realm::record::{End, Outcome};

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
const IBAN: &str = "DE89370400440532013000";
const ROLE: &str = "data: {\"id\":\"other\",\"object\":\"chat.completion.chunk\",\"created\":9,\"model\":\"elsewhere\",\
    \"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
const FINISH: &str = "data: {\"id\":\"other\",\"object\":\"chat.completion.chunk\",\"created\":9,\"model\":\"elsewhere\",\
    \"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

async fn world(rules: &'static str) -> World {
    World::with(Changes { rules, resume: true, ..Changes::default() }).await
}

fn asked(content: &str, more: &str) -> String {
    let content = Value::from(content);
    format!(r#"{{"model":"lasting","stream":true,"messages":[{{"role":"user","content":{content}}}]{more}}}"#)
}

/// A stream that says this and breaks off.
fn cut(pieces: &[&str]) -> Vec<Step> {
    let pieces: String = pieces.iter().map(|piece| chunk(piece)).collect();
    vec![Step::Send(format!("{HEAD}{pieces}")), Step::Pause(50), Step::Reset]
}

/// A stream that says this and ends well.
fn rest(pieces: &[&str], usage: (u64, u64)) -> Vec<Step> {
    let pieces: String = pieces.iter().map(|piece| chunk(piece)).collect();
    let usage = usage_chunk(usage.0, usage.1);
    vec![Step::Send(format!("{HEAD}{ROLE}{pieces}{FINISH}{usage}data: [DONE]\n\n"))]
}

/// The chunks of a reply that must be one proper stream: one identity, one role at most, one end, one terminator.
fn one_stream(reply: &Reply) -> Vec<Value> {
    let mut events = reply.events();
    assert_eq!(events.pop().as_deref(), Some("[DONE]"), "{}", reply.body);
    let chunks: Vec<Value> = events.iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    assert!(chunks.iter().all(|chunk| (&chunk["id"], &chunk["model"]) == (&chunks[0]["id"], &chunks[0]["model"])));
    let deltas = || chunks.iter().filter_map(|chunk| chunk["choices"].get(0));
    assert_eq!(deltas().filter(|choice| choice["finish_reason"].is_string()).count(), 1, "{}", reply.body);
    assert!(deltas().filter(|choice| choice["delta"]["role"].is_string()).count() <= 1, "{}", reply.body);
    assert_eq!(reply.body.matches("freehold-receipt").count(), 1, "{}", reply.body);
    chunks
}

fn steps(outcome: &Outcome) -> Vec<(&str, Option<&str>, Option<u32>)> {
    let attempts = outcome.attempts.iter();
    attempts.map(|one| (one.deployment.as_str(), one.error.as_deref(), one.resumed_from)).collect()
}

#[tokio::test]
async fn a_cut_stream_goes_on_at_the_next_deployment_as_one() {
    let world = world("").await;
    world.first.script(cut(&["Once upon ", "a time"]));
    world.second.script(rest(&[" there was", " a king."], (30, 7)));
    let reply = world.chat(&asked("a tale", r#","max_tokens":100,"stream_options":{"include_usage":true}"#)).await;
    assert_eq!(reply.said(), "Once upon a time there was a king.");
    let chunks = one_stream(&reply);

    let sent: Value = serde_json::from_str(&world.second.bodies()[0]).unwrap();
    assert_eq!(sent["messages"][1], json!({ "role": "assistant", "content": "Once upon a time" }));
    assert_eq!(sent["messages"][2]["role"], "user");
    assert_eq!(sent["max_tokens"], 94, "what was said is used up");

    let outcome = world.outcome().await;
    assert_eq!(outcome.end, End::Ok);
    assert_eq!(steps(&outcome), [("far", Some("upstream_error"), None), ("near", None, Some(1))]);
    let (first, tokens) = (outcome.tokens.input - 30, outcome.tokens);
    assert_eq!((tokens.output, tokens.estimated), (6 + 7, true));
    // 2.00 and 4.00 a million at the first, 1.00 and 1.00 at the second.
    let nano = |tokens: u64, price: u64| i64::try_from(tokens * price * 1000).unwrap();
    assert_eq!(outcome.cost_nano.0, nano(first, 2) + nano(6, 4) + nano(30 + 7, 1));
    assert!(outcome.ms.first_ms.is_some() && outcome.mac.is_some());
    let usage = chunks.iter().find(|chunk| chunk["usage"].is_object()).unwrap()["usage"].clone();
    assert_eq!(usage["total_tokens"], tokens.input + tokens.output);
    let counted = world.get("/metrics").await.body;
    assert!(counted.contains("freehold_resumed_streams_total{deployment=\"near\"} 1"), "{counted}");
    assert!(counted.contains("freehold_tokens_total{deployment=\"far\",direction=\"output\"} 6"), "{counted}");
    assert!(counted.contains("freehold_tokens_total{deployment=\"near\",direction=\"output\"} 7"), "{counted}");
}

#[tokio::test]
async fn values_are_restored_right_across_the_seam() {
    let world = world(PERSONAL_STAYS).await;
    // The token is whole once, and cut in two by the end.
    world.first.script(cut(&["pay \u{27e8}IB", "AN_1\u{27e9}, yes, to \u{27e8}IB"]));
    world.second.script(rest(&[&format!("{IBAN} today")], (30, 7)));
    let reply = world.chat(&asked(&format!("pay to {IBAN}"), "")).await;
    assert_eq!(reply.said(), format!("pay {IBAN}, yes, to {IBAN} today"), "{}", reply.body);
    one_stream(&reply);
    assert!(!world.first.bodies()[0].contains(IBAN), "abroad");
    let sent: Value = serde_json::from_str(&world.second.bodies()[0]).unwrap();
    assert_eq!(sent["messages"][1]["content"], format!("pay {IBAN}, yes, to "), "at home it may be read");
    let redacted: Vec<bool> = world.intents().iter().map(|intent| !intent.redacted.is_empty()).collect();
    assert_eq!(redacted, [true, false]);
}

#[tokio::test]
async fn what_the_answer_said_is_looked_through_before_it_leaves_again() {
    let world = world(PERSONAL_STAYS).await;
    world.second.script(cut(&[&format!("The account is {IBAN}, "), "and"]));
    world.first.script(rest(&[" \u{27e8}IBAN_1\u{27e9} it is."], (30, 7)));
    let reply = world.chat(&asked("which account?", "").replace("lasting", "back")).await;
    assert_eq!(reply.said(), format!("The account is {IBAN}, and {IBAN} it is."), "{}", reply.body);
    let sent = &world.first.bodies()[0];
    assert!(!sent.contains(IBAN) && sent.contains("IBAN_1"), "{sent}");
    assert_eq!(world.intents()[1].classes.to_string(), "personal");
}

#[tokio::test]
async fn nothing_goes_on_that_is_more_than_text_or_not_allowed_to() {
    let call = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"type\":\"function\",\
        \"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}\n\n";
    let called = vec![Step::Send(format!("{HEAD}{}{call}", chunk("I ask"))), Step::Pause(50), Step::Reset];
    let calling = |call: &str| {
        let call = format!("data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{{call}}}}}]}}\n\n");
        vec![Step::Send(format!("{HEAD}{}{call}", chunk("I ask"))), Step::Pause(50), Step::Reset]
    };
    let spaced = calling(r#""tool_calls":  [ {"index":0,"id":"t","type":"function","function":{"name":"f"}}]"#);
    let escaped = calling(r#""tool_call\u0073":[{"index":0,"id":"t","type":"function","function":{"name":"f"}}]"#);
    let older = calling(r#""function_call":{"name":"f"}"#);
    let word = "data: {\"error\":{\"message\":\"blocked\",\"code\":\"content_filter\"}}\n\n";
    let filtered = vec![Step::Send(format!("{HEAD}{}{word}", chunk("one")))];
    let ended = vec![Step::Send(format!("{HEAD}{}{FINISH}", chunk("all"))), Step::Pause(50), Step::Reset];
    let object = r#","response_format":{"type":"json_object"}"#;
    for (script, body) in [
        (called, asked("hello", "")),
        (spaced, asked("hello", "")),
        (escaped, asked("hello", "")),
        (older, asked("hello", "")),
        (filtered, asked("hello", "")),
        (ended, asked("hello", "")),
        (cut(&["{\"a\""]), asked("hello", object)),
        (cut(&["one"]), asked("hello", r#","n":2"#)),
        (cut(&["one"]), asked("hello", "").replace("lasting", "best")),
    ] {
        let world = world("").await;
        world.first.script(script);
        let reply = world.chat(&body).await;
        let last = reply.events().pop().unwrap();
        assert!(last.contains("\"error\":{") && !reply.body.contains("[DONE]"), "{body}: {}", reply.body);
        assert!(world.second.bodies().is_empty(), "{body}");
        assert_eq!(steps(&world.outcome().await), [("far", Some("upstream_error"), None)], "{body}");
    }
}

#[tokio::test]
async fn a_stream_that_nobody_can_go_on_with_ends_in_one_error() {
    let world = world("").await;
    world.first.script(cut(&["Once upon ", "a time"]));
    world.second.script(cut(&[" there was"]));
    let reply = world.chat(&asked("a tale", "")).await;
    assert_eq!(reply.said(), "Once upon a time there was");
    let errors = reply.events().iter().filter(|event| event.contains("\"error\":{")).count();
    assert!(errors == 1 && !reply.body.contains("[DONE]"), "{}", reply.body);
    assert_eq!(reply.body.matches("freehold-receipt").count(), 1, "{}", reply.body);
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("upstream_error")));
    assert_eq!(steps(&outcome), [("far", Some("upstream_error"), None), ("near", Some("upstream_error"), Some(1))]);
    assert_eq!(outcome.tokens.output, 6 + 4, "the client has both pieces");
    assert_eq!(world.outcomes().len(), 1);
}
