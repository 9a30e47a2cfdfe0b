//! A text as detectors read it, with a way back to the bytes that say it.
//!
//! Detectors know ASCII digits, letters and signs. A text that spells them otherwise gets views in which they are
//! spelled so, and a find in a view is a range of the text itself. Most texts need none and are not copied.

use std::ops::Range;

use super::escape;
use super::unicode::{Fold, fold};

/// A text in other words, and where each of them stands in the text.
pub(super) struct View {
    text: String,
    /// From this byte of the view on, so many bytes of the text come before more than of the view.
    shifts: Vec<(usize, usize)>,
}

/// What becomes of characters that nobody sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unseen {
    /// They are not there: `41\u{200b}11` is one group.
    Dropped,
    /// They keep apart what they stand between: a word, and a number right after it.
    Gap,
}

/// The views of a text: none where it says the same without them.
pub(super) fn views(text: &str) -> Vec<View> {
    if escape::is_in(text) {
        // JSON within other words, or cut off: what it escapes may be any of the rest.
        return [Unseen::Dropped, Unseen::Gap].map(|unseen| View::of(text, escape::chars(text), unseen)).into();
    }
    if text.is_ascii() {
        return Vec::new();
    }
    let (folds, hides) = looks(text);
    let mut views = Vec::new();
    if folds || hides {
        views.push(View::of(text, text.char_indices(), Unseen::Dropped));
    }
    if hides {
        views.push(View::of(text, text.char_indices(), Unseen::Gap));
    }
    views
}

/// First bytes of characters that may fold: those of Cyrillic, Greek and most Latin letters are not among them.
const MAY_FOLD: [bool; 256] = {
    let mut table = [false; 256];
    let leads = [0xc2, 0xcc, 0xcd, 0xd8, 0xd9, 0xdb, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3, 0xea, 0xef, 0xf0, 0xf3];
    let mut at = 0;
    while at < leads.len() {
        table[leads[at]] = true;
        at += 1;
    }
    table
};

/// Whether a text has characters that stand for others, and some that nobody sees.
fn looks(text: &str) -> (bool, bool) {
    let (mut folds, mut hides) = (false, false);
    let may = text.bytes().enumerate().filter(|(_, byte)| MAY_FOLD[usize::from(*byte)]);
    for (at, _) in may {
        let Some(char) = text[at..].chars().next() else { break };
        match fold(char) {
            Fold::Keep => hides |= is_mark(char) && text[..at].ends_with(|char: char| char.is_ascii_digit()),
            Fold::As(_) => folds = true,
            Fold::Invisible => hides = true,
        }
        if folds && hides {
            break;
        }
    }
    (folds, hides)
}

/// Marks over and through characters: on a digit they are decoration.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}')
}

impl View {
    fn of(text: &str, chars: impl Iterator<Item = (usize, char)>, unseen: Unseen) -> Self {
        let mut view = Self { text: String::with_capacity(text.len()), shifts: Vec::new() };
        for (at, char) in chars {
            let folded = match fold(char) {
                Fold::Keep if is_mark(char) && view.text.ends_with(|char: char| char.is_ascii_digit()) => continue,
                Fold::Keep => char,
                Fold::As(other) => other,
                Fold::Invisible if unseen == Unseen::Gap => ' ',
                Fold::Invisible => continue,
            };
            view.shift(at);
            view.text.push(folded);
        }
        view.shift(text.len());
        view
    }

    /// Notes that the view goes on at this byte of the text.
    fn shift(&mut self, at: usize) {
        let by = at - self.text.len();
        if self.shifts.last().map_or(0, |(_, before)| *before) != by {
            self.shifts.push((self.text.len(), by));
        }
    }

    /// What detectors read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the text that say a range of the view, unseen ones after it included.
    pub(super) fn back(&self, range: &Range<usize>) -> Range<usize> {
        self.at(range.start)..self.at(range.end)
    }

    fn at(&self, at: usize) -> usize {
        let after = self.shifts.partition_point(|(from, _)| *from <= at);
        at + after.checked_sub(1).map_or(0, |index| self.shifts[index].1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::views;

    #[test]
    fn plain_texts_have_no_view() {
        for text in ["", "DE89 3704", "Привет, «мир» — №5 5 000 ₽", "Größe: 5 m²", "日本語 中文", "ελληνικά"]
        {
            assert!(views(text).is_empty(), "{text}");
        }
        assert_eq!(views("٤").len(), 1);
        assert_eq!(views("a\u{200b}").len(), 2);
    }

    proptest! {
        #[test]
        fn every_character_of_a_view_leads_back_to_the_one_it_stands_for(text in "[a4٤４\u{200b}\u{ad}юé\u{301}😀＠。\u{1d7d2} ]{0,30}") {
            for view in views(&text) {
                let mut end = 0;
                for (at, char) in view.text().char_indices() {
                    let range = view.back(&(at..at + char.len_utf8()));
                    prop_assert!(range.start >= end);
                    let said = &text[range.clone()];
                    let first = said.chars().next().unwrap();
                    let same = first == char || char == ' ' || char == '4' || matches!((first, char), ('＠', '@') | ('。', '.'));
                    prop_assert!(same, "{said} is not {char}");
                    end = range.end;
                }
                prop_assert_eq!(view.back(&(0..view.text().len())).end, text.len());
            }
        }
    }
}
