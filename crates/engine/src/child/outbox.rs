//! Where the scheduler leaves a request's text for the connection to fetch.
//!
//! Never blocks the scheduler: a slow client finds more text at once instead. Its size is bounded
//! by the context, because so is an answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use super::refusal::Refusal;

/// How an answer ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Finish {
    Done(Done),
    Failed(Refusal),
}

/// A whole answer's numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Done {
    /// `stop` or `length`.
    pub(super) reason: &'static str,
    pub(super) prompt_tokens: u32,
    pub(super) completion_tokens: u32,
    pub(super) cpu_s: f64,
    pub(super) energy_j: Option<f64>,
}

#[derive(Default)]
struct Inner {
    text: String,
    finish: Option<Finish>,
    waker: Option<Waker>,
}

struct Shared {
    inner: Mutex<Inner>,
    /// Wake the reader for every piece, not only at the end.
    piecewise: bool,
    gone: AtomicBool,
}

/// The scheduler's end.
pub(super) struct Writer(Arc<Shared>);

/// The connection's end; dropping it cancels the request.
pub(super) struct Reader(Arc<Shared>);

pub(super) fn outbox(piecewise: bool) -> (Writer, Reader) {
    let shared = Arc::new(Shared { inner: Mutex::new(Inner::default()), piecewise, gone: AtomicBool::new(false) });
    (Writer(Arc::clone(&shared)), Reader(shared))
}

impl Writer {
    /// Whether nobody wants the answer any more.
    pub(super) fn is_gone(&self) -> bool {
        self.0.gone.load(Ordering::Relaxed)
    }

    pub(super) fn push(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut inner = self.0.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.text.push_str(text);
        let waker = if self.0.piecewise { inner.waker.take() } else { None };
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(super) fn finish(&self, finish: Finish) {
        let mut inner = self.0.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.finish.is_none() {
            inner.finish = Some(finish);
        }
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Writer {
    /// A request that is dropped unanswered (a panic, a shutdown) must not hang its client.
    fn drop(&mut self) {
        self.finish(Finish::Failed(Refusal::internal("the engine stopped before the answer")));
    }
}

impl Reader {
    /// What is there: text (in piecewise mode, or at the end) and the end, if it came.
    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<(String, Option<Finish>)> {
        let mut inner = self.0.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let some = inner.finish.is_some() || (self.0.piecewise && !inner.text.is_empty());
        if !some {
            inner.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let text = std::mem::take(&mut inner.text);
        Poll::Ready((text, inner.finish.clone()))
    }

    pub(super) async fn next(&self) -> (String, Option<Finish>) {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.gone.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn text_gathers_for_a_slow_reader() {
        let (writer, reader) = outbox(true);
        writer.push("a");
        writer.push("b");
        assert_eq!(reader.next().await, ("ab".into(), None));
        writer.push("c");
        drop(writer);
        let (text, finish) = reader.next().await;
        assert_eq!(text, "c");
        assert!(matches!(finish, Some(Finish::Failed(_))));
    }

    #[tokio::test]
    async fn whole_answers_come_once_and_the_first_end_counts() {
        let (writer, reader) = outbox(false);
        writer.push("a");
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(20), reader.next());
        assert!(waiting.await.is_err());
        let done = Done { reason: "stop", prompt_tokens: 1, completion_tokens: 1, cpu_s: 0.0, energy_j: None };
        writer.finish(Finish::Done(done.clone()));
        drop(writer);
        assert_eq!(reader.next().await, ("a".into(), Some(Finish::Done(done))));
    }

    #[test]
    fn a_dropped_reader_is_seen() {
        let (writer, reader) = outbox(true);
        assert!(!writer.is_gone());
        drop(reader);
        assert!(writer.is_gone());
    }
}
