//! The open connections to one destination: counted, and closed at once where a drill cuts it off.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use realm::{Clock, UnixMs};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use super::driven::{Carried, Carrier};

/// Bytes that went over connections, as the network saw them: below TLS, handshakes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// From there to us.
    pub bytes_in: u64,
    /// From us to there.
    pub bytes_out: u64,
}

/// The connections to one destination; they outlive a reload of the realm.
pub(crate) struct Sockets {
    clock: Arc<dyn Clock>,
    /// Until when no byte may go there, in milliseconds of Unix time; 0 where any may.
    shut_until_ms: AtomicU64,
    table: Mutex<Table>,
    emptied: Notify,
}

#[derive(Default)]
struct Table {
    open: HashMap<u64, Arc<Socket>>,
    next: u64,
    /// What went over connections that are closed.
    closed: Moved,
}

/// One connection. Its bytes are counted by whoever carries them, one at a time, so that nothing is waited for.
#[derive(Default)]
pub(super) struct Socket {
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    pub(super) carried: Carried,
}

/// A connection as long as it is open, or about to be.
pub(super) struct Held {
    sockets: Arc<Sockets>,
    number: u64,
    socket: Arc<Socket>,
}

/// A stream whose bytes are counted, and over which none goes once its destination is shut.
pub(super) struct Counted<S> {
    stream: S,
    held: Held,
}

impl Sockets {
    /// No connections yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let (table, emptied) = (Mutex::default(), Notify::new());
        Self { clock, shut_until_ms: AtomicU64::new(0), table, emptied }
    }

    /// Closes what is open and refuses what is new, until a moment that needs nobody to come.
    pub(crate) fn shut(&self, until: UnixMs) {
        self.shut_until_ms.store(until.0.max(1), Ordering::SeqCst);
        // Whoever is not in the table yet sees the mark when it comes; the table's lock orders the two. A connection
        // that is closed leaves the table, so not under that lock.
        let open: Vec<_> = self.table().open.values().cloned().collect();
        open.iter().for_each(|socket| socket.carried.close());
    }

    /// Lets connections be made again.
    pub(crate) fn reopen(&self) {
        self.shut_until_ms.store(0, Ordering::SeqCst);
    }

    /// Whether no byte may go there now.
    pub(crate) fn is_shut(&self) -> bool {
        match self.shut_until_ms.load(Ordering::SeqCst) {
            0 => false,
            until_ms => self.clock.now().0 < until_ms,
        }
    }

    /// Whether any connection is open or about to be.
    pub(crate) fn is_empty(&self) -> bool {
        self.table().open.is_empty()
    }

    /// Waits until no connection is open.
    pub(crate) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            // Registered before the table is looked at, so that the last one cannot close between the two unseen.
            emptied.as_mut().enable();
            if self.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    /// What went over all of them since the process began.
    pub(crate) fn moved(&self) -> Moved {
        let table = self.table();
        table.open.values().fold(table.closed, |sum, socket| sum.and(socket.moved()))
    }

    /// Makes room for a connection; none where no byte may go there.
    pub(super) fn hold(self: &Arc<Self>) -> Option<Held> {
        let mut table = self.table();
        if self.is_shut() {
            return None;
        }
        let (number, socket) = (table.next, Arc::<Socket>::default());
        table.next += 1;
        table.open.insert(number, socket.clone());
        drop(table);
        Some(Held { sockets: self.clone(), number, socket })
    }

    /// Says who carries the bytes of a connection; false where it was shut meanwhile, and is closed.
    pub(super) fn carry(&self, socket: &Socket, carrier: Carrier) -> bool {
        socket.carried.put(carrier);
        let shut = self.is_shut();
        if shut {
            socket.carried.close();
        }
        !shut
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Moved {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { bytes_in: self.bytes_in + other.bytes_in, bytes_out: self.bytes_out + other.bytes_out }
    }
}

impl Socket {
    fn moved(&self) -> Moved {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Moved { bytes_in: of(&self.bytes_in), bytes_out: of(&self.bytes_out) }
    }
}

impl Held {
    pub(super) fn socket(&self) -> Arc<Socket> {
        self.socket.clone()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut table = self.sockets.table();
        table.open.remove(&self.number);
        table.closed = table.closed.and(self.socket.moved());
        let empty = table.open.is_empty();
        drop(table);
        if empty {
            self.sockets.emptied.notify_waiters();
        }
    }
}

impl<S> Counted<S> {
    pub(super) fn new(stream: S, held: Held) -> Self {
        Self { stream, held }
    }

    fn may_write(&self) -> io::Result<()> {
        match self.held.sockets.is_shut() {
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => Ok(()),
        }
    }

    fn wrote(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(count)) = &written {
            add(&self.held.socket.bytes_out, *count);
        }
        written
    }
}

/// One task at a time counts, so nothing is lost between reading and writing the number.
fn add(count: &AtomicU64, more: usize) {
    count.store(count.load(Ordering::Relaxed) + more as u64, Ordering::Relaxed);
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        add(&self.held.socket.bytes_in, buf.filled().len() - before);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.may_write()?;
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.may_write()?;
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
