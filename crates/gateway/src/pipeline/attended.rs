//! A life that runs in its client's task while the client waits, and goes on in a task of its own when it does not.
//!
//! A request mostly ends before its client leaves: then nothing is spawned and nobody is woken across threads. A client
//! that leaves, or that has the head of a stream, does not end the life.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::respond::{self, Ids};
use crate::code::Code;
use crate::edge::Reply;
use crate::error::Refused;
use crate::tasks::{Running, Tasks};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A life and the reply it owes: that the program lost the request, where the life ended without one.
pub(crate) struct Attended {
    life: Option<(Work, Running)>,
    reply: oneshot::Receiver<Reply>,
    tasks: Tasks,
    /// Whether anything was done for it.
    begun: bool,
}

impl Attended {
    pub(super) fn new(tasks: Tasks, life: Work, reply: oneshot::Receiver<Reply>) -> Self {
        Self { life: Some((life, tasks.count())), reply, tasks, begun: false }
    }

    fn leave(&mut self) {
        if let Some((life, running)) = self.life.take() {
            self.tasks.go_on(life, running);
        }
    }
}

impl Future for Attended {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.begun = true;
        if let Some((life, _)) = &mut this.life {
            // A life that panics ends like a task that does: alone. It is never polled again.
            let polled = catch_unwind(AssertUnwindSafe(|| life.as_mut().poll(cx)));
            if !matches!(polled, Ok(Poll::Pending)) {
                this.life = None;
            }
        }
        let reply = std::task::ready!(Pin::new(&mut this.reply).poll(cx));
        this.leave();
        let lost = |_| respond::refused(&Refused::new(Code::Internal, "the request was lost"), Ids::default());
        Poll::Ready(reply.unwrap_or_else(lost))
    }
}

impl Drop for Attended {
    fn drop(&mut self) {
        // A client that left before its request was looked at wants nothing done.
        if self.begun {
            self.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::StreamBody;
    use http::Response;
    use std::time::Duration;
    use tokio::sync::Notify;

    fn reply() -> Reply {
        Response::new(StreamBody::Whole("x".into()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_life_outlives_its_reply_and_its_client() {
        for client_stays in [true, false] {
            let (tasks, ended) = (Tasks::default(), std::sync::Arc::new(Notify::new()));
            let (send, receive) = oneshot::channel();
            let said = ended.clone();
            let life = Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                // A client that has left hears nothing.
                let _ = send.send(reply());
                tokio::time::sleep(Duration::from_secs(1)).await;
                said.notify_one();
            });
            let attended = Attended::new(tasks.clone(), life, receive);
            if client_stays {
                assert_eq!(attended.await.status(), 200);
            } else {
                assert!(tokio::time::timeout(Duration::from_millis(1), attended).await.is_err());
            }
            assert_eq!(tasks.running(), 1, "drain waits for it");
            ended.notified().await;
            assert!(tasks.wait(Duration::from_secs(1)).await);
        }
    }

    #[tokio::test]
    async fn a_life_that_nobody_looked_at_does_not_begin() {
        let tasks = Tasks::default();
        let (_send, receive) = oneshot::channel();
        let life = Box::pin(async { panic!("begun for nobody") });
        drop(Attended::new(tasks.clone(), life, receive));
        assert_eq!(tasks.running(), 0);
    }

    #[tokio::test]
    async fn a_life_that_panics_is_an_error_and_is_counted_down() {
        let tasks = Tasks::default();
        let (send, receive) = oneshot::channel();
        let life = Box::pin(async move {
            let _send = send;
            panic!("a life that fails");
        });
        assert_eq!(Attended::new(tasks.clone(), life, receive).await.status(), 500);
        assert_eq!(tasks.running(), 0);
    }
}
