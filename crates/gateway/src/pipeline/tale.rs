//! What a client has of a streamed answer, kept where its route lets another deployment go on with it.

use std::sync::Arc;

use realm::record::Tokens;
use realm::world::Route;
use wire::Edits;
use wire::openai::{Chunk, Endpoint, Event, Field, Head, Request, ResponseFormat};

use crate::detect::Span;
use crate::pipeline::failure::Failure;
use crate::pipeline::resume::Cut;
use crate::redact::{Restorer, Table};

/// The longest answer that is kept to be gone on with.
const SAID_BYTES_MAX: usize = 1 << 20;

/// The answer so far, in the words that the client reads.
#[derive(Debug, Default)]
pub(crate) struct Tale {
    /// Whether it may be gone on with, as far as the request and the answer until now tell.
    open: bool,
    pub(crate) said: String,
    /// What stands in the parts of the streams before this one in place of tokens.
    values: Vec<Span>,
    /// Where this stream's part of it begins.
    begins: usize,
    /// The same part in the words of the provider, where they are others.
    heard: String,
    restorer: Option<Restorer>,
    /// What all pieces have in common, since the first one.
    pub(crate) head: Option<Head>,
    /// What earlier streams of the same answer used; none in the first stream.
    earlier: Option<Tokens>,
}

impl Tale {
    /// The tale of a stream: a new one, or the one that was cut.
    pub(crate) fn begin(request: &Request, route: &Route, table: &Arc<Table>, cut: Option<&mut Cut>) -> Self {
        let text = request.response_format == ResponseFormat::Text;
        let one = request.endpoint == Endpoint::Chat && request.n.is_none_or(|n| n <= 1);
        let open = route.resume && text && one;
        let restorer = Some(Restorer::new(table.clone())).filter(|restorer| !restorer.is_idle());
        match cut {
            None => Self { open, restorer, ..Self::default() },
            Some(cut) => Self {
                open,
                begins: cut.said.len(),
                said: std::mem::take(&mut cut.said),
                values: std::mem::take(&mut cut.values),
                head: cut.head.take(),
                earlier: Some(cut.charge.tokens),
                restorer,
                ..Self::default()
            },
        }
    }

    /// The values that the client read in place of tokens; none where what it has is not what came.
    pub(crate) fn values(&self) -> Option<Vec<Span>> {
        let mut values = self.values.clone();
        if let Some(restorer) = &self.restorer {
            let (said, here) = restorer.broken_off(&self.heard);
            if self.said[self.begins..] != said {
                return None;
            }
            let shift = |at: usize| self.begins + at;
            values.extend(here.into_iter().map(|span| {
                let range = shift(span.range.start)..shift(span.range.end);
                Span { range, ..span }
            }));
        }
        Some(values)
    }

    /// Whether another deployment can go on after this: never with a call half said, nor behind the end.
    pub(crate) fn goes_on(&self, failure: &Failure) -> bool {
        self.open && !failure.last && self.said.len() <= SAID_BYTES_MAX && self.values().is_some()
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

    /// Notes what the provider says, before anything is restored in it.
    pub(crate) fn hear(&mut self, data: &str, chunk: &Chunk) {
        if self.open && self.restorer.is_some() {
            let said = chunk.said.iter().filter(|said| said.field == Field::Content);
            said.for_each(|said| self.heard.push_str(&said.literal.decode(data)));
        }
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
        self.open &= !chunk.calls && chunk.choices().all(|(index, finished)| index == 0 && !finished);
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
            quality: None,
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
            assert_eq!(goes_on(&Tale::begin(&request, &route(resume), &Arc::default(), None)), open, "{more}");
        }
    }
}
