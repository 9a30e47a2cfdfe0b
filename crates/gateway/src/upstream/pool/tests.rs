//! Idle connections: when they are closed, and by whom.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use realm::world::Timeouts;
use realm::{Clock, UnixMs};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::super::dial::Endpoint;
use super::super::sockets::Sockets;
use super::{Fault, IDLE_FOR, Pool, SWEEP, SWEPT_TOGETHER};
use crate::tasks::Tasks;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> UnixMs {
        UnixMs(1_000)
    }
}

/// A pool over which one request was answered, and the server's end of its connection.
struct Kept {
    pool: Arc<Pool>,
    sockets: Arc<Sockets>,
    server: TcpStream,
    listener: TcpListener,
}

fn ask() -> Request<Full<Bytes>> {
    Request::get("/").header("host", "here").body(Full::default()).unwrap()
}

async fn answer_with(server: &mut TcpStream, answer: &[u8]) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        assert_ne!(server.read_buf(&mut seen).await.unwrap(), 0);
    }
    server.write_all(answer).await.unwrap();
}

async fn answer_one(server: &mut TcpStream) {
    answer_with(server, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
}

async fn kept() -> Kept {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint::Plain { host: "127.0.0.1".into(), port: listener.local_addr().unwrap().port() };
    let sockets = Arc::new(Sockets::new(Arc::new(Noon)));
    let timeouts = Timeouts { connect_ms: 5_000, first_byte_ms: 5_000, idle_ms: 5_000, total_ms: 5_000 };
    let pool = Arc::new(Pool::new(endpoint, timeouts, Tasks::default(), sockets.clone()));
    let served = async {
        let (mut server, _) = listener.accept().await.unwrap();
        answer_one(&mut server).await;
        server
    };
    let asked = async { pool.exchange(ask()).await.unwrap().into_body().whole(9).await.unwrap() };
    let (server, said) = tokio::join!(served, asked);
    assert_eq!(said, "ok");
    assert!(!sockets.is_empty(), "it is kept");
    Kept { pool, sockets, server, listener }
}

#[tokio::test]
async fn an_idle_connection_is_used_again_and_closed_when_it_is_old() {
    let Kept { pool, sockets, mut server, listener: _listener } = kept().await;
    let again = async { pool.exchange(ask()).await.unwrap().into_body().whole(9).await.unwrap() };
    let (said, ()) = tokio::join!(again, answer_one(&mut server));
    assert_eq!(said, "ok");
    let since = Instant::now();
    tokio::time::pause();
    // With nothing else to do, time goes on by itself.
    sockets.emptied().await;
    assert!((IDLE_FOR - SWEEP..=IDLE_FOR + SWEEP * 2).contains(&since.elapsed()), "{:?}", since.elapsed());
    assert_eq!(server.read(&mut [0; 9]).await.unwrap(), 0, "the server sees it too");
}

#[tokio::test]
async fn what_a_server_closes_is_closed_here_too() {
    let Kept { pool: _pool, sockets, server, listener: _listener } = kept().await;
    let since = Instant::now();
    drop(server);
    tokio::time::pause();
    sockets.emptied().await;
    assert!(since.elapsed() <= SWEEP * 2, "{:?}", since.elapsed());
}

#[tokio::test]
async fn what_a_server_has_closed_is_replaced_before_anything_goes_over_it() {
    let Kept { pool, sockets, server, listener } = kept().await;
    drop(server);
    // Until the system has told: before that nobody can know.
    tokio::time::sleep(Duration::from_millis(30)).await;
    let served = async {
        let (mut server, _) = listener.accept().await.unwrap();
        answer_one(&mut server).await;
        server
    };
    let (answer, _server) = tokio::join!(pool.exchange(ask()), served);
    assert_eq!(answer.unwrap().into_body().whole(9).await.unwrap(), "ok");
    assert!(!sockets.is_empty());
}

#[tokio::test]
async fn a_drill_closes_what_is_idle_and_what_is_in_use_at_once() {
    let Kept { pool, sockets, mut server, listener } = kept().await;
    sockets.shut(UnixMs(2_000));
    assert!(sockets.is_empty(), "at once, and nobody had to come");
    assert_eq!(server.read(&mut [0; 9]).await.unwrap(), 0);
    assert_eq!(pool.exchange(ask()).await.err(), Some(Fault::CutOff));
    sockets.reopen();
    // What was cut is not taken for one that can be used.
    let cut = async {
        let (mut server, _) = listener.accept().await.unwrap();
        answer_with(&mut server, b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok").await;
        server
    };
    let (answer, _server) = tokio::join!(pool.exchange(ask()), cut);
    let mut body = answer.unwrap().into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "ok");
    sockets.shut(UnixMs(2_000));
    assert!(sockets.is_empty(), "also while its reader does something else");
    assert_eq!(body.chunk().await, Err(Fault::Broken), "and it is no clean end");
}

#[tokio::test]
async fn many_that_were_closed_together_are_swept_together() {
    let Kept { pool, sockets, server, listener } = kept().await;
    drop(server);
    let several = SWEPT_TOGETHER * 3 + 1;
    let served = async {
        let mut servers = Vec::new();
        for _ in 0..several {
            servers.push(listener.accept().await.unwrap().0);
        }
        for server in &mut servers {
            answer_one(server).await;
        }
    };
    tokio::time::sleep(Duration::from_millis(30)).await;
    let asked: tokio::task::JoinSet<_> = (0..several)
        .map(|_| {
            let pool = pool.clone();
            async move { pool.exchange(ask()).await.unwrap().into_body().whole(9).await.unwrap() }
        })
        .collect();
    let (all, ()) = tokio::join!(asked.join_all(), served);
    assert_eq!(all.len(), several);
    let since = Instant::now();
    tokio::time::pause();
    sockets.emptied().await;
    assert!(since.elapsed() <= SWEEP * 2, "{:?}", since.elapsed());
}
