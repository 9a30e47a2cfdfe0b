//! One request and its answer as the client knows them, gathered while they pass. Only where the realm has an app's
//! content kept: elsewhere there is nothing of this, not even an allocation.

use std::sync::Arc;

use bytes::Bytes;
use realm::UnixMs;

use crate::content::{Exchange, KeptAs};
use crate::edge::{Reply, StreamBody};

/// What a client sent and was told so far.
pub(crate) struct Kept {
    as_: Arc<KeptAs>,
    req: String,
    pub(super) request: Bytes,
    answer: Vec<Bytes>,
    answer_bytes: usize,
    answer_bytes_max: usize,
    status: u16,
    cut: bool,
}

impl Kept {
    /// Nothing yet.
    pub(super) fn new(as_: Arc<KeptAs>, req: String, answer_bytes_max: usize) -> Self {
        let (request, answer) = (Bytes::new(), Vec::new());
        Self { as_, req, request, answer, answer_bytes: 0, answer_bytes_max, status: 0, cut: false }
    }

    /// The head of an answer, and its body where that is whole.
    pub(super) fn told(&mut self, reply: &Reply) {
        self.status = reply.status().as_u16();
        if let StreamBody::Whole(body) = reply.body() {
            self.part(body);
        }
    }

    /// A part of an answer. A stream may go on for longer than a whole answer may be: its end is then not kept.
    pub(super) fn part(&mut self, part: &Bytes) {
        if self.answer_bytes + part.len() > self.answer_bytes_max {
            self.cut = true;
        }
        if !self.cut && !part.is_empty() {
            self.answer_bytes += part.len();
            self.answer.push(part.clone());
        }
    }

    /// All of it; none where the request never came whole.
    pub(super) fn finish(self, at: UnixMs) -> Option<Exchange> {
        let Self { as_: kept_as, req, request, answer, status, cut, .. } = self;
        (!request.is_empty()).then_some(Exchange { kept_as, req, at, status, request, answer, cut })
    }
}
