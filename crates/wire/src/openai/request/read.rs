//! Values of one type, or an error that names the field.

use crate::error::{Error, Problem};
use crate::json::{Cursor, Literal, Shape};

/// A string, or an error that names the field.
pub(super) fn string(
    cursor: &mut Cursor<'_>,
    field: &'static str,
    expected: &'static str,
) -> Result<Option<Literal>, Error> {
    match cursor.peek()? {
        Shape::String => cursor.string().map(Some),
        _ => cursor.fail(Problem::WrongType { field, expected }),
    }
}

/// True or false; nothing for null.
pub(super) fn boolean(cursor: &mut Cursor<'_>, field: &'static str) -> Result<Option<bool>, Error> {
    match cursor.peek()? {
        Shape::Bool => cursor.bool().map(Some),
        Shape::Null => cursor.null().map(|()| None),
        _ => cursor.fail(Problem::WrongType { field, expected: "true or false" }),
    }
}
