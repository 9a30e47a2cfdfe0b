//! How long an answer may be: what the client says of it, and saying it where the client does not.

use std::ops::Range;

use super::{Endpoint, Request};
use crate::edit::Edits;
use crate::error::Error;
use crate::json::{Cursor, Shape};
use crate::openai::bounded::{Bounded, MAX_COMPLETION_TOKENS, MAX_TOKENS, count};

/// What a body says in the two members that limit an answer.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// After the opening brace of the body.
    inside: usize,
    older: Limit,
    newer: Limit,
}

#[derive(Debug, Clone, Default)]
struct Limit {
    tokens: Option<u64>,
    /// Where the member stands that says `null`.
    null: Option<Range<usize>>,
}

/// The names of the member that limits an answer. Every server knows the first; a few models of OpenAI's take only the
/// second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitName {
    /// `max_tokens`
    #[default]
    Older,
    /// `max_completion_tokens`; completions have only the other.
    Newer,
}

impl Limits {
    /// Nothing is said yet in a body that begins before `inside`.
    pub(super) fn new(inside: usize) -> Self {
        Self { inside, older: Limit::default(), newer: Limit::default() }
    }

    /// The limit that holds: the newer member wins.
    pub(super) fn tokens(&self) -> Option<u64> {
        self.newer.tokens.or(self.older.tokens)
    }

    /// Reads `max_tokens`.
    pub(super) fn older(&mut self, cursor: &mut Cursor<'_>, text: &str) -> Result<(), Error> {
        self.older.read(cursor, text, &MAX_TOKENS)
    }

    /// Reads `max_completion_tokens`.
    pub(super) fn newer(&mut self, cursor: &mut Cursor<'_>, text: &str) -> Result<(), Error> {
        self.newer.read(cursor, text, &MAX_COMPLETION_TOKENS)
    }
}

impl Limit {
    fn read(&mut self, cursor: &mut Cursor<'_>, text: &str, bounded: &Bounded) -> Result<(), Error> {
        let (from, is_null) = (cursor.at(), cursor.peek()? == Shape::Null);
        self.tokens = count(cursor, text, bounded)?;
        self.null = is_null.then(|| from..cursor.at());
        Ok(())
    }
}

impl Request {
    /// Limits each answer to so many tokens. Does nothing where the client says how long an answer may be, nor to
    /// embeddings, which have none.
    pub fn limit_answer(&self, tokens: u64, name: LimitName, edits: &mut Edits) {
        if self.max_tokens.is_some() || self.endpoint == Endpoint::Embeddings {
            return;
        }
        let limits = &self.limits;
        let (name, limit) = match (name, self.endpoint) {
            (LimitName::Newer, Endpoint::Chat) => ("max_completion_tokens", &limits.newer),
            _ => ("max_tokens", &limits.older),
        };
        match &limit.null {
            Some(null) => edits.replace(null.clone(), tokens.to_string()),
            None => edits.replace(limits.inside..limits.inside, format!("\"{name}\":{tokens},")),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::{Value, json};

    use super::{Endpoint, LimitName, Request};
    use crate::edit::Edits;

    fn limited(endpoint: Endpoint, body: &str, name: LimitName) -> (String, Value) {
        let request = Request::parse(endpoint, Bytes::from(body.to_owned())).unwrap();
        let mut edits = Edits::new();
        request.limit_answer(7, name, &mut edits);
        request.ask_usage(&mut edits);
        let out = String::from_utf8(edits.apply(request.body()).unwrap().to_vec()).unwrap();
        // What goes out is read by the same rules: no member twice.
        let again = Request::parse(endpoint, Bytes::from(out.clone())).unwrap();
        assert_eq!(again.max_tokens.is_some(), endpoint != Endpoint::Embeddings, "{out}");
        let value = serde_json::from_str(&out).unwrap();
        (out, value)
    }

    #[test]
    fn an_answer_without_a_limit_gets_one_and_one_with_a_limit_keeps_it() {
        let chat = |body: &str, name| limited(Endpoint::Chat, body, name).1;
        let (older, newer) = (LimitName::Older, LimitName::Newer);
        let plain = r#"{"stream":true,"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
        assert_eq!(chat(plain, older)["max_tokens"], 7);
        assert_eq!(chat(plain, older)["stream_options"], json!({"include_usage": true}));
        assert_eq!(
            (chat(plain, newer)["max_completion_tokens"].as_u64(), chat(plain, newer).get("max_tokens")),
            (Some(7), None)
        );
        let said = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":900,"max_tokens":null}"#;
        assert_eq!(limited(Endpoint::Chat, said, older).0, said);
        let null = r#"{"model":"m","max_tokens": null,"messages":[{"role":"user","content":"hi"}]}"#;
        assert_eq!(
            limited(Endpoint::Chat, null, older).0,
            r#"{"model":"m","max_tokens": 7,"messages":[{"role":"user","content":"hi"}]}"#
        );
        assert_eq!(
            chat(null, newer),
            json!({"max_completion_tokens":7,"model":"m","max_tokens":null,"messages":[{"role":"user","content":"hi"}]})
        );
    }

    #[test]
    fn completions_have_the_older_name_only_and_embeddings_no_answer() {
        let (_, body) = limited(Endpoint::Completions, r#"{"model":"m","prompt":"x"}"#, LimitName::Newer);
        assert_eq!(body["max_tokens"], 7);
        let text = r#"{"model":"m","input":"x"}"#;
        assert_eq!(limited(Endpoint::Embeddings, text, LimitName::Older).0, text);
    }
}
