//! International bank account numbers: the country's length and structure, and the check by 97.

pub(super) mod registry;

use realm::DataClass;

use super::digits::{is_escape, is_separator};
use super::{Detector, Kind, Needs, Span};

/// Finds IBANs in either case, in one piece or in groups.
pub struct Iban;

/// The shortest one (Norway's) has 15 characters; a few countries have letters in most places.
const DIGITS_MIN: usize = 4;

impl Detector for Iban {
    fn class(&self) -> DataClass {
        DataClass::Personal
    }

    fn kind(&self) -> Kind {
        Kind::Iban
    }

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

/// The next two letters that could be a country, where a word may start.
fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len().saturating_sub(1)).find(|&at| {
        bytes[at].is_ascii_alphabetic()
            && bytes[at + 1].is_ascii_alphabetic()
            && !bytes.get(at + 2).is_none_or(u8::is_ascii_alphabetic)
            && may_start(&bytes[..at])
    })
}

/// No letter or digit right before, unless it is the word IBAN itself or the letter of an escape.
fn may_start(before: &[u8]) -> bool {
    let word = before.len().checked_sub(4).map(|from| &before[from..]);
    !before.last().is_some_and(u8::is_ascii_alphanumeric)
        || is_escape(before)
        || word.is_some_and(|word| word.eq_ignore_ascii_case(b"iban"))
}

/// Reads an IBAN that starts here; where it ends.
fn read(text: &str, start: usize) -> Option<usize> {
    let country = [text.as_bytes()[start], text.as_bytes()[start + 1]].map(|byte| byte.to_ascii_uppercase());
    let structure = registry::structure(country)?;
    let wanted = 4 + structure.bytes().filter(u8::is_ascii_lowercase).count();
    debug_assert!(wanted <= registry::LENGTH_MAX);
    let mut said = [0_u8; registry::LENGTH_MAX];
    let mut count = 0;
    let mut gap = false;
    for (offset, char) in text[start..].char_indices() {
        if char.is_ascii_alphanumeric() {
            said[count] = char.to_ascii_uppercase() as u8;
            count += 1;
            gap = false;
        } else if gap || !is_separator(char) {
            return None;
        } else {
            gap = true;
        }
        if count == wanted {
            let end = start + offset + 1;
            let ends = !text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
            let valid = ends && fits(&said[4..count], structure) && said[2..4].iter().all(u8::is_ascii_digit);
            return (valid && remainder(&said[..count]) == 1).then_some(end);
        }
    }
    None
}

/// Whether the account part has digits and letters where the country has them.
fn fits(account: &[u8], structure: &str) -> bool {
    account.iter().zip(structure.bytes()).all(|(said, wanted)| match wanted {
        b'n' => said.is_ascii_digit(),
        b'a' => said.is_ascii_uppercase(),
        _ => said.is_ascii_alphanumeric(),
    })
}

/// ISO 7064 MOD 97-10 over the number with its head moved to the end.
fn remainder(said: &[u8]) -> u32 {
    said[4..].iter().chain(&said[..4]).fold(0, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}
