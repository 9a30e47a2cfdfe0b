//! JSON texts with every number as it was written: what a reader into floats would round.

use serde_json::value::RawValue;

use crate::error::Error;
use crate::json::{Cursor, Shape, quoted};

/// A JSON text without white space and needless escapes, and what it is. None when it is not JSON.
pub(super) fn compact(text: &str) -> Option<(Shape, String)> {
    let mut cursor = Cursor::new(text).ok()?;
    let shape = cursor.peek().ok()?;
    let mut out = String::with_capacity(text.len());
    write(&mut cursor, text, &mut out).ok()?;
    cursor.end().ok()?;
    Some((shape, out))
}

/// The object in a JSON text. None when it is another value, or not JSON.
pub(super) fn object(text: &str) -> Option<Box<RawValue>> {
    let (shape, text) = compact(text)?;
    if shape != Shape::Object {
        return None;
    }
    RawValue::from_string(text).ok()
}

fn write(cursor: &mut Cursor<'_>, text: &str, out: &mut String) -> Result<(), Error> {
    let mut first = true;
    let comma = |first: &mut bool, out: &mut String| {
        if !std::mem::take(first) {
            out.push(',');
        }
    };
    match cursor.peek()? {
        Shape::Object => {
            out.push('{');
            cursor.object(|cursor, key| {
                comma(&mut first, out);
                out.push_str(&quoted(&key.decode(text)));
                out.push(':');
                write(cursor, text, out)
            })?;
            out.push('}');
        }
        Shape::Array => {
            out.push('[');
            cursor.array(|cursor| {
                comma(&mut first, out);
                write(cursor, text, out)
            })?;
            out.push(']');
        }
        Shape::String => out.push_str(&quoted(&cursor.string()?.decode(text))),
        Shape::Number | Shape::Bool | Shape::Null => {
            let range = cursor.skip()?;
            out.push_str(&text[range]);
        }
    }
    Ok(())
}
