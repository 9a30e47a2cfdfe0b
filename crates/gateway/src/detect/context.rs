//! Words beside a number that say what it is.

use std::ops::Range;

use super::unicode::is_letter;

/// How far to look before and after, in characters.
const BEFORE: usize = 48;
const AFTER: usize = 16;
/// How many lines up a heading may stand.
const LINES: usize = 2;

/// Whether one of some words stands before a place, or right after it. Words are in small letters; those that end in
/// a star are beginnings.
pub(super) fn names(text: &str, range: &Range<usize>, words: &[&str]) -> bool {
    let before = before(text, range.start, BEFORE);
    let near = before.rsplit('\n').take(LINES).any(|line| says(line, words));
    near || says(after(text, range.end, AFTER), words)
}

/// The last few characters before a place.
pub(super) fn before(text: &str, at: usize, count: usize) -> &str {
    let before = &text[..at];
    let from = before.char_indices().rev().take(count).last().map_or(at, |(from, _)| from);
    // A word that is cut is none.
    let cut = from > 0 && text[..from].ends_with(is_letter);
    let before = &before[from..];
    if cut { before.trim_start_matches(is_letter) } else { before }
}

/// The first few characters after a place, up to the end of its line or clause.
fn after(text: &str, at: usize, count: usize) -> &str {
    let after = &text[at..];
    let to = after.char_indices().take(count).map(|(at, char)| at + char.len_utf8()).last().unwrap_or(0);
    let after = &after[..to];
    after.split(['\n', ';', ',', '.']).next().unwrap_or(after)
}

/// Whether a text says one of some words.
pub(super) fn says(text: &str, words: &[&str]) -> bool {
    let parts = text.split(|char| !is_letter(char)).filter(|word| word.len() > 1);
    parts.into_iter().any(|part| {
        let part = part.to_lowercase();
        words.iter().any(|word| match word.strip_suffix('*') {
            Some(stem) => part.starts_with(stem),
            None => part == *word,
        })
    })
}
