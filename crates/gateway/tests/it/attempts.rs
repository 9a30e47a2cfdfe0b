//! Which failures let another deployment take over, and what the client gets when none can.

use crate::harness::{Act, Changes, Step, World, answer, chunk};
use realm::record::End;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM: &str = r#"{"model":"best","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;
const ALONE: &str = r#"{"model":"abroad","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

fn send(text: impl Into<String>) -> Step {
    Step::Send(text.into())
}

/// Failures before the first content, and the code that the record gives them.
fn failures(streamed: bool) -> Vec<(&'static str, Act, &'static str)> {
    let script = |steps: Vec<Step>| Act::Script(steps);
    let raw = |head: &str, body: &str| {
        script(vec![send(format!("HTTP/1.1 200 OK\r\n{head}content-length: {}\r\n\r\n{body}", body.len()))])
    };
    let mut all = vec![
        ("500", Act::Status(500, "", "{}".into()), "upstream_error"),
        ("503", Act::Status(503, "", "busy".into()), "upstream_error"),
        ("429", Act::Status(429, "", "{}".into()), "rate_limited"),
        ("408", Act::Status(408, "", "{}".into()), "upstream_timeout"),
        ("401: our credential", Act::Status(401, "", "{}".into()), "upstream_error"),
        ("closed at once", script(vec![]), "upstream_error"),
        ("silent", script(vec![Step::Hang]), "upstream_timeout"),
        ("html", raw("content-type: text/html\r\n", "<html>gateway</html>"), "upstream_invalid"),
        ("empty", raw("", ""), "upstream_invalid"),
        ("broken JSON", raw("", "{\"choices\":["), "upstream_invalid"),
        ("error in 200", raw("", "{\"error\":{\"message\":\"no\"}}"), "upstream_error"),
        ("not HTTP", script(vec![send("what?\r\n\r\n")]), "upstream_invalid"),
        ("cut body", script(vec![send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{")]), "upstream_error"),
        (
            "hung body",
            script(vec![send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"), Step::Hang]),
            "upstream_timeout",
        ),
    ];
    if streamed {
        all.extend(of_streams());
    }
    all
}

fn of_streams() -> [(&'static str, Act, &'static str); 6] {
    let script = |steps: Vec<Step>| Act::Script(steps);
    [
        ("stream without content", script(vec![send(STREAM_HEAD)]), "upstream_invalid"),
        (
            "stream with an error",
            script(vec![send(format!("{STREAM_HEAD}data: {{\"error\":{{}}}}\n\n"))]),
            "upstream_error",
        ),
        ("stream of nonsense", script(vec![send(format!("{STREAM_HEAD}data: what\n\n"))]), "upstream_invalid"),
        (
            "many empty events",
            script(vec![send(STREAM_HEAD), send(": x\n\n".repeat(2_000)), Step::Hang]),
            "upstream_invalid",
        ),
        ("few long ones", script(vec![send(STREAM_HEAD), send(long_comments()), Step::Hang]), "upstream_invalid"),
        ("silent stream", script(vec![send(STREAM_HEAD), Step::Hang]), "upstream_timeout"),
    ]
}

/// Nine comments of a megabyte each: few enough events, too many bytes.
fn long_comments() -> String {
    format!(": {}\n\n", "x".repeat(1 << 20)).repeat(9)
}

async fn each(body: &str, streamed: bool) {
    for (name, act, code) in failures(streamed) {
        let world = World::usual().await;
        world.first.will([act]);
        let reply = world.chat(body).await;
        assert_eq!(
            (reply.status, reply.header("x-freehold-deployment")),
            (200, Some("near")),
            "{name}: {}",
            reply.body
        );
        assert_eq!(reply.header("x-freehold-attempts"), Some("2"), "{name}");
        assert!(reply.body.contains("hello"), "{name}");
        let outcome = world.outcome().await;
        assert_eq!(outcome.attempts[0].error.as_deref(), Some(code), "{name}");
        assert_eq!((outcome.attempts[1].error.as_deref(), outcome.end), (None, End::Ok), "{name}");
    }
}

#[tokio::test]
async fn another_deployment_takes_over_a_whole_answer() {
    each(ASK, false).await;
}

#[tokio::test]
async fn another_deployment_takes_over_a_stream_that_has_said_nothing() {
    each(STREAM, true).await;
}

#[tokio::test]
async fn without_fallback_the_failure_is_the_answer() {
    for (act, status, code) in [
        (Act::Status(500, "", "{}".into()), 502, "upstream_error"),
        (Act::Script(vec![Step::Hang]), 504, "upstream_timeout"),
        (Act::Status(429, "retry-after: 7\r\n", "{}".into()), 429, "rate_limited"),
        (Act::Status(200, "", "<html>".into()), 502, "upstream_invalid"),
    ] {
        let world = World::usual().await;
        world.first.will([act]);
        let reply = world.chat(ALONE).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
        assert_eq!(reply.header("retry-after"), (status == 429).then_some("7"));
        assert_eq!(reply.header("x-freehold-receipt"), Some("test/1"));
        let outcome = world.outcomes().remove(0);
        assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some(code)));
        assert!(world.second.bodies().is_empty());
    }
}

#[tokio::test]
async fn the_providers_own_refusal_passes_unchanged() {
    let world = World::usual().await;
    let said = r#"{"error": {"message":"unsafe", "code":"content_policy"}}"#;
    world.first.will([Act::Status(400, "", said.into())]);
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.body.as_str()), (400, said));
    assert!(world.second.bodies().is_empty(), "it is the client's error, not the deployment's");
    let outcome = world.outcomes().remove(0);
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("upstream_error")));
    assert_eq!(outcome.cost_nano.0, 0);
}

#[tokio::test]
async fn a_deployment_that_fails_is_left_alone_for_a_while() {
    let world = World::usual().await;
    world.first.will((0..5).map(|_| Act::Status(500, "", "{}".into())));
    for _ in 0..5 {
        world.chat(ASK).await;
    }
    world.chat(ASK).await;
    assert_eq!(world.first.bodies().len(), 5, "the sixth went straight to the other one");
    let reply = world.chat(ALONE).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "no_deployment_available"));
    assert!(reply.header("retry-after").is_some());
    world.clock.0.fetch_add(10_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.chat(ALONE).await.status, 200, "it has cooled down");
}

#[tokio::test]
async fn one_request_tries_a_deployment_that_had_failed() {
    let world = World::usual().await;
    world.first.will((0..5).map(|_| Act::Status(500, "", "{}".into())));
    for _ in 0..5 {
        world.chat(ASK).await;
    }
    world.clock.0.fetch_add(10_000, std::sync::atomic::Ordering::SeqCst);
    let go = std::sync::Arc::new(tokio::sync::Notify::new());
    world.first.script([Step::Wait(go.clone()), send(format!("{STREAM_HEAD}{}data: [DONE]\n\n", chunk("yes")))]);
    let trying = world.open(STREAM).await;
    while world.first.bodies().len() < 6 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"), "one at a time tries it");
    go.notify_one();
    assert_eq!(trying.finish().await.said(), "yes");
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"), "then all go there again");

    world.first.will((0..5).map(|_| Act::Status(500, "", "{}".into())));
    for _ in 0..5 {
        world.chat(ASK).await;
    }
    world.clock.0.fetch_add(10_000, std::sync::atomic::Ordering::SeqCst);
    world.first.script([Step::Hang]);
    drop(world.open(STREAM).await);
    world.outcome().await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"), "who left told nothing");
}

#[tokio::test]
async fn a_deployment_that_earned_it_is_asked_once_more() {
    let world = World::usual().await;
    let fails = || [Act::Status(503, "", "{}".into())];
    world.first.will(fails());
    assert_eq!(world.chat(ALONE).await.status, 502, "nothing is earned yet");
    for _ in 0..9 {
        assert_eq!(world.chat(ALONE).await.status, 200);
    }
    world.first.will(fails());
    let reply = world.chat(ALONE).await;
    assert_eq!((reply.status, reply.header("x-freehold-attempts")), (200, Some("2")), "{}", reply.body);
    assert_eq!(world.intents().len(), 12, "each attempt has its intent");
    world.first.will(fails());
    assert_eq!(world.chat(ALONE).await.status, 502, "and that was all it had earned");
}

#[tokio::test]
async fn a_place_at_a_provider_is_taken_until_the_stream_ends() {
    let world = World::with(Changes { first: "concurrency = 1".into(), ..Changes::default() }).await;
    let go = std::sync::Arc::new(tokio::sync::Notify::new());
    let end = send("data: [DONE]\n\n");
    world.first.script([send(format!("{STREAM_HEAD}{}", chunk("yes"))), Step::Wait(go.clone()), end]);
    let mut streaming = world.open(STREAM).await;
    streaming.read_until("yes").await;
    let reply = world.chat(ALONE).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "no_deployment_available"), "{}", reply.body);
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    go.notify_one();
    streaming.finish().await;
    assert_eq!(world.chat(ALONE).await.status, 200);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_replaced_within_the_attempt() {
    let world = World::usual().await;
    // Answers once and closes although the connection could be kept.
    let body = answer("one");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    world.first.script([send(format!("{head}{body}"))]);
    world.chat(ASK).await;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let reply = world.chat(ASK).await;
    assert_eq!(reply.header("x-freehold-attempts"), Some("1"));
    assert_eq!(world.first.connections(), 2);
    world.chat(ASK).await;
    assert_eq!(world.first.connections(), 2, "and the new one is kept");
}

#[tokio::test]
async fn an_attempt_that_may_have_cost_is_charged_its_prompt() {
    let world = World::with(Changes::default()).await;
    world.first.will([Act::Script(vec![Step::Hang])]);
    world.chat(ALONE).await;
    let outcome = world.outcomes().remove(0);
    // (9 bytes of texts: 3 tokens, and 16 of the frame) at 2.00 per million.
    assert_eq!((outcome.cost_nano.0, outcome.cost_estimated), (19 * 2_000, true));
}

#[tokio::test]
async fn after_the_first_content_a_cut_is_an_error_and_nothing_takes_over() {
    let cut = format!("{STREAM_HEAD}{}", chunk("Hel"));
    for (name, steps, code) in [
        ("cut", vec![send(cut.clone())], "upstream_error"),
        ("silent", vec![send(cut.clone()), Step::Hang], "upstream_timeout"),
        ("error", vec![send(format!("{cut}data: {{\"error\":{{\"message\":\"x\"}}}}\n\n"))], "upstream_error"),
        ("nonsense", vec![send(format!("{cut}data: {{\n\n"))], "upstream_invalid"),
    ] {
        let world = World::usual().await;
        world.first.script(steps);
        let reply = world.chat(STREAM).await;
        assert_eq!((reply.status, reply.said().as_str()), (200, "Hel"), "{name}");
        assert!(!reply.body.contains("[DONE]"), "{name}: {}", reply.body);
        let last: serde_json::Value = serde_json::from_str(reply.events().last().unwrap()).unwrap();
        assert_eq!(last["error"]["code"], code, "{name}");
        assert!(world.second.bodies().is_empty(), "{name}");
        let outcome = world.outcome().await;
        assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some(code)), "{name}");
        assert!(outcome.tokens.estimated && outcome.tokens.output > 0, "{name}: what was seen is charged");
    }
}
