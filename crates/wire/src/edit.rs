//! Edits of a body: ranges and their replacements, applied in one pass.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

/// A set of replacements over one body. Order of adding does not matter; ranges must not overlap.
#[derive(Clone, Default)]
pub struct Edits {
    list: Vec<(Range<usize>, Cow<'static, str>)>,
}

/// Two edits touch the same bytes, or one lies outside the body: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("edits overlap or leave the body at byte {at}")]
pub struct Conflict {
    /// Where the second one starts.
    pub at: usize,
}

// A replacement may be a restored value: sizes only.
impl std::fmt::Debug for Edits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.list.iter().map(|(range, with)| (range, with.len()))).finish()
    }
}

impl Edits {
    /// No edit yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces a range; an empty range inserts. Insertions at one place keep the order of adding.
    pub fn replace(&mut self, range: Range<usize>, with: impl Into<Cow<'static, str>>) {
        self.list.push((range, with.into()));
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many edits there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes over the edits of another set.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Moves every edit by an offset: edits of a part become edits of the whole.
    pub fn shift(&mut self, by: usize) {
        for (range, _) in &mut self.list {
            *range = range.start + by..range.end + by;
        }
    }

    /// The body with the edits made; without edits, the very same bytes.
    pub fn apply(&self, body: &Bytes) -> Result<Bytes, Conflict> {
        if self.list.is_empty() {
            return Ok(body.clone());
        }
        self.apply_to(body).map(Bytes::from)
    }

    /// The same over borrowed bytes.
    pub fn apply_to(&self, body: &[u8]) -> Result<Vec<u8>, Conflict> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|&i| (self.list[i].0.start, self.list[i].0.end));
        let added: usize = self.list.iter().map(|(_, with)| with.len()).sum();
        let mut out = Vec::with_capacity(body.len() + added);
        let mut from = 0;
        for index in order {
            let (range, with) = &self.list[index];
            let kept = body.get(from..range.start).ok_or(Conflict { at: range.start })?;
            if range.end < range.start || range.end > body.len() {
                return Err(Conflict { at: range.start });
            }
            out.extend_from_slice(kept);
            out.extend_from_slice(with.as_bytes());
            from = range.end;
        }
        out.extend_from_slice(&body[from..]);
        Ok(out)
    }
}
