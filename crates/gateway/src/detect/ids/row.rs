//! Rows of groups: letters and digits together, one separator between two groups.

use crate::detect::unicode::is_separator;

/// A maximal piece of ASCII letters and digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many of the characters are digits.
    pub(super) digits: usize,
}

/// Longest group of letters alone that can belong to a number: `DE`, `RSS MRA`.
const LETTERS_MAX: usize = 3;
/// As many stand together before an Italian code's digits: `RSSMRA 85T10A 562S`.
const LETTERS_OF_CODE: usize = 6;
/// How many such groups may lead.
const LEADING_MAX: usize = 2;
/// A longer row goes on as a new one: no number has so many groups.
const ROW_MAX: usize = 4096;

/// Hands out every row that holds a digit.
pub(super) fn rows(text: &str, mut each: impl FnMut(&[Group])) {
    let bytes = text.as_bytes();
    let (mut row, mut free) = (Vec::new(), 0);
    let mut at = 0;
    while let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
        leading(text, free, start(bytes, at + digit, free), &mut row);
        let mut next = start(bytes, at + digit, free);
        loop {
            let group = group(bytes, next);
            row.push(group);
            free = group.end;
            let Some(after) = behind(text, free).filter(|_| row.len() < ROW_MAX) else { break };
            next = after;
        }
        each(&row);
        row.clear();
        at = free;
    }
}

/// Where the group around this byte starts.
fn start(bytes: &[u8], at: usize, free: usize) -> usize {
    let before = bytes[free..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    at - before
}

fn group(bytes: &[u8], start: usize) -> Group {
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let digits = bytes[start..start + length].iter().filter(|byte| byte.is_ascii_digit()).count();
    Group { start, end: start + length, digits }
}

/// Where the next group of a row starts, if one separator leads there and it can belong to a number.
fn behind(text: &str, end: usize) -> Option<usize> {
    let gap = text[end..].chars().next().filter(|char| is_gap(*char))?;
    let next = group(text.as_bytes(), end + gap.len_utf8());
    let fits = next.digits > 0 || (1..=LETTERS_MAX).contains(&(next.end - next.start));
    fits.then_some(next.start)
}

/// Puts the short groups of letters that stand before a group into the row.
fn leading(text: &str, free: usize, start: usize, row: &mut Vec<Group>) {
    let mut end = start;
    for _ in 0..LEADING_MAX {
        let Some(gap) = text[free..end].chars().next_back().filter(|char| is_gap(*char)) else { break };
        let before = end - gap.len_utf8();
        let letters = text.as_bytes()[free..before].iter().rev().take(LETTERS_OF_CODE + 1);
        let length = letters.take_while(|byte| byte.is_ascii_alphabetic()).count();
        if !matches!(length, 1..=LETTERS_MAX | LETTERS_OF_CODE) {
            break;
        }
        end = before - length;
        row.insert(0, Group { start: end, end: before, digits: 0 });
    }
}

fn is_gap(char: char) -> bool {
    matches!(char, '.' | '/') || is_separator(char)
}
