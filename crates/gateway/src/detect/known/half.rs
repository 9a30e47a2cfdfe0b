//! The end of a text that breaks off, which may be half a value.

use std::ops::Range;

use realm::DataClass;

use super::squeezed::{Squeezed, is_sign};
use super::{Kind, Span, Value};

/// So much of a value known says which it is.
const KNOWN_CHARS_MIN: usize = 4;
/// Fewer digits at the end of a text are a date, a year or a count.
const DIGITS_MIN: usize = 6;
/// Of the end so many bytes are read.
const REACH: usize = 512;

/// The beginnings of values, in small letters and in order.
pub(super) struct Halves(Vec<(String, Kind, DataClass)>);

impl Halves {
    pub(super) fn of(values: &[Value]) -> Self {
        let small = values.iter().map(|value| (value.text.to_ascii_lowercase(), value.kind, value.class));
        let mut all: Vec<_> = small.collect();
        all.sort();
        Self(all)
    }

    /// What the end of a text, also read squeezed, is the beginning of.
    pub(super) fn at_end(&self, text: &str, read: &Squeezed) -> Option<Span> {
        let both = self.known(text, read).into_iter().chain(unknown(text));
        both.max_by_key(|span| span.range.len())
    }

    /// The longest end that begins a value, or is a whole one.
    fn known(&self, text: &str, read: &Squeezed) -> Option<Span> {
        let said = read.text().trim_end_matches(is_sign);
        let from = said.ceil_char_boundary(said.len().saturating_sub(REACH));
        said[from..].char_indices().map(|(at, _)| from + at).find_map(|start| {
            let end = &said[start..];
            let (kind, class) = self.begins(&end.to_ascii_lowercase())?;
            let range = read.back(start..said.len());
            let begins_word = !text[..range.start].ends_with(char::is_alphanumeric);
            let enough = end.chars().count() >= KNOWN_CHARS_MIN;
            (begins_word && enough).then_some(Span { range, kind, class })
        })
    }

    fn begins(&self, end: &str) -> Option<(Kind, DataClass)> {
        let at = self.0.partition_point(|(value, ..)| value.as_str() < end);
        let (value, kind, class) = self.0.get(at)?;
        value.starts_with(end).then_some((*kind, *class))
    }
}

/// An end that looks like half a value which nobody has seen whole: many digits, or an address without its domain.
fn unknown(text: &str) -> Option<Span> {
    let said = text.trim_end_matches(is_sign);
    let class = DataClass::Personal;
    let from = codes_at_end(said);
    if said[from..].bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN {
        let is_account = said[from..].starts_with(|char: char| char.is_ascii_uppercase());
        let kind = if is_account { Kind::Iban } else { Kind::NationalId };
        return Some(Span { range: from..said.len(), kind, class });
    }
    let word = last_word(said);
    said[word.clone()].contains('@').then_some(Span { range: word, kind: Kind::Email, class })
}

/// Where the words of digits and capitals begin with which a text ends.
fn codes_at_end(said: &str) -> usize {
    let floor = said.ceil_char_boundary(said.len().saturating_sub(REACH));
    let is_gap = |char: char| is_sign(char) && char != '.';
    let is_code = |word: &str| {
        let plain = word.chars().all(|char| char.is_ascii_digit() || char.is_ascii_uppercase() || char == '.');
        plain && word.contains(|char: char| char.is_ascii_digit())
    };
    let (mut from, mut end) = (said.len(), said.len());
    while end > floor {
        let begin = floor + said[floor..end].trim_end_matches(|char| !is_gap(char)).len();
        if !is_code(&said[begin..end]) {
            break;
        }
        from = begin;
        end = floor + said[floor..begin].trim_end_matches(is_gap).len();
    }
    from
}

fn last_word(said: &str) -> Range<usize> {
    let before = said.trim_end_matches(|char: char| !char.is_whitespace()).len();
    before..said.len()
}
