//! Collecting the places of a request: every string there is, but for what cannot be read.

use super::request::{Form, Place, ResponseFormat, Section, Unscannable};
use crate::error::{Error, Problem};
use crate::json::{Cursor, Leaf, LeafKind, Literal, Shape};

/// Collects places while the cursor walks.
pub(super) struct Walk<'t> {
    text: &'t str,
    pub(super) places: Vec<Place>,
    pub(super) unscannable: Unscannable,
    rows: u32,
}

/// Top fields whose number says how to answer, and nothing about anybody: a seed of 64 bits would look like a card.
const SETTINGS: &[&str] = &[
    "seed",
    "temperature",
    "top_p",
    "top_k",
    "top_logprobs",
    "logprobs",
    "best_of",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "length_penalty",
    "min_p",
    "typical_p",
    "min_tokens",
    "max_output_tokens",
    "dimensions",
    "timeout",
];

/// Top fields that name somebody or something: a string does there as well as a number.
const NAMES: &[&str] = &["metadata", "safety_identifier", "prompt_cache_key"];

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
        Self { text, places: Vec::new(), unscannable: Unscannable::default(), rows: 0 }
    }

    fn add(&mut self, literal: Literal, section: Section, form: Form) {
        self.places.push(Place { literal, section, form, row: None });
    }

    /// A text that others may continue.
    fn add_to_row(&mut self, literal: Literal) {
        let row = Some(self.rows);
        self.places.push(Place { literal, section: Section::Messages, form: Form::Text, row });
    }

    fn key(&mut self, key: Literal, section: Section) {
        if !VOCABULARY.contains(&key.raw(self.text)) {
            self.add(key, section, Form::Key);
        }
    }

    /// A top field that is not ours: its scalars are settings, but may be text all the same.
    pub(super) fn unknown(&mut self, cursor: &mut Cursor<'t>, key: Literal) -> Result<(), Error> {
        self.key(key, Section::Rest);
        let name = key.decode(self.text);
        match cursor.peek()? {
            Shape::Number if SETTINGS.contains(&&*name) => cursor.number().map(drop),
            _ if NAMES.contains(&&*name) => self.generic(cursor, Section::Rest, Form::Number),
            _ => self.generic(cursor, Section::Rest, Form::Setting),
        }
    }

    /// Any value: all its strings, unknown names and long numbers.
    pub(super) fn generic(&mut self, cursor: &mut Cursor<'t>, section: Section, number: Form) -> Result<(), Error> {
        let text = self.text;
        crate::json::collect(cursor, None, &mut |Leaf { literal, kind }, under| match kind {
            LeafKind::Key => self.key(literal, section),
            LeafKind::String if under.is_some_and(|key| key.is(text, "arguments")) => {
                self.add(literal, section, Form::Arguments);
            }
            LeafKind::String => self.add(literal, section, Form::Text),
            LeafKind::Number => self.add(literal, section, number),
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
            self.rows += 1;
            return cursor.array(|cursor| match cursor.peek()? {
                Shape::Object => cursor.object(|cursor, key| self.part_field(cursor, key)),
                _ => self.member_of_row(cursor),
            });
        }
        self.generic(cursor, Section::Messages, Form::Number)
    }

    /// `prompt` or `input`: a text, or a list of texts, which may be one that was cut into pieces.
    pub(super) fn prompts(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        if cursor.peek()? != Shape::Array {
            return self.generic(cursor, Section::Messages, Form::Number);
        }
        self.rows += 1;
        cursor.array(|cursor| self.member_of_row(cursor))
    }

    fn member_of_row(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        match cursor.peek()? {
            Shape::String => {
                let literal = cursor.string()?;
                self.add_to_row(literal);
                Ok(())
            }
            _ => self.generic(cursor, Section::Messages, Form::Number),
        }
    }

    /// A member of a content part. What is no text is counted.
    fn part_field(&mut self, cursor: &mut Cursor<'t>, key: Literal) -> Result<(), Error> {
        self.key(key, Section::Messages);
        match &*key.decode(self.text) {
            "image_url" | "video_url" | "image" => self.unscannable.images += 1,
            "input_audio" | "audio_url" => self.unscannable.audio += 1,
            "file" | "file_url" => self.unscannable.files += 1,
            "text" | "content" | "refusal" | "reasoning" | "thinking" => return self.member_of_row(cursor),
            _ => return self.generic(cursor, Section::Messages, Form::Number),
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
            return self.generic(cursor, Section::Messages, Form::Number);
        }
        let literal = cursor.string()?;
        let form = if blob || is_data_url(&literal.decode(self.text)) { Form::Data } else { Form::Text };
        self.add(literal, Section::Messages, form);
        Ok(())
    }

    /// `response_format`: its type; the schema in it is text like any other.
    pub(super) fn response_format(&mut self, cursor: &mut Cursor<'t>) -> Result<ResponseFormat, Error> {
        if cursor.peek()? != Shape::Object {
            self.generic(cursor, Section::Rest, Form::Setting)?;
            return Ok(ResponseFormat::Text);
        }
        let mut format = ResponseFormat::Other;
        cursor.object(|cursor, key| {
            self.key(key, Section::Rest);
            if !key.is(self.text, "type") || cursor.peek()? != Shape::String {
                return self.generic(cursor, Section::Rest, Form::Setting);
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

/// Readers of URLs pass over white space before them, and their schemes know no case.
fn is_data_url(text: &str) -> bool {
    let url = text.trim_start_matches(|char: char| char <= ' ').as_bytes();
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
}
