//! Numbers that states give to people and firms: tax, insurance, register and document numbers of Russia and of
//! six countries of the European Union.
//!
//! One pass over the text: every row of groups that hold digits is tried in every cut that starts and ends with a
//! group, and a cut meets only the rules of its length.

mod checks;
mod codes;
mod numbers;
mod passport;
mod row;

use std::ops::Range;

use realm::DataClass;

use super::{Detector, Kind, Needs, Span};
use row::{Group, rows};

/// Finds the numbers of national registers.
pub struct Ids;

/// A Spanish number has seven digits and two letters.
const DIGITS_MIN: usize = 7;
/// A French number has fifteen characters, an Italian code sixteen, a Russian policy sixteen.
const SAID_MAX: usize = 16;
/// As many as the French number has.
const GROUPS_MAX: usize = 7;

impl Detector for Ids {
    fn needs(&self) -> Needs {
        Needs::Digits(DIGITS_MIN)
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        rows(text, |row| in_row(text, row, out));
        passport::find(text, out);
    }
}

/// Some groups of a row, read as one number.
struct Cut<'t> {
    text: &'t str,
    groups: &'t [Group],
    /// Letters and digits, the letters capitals.
    said: &'t [u8],
}

impl Cut<'_> {
    fn range(&self) -> Range<usize> {
        self.groups[0].start..self.groups[self.groups.len() - 1].end
    }

    /// The sizes of the groups, a hexadecimal digit for each; zero in one piece.
    fn form(&self) -> u64 {
        match self.groups {
            [_] => 0,
            groups => groups.iter().fold(0, |form, group| (form << 4) | (group.end - group.start) as u64),
        }
    }

    /// Whether a word that stands nearby names what this would be.
    fn is_called(&self, words: &[&str]) -> bool {
        super::context::names(self.text, &self.range(), words)
    }
}

/// Tries every cut of a row; after a find, the row goes on behind it.
fn in_row(text: &str, row: &[Group], out: &mut Vec<Span>) {
    let mut first = 0;
    while first < row.len() {
        match longest(text, &row[first..]) {
            Some((count, kind)) => {
                let range = row[first].start..row[first + count - 1].end;
                out.push(Span { range, kind, class: DataClass::Personal });
                first += count;
            }
            None => first += 1,
        }
    }
}

/// The longest number that starts with the first group.
fn longest(text: &str, row: &[Group]) -> Option<(usize, Kind)> {
    let mut said = [0_u8; SAID_MAX];
    let (mut length, mut digits, mut best) = (0, 0, None);
    for (index, group) in row.iter().take(GROUPS_MAX).enumerate() {
        let added = &text.as_bytes()[group.start..group.end];
        let Some(place) = said.get_mut(length..length + added.len()) else { break };
        place.copy_from_slice(added);
        place.make_ascii_uppercase();
        length += added.len();
        digits += group.digits;
        let cut = Cut { text, groups: &row[..=index], said: &said[..length] };
        let kind = if digits == length { numbers::kind(&cut) } else { codes::kind(&cut, digits) };
        best = kind.map(|kind| (index + 1, kind)).or(best);
    }
    best
}
