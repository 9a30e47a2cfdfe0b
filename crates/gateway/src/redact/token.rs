//! How a token is spelled, and how spellings are found again.
//!
//! A token is `⟨NAME⟩`; in JSON text a model may write either bracket as `\u27e8`, `\u27e9`.

use std::collections::HashSet;

const OPEN: &str = "\u{27e8}";
const CLOSE: &str = "\u{27e9}";
const OPEN_HEX: &[u8] = b"\\u27e8";
const CLOSE_HEX: &[u8] = b"\\u27e9";

/// The longest name: a kind, an underscore and a number.
pub(crate) const NAME_MAX: usize = 24;

/// The longest spelling of a token, and so the most that a stream holds back of one text.
pub const SPELLING_MAX: usize = OPEN_HEX.len() + NAME_MAX + CLOSE_HEX.len();

/// A token with its brackets.
pub(crate) fn spell(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// What stands at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Start<'t> {
    /// A token of the right form.
    Token {
        /// The name between the brackets.
        name: &'t str,
        /// Bytes of the whole spelling.
        length: usize,
        /// A bracket is written as an escape: this is JSON text.
        escaped: bool,
    },
    /// The text ends within what may become a token, of whose name this much is known.
    Partial {
        /// The name so far.
        name: &'t str,
    },
    /// No token; that many bytes can be passed over.
    Other(usize),
}

/// The next place where a token or an escape may start.
pub(crate) fn next_candidate(text: &str, from: usize) -> Option<usize> {
    memchr::memchr2(OPEN.as_bytes()[0], b'\\', &text.as_bytes()[from..]).map(|at| from + at)
}

/// Reads what starts at the beginning of a text that starts with a candidate.
pub(crate) fn read(text: &str) -> Start<'_> {
    let (inside, escaped) = match bracket(text, OPEN, OPEN_HEX) {
        Bracket::Whole(length, escaped) => (length, escaped),
        Bracket::Cut => return Start::Partial { name: "" },
        // An escaped backslash hides whatever follows it.
        Bracket::None => return Start::Other(if text.starts_with("\\\\") { 2 } else { first_length(text) }),
    };
    let rest = &text[inside..];
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = rest.bytes().take_while(is_name).count();
    let name = &rest[..length];
    if length > NAME_MAX {
        return Start::Other(inside);
    }
    match bracket(&rest[length..], CLOSE, CLOSE_HEX) {
        Bracket::Whole(close, hex) => Start::Token { name, length: inside + length + close, escaped: escaped || hex },
        Bracket::Cut => Start::Partial { name },
        Bracket::None => Start::Other(inside),
    }
}

enum Bracket {
    /// Its bytes, and whether it is written as an escape.
    Whole(usize, bool),
    /// The text ends before it is decided.
    Cut,
    None,
}

fn bracket(text: &str, plain: &str, hex: &[u8]) -> Bracket {
    if text.starts_with(plain) {
        return Bracket::Whole(plain.len(), false);
    }
    let head = &text.as_bytes()[..text.len().min(hex.len())];
    let same = head.iter().zip(hex).all(|(said, wanted)| said.to_ascii_lowercase() == *wanted && *said != b'U');
    match (same, head.len() == hex.len()) {
        (true, true) => Bracket::Whole(hex.len(), true),
        (true, false) => Bracket::Cut,
        _ => Bracket::None,
    }
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// Collects the names of all tokens that stand in a text, in either spelling.
pub(crate) fn literal_names(text: &str, names: &mut HashSet<String>) {
    let mut at = 0;
    while let Some(candidate) = next_candidate(text, at) {
        at = candidate;
        match read(&text[at..]) {
            Start::Token { name, length, .. } => {
                names.insert(name.to_owned());
                at += length;
            }
            Start::Partial { .. } => return,
            Start::Other(length) => at += length,
        }
    }
}
