//! What opens doors: private keys, keys of known services by their marks, tokens, and words that are said to be one.

mod marks;

use std::ops::Range;

use realm::DataClass;

use super::{Detector, Kind, Needs, Span, context};
use marks::{MARKS, Mark};

/// Finds keys and tokens.
pub struct Key;

/// A key in an assignment: shorter words are mostly names.
const SECRET_MIN: usize = 20;
const SECRET_MAX: usize = 512;
const SAYS: &[&str] = &["secret*", "apikey", "token", "passw*", "bearer", "credential*", "секрет*", "парол*", "токен"];
const CONTEXT: usize = 40;
/// The longest private key that is read as one.
const PEM_MAX: usize = 16 * 1024;

impl Detector for Key {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let mut push = |range| out.push(Span { range, kind: Kind::Key, class: DataClass::Secret });
        let bytes = text.as_bytes();
        pem(text).into_iter().for_each(&mut push);
        let mut at = 0;
        while at < bytes.len() {
            if !is_key(bytes[at]) {
                at += 1;
                continue;
            }
            let length = bytes[at..].iter().take_while(|byte| is_key(**byte)).count();
            if let Some(range) = in_word(text, at..at + length) {
                push(range);
            }
            at += length;
        }
    }
}

/// What keys are made of: Base64 in either alphabet, and the dot of tokens.
fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/')
}

/// The key in a word, by its mark or by what is said before it.
fn in_word(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    if word.len() < SECRET_MIN {
        return None;
    }
    let said = &text[word.clone()];
    let trimmed = said.trim_end_matches(['.', '-', '/', '+']);
    let mark = MARKS.iter().find_map(|mark| marked(trimmed, mark)).map(|at| word.start + at.start..word.start + at.end);
    mark.or_else(|| (is_random(trimmed) && is_said(text, word.start)).then_some(word.start..word.start + trimmed.len()))
}

/// Where a key with a mark lies in a word: the mark begins it, or stands behind a sign.
fn marked(word: &str, mark: &Mark) -> Option<Range<usize>> {
    let at = memchr::memmem::find(word.as_bytes(), mark.prefix.as_bytes())?;
    if word[..at].ends_with(|char: char| char.is_ascii_alphanumeric()) {
        return None;
    }
    let body = &word[at + mark.prefix.len()..];
    let length = body.bytes().take_while(|byte| (mark.body)(*byte)).count();
    let digits = body[..length].bytes().filter(u8::is_ascii_digit).count();
    let exact = mark.exact && length != mark.least;
    (length >= mark.least && !exact && digits >= mark.digits).then_some(at..at + mark.prefix.len() + length)
}

/// Letters of both cases, or letters and many digits, and no word of a language: what chance makes.
fn is_random(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let dots = word.bytes().filter(|byte| *byte == b'.').count();
    word.len() <= SECRET_MAX
        && digits >= 3
        && upper + lower >= 4
        && (upper >= 3 && lower >= 3 || digits >= 6)
        && dots < 3
}

/// Whether the words before say that a secret follows, and a sign leads to it: `aws_secret_access_key = "…"`.
fn is_said(text: &str, start: usize) -> bool {
    let before = context::before(text, start, CONTEXT);
    let lead = before.trim_end_matches([' ', '"', '\'', '`', '\\']);
    let clause = lead.rsplit(['\n', ';', ',', '{', '}']).next().unwrap_or(lead);
    let signed = clause.ends_with([':', '=', '>']) || clause.to_ascii_lowercase().ends_with("bearer");
    let glued = clause.to_ascii_lowercase().replace(['_', '-'], "");
    signed && (context::says(clause, SAYS) || glued.contains("apikey") || glued.contains("accesskey"))
}

/// Private keys in PEM, without an end too.
fn pem(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = memchr::memmem::find(&text.as_bytes()[at..], b"-----BEGIN ") {
        let start = at + begin;
        at = start + 11;
        let head = text[at..].split('\n').next().unwrap_or("");
        if !head.chars().take(48).collect::<String>().contains("PRIVATE KEY") {
            continue;
        }
        let limit = text.floor_char_boundary(start + PEM_MAX);
        let end = memchr::memmem::find(&text.as_bytes()[at..limit], b"-----END ").map(|end| at + end + 9);
        let end = end.and_then(|end| Some(end + text[end..].find("-----")? + 5)).unwrap_or(limit);
        found.push(start..end);
        at = end;
    }
    found
}
