//! Anthropic's Messages.

use bytes::Bytes;
use http::{HeaderName, StatusCode};
use wire::anthropic::incoming::{self, Back, Events};
use wire::translate::Refusal;

use super::{Telling, retold};
use crate::edge::Reply;

/// By what Anthropic's clients know a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What telling an answer in Anthropic's language needs.
#[derive(Default)]
pub(crate) struct Anthropic {
    back: Back,
    stream: Telling<Events>,
}

impl Anthropic {
    pub(super) fn understand(&mut self, body: &Bytes, id: &str) -> Result<Bytes, Refusal> {
        let understood = incoming::request(body, &[])?;
        self.back = Back { id: format!("msg_{id}"), ..understood.back };
        Ok(understood.body.into())
    }

    pub(super) fn sized(&mut self, input_tokens: u64) {
        self.back.input_tokens = input_tokens;
    }

    pub(super) fn reply(&self, reply: Reply) -> Reply {
        let id = reply.headers().get("x-freehold-request").cloned();
        let id_text = id.as_ref().and_then(|id| id.to_str().ok());
        let mut reply = retold(reply, |status, body| {
            let answer = if status.is_success() { incoming::answer(body, &self.back) } else { None };
            match answer {
                Some(told) => (status, Some(told)),
                None => {
                    let status = if status.is_success() { StatusCode::BAD_GATEWAY } else { status };
                    (status, Some(incoming::error(status.as_u16(), body, id_text)))
                }
            }
        });
        if let Some(id) = id {
            reply.headers_mut().insert(REQUEST_ID, id);
        }
        reply
    }

    pub(super) fn part(&mut self, bytes: &Bytes) -> Bytes {
        self.stream.part(&mut self.back, bytes)
    }
}
