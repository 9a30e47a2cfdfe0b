//! YAML as values: texts, lists and mappings, nothing that refers to something else or makes work.

use realm::load::{Diagnostic, Source};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use serde_json::{Map, Value};
use std::sync::Arc;

use super::{Broken, byte_of};
use crate::say::MESSAGES;

const DEPTH_MAX: usize = 32;
const BYTES_MAX: usize = 512 << 10;

/// A list or a mapping that is not closed yet, and the key that waits for its value.
enum Open {
    List(Vec<Value>),
    Fields(Map<String, Value>, Option<String>),
}

/// Reads the front matter of a card: it begins in a line of the source.
pub(super) fn read(source: &Arc<Source>, text: &str, first_line: usize) -> Result<Map<String, Value>, Broken> {
    let broken = |marker: Marker, why: &str| {
        let at = byte_of(&source.text, marker.line() + first_line - 1, marker.col() + 1);
        Box::new(Diagnostic::error("passport.yaml", &MESSAGES).arg("why", why).at(source, at..at))
    };
    if text.len() > BYTES_MAX {
        return Err(broken(Marker::new(0, 1, 0), "it is too long"));
    }
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| broken(*error.marker(), error.info()))?;
        let done = take(event, &mut open).map_err(|why| broken(span.start, why))?;
        let Some(value) = done else { continue };
        match open.last_mut() {
            None => whole = Some(value),
            Some(into) => put(into, value).map_err(|why| broken(span.start, why))?,
        }
    }
    match whole {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(fields)) => Ok(fields),
        Some(_) => Err(broken(Marker::new(0, 1, 0), "no mapping")),
    }
}

/// What an event makes whole: a scalar, or what it closes.
fn take(event: Event<'_>, open: &mut Vec<Open>) -> Result<Option<Value>, &'static str> {
    const REFERS: &str = "an alias, an anchor or a tag";
    let (anchor, tag, opened) = match event {
        Event::Alias(_) => return Err(REFERS),
        Event::Scalar(_, _, anchor, ref tag) if anchor > 0 || tag.is_some() => return Err(REFERS),
        Event::Scalar(text, style, ..) => return Ok(Some(scalar(&text, style))),
        Event::SequenceStart(anchor, tag) => (anchor, tag, Open::List(Vec::new())),
        Event::MappingStart(anchor, tag) => (anchor, tag, Open::Fields(Map::new(), None)),
        Event::SequenceEnd | Event::MappingEnd => {
            return Ok(open.pop().map(|closed| match closed {
                Open::List(all) => Value::Array(all),
                Open::Fields(fields, _) => Value::Object(fields),
            }));
        }
        _ => return Ok(None),
    };
    if anchor > 0 || tag.is_some() {
        return Err(REFERS);
    }
    if open.len() == DEPTH_MAX {
        return Err("too deep");
    }
    open.push(opened);
    Ok(None)
}

fn put(open: &mut Open, value: Value) -> Result<(), &'static str> {
    match open {
        Open::List(all) => all.push(value),
        Open::Fields(_, key @ None) => match value {
            Value::String(text) => *key = Some(text),
            Value::Bool(word) => *key = Some(word.to_string()),
            _ => return Err("a key that is no text"),
        },
        Open::Fields(fields, key) => {
            let name = key.take().unwrap_or_default();
            if fields.insert(name, value).is_some() {
                return Err("a key that stands twice");
            }
        }
    }
    Ok(())
}

/// Numbers stay texts, so that no digit is lost, and `no` stays a language.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
        (ScalarStyle::Plain, "true" | "True" | "TRUE") => Value::Bool(true),
        (ScalarStyle::Plain, "false" | "False" | "FALSE") => Value::Bool(false),
        _ => Value::String(text.to_owned()),
    }
}
