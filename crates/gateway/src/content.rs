//! What clients sent and were told, on its way to whoever seals it. The request does not wait for that: what finds the
//! queue full is counted and lost, and the records are there all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use realm::{AppId, OrganisationId, UnixMs};
use tokio::sync::mpsc;

/// Exchanges that wait to be sealed.
const EXCHANGES_MAX: usize = 1_024;

/// How an app's content is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAs {
    /// Whose it is.
    pub app: AppId,
    /// Who answers for the app.
    pub organisation: OrganisationId,
    /// The organisation's public key, as the realm writes it.
    pub key: String,
    /// For how many days.
    pub days: u64,
}

/// One request and its answer, as they were between the client and us: before anything was redacted, after it was
/// restored.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// How it is kept.
    pub kept_as: Arc<KeptAs>,
    /// The request's own id, as in its records.
    pub req: String,
    /// When it ended.
    pub at: UnixMs,
    /// The status that the client was told.
    pub status: u16,
    /// The body that the client sent.
    pub request: Bytes,
    /// What the client was told, part by part.
    pub answer: Vec<Bytes>,
    /// Whether the end of the answer is missing, being longer than any answer may be.
    pub cut: bool,
}

/// Where exchanges go in.
#[derive(Debug)]
pub struct ContentIn {
    send: mpsc::Sender<Exchange>,
    waiting_bytes: Arc<AtomicUsize>,
    bytes_max: usize,
}

/// Where they come out.
#[derive(Debug)]
pub struct ContentOut {
    receive: mpsc::Receiver<Exchange>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// A queue of exchanges that holds at most so many bytes, and at most 1,024 of them.
pub fn content_queue(bytes_max: usize) -> (ContentIn, ContentOut) {
    let (send, receive) = mpsc::channel(EXCHANGES_MAX);
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    (ContentIn { send, waiting_bytes: waiting_bytes.clone(), bytes_max }, ContentOut { receive, waiting_bytes })
}

impl Exchange {
    /// Bytes of the request and the answer.
    pub fn bytes(&self) -> usize {
        self.request.len() + self.answer.iter().map(Bytes::len).sum::<usize>()
    }
}

impl ContentIn {
    /// Hands an exchange over; false where there is no room.
    pub(crate) fn put(&self, exchange: Exchange) -> bool {
        let bytes = exchange.bytes();
        let before = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        let fits = before.saturating_add(bytes) <= self.bytes_max && self.send.try_send(exchange).is_ok();
        if !fits {
            self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
        }
        fits
    }
}

impl ContentOut {
    /// Takes nothing more in; what waits can still be taken.
    pub fn close(&mut self) {
        self.receive.close();
    }

    /// Waits for exchanges and takes at most so many; none once it is closed and everything was taken.
    pub async fn take(&mut self, at_most: usize) -> Vec<Exchange> {
        let mut taken = Vec::new();
        self.receive.recv_many(&mut taken, at_most).await;
        let bytes = taken.iter().map(Exchange::bytes).sum();
        self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(bytes: usize) -> Exchange {
        let kept_as = KeptAs {
            app: AppId::new("desk").unwrap(),
            organisation: OrganisationId::new("house").unwrap(),
            key: String::new(),
            days: 30,
        };
        let request = Bytes::from(vec![b'x'; bytes]);
        let (req, at) = ("req-1".to_owned(), UnixMs(1));
        Exchange { kept_as: Arc::new(kept_as), req, at, status: 200, request, answer: Vec::new(), cut: false }
    }

    #[tokio::test]
    async fn what_does_not_fit_is_refused_and_what_was_taken_makes_room() {
        let (into, mut out) = content_queue(100);
        assert!(into.put(exchange(60)));
        assert!(!into.put(exchange(60)), "no room");
        assert!(into.put(exchange(40)));
        assert_eq!(out.take(8).await.len(), 2);
        assert!(into.put(exchange(100)));
        drop(into);
        assert_eq!(out.take(8).await.len(), 1, "what waits is not lost with the gateway");
        assert!(out.take(8).await.is_empty());
    }
}
