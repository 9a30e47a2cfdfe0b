//! One event of a stream as a view over its data.

use std::ops::Range;

use super::DONE;
use super::texts::{Choice, Field, Said, Texts};
use super::upstream_error::UpstreamError;
use super::usage::Usage;
use crate::edit::Edits;
use crate::error::Error;
use crate::json::{Cursor, Literal, Shape, escape, quoted};

/// What the data of an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A piece of the answer.
    Chunk(Chunk),
    /// The proper end.
    Done,
    /// An error in the middle of a stream.
    Error(UpstreamError),
    /// Not JSON, or not an object.
    Malformed(Error),
}

/// A piece of an answer. Positions refer to the data it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chunk {
    /// Token counts, in the last piece or in every one.
    pub usage: Option<Usage>,
    /// The model that the provider names.
    pub model: Option<Literal>,
    /// The pieces of text in it, in order.
    pub said: Vec<Said>,
    /// The first `finish_reason` in it.
    pub finish_reason: Option<Literal>,
    /// Whether a call is begun or gone on with in it.
    pub calls: bool,
    choices: Vec<Choice>,
    choices_at: Option<Range<usize>>,
    usage_at: Option<Range<usize>>,
}

impl Event {
    /// Reads the data of an event.
    pub fn read(data: &str) -> Self {
        if data.trim_ascii() == DONE {
            return Self::Done;
        }
        read(data).unwrap_or_else(Self::Malformed)
    }
}

fn read(text: &str) -> Result<Event, Error> {
    let mut cursor = Cursor::new(text)?;
    if cursor.peek()? != Shape::Object {
        return cursor.fail(crate::error::Problem::NotAnObject);
    }
    let mut chunk = Chunk::default();
    let mut texts = Texts::new(text);
    let mut failed = false;
    cursor.object(|cursor, key| match &*key.decode(text) {
        "choices" => {
            chunk.choices_at = Some(texts.choices(cursor)?);
            Ok(())
        }
        "usage" => {
            let from = cursor.at();
            chunk.usage = Usage::read(cursor, text)?;
            chunk.usage_at = Some(from..cursor.at());
            Ok(())
        }
        "model" if cursor.peek()? == Shape::String => {
            chunk.model = Some(cursor.string()?);
            Ok(())
        }
        "error" => {
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
    chunk.calls = texts.calls;
    chunk.said = texts.said;
    chunk.choices = texts.choices;
    chunk.finish_reason = texts.finish_reason;
    let unlike = chunk.choices_at.is_none() && chunk.usage.is_none();
    if failed || unlike {
        if let Some(error) = UpstreamError::from_json(text)? {
            return Ok(Event::Error(error));
        }
        if failed {
            return Ok(Event::Error(UpstreamError::default()));
        }
    }
    Ok(Event::Chunk(chunk))
}

impl Chunk {
    /// Whether the piece holds usage and nothing else: what a client that did not ask must not get.
    pub fn is_usage_only(&self) -> bool {
        self.usage.is_some() && self.choices.is_empty()
    }

    /// The choices in it: index, and whether it ends here.
    pub fn choices(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.choices.iter().map(|choice| (choice.index, choice.finished))
    }

    /// Whether a choice ends here.
    pub fn finishes(&self) -> bool {
        self.choices.iter().any(|choice| choice.finished)
    }

    /// Whether it brings the client anything to read: what separates the time before the first
    /// content byte from the time after it.
    pub fn has_content(&self) -> bool {
        self.said.iter().any(|said| said.field != Field::Other && !said.literal.inner().is_empty())
    }

    /// Names another model, where the piece names one.
    pub fn set_model(&self, text: &str, model: &str, edits: &mut Edits) {
        if let Some(literal) = self.model.filter(|literal| !literal.is(text, model)) {
            edits.replace(literal.outer(), quoted(model));
        }
    }

    /// Where the usage stands.
    pub(super) fn usage_range(&self) -> Option<Range<usize>> {
        self.usage_at.clone()
    }

    /// Takes the usage out of a piece that also says something.
    pub fn drop_usage(&self, edits: &mut Edits) {
        if let (Some(range), true) = (&self.usage_at, self.usage.is_some()) {
            edits.replace(range.clone(), "null");
        }
    }

    /// A piece like this one (its id, model and unknown fields) that says only the given texts.
    /// None when this one has no choices to stand in for.
    pub fn instead(&self, text: &str, says: &[(u32, Field, String)]) -> Option<String> {
        let range = self.choices_at.clone()?;
        let mut choices = String::from("[");
        for (number, (index, field, says)) in says.iter().enumerate() {
            if number > 0 {
                choices.push(',');
            }
            choices.push_str(&choice(*index, *field, says));
        }
        choices.push(']');
        let mut edits = Edits::new();
        edits.replace(range, choices);
        self.drop_usage(&mut edits);
        String::from_utf8(edits.apply_to(text.as_bytes()).ok()?).ok()
    }
}

/// One choice that says one text.
fn choice(index: u32, field: Field, says: &str) -> String {
    let says = escape(says);
    let delta = match field {
        Field::Text => return format!("{{\"index\":{index},\"text\":\"{says}\",\"finish_reason\":null}}"),
        Field::Content | Field::Other => format!("\"content\":\"{says}\""),
        Field::Refusal => format!("\"refusal\":\"{says}\""),
        Field::ReasoningContent => format!("\"reasoning_content\":\"{says}\""),
        Field::Reasoning => format!("\"reasoning\":\"{says}\""),
        Field::ToolArguments(call) => {
            format!("\"tool_calls\":[{{\"index\":{call},\"function\":{{\"arguments\":\"{says}\"}}}}]")
        }
        Field::FunctionArguments => format!("\"function_call\":{{\"arguments\":\"{says}\"}}"),
    };
    format!("{{\"index\":{index},\"delta\":{{{delta}}},\"finish_reason\":null}}")
}
