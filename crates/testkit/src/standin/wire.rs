//! What a stand-in sees on the network: connections and bytes, counted by itself, whatever anybody else says.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Connections and bytes of a stand-in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wire {
    /// Connections that were made.
    pub accepted: u64,
    /// Those that are open.
    pub open: u64,
    /// Bytes that came.
    pub bytes_in: u64,
    /// Bytes that went.
    pub bytes_out: u64,
}

/// The same while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    accepted: AtomicU64,
    closed: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
}

impl Counts {
    pub(crate) fn wire(&self) -> Wire {
        let of = |count: &AtomicU64| count.load(Ordering::SeqCst);
        // Closed first: a connection made in between must not make it negative.
        let (closed, accepted) = (of(&self.closed), of(&self.accepted));
        Wire { accepted, open: accepted - closed, bytes_in: of(&self.bytes_in), bytes_out: of(&self.bytes_out) }
    }
}

/// A listener that counts.
pub(crate) struct Counting {
    pub(crate) listener: TcpListener,
    pub(crate) counts: Arc<Counts>,
}

/// A connection that counts.
pub(crate) struct Counted {
    stream: TcpStream,
    counts: Arc<Counts>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.counts.closed.fetch_add(1, Ordering::SeqCst);
    }
}

impl Listener for Counting {
    type Io = Counted;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Counted, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        self.counts.accepted.fetch_add(1, Ordering::SeqCst);
        (Counted { stream, counts: Arc::clone(&self.counts) }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.counts.bytes_in.fetch_add((buf.filled().len() - before) as u64, Ordering::SeqCst);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.counts.bytes_out.fetch_add(*count as u64, Ordering::SeqCst);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
