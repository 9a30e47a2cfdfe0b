//! G4: without a ledger that can write, nothing goes out and nothing comes back.

use crate::harness::{Changes, World};
use realm::record::End;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM: &str = r#"{"model":"best","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;

#[tokio::test]
async fn traffic_is_refused_and_taken_again_without_a_restart() {
    let world = World::usual().await;
    assert_eq!(world.get("/readyz").await.status, 200);
    world.journal.set_down(true);
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "ledger_unavailable"));
    assert!(reply.header("retry-after").is_some());
    assert!(world.first.bodies().is_empty(), "no byte left");
    let ready = world.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.json()["reasons"][0].as_str().unwrap().starts_with("ledger_unavailable"), "{}", ready.body);
    world.journal.set_down(false);
    assert_eq!(world.chat(ASK).await.status, 200);
    assert_eq!(world.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_refusal_that_cannot_be_recorded_is_not_said() {
    let world = World::with(Changes { rules: crate::harness::STRATEGIC_STAYS, ..Changes::default() }).await;
    world.journal.set_down(true);
    assert_eq!(world.chat(&ASK.replace("best", "abroad")).await.code(), "ledger_unavailable");
}

#[tokio::test]
async fn an_answer_whose_outcome_cannot_be_written_is_withheld_and_its_outcome_follows() {
    let world = World::usual().await;
    world.journal.script([true, false]);
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "ledger_unavailable"));
    assert!(!reply.body.contains("You said"));
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("ledger_unavailable")));
    assert_eq!((outcome.tokens.input, outcome.attempts.len()), (10, 1), "what was used is charged");
}

#[tokio::test]
async fn a_stream_whose_outcome_cannot_be_written_has_no_terminator() {
    let world = World::usual().await;
    world.journal.script([true, false]);
    let reply = world.chat(STREAM).await;
    assert!(!reply.body.contains("[DONE]"), "{}", reply.body);
    assert!(reply.body.contains("ledger_unavailable"), "{}", reply.body);
    world.outcome().await;
}

#[tokio::test]
async fn a_second_attempt_without_a_durable_intent_is_not_made() {
    let world = World::usual().await;
    world.first.will([crate::harness::Act::Status(500, "", "{}".into())]);
    world.journal.script([true, false]);
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "ledger_unavailable"));
    assert!(world.second.bodies().is_empty(), "no byte left without its intent");
    assert_eq!(world.outcome().await.attempts.len(), 1);
}
