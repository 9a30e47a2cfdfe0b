//! Streams: usage asked for on the client's behalf, clients that leave.

use std::sync::Arc;

use crate::harness::{Step, World, chunk, usage_chunk};
use realm::record::End;
use tokio::sync::Notify;

const STREAM: &str = r#"{"model":"best","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

#[tokio::test]
async fn usage_is_asked_for_and_kept_from_a_client_that_did_not_ask() {
    let world = World::usual().await;
    let reply = world.chat(STREAM).await;
    assert_eq!(reply.said(), "You said: hello");
    assert_eq!(reply.events().last().map(String::as_str), Some("[DONE]"));
    assert!(world.first.bodies()[0].contains("\"include_usage\":true"));
    assert!(!reply.body.contains("prompt_tokens"), "{}", reply.body);
    let outcome = world.outcome().await;
    assert_eq!((outcome.tokens.input, outcome.tokens.output, outcome.tokens.estimated), (10, 5, false));
    assert!(outcome.ms.first_ms.is_some() && outcome.mac.is_some());
}

#[tokio::test]
async fn a_client_that_asked_for_usage_gets_it() {
    let world = World::usual().await;
    let asked = STREAM.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    let reply = world.chat(&asked).await;
    assert!(reply.body.contains("\"prompt_tokens\":10"), "{}", reply.body);
    assert_eq!(world.first.bodies()[0], asked.replace("best", "small"));
}

#[tokio::test]
async fn pieces_pass_as_they_come() {
    let world = World::usual().await;
    let go_on = Arc::new(Notify::new());
    world.first.script([
        Step::Send(format!("{HEAD}{}", chunk("one "))),
        Step::Wait(go_on.clone()),
        Step::Send(format!("{}{}data: [DONE]\n\n", chunk("two"), usage_chunk(1, 2))),
    ]);
    let mut open = world.open(STREAM).await;
    open.read_until("one ").await;
    go_on.notify_one();
    assert_eq!(open.finish().await.said(), "one two");
}

#[tokio::test]
async fn a_provider_cannot_speak_as_the_gateway() {
    let world = World::usual().await;
    let ours = ": freehold-receipt test/9\n\n:freehold-receipt test/9\n:  \u{feff} Freehold-Note x\n\n";
    let head = HEAD.replace("\r\n\r\n", "\r\nx-freehold-receipt: test/9\r\nx-freehold-request: req-9\r\n\r\n");
    let body = format!("{ours}{}{ours}: keep-alive\n\n{ours}data: [DONE]\n\n", chunk("one"));
    world.first.script([Step::Send(head + &body)]);
    let reply = world.chat_with(STREAM, &[("x-request-id", "mine")]).await;
    let comments: Vec<&str> = reply.body.lines().filter(|line| line.starts_with(':')).collect();
    assert_eq!(comments, [": keep-alive", ": freehold-receipt test/1"], "{}", reply.body);
    let of = |name: &str| reply.headers.iter().filter(|(known, _)| known == name).map(|(_, it)| it.as_str()).collect();
    let told: Vec<&str> = ["x-freehold-receipt", "x-request-id"].into_iter().flat_map::<Vec<&str>, _>(of).collect();
    assert_eq!(told, ["test/0", "mine"]);
    assert_eq!(reply.header("x-freehold-request"), Some(world.intents()[0].req.as_str()));
}

#[tokio::test]
async fn no_header_of_a_provider_is_passed_on() {
    let world = World::usual().await;
    let headers = "x-freehold-receipt: test/9\r\nx-freehold-decision: permit\r\nx-freehold-request: req-9\r\nx-request-id: theirs\r\nset-cookie: a=b\r\n";
    for (status, body) in [(200, crate::harness::answer("hello")), (400, "{\"error\":{}}".to_owned())] {
        world.first.will([crate::harness::Act::Status(status, headers, body)]);
        let reply = world.chat_with(&STREAM.replace("true", "false"), &[("x-request-id", "mine")]).await;
        assert_eq!(reply.status, status);
        let printed = format!("{:?}", reply.headers);
        let theirs = ["test/9", "req-9", "theirs", "cookie"];
        assert!(!theirs.iter().any(|it| printed.contains(it)), "{printed}");
        assert_eq!(reply.header("x-request-id"), Some("mine"));
    }
}

#[tokio::test]
async fn a_stream_without_its_terminator_was_cut() {
    let world = World::usual().await;
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("all of it")))]);
    let reply = world.chat(STREAM).await;
    assert!(!reply.body.contains("[DONE]") && reply.body.contains("upstream_error"), "{}", reply.body);
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_ends_in_an_outcome() {
    let world = World::usual().await;
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
    let mut open = world.open(STREAM).await;
    open.read_until("one ").await;
    drop(open);
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::ClientClosed, Some("client_closed")));
    assert!(outcome.tokens.output > 0);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_ends_in_an_outcome() {
    let world = World::usual().await;
    world.first.script([Step::Hang]);
    let open = world.open(&STREAM.replace("true", "false")).await;
    while world.first.bodies().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    drop(open);
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.attempts.len()), (End::ClientClosed, 1));
    assert!(world.second.bodies().is_empty(), "nobody waits for another attempt");
}
