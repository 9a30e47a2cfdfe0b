//! Listening, connections, draining.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

use super::body::Reply;
use super::patience::Patience;
use super::router;
use crate::gateway::{Gateway, Shared};
use crate::metrics::Metrics;

/// What hyper reads at most before it gives up on a header block. Ours is smaller and answered in OpenAI's shape.
const HEADER_BYTES_HARD: usize = 64 << 10;

/// One client's connection, as hyper sees it.
struct Edge {
    shared: Arc<Shared>,
    peer: IpAddr,
}

impl Gateway {
    /// Serves connections until the gateway drains.
    ///
    /// # Errors
    /// None for now: a connection that cannot be accepted is not the end of the others.
    pub async fn serve(&self, listener: TcpListener, tls: Option<Arc<ServerConfig>>) -> io::Result<()> {
        let shared = &self.0;
        let places = Arc::new(Semaphore::new(shared.settings.connections_max));
        let acceptor = tls.map(TlsAcceptor::from);
        let mut draining = shared.draining.subscribe();
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &places) => accepted,
                _ = draining.wait_for(|draining| *draining) => return Ok(()),
            };
            match accepted {
                Ok((stream, peer, place)) => {
                    let work = connection(shared.clone(), stream, peer, acceptor.clone(), place);
                    shared.connections.spawn(work);
                }
                Err(error) => {
                    // Out of descriptors, say: those that run will free some.
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

impl Gateway {
    /// Serves one connection that came from within this process: whoever speaks over it is a client like any other.
    pub fn serve_within(&self, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let shared = self.0.clone();
        self.0.connections.spawn(exchange(shared, io, IpAddr::V4(Ipv4Addr::LOCALHOST)));
    }

    /// Whether the key of this hash lets in now.
    pub fn lets_in(&self, key: &[u8; 32]) -> bool {
        self.0.live.load().key(key, self.0.now()).is_some()
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer.ip(), place))
}

async fn connection(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: IpAddr,
    acceptor: Option<TlsAcceptor>,
    _place: OwnedSemaphorePermit,
) {
    let _raised = shared.metrics.raise(|m: &Metrics| &m.connections);
    // An answer must not wait for the acknowledgement of the one before.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Some(acceptor) = acceptor else { return exchange(shared, stream, peer).await };
    match tokio::time::timeout(shared.settings.header_read, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => exchange(shared, stream, peer).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn exchange(shared: Arc<Shared>, io: impl AsyncRead + AsyncWrite + Unpin + Send, peer: IpAddr) {
    let mut draining = shared.draining.subscribe();
    let drained = async move { drop(draining.wait_for(|draining| *draining).await) };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(shared.settings.header_read).max_header_size(HEADER_BYTES_HARD);
    let io = Patience::new(io, shared.settings.client_idle);
    let served = http.serve_connection(TokioIo::new(io), Edge { shared, peer });
    tokio::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = drained => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a client's connection ended");
    }
}

impl Service<Request<Incoming>> for Edge {
    type Response = Reply;
    type Error = std::convert::Infallible;
    type Future = router::Answering;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        router::answer(&self.shared, self.peer, request)
    }
}
