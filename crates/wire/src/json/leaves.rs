//! Every leaf of a JSON text that can carry human text.

use std::ops::Range;

use super::{Cursor, Literal, Shape};
use crate::error::Error;

/// A key, a string or a number in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Where it stands. For a number, the literal's inside is the number itself.
    pub literal: Literal,
    /// What it is.
    pub kind: LeafKind,
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafKind {
    /// A member's name.
    Key,
    /// A string value.
    String,
    /// A number long enough to be somebody's (a card, an account).
    Number,
}

/// Numbers with fewer digits identify nobody by themselves.
const NUMBER_MIN: usize = 10;

/// Whether the text looks like a JSON object or array, without reading all of it.
pub fn is_container(text: &str) -> bool {
    let text = text.trim_ascii();
    matches!((text.as_bytes().first(), text.as_bytes().last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
}

/// Every leaf of a JSON text, in order. Fails when it is not JSON.
pub fn leaves(text: &str) -> Result<Vec<Leaf>, Error> {
    let mut cursor = Cursor::new(text)?;
    let mut out = Vec::new();
    collect(&mut cursor, None, &mut |leaf, _| out.push(leaf))?;
    cursor.end()?;
    Ok(out)
}

/// Walks one value and hands out its leaves, each with the name it stands under.
pub(crate) fn collect(
    cursor: &mut Cursor<'_>,
    under: Option<Literal>,
    out: &mut dyn FnMut(Leaf, Option<Literal>),
) -> Result<(), Error> {
    match cursor.peek()? {
        Shape::Object => cursor.object(|cursor, key| {
            out(Leaf { literal: key, kind: LeafKind::Key }, under);
            collect(cursor, Some(key), out)
        }),
        Shape::Array => cursor.array(|cursor| collect(cursor, under, out)),
        Shape::String => {
            out(Leaf { literal: cursor.string()?, kind: LeafKind::String }, under);
            Ok(())
        }
        Shape::Number => {
            if let Some(literal) = long_number(cursor.number()?) {
                out(Leaf { literal, kind: LeafKind::Number }, under);
            }
            Ok(())
        }
        Shape::Bool | Shape::Null => cursor.skip().map(drop),
    }
}

fn long_number(range: Range<usize>) -> Option<Literal> {
    (range.len() >= NUMBER_MIN).then(|| Literal::new(range.start, range.end, false))
}
