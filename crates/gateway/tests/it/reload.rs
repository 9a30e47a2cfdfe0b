//! Another realm while requests run; draining.

use std::time::Duration;

use crate::harness::{Changes, STRATEGIC_STAYS, Step, World, chunk};
use realm::record::End;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
const STREAM: &str = r#"{"model":"abroad","stream":true,"messages":[{"role":"user","content":"hello"}]}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

fn forbid(files: &mut realm::load::SourceSet) {
    files.insert("policies/more.cedar", STRATEGIC_STAYS);
}

#[tokio::test]
async fn a_reload_holds_from_the_next_request_on() {
    let world = World::usual().await;
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("far"));
    world.reload(forbid);
    assert_eq!(world.chat(ASK).await.header("x-freehold-deployment"), Some("near"));
    let intents = world.intents();
    assert_ne!(intents[0].snap, intents[1].snap, "each record names the snapshot that decided");
}

#[tokio::test]
async fn a_request_keeps_the_snapshot_that_it_began_in() {
    let world = World::usual().await;
    let go_on = std::sync::Arc::new(tokio::sync::Notify::new());
    let rest = format!("{}data: [DONE]\n\n", chunk("two"));
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Wait(go_on.clone()), Step::Send(rest)]);
    let mut open = world.open(STREAM).await;
    open.read_until("one ").await;
    world.reload(forbid);
    go_on.notify_one();
    let reply = open.finish().await;
    assert_eq!(reply.said(), "one two");
    assert!(reply.body.contains("[DONE]"));
}

#[tokio::test]
async fn reloads_under_load_lose_nothing() {
    let world = World::usual().await;
    let mut done = 0;
    for round in 0..10 {
        let all = tokio::join!(world.chat(ASK), world.chat(ASK), async {
            world.reload(|files| {
                if round % 2 == 0 {
                    forbid(files)
                }
            });
            world.chat(ASK).await
        });
        for reply in [all.0, all.1, all.2] {
            assert_eq!(reply.status, 200, "{}", reply.body);
            done += 1;
        }
    }
    assert_eq!((world.outcomes().len(), world.intents().len()), (done, done));
}

#[tokio::test]
async fn draining_finishes_what_runs_and_takes_no_more() {
    let world = World::usual().await;
    let go_on = std::sync::Arc::new(tokio::sync::Notify::new());
    let rest = format!("{}data: [DONE]\n\n", chunk("two"));
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Wait(go_on.clone()), Step::Send(rest)]);
    let mut open = world.open(STREAM).await;
    open.read_until("one ").await;
    let (ended, reply) = tokio::join!(world.gateway.drain(Duration::from_secs(5)), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!world.gateway.ready().ready);
        assert!(tokio::net::TcpStream::connect(world.address).await.is_err() || cannot_ask(&world).await);
        go_on.notify_one();
        open.finish().await
    });
    assert!(ended);
    assert!(reply.body.contains("[DONE]"), "{}", reply.body);
}

#[tokio::test]
async fn a_refused_realm_is_told_until_a_good_one_is_loaded() {
    let world = World::usual().await;
    world.gateway.realm_refused(3);
    world.clock.0.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
    // Another try that failed: since when stays, how many is new.
    world.gateway.realm_refused(2);
    let told = "realm: the changed realm is refused since 2026-11-24T12:00:00.000Z (2 problems); the one before keeps \
                serving";
    assert_eq!(world.gateway.ready().warnings, [told]);
    assert!(world.gateway.ready().ready, "traffic goes on");
    let metrics = world.get("/metrics").await.body;
    for line in ["freehold_realm_refused_problems 2", "freehold_realm_refused_since_seconds 1795521600"] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    world.reload(|_| {});
    assert!(world.gateway.ready().warnings.is_empty());
    let metrics = world.get("/metrics").await.body;
    for line in ["freehold_realm_refused_problems 0", "freehold_realm_refused_since_seconds 0"] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

/// A connection that the system still took is not answered with anything but a refusal or an end.
async fn cannot_ask(world: &World) -> bool {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let Ok(mut stream) = tokio::net::TcpStream::connect(world.address).await else { return true };
    let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: t\r\n\r\n").await;
    let mut bytes = [0u8; 64];
    let read = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut bytes)).await;
    !matches!(read, Ok(Ok(n)) if n > 0)
}

#[tokio::test]
async fn what_outlasts_the_drain_is_cut_with_an_outcome() {
    let world = World::with(Changes::default()).await;
    world.first.script([Step::Send(format!("{HEAD}{}", chunk("one "))), Step::Hang]);
    let mut open = world.open(STREAM).await;
    open.read_until("one ").await;
    let (ended, reply) = tokio::join!(world.gateway.drain(Duration::from_millis(50)), open.finish());
    assert!(!ended);
    assert!(reply.body.contains("shutting_down") && !reply.body.contains("[DONE]"), "{}", reply.body);
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("shutting_down")));
}
