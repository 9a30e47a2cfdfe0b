//! Numbers that a client sets and that sums are made of.

use crate::error::{Error, Problem};
use crate::json::{Cursor, Shape};

/// The largest `max_tokens`: clients write the largest 32-bit number for "no bound". No model answers with more, so what
/// a request may use at most is a number that sums can hold.
const TOKENS_MOST: u64 = i32::MAX as u64;
/// The largest `n`, as at OpenAI.
const N_MOST: u64 = 128;

/// A number that a client sets, and how far.
pub(super) struct Bounded {
    field: &'static str,
    most: u64,
    expected: &'static str,
}

const TOKENS_EXPECTED: &str = "a whole number from 0 to 2147483647";
pub(super) const MAX_TOKENS: Bounded = Bounded { field: "max_tokens", most: TOKENS_MOST, expected: TOKENS_EXPECTED };
pub(super) const MAX_COMPLETION_TOKENS: Bounded = Bounded { field: "max_completion_tokens", ..MAX_TOKENS };
pub(super) const BEST_OF: Bounded = Bounded { field: "best_of", ..N };
pub(super) const N: Bounded = Bounded { field: "n", most: N_MOST, expected: "a whole number from 0 to 128" };

/// A whole number within its bounds, or null.
pub(super) fn count(cursor: &mut Cursor<'_>, text: &str, bounded: &Bounded) -> Result<Option<u64>, Error> {
    let wrong = Problem::WrongType { field: bounded.field, expected: bounded.expected };
    match cursor.peek()? {
        Shape::Null => cursor.null().map(|()| None),
        Shape::Number => {
            let range = cursor.number()?;
            let number = text[range.clone()].parse().ok().filter(|number| *number <= bounded.most);
            number.map(Some).ok_or(Error::new(range.start, wrong))
        }
        _ => cursor.fail(wrong),
    }
}

/// How many prompts a value is: a list of texts or of lists has many, a list of token ids is one.
pub(super) fn prompts(value: &str) -> Result<u64, Error> {
    let mut cursor = Cursor::new(value)?;
    if cursor.peek()? != Shape::Array {
        return Ok(1);
    }
    let mut prompts = 0_u64;
    cursor.array(|cursor| {
        prompts += u64::from(matches!(cursor.peek()?, Shape::String | Shape::Array));
        cursor.skip().map(drop)
    })?;
    Ok(prompts.max(1))
}
