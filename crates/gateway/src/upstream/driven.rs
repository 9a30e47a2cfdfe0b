//! A connection that is driven by whoever waits for its answer, within that one's own task.
//!
//! A task for each connection would be woken by its socket, to wake in turn the one who waits: two changes of task and a
//! queue for each answer. Here the socket wakes the one who waits, who carries the bytes himself. The connection itself
//! lies where a drill finds it, so that it can be closed at once by somebody else, also while nobody uses it.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use atomic_waker::AtomicWaker;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;

use super::sockets::Socket;

/// Moves the bytes of a connection; it ends with the connection.
pub(super) type Carrier = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;
pub(super) type Sender = SendRequest<Full<Bytes>>;

/// How often a connection is carried on in one go before others get their turn.
const ROUNDS: usize = 4;
/// Somebody carries the bytes, and looks again himself if the bell rings.
const CARRYING: u8 = 1;
/// The bell rang.
const RUNG: u8 = 2;

/// What a socket holds of a connection: who carries its bytes, and whom to wake when there are more.
#[derive(Default)]
pub(super) struct Carried {
    carrier: Mutex<Option<Carrier>>,
    task: AtomicWaker,
    bell: AtomicU8,
}

/// A connection that somebody has, or that waits to be used again. Dropped, it is closed.
pub(super) struct Line {
    sender: Sender,
    socket: Arc<Socket>,
    /// Rings the bell of the socket; the same one for all its life, so that it is registered once.
    waker: Waker,
    /// Whether the connection ended by itself.
    ended: bool,
}

/// The connection was closed by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut;

impl Carried {
    /// Closes the connection, at once, and tells whoever uses it.
    pub(super) fn close(&self) {
        let carrier = self.slot().take();
        // Not under the lock: what goes with a connection takes others.
        drop(carrier);
        self.task.wake();
    }

    pub(super) fn put(&self, carrier: Carrier) {
        *self.slot() = Some(carrier);
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Carrier>> {
        self.carrier.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Some once the connection ended or was taken away, and whether it ended by itself.
    fn carry(&self, cx: &mut Context<'_>) -> Option<Result<(), Cut>> {
        let mut slot = self.slot();
        let Some(carrier) = slot.as_mut() else { return Some(Err(Cut)) };
        let Poll::Ready(end) = carrier.as_mut().poll(cx) else { return None };
        if let Err(error) = end {
            tracing::debug!(%error, "a provider's connection ended");
        }
        let carrier = slot.take();
        drop(slot);
        drop(carrier);
        Some(Ok(()))
    }
}

impl Wake for Socket {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let carried = &self.carried;
        if carried.bell.fetch_or(RUNG, Ordering::AcqRel) & CARRYING == 0 {
            carried.task.wake();
        }
    }
}

impl Line {
    pub(super) fn new(sender: Sender, socket: Arc<Socket>) -> Self {
        let waker = Waker::from(socket.clone());
        Self { sender, socket, waker, ended: false }
    }

    /// What requests go into.
    pub(super) fn sender(&mut self) -> &mut Sender {
        &mut self.sender
    }

    /// Whether the next request can go over it.
    pub(super) fn is_ready(&self) -> bool {
        self.sender.is_ready() && !self.sender.is_closed()
    }

    /// Looks at what is waited for, and carries bytes until it is there.
    ///
    /// # Errors
    /// If the connection was taken away.
    pub(super) fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut look: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, Cut>> {
        let socket = self.socket.clone();
        let carried = &socket.carried;
        carried.task.register(cx.waker());
        for _ in 0..ROUNDS {
            carried.bell.store(CARRYING, Ordering::Release);
            let looked = self.round(carried, &mut look);
            // Whoever rings from here on wakes the task.
            let rung = carried.bell.swap(0, Ordering::AcqRel) & RUNG != 0;
            if looked.is_ready() || !rung {
                return looked;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn round<T>(
        &mut self,
        carried: &Carried,
        look: &mut impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, Cut>> {
        let mut cx = Context::from_waker(&self.waker);
        // First, for what is there already; and a part of an answer is read once it was asked for.
        if let Poll::Ready(it) = look(&mut cx) {
            return Poll::Ready(Ok(it));
        }
        if !self.ended {
            match carried.carry(&mut cx) {
                Some(Err(cut)) => return Poll::Ready(Err(cut)),
                Some(Ok(())) => self.ended = true,
                None => {}
            }
        }
        look(&mut cx).map(Ok)
    }

    /// Carries what can be carried now, for nobody; tells whether the next request can go over it then.
    pub(super) fn settle(&mut self) -> bool {
        // Whoever had it is not to be woken for it any more.
        drop(self.socket.carried.task.take());
        let mut cx = Context::from_waker(&self.waker);
        self.ended = self.ended || self.socket.carried.carry(&mut cx).is_some();
        !self.ended && self.is_ready()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        drop(self.socket.carried.task.take());
        // The carrier holds its socket, and the socket its carrier: parted here.
        let carrier = self.socket.carried.slot().take();
        drop(carrier);
    }
}
