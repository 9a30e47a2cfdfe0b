//! Another realm while requests run; draining.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, Join, ReadBuf};

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

/// Gives a byte a time.
struct ByByte(DuplexStream);

impl AsyncRead for ByByte {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let mut byte = [0; 1];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut one))?;
        into.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

/// One task may read only so often in one go; a connection whose first head takes more hears of the drain all the same.
#[tokio::test]
async fn an_idle_connection_that_began_with_many_reads_ends_with_the_drain() {
    let world = World::usual().await;
    let ((mut ask, asked), (answered, mut answer)) = (tokio::io::duplex(4096), tokio::io::duplex(4096));
    let head = format!("GET /healthz HTTP/1.1\r\nhost: t\r\nx-long: {}\r\n\r\n", "y".repeat(300));
    ask.write_all(head.as_bytes()).await.unwrap();
    let io: Join<ByByte, DuplexStream> = tokio::io::join(ByByte(asked), answered);
    world.gateway.serve_within(io);
    let mut read = [0; 1024];
    let length = answer.read(&mut read).await.unwrap();
    assert!(read[..length].starts_with(b"HTTP/1.1 200"));
    world.gateway.drain(Duration::from_secs(5)).await;
    let end = tokio::time::timeout(Duration::from_millis(500), answer.read_to_end(&mut Vec::new())).await;
    assert!(end.is_ok(), "the connection stays open");
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
