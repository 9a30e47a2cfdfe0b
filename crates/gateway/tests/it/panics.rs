//! A panic in the life of a request: counted, recorded, settled, told; and nobody else's matter.

use std::sync::atomic::Ordering;

use crate::harness::{Changes, Reply, World};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}],"max_tokens":20}"#;

/// Breaks the clock at each of its readings in turn.
async fn at_every_reading(ask: &str, is_whole: impl Fn(&Reply) -> bool) {
    let mut lost = 0;
    for reading in 1..20 {
        let alone = Changes { app: "limits = { concurrent = 1 }", ..Changes::default() };
        let world = World::with(alone).await;
        world.clock.1.store(reading, Ordering::SeqCst);
        let reply = world.chat(ask).await;
        let broke = world.clock.1.swap(0, Ordering::SeqCst) == 0;
        assert_eq!(is_whole(&reply), !broke, "{reading}: {} {}", reply.status, reply.body);
        assert_eq!(reply.body.contains("internal"), broke, "{}", reply.body);
        let told = world.get("/metrics").await.body;
        let counted = told.lines().filter(|line| line.starts_with("freehold_requests_total{code=\"internal\""));
        assert_eq!(counted.count(), usize::from(broke), "{told}");
        assert!(told.contains("freehold_in_flight 0"), "{told}");
        // Its place is free, and every intent has its outcome.
        assert_eq!(world.chat(ASK).await.status, 200, "{reading}");
        assert_eq!(world.intents().len(), world.outcomes().len(), "{reading}");
        assert_eq!(world.gateway.recover().await.unwrap().closed, 0);
        lost += usize::from(broke);
    }
    assert!(lost > 3, "the clock is read in every stage: {lost}");
}

#[tokio::test]
async fn a_panic_at_any_point_ends_as_one_request_that_failed() {
    at_every_reading(ASK, |reply| reply.status == 200).await;
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_it_with_an_error() {
    let ask = ASK.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");
    at_every_reading(&ask, |reply| reply.events().last().is_some_and(|last| last == "[DONE]")).await;
}
