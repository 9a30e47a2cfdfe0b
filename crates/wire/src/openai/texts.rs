//! The texts of an answer, whole or streamed, by choice and field.

use std::ops::Range;

use crate::error::Error;
use crate::json::{Cursor, Leaf, LeafKind, Literal, Shape, collect};

/// A text of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// `choices[].index`
    pub choice: u32,
    /// Which text of the choice.
    pub field: Field,
    /// Where it stands.
    pub literal: Literal,
}

/// Which text of a choice. In a stream, the pieces of one field follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `content` of chat.
    Content,
    /// `text` of completions.
    Text,
    /// `refusal`
    Refusal,
    /// `reasoning_content`
    ReasoningContent,
    /// `reasoning`
    Reasoning,
    /// `tool_calls[i].function.arguments`, itself JSON text.
    ToolArguments(u32),
    /// `function_call.arguments`, itself JSON text.
    FunctionArguments,
    /// Any other string: complete by itself.
    Other,
}

impl Field {
    /// Whether the text is itself JSON, so that values in it are escaped once more.
    pub fn is_json(self) -> bool {
        matches!(self, Self::ToolArguments(_) | Self::FunctionArguments)
    }
}

/// A choice in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) index: u32,
    pub(super) finished: bool,
}

/// Collects the texts of `choices`.
pub(super) struct Texts<'t> {
    text: &'t str,
    pub(super) said: Vec<Said>,
    pub(super) choices: Vec<Choice>,
    pub(super) finish_reason: Option<Literal>,
    /// A call is begun or gone on with.
    pub(super) calls: bool,
}

impl<'t> Texts<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, said: Vec::new(), choices: Vec::new(), finish_reason: None, calls: false }
    }

    /// Reads `choices`; whatever is not as expected is passed over, for it is not ours to judge.
    pub(super) fn choices(&mut self, cursor: &mut Cursor<'t>) -> Result<Range<usize>, Error> {
        cursor.peek()?;
        let from = cursor.at();
        if cursor.peek()? == Shape::Array {
            let mut position = 0;
            cursor.array(|cursor| {
                let default = position;
                position += 1;
                if cursor.peek()? == Shape::Object { self.choice(cursor, default) } else { cursor.skip().map(drop) }
            })?;
        } else {
            cursor.skip()?;
        }
        Ok(from..cursor.at())
    }

    fn choice(&mut self, cursor: &mut Cursor<'t>, default: u32) -> Result<(), Error> {
        let first = self.said.len();
        let mut choice = Choice { index: default, finished: false };
        cursor.object(|cursor, key| {
            match &*key.decode(self.text) {
                "index" => choice.index = self.index(cursor)?.unwrap_or(default),
                "delta" | "message" => return self.message(cursor),
                "text" => return self.one(cursor, Field::Text),
                "finish_reason" if cursor.peek()? == Shape::String => {
                    let literal = cursor.string()?;
                    self.finish_reason = self.finish_reason.or(Some(literal));
                    choice.finished = true;
                }
                // Log probabilities hold the pieces of the redacted text, never a value.
                "logprobs" => return cursor.skip().map(drop),
                _ => return self.other(cursor),
            }
            Ok(())
        })?;
        // The index may stand behind the texts it belongs to.
        for said in &mut self.said[first..] {
            said.choice = choice.index;
        }
        self.choices.push(choice);
        Ok(())
    }

    fn message(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        if cursor.peek()? != Shape::Object {
            return self.other(cursor);
        }
        cursor.object(|cursor, key| match &*key.decode(self.text) {
            "tool_calls" | "function_call" if cursor.peek()? == Shape::Null => self.other(cursor),
            "content" => self.one(cursor, Field::Content),
            "refusal" => self.one(cursor, Field::Refusal),
            "reasoning_content" => self.one(cursor, Field::ReasoningContent),
            "reasoning" => self.one(cursor, Field::Reasoning),
            "tool_calls" if cursor.peek()? == Shape::Array => {
                let mut position = 0;
                cursor.array(|cursor| {
                    let default = position;
                    position += 1;
                    self.calls = true;
                    self.tool_call(cursor, default)
                })
            }
            "function_call" => {
                self.calls = true;
                self.arguments(cursor, Field::FunctionArguments)
            }
            _ => self.other(cursor),
        })
    }

    fn tool_call(&mut self, cursor: &mut Cursor<'t>, default: u32) -> Result<(), Error> {
        if cursor.peek()? != Shape::Object {
            return self.other(cursor);
        }
        let first = self.said.len();
        let mut index = default;
        cursor.object(|cursor, key| match &*key.decode(self.text) {
            "index" => {
                index = self.index(cursor)?.unwrap_or(default);
                Ok(())
            }
            "function" => self.arguments(cursor, Field::ToolArguments(default)),
            _ => self.other(cursor),
        })?;
        for said in &mut self.said[first..] {
            if let Field::ToolArguments(call) = &mut said.field {
                *call = index;
            }
        }
        Ok(())
    }

    fn arguments(&mut self, cursor: &mut Cursor<'t>, field: Field) -> Result<(), Error> {
        if cursor.peek()? != Shape::Object {
            return self.other(cursor);
        }
        cursor.object(
            |cursor, key| if key.is(self.text, "arguments") { self.one(cursor, field) } else { self.other(cursor) },
        )
    }

    /// A field that is a string, or a list of parts with strings in them.
    fn one(&mut self, cursor: &mut Cursor<'t>, field: Field) -> Result<(), Error> {
        if cursor.peek()? != Shape::String {
            return self.other(cursor);
        }
        let literal = cursor.string()?;
        self.said.push(Said { choice: 0, field, literal });
        Ok(())
    }

    fn other(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        collect(cursor, None, &mut |Leaf { literal, kind }, _| {
            if kind == LeafKind::String {
                self.said.push(Said { choice: 0, field: Field::Other, literal });
            }
        })
    }

    fn index(&self, cursor: &mut Cursor<'t>) -> Result<Option<u32>, Error> {
        let range = cursor.skip()?;
        Ok(self.text[range].parse().ok())
    }
}
