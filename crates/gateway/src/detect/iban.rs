//! International bank account numbers: the country's length and structure, and the check by 97.

pub(super) mod registry;

use realm::DataClass;

use super::digits::{is_escape, is_glued_after};
use super::unicode::is_separator;
use super::{Detector, Kind, Needs, Span};

/// Finds IBANs in either case, in one piece or in groups.
pub struct Iban;

/// The shortest one (Norway's) has 15 characters; a few countries have letters in most places.
const DIGITS_MIN: usize = 4;
/// Separators between two groups.
const GAP_MAX: usize = 3;

impl Detector for Iban {
    fn needs(&self) -> Needs {
        Needs::Digits(DIGITS_MIN)
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = next_start(bytes, at) {
            at = match read(text, start) {
                Some(end) => {
                    out.push(Span { range: start..end, kind: Kind::Iban, class: DataClass::Personal });
                    end
                }
                None => start + 1,
            };
        }
    }
}

/// The next two letters that could be a country, where a word may start: together, or each by itself.
fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let alone = |at: usize| bytes.get(at).is_some_and(|byte| !byte.is_ascii_alphanumeric());
    (from..bytes.len()).find(|&at| {
        let together = || letter(at + 1) && !letter(at + 2);
        let apart = || alone(at + 1) && letter(at + 2) && alone(at + 3);
        let glued = || bytes.get(at + 2).is_some_and(u8::is_ascii_digit) && is_word(&bytes[..at]);
        letter(at) && (together() || apart()) && (may_start(&bytes[..at]) || glued())
    })
}

/// No letter or digit right before, unless it is the word IBAN itself or the letter of an escape.
fn may_start(before: &[u8]) -> bool {
    let word = before.len().checked_sub(4).map(|from| &before[from..]);
    !before.last().is_some_and(u8::is_ascii_alphanumeric)
        || is_escape(before)
        || word.is_some_and(|word| word.eq_ignore_ascii_case(b"iban"))
}

/// Whether a word ends here: `KontoDE89…`. With fewer letters it would be a part of the number.
fn is_word(before: &[u8]) -> bool {
    before.iter().rev().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count() == 3
}

/// Reads an IBAN that starts here; where it ends. Most words fail at their third character.
fn read(text: &str, start: usize) -> Option<usize> {
    let mut said = [0_u8; registry::LENGTH_MAX];
    let (mut count, mut gap, mut structure) = (0_usize, 0, "");
    for (offset, char) in text[start..].char_indices() {
        if !char.is_ascii_alphanumeric() {
            gap += 1;
            if gap > GAP_MAX || !is_gap(char) {
                return None;
            }
            continue;
        }
        let place = structure.as_bytes().get(count.wrapping_sub(4));
        said[count] = char.to_ascii_uppercase() as u8;
        if !fits(said[count], count, place.copied()) {
            return None;
        }
        (count, gap) = (count + 1, 0);
        if count == 2 {
            structure = registry::structure([said[0], said[1]])?;
        } else if count == 4 + structure.len() {
            let end = start + offset + 1;
            let ends = !text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric) || is_glued_after(text, end);
            return (ends && remainder(&said[..count]) == 1).then_some(end);
        }
    }
    None
}

/// What stands between groups. The check by 97 is strong enough for an IBAN to go over the end of a line.
fn is_gap(char: char) -> bool {
    is_separator(char) || matches!(char, '.' | '/' | '_' | ':' | '\n' | '\r')
}

/// Whether a character may stand at its place: the country, two digits, and what the country has in its accounts.
fn fits(said: u8, at: usize, wanted: Option<u8>) -> bool {
    match (at, wanted) {
        (0 | 1, _) | (_, Some(b'a')) => said.is_ascii_uppercase(),
        (2 | 3, _) | (_, Some(b'n')) => said.is_ascii_digit(),
        _ => true,
    }
}

/// ISO 7064 MOD 97-10 over the number with its head moved to the end.
fn remainder(said: &[u8]) -> u32 {
    said[4..].iter().chain(&said[..4]).fold(0, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}
