//! Answers on the wire: whole, or as server-sent events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use serde_json::{Value, json};

use super::model::Model;
use super::outbox::{Done, Finish, Reader};
use super::request::Endpoint;

/// What every part of one answer repeats.
#[derive(Clone, Debug)]
pub(super) struct Head {
    endpoint: Endpoint,
    id: String,
    created_unix_s: u64,
    model: String,
    /// What the answer says of the engine, but for its own numbers.
    about: Value,
    include_usage: bool,
}

/// A response's body.
pub(super) enum AnswerBody {
    Whole(Option<Bytes>),
    Events(Box<Events>),
}

/// An answer as it grows.
pub(super) struct Events {
    head: Head,
    reader: Reader,
    /// Read already, not yet sent.
    first: Option<(String, Option<Finish>)>,
    started: bool,
    ended: bool,
}

// === impl Head ===

impl Head {
    pub(super) fn new(
        endpoint: Endpoint,
        model: &Model,
        random: u64,
        created_unix_s: u64,
        include_usage: bool,
    ) -> Self {
        let prefix = if endpoint == Endpoint::Chat { "chatcmpl" } else { "cmpl" };
        Self {
            endpoint,
            id: format!("{prefix}-{random:016x}"),
            created_unix_s,
            model: model.ready.model.clone(),
            about: model.about(),
            include_usage,
        }
    }

    /// A whole answer.
    pub(super) fn whole(&self, text: &str, done: &Done) -> Value {
        let choice = match self.endpoint {
            Endpoint::Chat => json!({
                "index": 0, "message": {"role": "assistant", "content": text, "refusal": null},
                "logprobs": null, "finish_reason": done.reason,
            }),
            Endpoint::Completion => {
                json!({"index": 0, "text": text, "logprobs": null, "finish_reason": done.reason})
            }
        };
        let object = match self.endpoint {
            Endpoint::Chat => "chat.completion",
            Endpoint::Completion => "text_completion",
        };
        let mut answer = self.envelope(object, &[choice]);
        answer["usage"] = usage(done);
        answer["freehold"] = self.about(done);
        answer
    }

    fn envelope(&self, object: &str, choices: &[Value]) -> Value {
        json!({
            "id": self.id, "object": object, "created": self.created_unix_s, "model": self.model,
            "choices": choices,
        })
    }

    fn chunk(&self, choices: &[Value]) -> Value {
        let object = match self.endpoint {
            Endpoint::Chat => "chat.completion.chunk",
            Endpoint::Completion => "text_completion",
        };
        self.envelope(object, choices)
    }

    fn piece(&self, delta: Value, finish: Option<&str>) -> Value {
        let choice = match self.endpoint {
            Endpoint::Chat => json!({"index": 0, "delta": delta, "finish_reason": finish}),
            Endpoint::Completion => {
                let text = delta.get("content").cloned().unwrap_or_else(|| "".into());
                json!({"index": 0, "text": text, "logprobs": null, "finish_reason": finish})
            }
        };
        self.chunk(&[choice])
    }

    fn about(&self, done: &Done) -> Value {
        let mut about = self.about.clone();
        about["cpu_s"] = json!((done.cpu_s * 1e6).round() / 1e6);
        about["energy_j"] = json!(done.energy_j.map(|j| (j * 1e3).round() / 1e3));
        about
    }
}

fn usage(done: &Done) -> Value {
    json!({
        "prompt_tokens": done.prompt_tokens, "completion_tokens": done.completion_tokens,
        "total_tokens": u64::from(done.prompt_tokens) + u64::from(done.completion_tokens),
        "prompt_tokens_details": {"cached_tokens": 0},
    })
}

// === impl Events ===

impl Events {
    /// `first` is what was read before the decision to stream.
    pub(super) fn new(head: Head, reader: Reader, first: (String, Option<Finish>)) -> Self {
        Self { head, reader, first: Some(first), started: false, ended: false }
    }

    fn render(&mut self, text: &str, finish: Option<Finish>) -> Bytes {
        let mut out = String::with_capacity(text.len() + 320);
        if !self.started && self.head.endpoint == Endpoint::Chat {
            let delta = json!({"role": "assistant", "content": ""});
            push_event(&mut out, &self.head.piece(delta, None));
        }
        self.started = true;
        if !text.is_empty() {
            push_event(&mut out, &self.head.piece(json!({ "content": text }), None));
        }
        match finish {
            None => {}
            Some(Finish::Done(done)) => {
                self.ended = true;
                let mut last = self.head.piece(json!({}), Some(done.reason));
                last["freehold"] = self.head.about(&done);
                push_event(&mut out, &last);
                if self.head.include_usage {
                    let mut usage_chunk = self.head.chunk(&[]);
                    usage_chunk["usage"] = usage(&done);
                    push_event(&mut out, &usage_chunk);
                }
                out.push_str("data: [DONE]\n\n");
            }
            Some(Finish::Failed(refusal)) => {
                self.ended = true;
                push_event(&mut out, &refusal.to_json());
            }
        }
        Bytes::from(out)
    }
}

fn push_event(out: &mut String, event: &Value) {
    out.push_str("data: ");
    out.push_str(&event.to_string());
    out.push_str("\n\n");
}

// === impl AnswerBody ===

impl AnswerBody {
    pub(super) fn json(value: &Value) -> Self {
        Self::Whole(Some(Bytes::from(value.to_string())))
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let events = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Self::Events(events) => events,
        };
        if events.ended {
            return Poll::Ready(None);
        }
        let (text, finish) = match events.first.take() {
            Some(first) => first,
            None => match events.reader.poll_next(cx) {
                Poll::Ready(next) => next,
                Poll::Pending => return Poll::Pending,
            },
        };
        Poll::Ready(Some(Ok(Frame::data(events.render(&text, finish)))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Events(events) => events.ended,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
