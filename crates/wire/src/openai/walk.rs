//! Collecting the places of a request: every string there is, but for what cannot be read.

use super::request::{Form, Place, ResponseFormat, Section, Unscannable};
use crate::error::{Error, Problem};
use crate::json::{Cursor, Leaf, LeafKind, Literal, Shape};

/// Collects places while the cursor walks.
pub(super) struct Walk<'t> {
    text: &'t str,
    pub(super) places: Vec<Place>,
    pub(super) unscannable: Unscannable,
}

/// Member names of the format itself: no human writes them, so they need no look.
const VOCABULARY: &[&str] = &[
    "role",
    "content",
    "type",
    "text",
    "name",
    "id",
    "tool_calls",
    "tool_call_id",
    "function",
    "arguments",
    "parameters",
    "properties",
    "description",
    "required",
    "strict",
    "enum",
    "items",
    "additionalProperties",
    "refusal",
    "function_call",
    "image_url",
    "input_audio",
    "file",
    "file_data",
    "file_id",
    "filename",
    "url",
    "detail",
    "data",
    "format",
];

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, places: Vec::new(), unscannable: Unscannable::default() }
    }

    fn add(&mut self, literal: Literal, section: Section, form: Form) {
        self.places.push(Place { literal, section, form });
    }

    fn key(&mut self, key: Literal, section: Section) {
        if !VOCABULARY.contains(&key.raw(self.text)) {
            self.add(key, section, Form::Key);
        }
    }

    /// A top field that is not ours: its scalars are settings, but may be text all the same.
    pub(super) fn unknown(&mut self, cursor: &mut Cursor<'t>, key: Literal) -> Result<(), Error> {
        self.key(key, Section::Rest);
        match cursor.peek()? {
            // A top-level number is a setting (a seed, say): 64-bit ones would look like cards.
            Shape::Number => cursor.number().map(drop),
            _ => self.generic(cursor, Section::Rest),
        }
    }

    /// Any value: all its strings, unknown names and long numbers.
    pub(super) fn generic(&mut self, cursor: &mut Cursor<'t>, section: Section) -> Result<(), Error> {
        let text = self.text;
        crate::json::collect(cursor, None, &mut |Leaf { literal, kind }, under| match kind {
            LeafKind::Key => self.key(literal, section),
            LeafKind::String if under.is_some_and(|key| key.is(text, "arguments")) => {
                self.add(literal, section, Form::Arguments);
            }
            LeafKind::String => self.add(literal, section, Form::Text),
            LeafKind::Number => self.add(literal, section, Form::Number),
        })
    }

    /// `messages`: a list of objects, not empty.
    pub(super) fn messages(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        let wrong = Problem::WrongType { field: "messages", expected: "a list of at least one message" };
        if cursor.peek()? != Shape::Array {
            return cursor.fail(wrong);
        }
        let at = cursor.at();
        let mut any = false;
        cursor.array(|cursor| {
            any = true;
            if cursor.peek()? != Shape::Object {
                return cursor.fail(wrong);
            }
            cursor.object(|cursor, key| self.message_field(cursor, key))
        })?;
        if any { Ok(()) } else { Err(Error::new(at, wrong)) }
    }

    fn message_field(&mut self, cursor: &mut Cursor<'t>, key: Literal) -> Result<(), Error> {
        self.key(key, Section::Messages);
        if key.is(self.text, "content") && cursor.peek()? == Shape::Array {
            return cursor.array(|cursor| match cursor.peek()? {
                Shape::Object => cursor.object(|cursor, key| self.part_field(cursor, key)),
                _ => self.generic(cursor, Section::Messages),
            });
        }
        self.generic(cursor, Section::Messages)
    }

    /// A member of a content part. Only binary data goes unread, and is counted.
    fn part_field(&mut self, cursor: &mut Cursor<'t>, key: Literal) -> Result<(), Error> {
        self.key(key, Section::Messages);
        match &*key.decode(self.text) {
            "image_url" | "video_url" | "image" => self.unscannable.images += 1,
            "input_audio" | "audio_url" => self.unscannable.audio += 1,
            "file" | "file_url" => self.unscannable.files += 1,
            _ => return self.generic(cursor, Section::Messages),
        }
        match cursor.peek()? {
            Shape::Object => cursor.object(|cursor, key| {
                self.key(key, Section::Messages);
                let blob = matches!(&*key.decode(self.text), "data" | "file_data");
                self.maybe_blob(cursor, blob)
            }),
            _ => self.maybe_blob(cursor, false),
        }
    }

    fn maybe_blob(&mut self, cursor: &mut Cursor<'t>, blob: bool) -> Result<(), Error> {
        if cursor.peek()? != Shape::String {
            return self.generic(cursor, Section::Messages);
        }
        let literal = cursor.string()?;
        if !blob && !literal.raw(self.text).starts_with("data:") {
            self.add(literal, Section::Messages, Form::Text);
        }
        Ok(())
    }

    /// `response_format`: its type; the schema in it is text like any other.
    pub(super) fn response_format(&mut self, cursor: &mut Cursor<'t>) -> Result<ResponseFormat, Error> {
        if cursor.peek()? != Shape::Object {
            self.generic(cursor, Section::Rest)?;
            return Ok(ResponseFormat::Text);
        }
        let mut format = ResponseFormat::Other;
        cursor.object(|cursor, key| {
            self.key(key, Section::Rest);
            if !key.is(self.text, "type") || cursor.peek()? != Shape::String {
                return self.generic(cursor, Section::Rest);
            }
            let literal = cursor.string()?;
            self.add(literal, Section::Rest, Form::Text);
            format = match &*literal.decode(self.text) {
                "text" => ResponseFormat::Text,
                "json_object" => ResponseFormat::JsonObject,
                "json_schema" => ResponseFormat::JsonSchema,
                _ => ResponseFormat::Other,
            };
            Ok(())
        })?;
        Ok(format)
    }
}
