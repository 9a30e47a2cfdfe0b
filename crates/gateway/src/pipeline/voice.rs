//! The language that a client speaks. Inside, all is OpenAI's chat; what comes in another language is translated at the
//! door, both ways, so that nothing further in knows of it.

mod anthropic;
mod responses;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use realm::load::Lang;
use wire::sse::{Decoder, encode};
use wire::translate::{Refusal, Retell};

use crate::code::Code;
use crate::edge::{Reply, StreamBody};
use crate::error::Refused;
use crate::pipeline::respond::{self, Ids};
use anthropic::Anthropic;
use responses::Responses;

/// The longest event that waits to be told in another language, and all of a response that its last events repeat.
const EVENT_BYTES_MAX: usize = 8 << 20;

/// A client's language.
pub(crate) enum Voice {
    Openai,
    Anthropic(Box<Anthropic>),
    Responses(Box<Responses>),
}

impl Voice {
    /// Anthropic's.
    pub(crate) fn anthropic() -> Self {
        Self::Anthropic(Box::default())
    }

    /// OpenAI's Responses.
    pub(crate) fn responses() -> Self {
        Self::Responses(Box::default())
    }

    /// See [`Client::understand`](super::client::Client::understand).
    pub(super) fn understand(&mut self, body: Bytes, ids: Ids<'_>) -> Result<Bytes, Refused> {
        let id = ids.ours.trim_start_matches("req-");
        match self {
            Self::Openai => Ok(body),
            Self::Anthropic(voice) => voice.understand(&body, id).map_err(refused),
            Self::Responses(voice) => voice.understand(&body, id).map_err(refused),
        }
    }

    pub(super) fn sized(&mut self, input_tokens: u64) {
        if let Self::Anthropic(voice) = self {
            voice.sized(input_tokens);
        }
    }

    /// An answer, told in this language.
    pub(crate) fn reply(&mut self, reply: Reply) -> Reply {
        // A ticket is no answer: it reads the same in every language.
        if reply.headers().contains_key(respond::TICKET) {
            return reply;
        }
        match self {
            Self::Openai => reply,
            Self::Anthropic(voice) => voice.reply(reply),
            Self::Responses(voice) => voice.reply(reply),
        }
    }

    /// A part of a stream, told in this language; it may be empty.
    pub(super) fn part(&mut self, part: Bytes) -> Bytes {
        match self {
            Self::Openai => part,
            Self::Anthropic(voice) => voice.part(&part),
            Self::Responses(voice) => voice.part(&part),
        }
    }
}

/// A whole body told anew, and with what status.
fn retold(reply: Reply, tell: impl FnOnce(StatusCode, &Bytes) -> (StatusCode, Option<Vec<u8>>)) -> Reply {
    let (mut head, body) = reply.into_parts();
    let StreamBody::Whole(bytes) = body else { return Reply::from_parts(head, body) };
    let (status, told) = tell(head.status, &bytes);
    head.status = status;
    if told.is_some() {
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Reply::from_parts(head, StreamBody::Whole(told.map_or(bytes, Bytes::from)))
}

/// A stream that is told anew, once its first part is here.
struct Telling<T>(Option<(Decoder, T)>);

impl<T> Default for Telling<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Retell<Back: Default>> Telling<T> {
    /// A part told anew; it may be empty.
    fn part(&mut self, back: &mut T::Back, part: &Bytes) -> Bytes {
        let begin = || (Decoder::new(EVENT_BYTES_MAX), T::begin(std::mem::take(back), EVENT_BYTES_MAX));
        let (decoder, events) = self.0.get_or_insert_with(begin);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut fits = decoder.push(part, &mut ours).is_ok();
        for frame in &ours {
            fits &= events.push(frame, &mut theirs).is_ok();
        }
        if !fits {
            let refused = Refused::new(Code::UpstreamInvalid, "what waits to be told is too long");
            events.fail_with(refused.to_json("", Lang::En).as_bytes(), &mut theirs);
        }
        let mut out = Vec::new();
        theirs.iter().for_each(|frame| encode(frame, &mut out));
        out.into()
    }
}

/// Why a request in another language goes no further.
pub(super) fn refused(refusal: Refusal) -> Refused {
    let code = match &refusal {
        Refusal::Invalid { .. } => Code::InvalidRequest,
        Refusal::Unsupported(_) => Code::UnsupportedParameter,
    };
    Refused::new(code, refusal.to_string()).about(refusal.field().to_owned())
}
