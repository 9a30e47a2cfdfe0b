//! What opens doors: private keys, keys of known services by their marks, tokens, and words that are said to be one.

mod marks;

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
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
/// So much of a key without an end is still one.
const CUT_MIN: usize = 32;
/// The longest first line of one.
const HEAD_MAX: usize = 64;

/// Made once: every text is searched for it.
static BEGIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN "));

impl Detector for Key {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let mut push = |range| out.push(Span { range, kind: Kind::Key, class: DataClass::Secret });
        pem(text).into_iter().for_each(&mut push);
        let mut at = 0;
        while let Some(word) = next_word(text.as_bytes(), at) {
            at = word.end;
            in_word(text, word).into_iter().for_each(&mut push);
        }
    }
}

/// What keys are made of: Base64 in either alphabet, and the dot of tokens.
const IS_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        table[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/');
        at += 1;
    }
    table
};

/// The next word that is long enough. Most of a text is passed over in steps of that length, as no word that lies
/// across a step goes by unseen.
fn next_word(bytes: &[u8], mut at: usize) -> Option<Range<usize>> {
    let is_key = |byte: &u8| IS_KEY[usize::from(*byte)];
    loop {
        let window = bytes.get(at..at + SECRET_MIN)?;
        match window.iter().rposition(|byte| !is_key(byte)) {
            Some(other) => at += other + 1,
            None => break,
        }
    }
    let length = bytes[at..].iter().take_while(|byte| is_key(byte)).count();
    Some(at..at + length)
}

/// The key in a word, by its mark or by what is said before it.
fn in_word(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let said = text[word.clone()].trim_end_matches(['.', '-', '/', '+']);
    let mark = starts(said).find_map(|at| MARKS.iter().find_map(|mark| Some(at..at + marked(&said[at..], mark)?)));
    match mark {
        Some(range) => Some(word.start + range.start..word.start + range.end),
        None => (is_random(said) && is_said(text, word.start)).then_some(word.start..word.start + said.len()),
    }
}

/// Behind more signs than a path has, nothing is looked for: a word may be as long as the text.
const STARTS_MAX: usize = 32;

/// Where a key may start within a word: at its beginning, and behind signs.
fn starts(word: &str) -> impl Iterator<Item = usize> {
    let bytes = word.as_bytes();
    (0..bytes.len()).filter(move |at| *at == 0 || !bytes[at - 1].is_ascii_alphanumeric()).take(STARTS_MAX)
}

/// The length of the key with a mark that starts here.
fn marked(word: &str, mark: &Mark) -> Option<usize> {
    // Most words fail at their first letter.
    let same = word.as_bytes()[0] == mark.prefix.as_bytes()[0];
    let body = same.then(|| word.strip_prefix(mark.prefix)).flatten()?;
    let length = body.bytes().take_while(|byte| (mark.body)(*byte)).count();
    let digits = body[..length].bytes().filter(u8::is_ascii_digit).count();
    let exact = mark.exact && length != mark.least;
    (length >= mark.least && !exact && digits >= mark.digits).then_some(mark.prefix.len() + length)
}

/// Letters of both cases, or letters and many digits, and no word of a language: what chance makes.
fn is_random(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let dots = word.bytes().filter(|byte| *byte == b'.').count();
    word.len() <= SECRET_MAX
        && !word.starts_with('/')
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
    while let Some(begin) = BEGIN.find(&text.as_bytes()[at..]) {
        let start = at + begin;
        at = start + 11;
        let Some(body) = body(text, at) else { continue };
        let limit = text.floor_char_boundary((start + PEM_MAX).min(text.len()));
        let end = memchr::memmem::find(&text.as_bytes()[body.clone()], b"-----END ").map(|end| body.start + end + 9);
        let end = end.and_then(|end| Some(end + text[end..limit].find("-----")? + 5));
        let end = end.unwrap_or_else(|| body.start + cut_off(&text[body.clone()]));
        if end == body.start {
            continue;
        }
        found.push(start..end);
        at = end;
    }
    found
}

/// What follows the first line of a private key, whose kind stands here.
fn body(text: &str, at: usize) -> Option<Range<usize>> {
    let head = &text[at..text.floor_char_boundary((at + HEAD_MAX).min(text.len()))];
    let kind = head.find("-----").filter(|end| head[..*end].ends_with("PRIVATE KEY"))?;
    let limit = text.floor_char_boundary((at + PEM_MAX).min(text.len()));
    Some(at + kind + 5..limit)
}

/// How much of a key stands where its end is missing; nothing, where only the first line is spoken of.
fn cut_off(body: &str) -> usize {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\n' | b'\r' | b'\\');
    let length = body.bytes().take_while(is_part).count();
    if body[..length].trim_ascii().len() < CUT_MIN { 0 } else { length }
}
