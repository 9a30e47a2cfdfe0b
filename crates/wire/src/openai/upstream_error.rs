//! Reading what a provider says went wrong, in any of the shapes they use.

use crate::error::Error;
use crate::json::{Cursor, Literal, Shape, quoted};

/// An error as an upstream words it. For people and for mapping; never trusted further.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpstreamError {
    /// What it says, at most [`MESSAGE_MAX`] bytes.
    pub message: String,
    /// `type`, where given.
    pub kind: Option<String>,
    /// `code`, as text: some give numbers.
    pub code: Option<String>,
    /// `param`, where given.
    pub param: Option<String>,
}

/// Longest message kept.
pub const MESSAGE_MAX: usize = 2048;

impl UpstreamError {
    /// Reads an error body of any known shape: `{"error":{…}}`, `{"error":"…"}`, flat, `{"detail":…}`,
    /// or plain text. Never fails: what cannot be read is an error without words. HTML has none for us.
    pub fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        Self::from_json(&text).ok().flatten().unwrap_or_else(|| {
            let plain = text.trim();
            let message = if plain.starts_with(['<', '{', '[']) { "" } else { plain };
            Self { message: clip(message), ..Self::default() }
        })
    }

    /// The body that OpenAI's clients read: `{"error":{…}}`.
    pub fn to_json(&self) -> String {
        let text = |slot: &Option<String>| slot.as_deref().map_or_else(|| "null".to_owned(), quoted);
        let (kind, code, param) = (text(&self.kind), text(&self.code), text(&self.param));
        let message = quoted(&self.message);
        format!(r#"{{"error":{{"message":{message},"type":{kind},"param":{param},"code":{code}}}}}"#)
    }

    /// The error in a JSON text; none when it is JSON of another kind.
    pub(super) fn from_json(text: &str) -> Result<Option<Self>, Error> {
        let mut cursor = Cursor::new(text)?;
        if cursor.peek()? != Shape::Object {
            cursor.skip()?;
            return Ok(None);
        }
        let mut found = Self::default();
        let mut any = false;
        cursor.object(|cursor, key| match &*key.decode(text) {
            "error" | "detail" | "errors" => {
                any |= cursor.peek()? != Shape::Null;
                found.value(cursor, text)
            }
            "message" => {
                any = true;
                found.value(cursor, text)
            }
            _ => found.member(cursor, text, key),
        })?;
        Ok(any.then_some(found))
    }

    /// The value of `error`, `detail` or `message`.
    fn value(&mut self, cursor: &mut Cursor<'_>, text: &str) -> Result<(), Error> {
        match cursor.peek()? {
            Shape::Object => cursor.object(|cursor, key| match &*key.decode(text) {
                "message" | "msg" => self.value(cursor, text),
                _ => self.member(cursor, text, key),
            }),
            Shape::Array => cursor.array(|cursor| self.value(cursor, text)),
            Shape::String => {
                let literal = cursor.string()?;
                if self.message.is_empty() {
                    self.message = clip(&literal.decode(text));
                }
                Ok(())
            }
            _ => cursor.skip().map(drop),
        }
    }

    fn member(&mut self, cursor: &mut Cursor<'_>, text: &str, key: Literal) -> Result<(), Error> {
        let slot = match &*key.decode(text) {
            "type" => &mut self.kind,
            "code" | "status" => &mut self.code,
            "param" => &mut self.param,
            _ => return cursor.skip().map(drop),
        };
        match cursor.peek()? {
            Shape::String => *slot = Some(clip(&cursor.string()?.decode(text))),
            Shape::Number => *slot = Some(text[cursor.number()?].to_owned()),
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    }
}

fn clip(text: &str) -> String {
    let mut end = text.len().min(MESSAGE_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
