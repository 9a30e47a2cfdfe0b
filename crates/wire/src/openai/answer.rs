//! A whole answer as a view over its bytes.

use super::texts::{Said, Texts};
use super::upstream_error::UpstreamError;
use super::usage::Usage;
use crate::edit::Edits;
use crate::error::{Error, Problem};
use crate::json::{Cursor, Literal, Shape, quoted};

/// What a body with status 200 turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An answer.
    Response(Response),
    /// An error in spite of the status.
    Error(UpstreamError),
    /// Nothing at all.
    Empty,
    /// A web page: some proxy answered in the provider's place.
    Html,
    /// JSON that is neither an answer nor an error.
    Foreign,
    /// Not JSON.
    Malformed(Error),
}

/// An answer of chat, completions or embeddings. Positions refer to the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The provider's token counts.
    pub usage: Option<Usage>,
    /// The model that the provider names.
    pub model: Option<Literal>,
    /// Every text of every choice, in order.
    pub said: Vec<Said>,
    /// The first choice's `finish_reason`.
    pub finish_reason: Option<Literal>,
}

impl Answer {
    /// Reads a body that came with a status of success.
    pub fn read(body: &[u8]) -> Self {
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            Err(at) => return Self::Malformed(Error::new(at.valid_up_to(), Problem::Utf8)),
        };
        let trimmed = text.trim_start_matches('\u{feff}').trim_ascii();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if trimmed.starts_with('<') {
            return Self::Html;
        }
        read(text).unwrap_or_else(Self::Malformed)
    }
}

fn read(text: &str) -> Result<Answer, Error> {
    let mut cursor = Cursor::new(text)?;
    if cursor.peek()? != Shape::Object {
        cursor.skip()?;
        cursor.end()?;
        return Ok(Answer::Foreign);
    }
    let mut response = Response::default();
    let mut texts = Texts::new(text);
    let (mut answered, mut failed) = (false, false);
    cursor.object(|cursor, key| match &*key.decode(text) {
        "choices" => {
            answered = true;
            texts.choices(cursor).map(drop)
        }
        "data" => {
            answered = true;
            cursor.skip().map(drop)
        }
        "usage" => Usage::read(cursor, text).map(|usage| response.usage = usage.or(response.usage)),
        "model" if cursor.peek()? == Shape::String => {
            response.model = Some(cursor.string()?);
            Ok(())
        }
        "error" | "detail" => {
            failed |= cursor.peek()? != Shape::Null;
            cursor.skip().map(drop)
        }
        "object" | "type" if cursor.peek()? == Shape::String => {
            failed |= cursor.string()?.is(text, "error");
            Ok(())
        }
        _ => cursor.skip().map(drop),
    })?;
    cursor.end()?;
    response.said = texts.said;
    response.finish_reason = texts.finish_reason;
    Ok(match (failed, answered) {
        (true, _) => Answer::Error(UpstreamError::from_json(text)?.unwrap_or_default()),
        (false, true) => Answer::Response(response),
        // `{"status":…,"message":…}` and the like.
        (false, false) => UpstreamError::from_json(text)?.map_or(Answer::Foreign, Answer::Error),
    })
}

impl Response {
    /// Names another model, where the answer names one.
    pub fn set_model(&self, text: &str, model: &str, edits: &mut Edits) {
        if let Some(literal) = self.model.filter(|literal| !literal.is(text, model)) {
            edits.replace(literal.outer(), quoted(model));
        }
    }
}
