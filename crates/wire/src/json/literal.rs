//! A string literal in a text: where it stands, what it says, and which of its bytes say what.

use std::borrow::Cow;
use std::ops::Range;

/// The inside of a string literal (between the quotes). Meaningless with another text than its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal {
    start: u32,
    end: u32,
    escaped: bool,
}

impl Literal {
    /// Offsets were bounded when the cursor was made.
    pub(crate) fn new(start: usize, end: usize, escaped: bool) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end), escaped }
    }

    /// The bytes between the quotes.
    pub fn inner(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The literal with its quotes.
    pub fn outer(&self) -> Range<usize> {
        self.start as usize - 1..self.end as usize + 1
    }

    /// The literal as it stands in its text.
    pub fn raw<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.inner()).unwrap_or_default()
    }

    /// What the literal says. A lone surrogate becomes U+FFFD.
    pub fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let raw = self.raw(text);
        if !self.escaped {
            return Cow::Borrowed(raw);
        }
        let mut out = String::with_capacity(raw.len());
        let mut at = 0;
        while at < raw.len() {
            let plain = memchr::memchr(b'\\', &raw.as_bytes()[at..]).map_or(raw.len(), |n| at + n);
            out.push_str(&raw[at..plain]);
            at = plain;
            if at < raw.len() {
                let (said, length) = unescape(&raw[at..]);
                out.push(said);
                at += length;
            }
        }
        Cow::Owned(out)
    }

    /// Whether the literal says exactly this.
    pub fn is(&self, text: &str, word: &str) -> bool {
        if self.escaped { self.decode(text) == word } else { self.raw(text) == word }
    }

    /// The bytes of the text that say the given ranges of the decoded string. The ranges must be
    /// sorted, must not overlap and must lie on character boundaries of the decoded string.
    pub fn locate(&self, text: &str, said: &[Range<usize>]) -> Vec<Range<usize>> {
        let base = self.start as usize;
        if !self.escaped {
            return said.iter().map(|range| base + range.start..base + range.end).collect();
        }
        let raw = self.raw(text);
        let mut walk = Walk { raw, raw_at: 0, said_at: 0 };
        said.iter().map(|range| base + walk.to(range.start)..base + walk.to(range.end)).collect()
    }
}

/// Walks raw and decoded offsets side by side.
struct Walk<'t> {
    raw: &'t str,
    raw_at: usize,
    said_at: usize,
}

impl Walk<'_> {
    fn to(&mut self, said: usize) -> usize {
        while self.said_at < said && self.raw_at < self.raw.len() {
            let rest = &self.raw[self.raw_at..];
            if rest.starts_with('\\') {
                let (char, length) = unescape(rest);
                self.said_at += char.len_utf8();
                self.raw_at += length;
            } else {
                let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
                let step = plain.min(said - self.said_at);
                self.said_at += step;
                self.raw_at += step;
            }
        }
        self.raw_at
    }
}

/// Reads one valid escape: the character it says and the bytes it takes.
fn unescape(raw: &str) -> (char, usize) {
    match raw.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'u') => unicode(raw),
        Some(other) if other.is_ascii() => (char::from(*other), 2),
        _ => (char::REPLACEMENT_CHARACTER, raw.len()),
    }
}

fn unicode(raw: &str) -> (char, usize) {
    let unit = |at: usize| raw.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(high) = unit(2) else { return (char::REPLACEMENT_CHARACTER, raw.len()) };
    if !(0xD800..0xDC00).contains(&high) {
        return (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
    }
    let low = raw.get(6..8).filter(|start| *start == "\\u").and_then(|_| unit(8));
    match low {
        Some(low) if (0xDC00..0xE000).contains(&low) => {
            let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}
