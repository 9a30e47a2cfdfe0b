//! The language that a client speaks. Inside, all is OpenAI's; what comes in another language is translated at the
//! door, both ways, so that nothing further in knows of it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};
use wire::anthropic::incoming::{self, Back, Events, Refusal};
use wire::sse::{Decoder, encode};

use crate::code::Code;
use crate::edge::{Reply, StreamBody};
use crate::error::Refused;
use crate::pipeline::respond::Ids;

/// The longest event that waits to be told in another language.
const EVENT_BYTES_MAX: usize = 8 << 20;
/// By what Anthropic's clients know a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// A client's language.
pub(crate) enum Voice {
    Openai,
    Anthropic(Box<Anthropic>),
}

/// What telling an answer in Anthropic's language needs.
#[derive(Default)]
pub(crate) struct Anthropic {
    back: Back,
    stream: Option<(Decoder, Events)>,
}

impl Voice {
    /// Anthropic's.
    pub(crate) fn anthropic() -> Self {
        Self::Anthropic(Box::default())
    }

    /// See [`Client::understand`](super::client::Client::understand).
    pub(super) fn understand(&mut self, body: Bytes, ids: Ids<'_>) -> Result<Bytes, Refused> {
        let Self::Anthropic(voice) = self else { return Ok(body) };
        let understood = incoming::request(&body, &[]).map_err(refused)?;
        voice.back = Back { id: format!("msg_{}", ids.ours.trim_start_matches("req-")), ..understood.back };
        Ok(understood.body.into())
    }

    pub(super) fn sized(&mut self, input_tokens: u64) {
        if let Self::Anthropic(voice) = self {
            voice.back.input_tokens = input_tokens;
        }
    }

    /// An answer, told in this language.
    pub(crate) fn reply(&mut self, reply: Reply) -> Reply {
        let Self::Anthropic(voice) = self else { return reply };
        let (mut head, body) = reply.into_parts();
        let id = head.headers.get("x-freehold-request").cloned();
        let id_text = id.as_ref().and_then(|id| id.to_str().ok());
        let body = match body {
            StreamBody::Parts(parts) => StreamBody::Parts(parts),
            StreamBody::Whole(bytes) if head.status.is_success() => match incoming::answer(&bytes, &voice.back) {
                Some(told) => StreamBody::Whole(told.into()),
                None => {
                    head.status = StatusCode::BAD_GATEWAY;
                    StreamBody::Whole(incoming::error(502, &bytes, id_text).into())
                }
            },
            StreamBody::Whole(bytes) => {
                StreamBody::Whole(incoming::error(head.status.as_u16(), &bytes, id_text).into())
            }
        };
        if matches!(body, StreamBody::Whole(_)) {
            head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(id) = id {
            head.headers.insert(REQUEST_ID, id);
        }
        Reply::from_parts(head, body)
    }

    /// A part of a stream, told in this language; it may be empty.
    pub(super) fn part(&mut self, part: Bytes) -> Bytes {
        let Self::Anthropic(voice) = self else { return part };
        let Anthropic { back, stream } = &mut **voice;
        let (decoder, events) = stream
            .get_or_insert_with(|| (Decoder::new(EVENT_BYTES_MAX), Events::new(std::mem::take(back), EVENT_BYTES_MAX)));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut fits = decoder.push(&part, &mut ours).is_ok();
        for frame in &ours {
            fits &= events.push(frame, &mut theirs).is_ok();
        }
        if !fits {
            let refused = Refused::new(Code::UpstreamInvalid, "what waits to be told is too long");
            events.fail_with(refused.to_json("").as_bytes(), &mut theirs);
        }
        let mut out = Vec::new();
        theirs.iter().for_each(|frame| encode(frame, &mut out));
        out.into()
    }
}

/// Why a request of Anthropic's goes no further.
pub(super) fn refused(refusal: Refusal) -> Refused {
    let code = match &refusal {
        Refusal::Invalid { .. } => Code::InvalidRequest,
        Refusal::Unsupported(_) => Code::UnsupportedParameter,
    };
    Refused::new(code, refusal.to_string()).about(refusal.field().to_owned())
}
