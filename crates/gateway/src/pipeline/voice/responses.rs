//! OpenAI's Responses. Errors have the same shape there as in a chat, and pass.

use bytes::Bytes;
use http::StatusCode;
use wire::responses::{self, Back, Events};
use wire::sse::{Decoder, Frame, TooLong};
use wire::translate::Refusal;

use super::{EVENT_BYTES_MAX, Tell, part, retold};
use crate::code::Code;
use crate::edge::Reply;
use crate::error::Refused;

/// What telling an answer as a response needs.
#[derive(Default)]
pub(crate) struct Responses {
    back: Back,
    stream: Option<(Decoder, Events)>,
}

impl Responses {
    pub(super) fn understand(&mut self, body: &Bytes, id: &str) -> Result<Bytes, Refusal> {
        let understood = responses::request(body)?;
        self.back = understood.back;
        id.clone_into(&mut self.back.id);
        Ok(understood.body.into())
    }

    pub(super) fn reply(&self, reply: Reply) -> Reply {
        retold(reply, |status, body| match status.is_success() {
            false => (status, None),
            true => match responses::answer(body, &self.back) {
                Some(told) => (status, Some(told)),
                None => {
                    let refused = Refused::new(Code::UpstreamInvalid, "the provider's answer is no chat's");
                    (StatusCode::BAD_GATEWAY, Some(refused.to_json("").into_bytes()))
                }
            },
        })
    }

    pub(super) fn part(&mut self, bytes: &Bytes) -> Bytes {
        let back = &mut self.back;
        let (decoder, events) = self
            .stream
            .get_or_insert_with(|| (Decoder::new(EVENT_BYTES_MAX), Events::new(std::mem::take(back), EVENT_BYTES_MAX)));
        part(decoder, events, bytes)
    }
}

impl Tell for Events {
    fn push(&mut self, frame: &Frame, out: &mut Vec<Frame>) -> Result<(), TooLong> {
        self.push(frame, out)
    }

    fn fail_with(&mut self, body: &[u8], out: &mut Vec<Frame>) {
        self.fail_with(body, out);
    }
}
