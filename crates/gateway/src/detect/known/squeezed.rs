//! A text without the signs that only group digits and capitals.

use std::ops::Range;

/// The longest run of signs between two groups.
const SIGNS_MAX: usize = 3;

/// A text in which groups stand together, with a way back.
pub(super) struct Squeezed {
    text: String,
    /// From this byte on, so many bytes of the original come before more than of this.
    shifts: Vec<(usize, usize)>,
}

impl Squeezed {
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self { text: String::with_capacity(text.len()), shifts: Vec::new() };
        let mut chars = text.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            out.push(at, char);
            if !is_grouped(char) {
                continue;
            }
            let rest = &text[at + char.len_utf8()..];
            let signs = rest.chars().take(SIGNS_MAX).take_while(|sign| is_sign(*sign)).count();
            let next = rest.chars().nth(signs);
            if signs > 0 && next.is_some_and(is_grouped) {
                (0..signs).for_each(|_| _ = chars.next());
            }
        }
        out
    }

    fn push(&mut self, at: usize, char: char) {
        let by = at - self.text.len();
        if self.shifts.last().map_or(0, |(_, before)| *before) != by {
            self.shifts.push((self.text.len(), by));
        }
        self.text.push(char);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that say a range of this, which is not empty.
    pub(super) fn back(&self, range: Range<usize>) -> Range<usize> {
        let last = self.text.floor_char_boundary(range.end.saturating_sub(1));
        self.at(range.start)..self.at(last) + (range.end - last)
    }

    fn at(&self, at: usize) -> usize {
        let after = self.shifts.partition_point(|(from, _)| *from <= at);
        at + after.checked_sub(1).map_or(0, |index| self.shifts[index].1)
    }
}

fn is_grouped(char: char) -> bool {
    char.is_ascii_digit() || char.is_ascii_uppercase()
}

/// What stands between groups; not a comma, which stands between numbers.
pub(super) fn is_sign(char: char) -> bool {
    matches!(char, ' ' | '\u{a0}' | '\u{202f}' | '\t' | '-' | '\u{2010}'..='\u{2013}' | '.' | '(' | ')' | '/')
}
