//! Accepts connections on the inherited socket.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::api::{Api, handle};

/// Connections open at once; more wait in the socket's queue.
const CONNECTIONS_MAX: usize = 512;

/// Serves until `end` resolves, and gives back what it resolved to.
pub(super) async fn serve<T>(listener: UnixListener, api: Arc<Api>, end: impl Future<Output = T>) -> T {
    let mut connections = JoinSet::new();
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => {
                // A client that left again before it was accepted is no error of ours.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, Arc::clone(&api)));
                }
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            ended = &mut end => return ended,
        }
    }
}

async fn connection(stream: UnixStream, api: Arc<Api>) {
    let service = service_fn(move |request| {
        let api = Arc::clone(&api);
        async move { Ok::<_, Infallible>(handle(api, request).await) }
    });
    // A connection's errors are its client's: it left, or spoke no HTTP.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
