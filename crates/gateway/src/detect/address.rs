//! Addresses of houses: a word for a street, its name, a number; what goes on with flat, town or postal index.

mod words;

use std::ops::Range;

use realm::DataClass;

use super::unicode::{is_alphanumeric, is_letter};
use super::{Detector, Kind, Needs, Span, context};

/// Finds addresses of houses.
pub struct Address;

/// How far before a number the street is looked for, and how far behind one that leads.
const REACH: usize = 60;
/// Words of a street's name.
const WORDS_MAX: usize = 5;

impl Detector for Address {
    fn needs(&self) -> Needs {
        Needs::Digits(1)
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let bytes = text.as_bytes();
        let (mut at, mut free) = (0, 0);
        while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
            let start = at + found;
            let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            at = start + length;
            let number = start..at;
            let found = match length {
                _ if !may_be(bytes, &number) => None,
                1..=5 => house(text, free, &number).or_else(|| leading(text, free, &number)),
                // The street may follow, and then takes the index in.
                6 => index(text, &number),
                _ => None,
            };
            if let Some(range) = found {
                at = range.end.max(at);
                free = if length < 6 { range.end } else { free };
                out.push(Span { range, kind: Kind::Address, class: DataClass::Personal });
            }
        }
    }
}

/// A quick look at what stands right beside a number: most stand in tables, codes and times.
fn may_be(bytes: &[u8], number: &Range<usize>) -> bool {
    let led = match bytes[..number.start] {
        [.., last, b','] => !last.is_ascii_digit(),
        // The last two end a no-break space and a number sign.
        [.., last] => matches!(last, b' ' | b'.' | b':' | b'#' | 0xa0 | 0x96),
        [] => false,
    };
    let leads = match bytes[number.end..] {
        [b' ', next, ..] | [b',', b' ', next, ..] => next.is_ascii_alphabetic() || next >= 0x80,
        _ => false,
    };
    led || leads
}

/// The address that ends in a house's number: `ул. Ленина, д. 5`, `Hauptstraße 5`, `calle Mayor 5`.
fn house(text: &str, free: usize, number: &Range<usize>) -> Option<Range<usize>> {
    let before = text[free..number.start].trim_end_matches([' ', '\u{a0}', ',', '№']);
    // Most numbers stand behind another one, a sign or nothing, or stick to a word.
    let apart = before.len() < number.start - free || before.ends_with('.');
    if !apart || !before.ends_with(|char| is_letter(char) || matches!(char, '.' | '\u{bb}' | '"')) {
        return None;
    }
    let from = free + before.len().saturating_sub(REACH);
    let from = text.ceil_char_boundary(from);
    let near = text[from..free + before.len()].rsplit(['\n', ';', ':']).next().unwrap_or("");
    let start = words::street(near)?;
    let start = free + before.len() - near.len() + start;
    Some(town(text, free, start)..words::behind(text, number.end))
}

/// The address that a number leads: `221 Baker Street`, `12 rue de la Paix`.
fn leading(text: &str, free: usize, number: &Range<usize>) -> Option<Range<usize>> {
    let stuck = |char| is_alphanumeric(char) || matches!(char, '.' | '-' | '_' | '/' | '$' | '€');
    let is_free = text[number.end..].starts_with([' ', ',']) && !text[free..number.start].ends_with(stuck);
    if !is_free || is_year(text, number) {
        return None;
    }
    let to = text.floor_char_boundary((number.end + REACH).min(text.len()));
    let near = text[number.end..to].split(['\n', ';', ':']).next().unwrap_or("");
    let end = words::leads(near)?;
    Some(number.start..words::behind(text, number.end + end))
}

/// `in 2024 Wall Street fell`
fn is_year(text: &str, number: &Range<usize>) -> bool {
    let before = context::before(text, number.start, 8);
    let said = &text[number.clone()];
    said.len() == 4
        && (said.starts_with("19") || said.starts_with("20"))
        && context::says(before, &["in", "since", "by", "of", "until", "from", "en"])
}

/// A postal index before the street, and the town between, belong to the address.
fn town(text: &str, free: usize, start: usize) -> usize {
    let before = &text[free..start];
    let Some(comma) = before.trim_end().strip_suffix(',') else { return start };
    let from = comma.rfind(['\n', ';', ':']).map_or(0, |at| at + 1);
    let line = &comma[from..];
    let town = line.rfind(',').map_or(line, |at| &line[at + 1..]).trim_start();
    let index = |text: &str| {
        let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
        (digits == 6).then(|| text.len() - 6)
    };
    let before_town = &line[..line.len() - town.len()];
    if !(words::is_town(town)) {
        return start;
    }
    let head = before_town.trim_end_matches([' ', ',']);
    free + from + index(head).unwrap_or(line.len() - town.len())
}

/// A postal index by itself: a word before it, or a town behind it.
fn index(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
    let before = context::before(text, number.start, 24);
    let clause = before.rsplit(['\n', ';', '.', ',']).next().unwrap_or(before);
    let after = &text[number.end..];
    let town = after.strip_prefix(", ").or_else(|| after.strip_prefix(' ')).filter(|rest| words::begins_town(rest));
    let free = !before.ends_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '-'));
    let ends = !after.starts_with(|char: char| char.is_alphanumeric() || char == '-');
    let said = context::says(clause, &["индекс*", "postcode", "почтов*"]);
    (free && ends && (said || town.is_some())).then(|| number.clone())
}
