//! G2: no byte leaves before its intent is durable, no final byte returns before the outcome is.

use crate::harness::{Act, Changes, World};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM: &str = r#"{"model":"best","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;

async fn slow_ledger() -> World {
    World::with(Changes { journal_ms: 30, ..Changes::default() }).await
}

#[tokio::test]
async fn a_whole_answer_waits_for_intent_and_outcome() {
    let world = slow_ledger().await;
    world.chat(ASK).await;
    assert_eq!(world.events.list(), ["durable intent", "first got bytes", "durable outcome", "client has all"]);
}

#[tokio::test]
async fn every_attempt_has_its_own_durable_intent() {
    let world = slow_ledger().await;
    world.first.will([Act::Status(500, "", "{}".into())]);
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.header("x-freehold-attempts")), (200, Some("2")));
    let expected = [
        "durable intent",
        "first got bytes",
        "durable intent",
        "second got bytes",
        "durable outcome",
        "client has all",
    ];
    assert_eq!(world.events.list(), expected);
    let outcome = world.outcomes().remove(0);
    let indices: Vec<_> = outcome.attempts.iter().map(|attempt| attempt.intent).collect();
    assert_eq!(indices, [0, 1]);
    assert_eq!(world.intents().iter().map(|intent| intent.n).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_stream_keeps_its_terminator_until_the_outcome_is_durable() {
    let world = slow_ledger().await;
    let mut open = world.open(STREAM).await;
    let early = open.read_until("You said").await;
    assert!(early.contains("x-freehold-receipt: test/0"), "the intent's receipt: {early}");
    open.read_until("[DONE]").await;
    world.events.push("client has the terminator");
    let reply = open.finish().await;
    let events = world.events.list();
    let at = |what: &str| events.iter().position(|event| event == what).unwrap_or_else(|| panic!("{what}: {events:?}"));
    assert!(at("durable intent") < at("first got bytes"));
    assert!(at("durable outcome") < at("client has the terminator"));
    let text = &reply.body;
    let (receipt, done) = (text.find(": freehold-receipt test/1\n\n").unwrap(), text.find("data: [DONE]").unwrap());
    assert!(receipt < done, "{text}");
}
