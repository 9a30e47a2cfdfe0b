//! OpenAI's Responses. Errors have the same shape there as in a chat, and pass.

use bytes::Bytes;
use http::StatusCode;
use realm::load::Lang;
use wire::responses::{self, Back, Events};
use wire::translate::Refusal;

use super::{Telling, retold};
use crate::code::Code;
use crate::edge::Reply;
use crate::error::Refused;

/// What telling an answer as a response needs.
#[derive(Default)]
pub(crate) struct Responses {
    back: Back,
    stream: Telling<Events>,
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
                    (StatusCode::BAD_GATEWAY, Some(refused.to_json("", Lang::En).into_bytes()))
                }
            },
        })
    }

    pub(super) fn part(&mut self, bytes: &Bytes) -> Bytes {
        self.stream.part(&mut self.back, bytes)
    }
}
