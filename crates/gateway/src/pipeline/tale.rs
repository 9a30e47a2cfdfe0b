//! What a client has of a streamed answer, kept where its route lets another deployment go on with it.

use realm::record::Tokens;
use realm::world::Route;
use wire::Edits;
use wire::openai::{Chunk, Endpoint, Event, Field, Head, Request, ResponseFormat};

use crate::pipeline::failure::Failure;
use crate::pipeline::resume::Cut;

/// The longest answer that is kept to be gone on with.
const SAID_BYTES_MAX: usize = 1 << 20;

/// The answer so far, in the words that the client reads.
#[derive(Debug, Default)]
pub(crate) struct Tale {
    /// Whether it may be gone on with, as far as the request and the answer until now tell.
    open: bool,
    pub(crate) said: String,
    /// What all pieces have in common, since the first one.
    pub(crate) head: Option<Head>,
    /// What earlier streams of the same answer used; none in the first stream.
    earlier: Option<Tokens>,
}

impl Tale {
    /// The tale of a stream: a new one, or the one that was cut.
    pub(crate) fn begin(request: &Request, route: &Route, cut: Option<&mut Cut>) -> Self {
        let text = request.response_format == ResponseFormat::Text;
        let one = request.endpoint == Endpoint::Chat && request.n.is_none_or(|n| n <= 1);
        let open = route.resume && text && one;
        match cut {
            None => Self { open, ..Self::default() },
            Some(cut) => Self {
                open,
                said: std::mem::take(&mut cut.said),
                head: cut.head.take(),
                earlier: Some(cut.charge.tokens),
            },
        }
    }

    /// Whether another deployment can go on after this: never with a call half said, nor behind the end.
    pub(crate) fn goes_on(&self, failure: &Failure) -> bool {
        self.open && !failure.last && self.said.len() <= SAID_BYTES_MAX
    }

    /// Makes a piece of a later stream one of the first.
    pub(crate) fn join(&self, data: &str, chunk: &Chunk, wants_usage: bool, edits: &mut Edits) {
        let (Some(earlier), Some(head)) = (&self.earlier, &self.head) else { return };
        // What is no piece of a stream was refused before.
        let _ = head.take_over(data, edits);
        if wants_usage {
            chunk.add_usage(earlier.input, earlier.output, edits);
        }
    }

    /// The same for an event of our own that stands in for such a piece.
    pub(crate) fn joined(&self, data: String) -> String {
        let (Some(_), Some(head)) = (&self.earlier, &self.head) else { return data };
        let mut edits = Edits::new();
        let joined = head.take_over(&data, &mut edits).ok().and_then(|()| edits.apply_to(data.as_bytes()).ok());
        joined.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(data)
    }

    /// Notes what leaves to the client.
    pub(crate) fn note(&mut self, data: &str) {
        if !self.open {
            return;
        }
        if self.head.is_none() {
            self.head = Head::read(data).ok();
        }
        let Event::Chunk(chunk) = Event::read(data) else { return };
        let calls = [r#""tool_calls":[{"#, r#""tool_calls": [{"#].iter().any(|mark| data.contains(mark));
        self.open &= !calls && chunk.choices().all(|(index, finished)| index == 0 && !finished);
        for said in &chunk.said {
            match said.field {
                Field::Content => self.said.push_str(&said.literal.decode(data)),
                Field::Reasoning | Field::ReasoningContent | Field::Other => {}
                _ => self.open &= said.literal.inner().is_empty(),
            }
        }
        if self.said.len() > SAID_BYTES_MAX {
            self.open = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::code::Code;

    fn tale() -> Tale {
        Tale { open: true, ..Tale::default() }
    }

    fn goes_on(tale: &Tale) -> bool {
        tale.goes_on(&Failure::of_deployment(Code::UpstreamError, "cut"))
    }

    #[test]
    fn text_goes_on_and_what_is_more_than_text_does_not() {
        let delta = |delta: serde_json::Value| json!({ "id": "a", "choices": [{ "index": 0, "delta": delta }] });
        let call = json!({ "tool_calls": [{ "index": 0, "id": "c", "function": { "name": "f" } }] });
        for (piece, open) in [
            (delta(json!({ "content": "y" })), true),
            (delta(json!({ "content": "\"tool_calls\":[{" })), true),
            (delta(json!({ "reasoning": "hm", "tool_calls": null })), true),
            (delta(call), false),
            (delta(json!({ "refusal": "no" })), false),
            (json!({ "choices": [{ "index": 1, "delta": { "content": "y" } }] }), false),
            (json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }), false),
        ] {
            let mut tale = tale();
            tale.note(&piece.to_string());
            assert_eq!(goes_on(&tale), open, "{piece}");
        }
        let mut tale = tale();
        for word in ["Hel", "lo"] {
            tale.note(&delta(json!({ "content": word })).to_string());
        }
        assert_eq!(tale.said, "Hello");
        assert!(!tale.goes_on(&Failure::client_closed()), "nobody listens");
        tale.note(&delta(json!({ "content": "x".repeat(SAID_BYTES_MAX) })).to_string());
        assert!(!goes_on(&tale), "too long to be kept");
    }

    #[test]
    fn only_one_answer_of_free_text_on_a_route_that_says_so() {
        let route = |resume| Route {
            id: realm::RouteId::new("r").unwrap(),
            targets: Vec::new(),
            fallback: true,
            resume,
            strategy: realm::world::Strategy::Priority,
            budget: realm::world::Budget::default(),
            limits: realm::world::Limits::default(),
        };
        for (more, resume, open) in [
            ("", true, true),
            ("", false, false),
            (r#","n":2"#, true, false),
            (r#","response_format":{"type":"json_object"}"#, true, false),
        ] {
            let body = format!(r#"{{"model":"r","messages":[{{"role":"user","content":"hi"}}]{more}}}"#);
            let request = Request::parse(Endpoint::Chat, Bytes::from(body)).unwrap();
            assert_eq!(goes_on(&Tale::begin(&request, &route(resume), None)), open, "{more}");
        }
    }
}
