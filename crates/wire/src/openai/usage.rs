//! Token counts as the provider states them.

use crate::error::Error;
use crate::json::{Cursor, Literal, Shape};

/// What the provider says it used. Absent fields stay absent: nothing is made up here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: Option<u64>,
    /// Tokens written (embeddings have none).
    pub completion_tokens: Option<u64>,
    /// The sum, as stated.
    pub total_tokens: Option<u64>,
    /// Of the tokens read, those served from a cache.
    pub cached_tokens: Option<u64>,
    /// Of the tokens written, those of reasoning.
    pub reasoning_tokens: Option<u64>,
}

impl Usage {
    /// Reads the value of `usage`; none when it is null or no object.
    pub(super) fn read(cursor: &mut Cursor<'_>, text: &str) -> Result<Option<Self>, Error> {
        if cursor.peek()? != Shape::Object {
            return cursor.skip().map(|_| None);
        }
        let mut usage = Self::default();
        cursor.object(|cursor, key| usage.member(cursor, text, key))?;
        Ok(Some(usage))
    }

    fn member(&mut self, cursor: &mut Cursor<'_>, text: &str, key: Literal) -> Result<(), Error> {
        let slot = match &*key.decode(text) {
            "prompt_tokens" => &mut self.prompt_tokens,
            "completion_tokens" => &mut self.completion_tokens,
            "total_tokens" => &mut self.total_tokens,
            "cached_tokens" => &mut self.cached_tokens,
            "reasoning_tokens" => &mut self.reasoning_tokens,
            "prompt_tokens_details" | "completion_tokens_details" if cursor.peek()? == Shape::Object => {
                return cursor.object(|cursor, key| self.member(cursor, text, key));
            }
            _ => return cursor.skip().map(drop),
        };
        if cursor.peek()? == Shape::Number {
            let range = cursor.number()?;
            *slot = whole(&text[range]);
            return Ok(());
        }
        cursor.skip().map(drop)
    }
}

/// Some servers write counts as floats.
fn whole(number: &str) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
}
