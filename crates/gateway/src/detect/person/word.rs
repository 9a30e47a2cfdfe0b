//! Words that begin with a capital, and rows of them.

use std::ops::Range;

use wire::eight;

use crate::detect::unicode::is_letter;

/// A word that begins with a capital; an initial keeps its full stop.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub(super) range: Range<usize>,
    pub(super) said: &'t str,
}

/// No name is longer, in bytes.
const LENGTH_MAX: usize = 60;

impl Word<'_> {
    /// Whether this is a letter and a full stop.
    pub(super) fn initials(&self) -> bool {
        self.said.ends_with('.')
    }

    pub(super) fn is_cyrillic(&self) -> bool {
        matches!(self.said.as_bytes()[0], 0xd0 | 0xd1)
    }
}

/// The next word that begins with a capital. Few bytes begin one, and all others are passed over.
pub(super) fn next(text: &str, from: usize) -> Option<Word<'_>> {
    let bytes = text.as_bytes();
    let begins = |at: usize| is_capital(bytes, at) && is_free(bytes, at);
    let mut at = from;
    loop {
        at = eight::find(bytes, at, eight::may_be_capital, begins);
        if at >= bytes.len() {
            return None;
        }
        if let Some(word) = read(text, at) {
            return Some(word);
        }
        at += 1;
    }
}

/// Capitals of English, of other Latin alphabets and of Russian.
fn is_capital(bytes: &[u8], at: usize) -> bool {
    match (bytes[at], bytes.get(at + 1)) {
        (b'A'..=b'Z', _) => true,
        (0xd0, Some(second)) => matches!(second, 0x81 | 0x90..=0xaf),
        (0xc3, Some(second)) => matches!(second, 0x80..=0x9e),
        (0xc5, Some(second)) => matches!(second, 0x81 | 0x9a | 0xb9 | 0xbb | 0xa0 | 0xbd),
        _ => false,
    }
}

/// Whether no letter, digit or sign of a program stands right before.
fn is_free(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    // The letter of an escape like `\n` belongs to no word.
    let escape = matches!(bytes[..at], [.., b'\\', b'n' | b't' | b'r']);
    escape
        || !before.is_some_and(|byte| {
            byte.is_ascii_alphanumeric()
                || byte >= 0x80 && !is_sign(bytes, at)
                || matches!(byte, b'_' | b'/' | b'@' | b'#' | b'$' | b'&')
        })
}

/// Whether what stands before is a quote, a dash or a space of more than one byte.
fn is_sign(bytes: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(3);
    matches!(bytes[from..at], [.., 0xc2, 0xab | 0xa0 | 0xbb] | [.., 0xe2, 0x80, _] | [.., 0xe2, 0x84, 0x96])
}

fn read(text: &str, start: usize) -> Option<Word<'_>> {
    let mut length = 0;
    for char in text[start..].chars() {
        let inner = matches!(char, '-' | '\'' | '’') && length > 0;
        if !(is_letter(char) || inner) {
            break;
        }
        length += char.len_utf8();
        if length > LENGTH_MAX {
            return None;
        }
    }
    let said = text[start..start + length].trim_end_matches(['-', '\'', '’']);
    let said = said.strip_suffix("'s").or_else(|| said.strip_suffix("’s")).unwrap_or(said);
    let end = start + said.len();
    let dotted = said.chars().nth(1).is_none() && text[end..].starts_with('.');
    let end = end + usize::from(dotted);
    let follows =
        text.as_bytes().get(end).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'(' | b'@'));
    (!follows && !said.is_empty()).then(|| Word { range: start..end, said: &text[start..end] })
}

/// The words that follow in a row: a space between two, nothing after an initial, and no other sign. They take the place
/// of those before: most sentences begin a row of one, and none is worth an allocation of its own.
pub(super) fn row<'t>(text: &'t str, first: Word<'t>, most: usize, words: &mut Vec<Word<'t>>) {
    words.clear();
    words.push(first);
    while words.len() < most {
        let last = &words[words.len() - 1];
        match follower(text, last) {
            Some(word) if word.is_cyrillic() == words[0].is_cyrillic() => words.push(word),
            _ => break,
        }
    }
}

fn follower<'t>(text: &'t str, last: &Word<'t>) -> Option<Word<'t>> {
    let rest = &text[last.range.end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
    if !((1..=2).contains(&gap) || gap == 0 && last.initials()) {
        return None;
    }
    let start = last.range.end + gap;
    let from = start + particles(&text[start..]);
    let word = if from < text.len() && is_capital(text.as_bytes(), from) { read(text, from) } else { None }?;
    Some(Word { range: start..word.range.end, ..word })
}

/// How many bytes the small words before a surname take: `van der Veen`.
fn particles(text: &str) -> usize {
    const WORDS: &[&str] = &[
        "van ", "de ", "der ", "den ", "von ", "zu ", "di ", "da ", "del ", "della ", "dos ", "la ", "le ", "du ",
        "ten ",
    ];
    // Most words have none before them, and this is asked of every capital.
    if !text.starts_with(['v', 'd', 'z', 't', 'l']) {
        return 0;
    }
    let mut length = 0;
    for _ in 0..2 {
        let rest = &text[length..];
        length += WORDS.iter().find(|word| rest.starts_with(**word)).map_or(0, |word| word.len());
    }
    length
}
