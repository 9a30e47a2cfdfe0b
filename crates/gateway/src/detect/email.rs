//! E-mail addresses in letters of any script.

use realm::DataClass;

use super::digits::is_escape;
use super::{Detector, Kind, Needs, Span};

/// Finds e-mail addresses.
pub struct Email;

/// Longest local part and domain (RFC 5321); in bytes, so that letters of other scripts count more.
const LOCAL_MAX: usize = 128;
const DOMAIN_MAX: usize = 255;

impl Detector for Email {
    fn needs(&self) -> Needs {
        Needs::AtSign
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let mut free = 0;
        for at in memchr::memchr_iter(b'@', text.as_bytes()) {
            if at < free {
                continue;
            }
            let Some(start) = local_start(text, free, at) else { continue };
            // A name of two scripts is rarer than a sentence that goes on without a space.
            let end = [Scripts::One, Scripts::Many].into_iter().find_map(|scripts| domain_end(text, at + 1, scripts));
            let Some(end) = end else { continue };
            out.push(Span { range: start..end, kind: Kind::Email, class: DataClass::Personal });
            free = end;
        }
    }
}

/// Where the local part before an at sign starts.
fn local_start(text: &str, free: usize, at: usize) -> Option<usize> {
    let before = &text[free..at];
    let mut start = at;
    for (offset, char) in before.char_indices().rev() {
        if !(is_local(char) || joins(before, offset, char)) || at - (free + offset) > LOCAL_MAX {
            break;
        }
        start = free + offset;
    }
    // A pasted `\nname@…` is a line end and a name.
    if start > 0 && text.as_bytes()[start - 1] == b'\\' && start < at && is_escape(&text.as_bytes()[..=start]) {
        start += 1;
    }
    // Marks of emphasis and the like lead, but do not belong.
    let lead = text[start..at].find(|char: char| char.is_alphanumeric() || char == '_')?;
    let local = &text[start + lead..at];
    (!local.ends_with('.')).then_some(start + lead)
}

fn is_local(char: char) -> bool {
    char.is_alphanumeric()
        || is_mark(char)
        || matches!(char, '.' | '_' | '%' | '+' | '-' | '\'' | '!' | '#' | '$' | '^' | '~' | '*')
}

/// Signs that belong only where they join two parts of a name: `bounce+ivan=example.org@…`, and Markdown's `ivan\_petrov@…`.
fn joins(text: &str, at: usize, char: char) -> bool {
    let after = text.as_bytes().get(at + 1);
    match char {
        '=' => {
            let word = text[..at].rsplit(|char| !is_local(char)).next().unwrap_or("");
            word.contains('+') && !word.starts_with('+')
        }
        '\\' => {
            let word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            word && after.is_some_and(|after| matches!(after, b'_' | b'*' | b'.' | b'-'))
        }
        _ => false,
    }
}

/// Combining marks and joiners inside words of other scripts; the letters' own marks from Devanagari to Myanmar.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}')
        || (matches!(char, '\u{900}'..='\u{109f}') && !matches!(char, '\u{964}' | '\u{965}' | '\u{970}'))
}

/// Whether a letter is Latin, with or without a sign on it.
fn is_latin(char: char) -> bool {
    matches!(char, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// How many scripts a label may be in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scripts {
    One,
    Many,
}

/// Where the domain that starts here ends: labels with a last one of letters.
fn domain_end(text: &str, start: usize, scripts: Scripts) -> Option<usize> {
    let mut at = start;
    let mut labels = 0;
    let mut best = None;
    loop {
        let label = label(&text[at..], scripts);
        if label.is_empty() || label.starts_with('-') || label.ends_with('-') || at + label.len() - start > DOMAIN_MAX {
            return best;
        }
        // After a whole domain, `.Затем` is the next sentence.
        if best.is_some() && label.chars().next().is_some_and(|char| !char.is_ascii() && char.is_uppercase()) {
            return best;
        }
        labels += 1;
        at += label.len();
        if labels > 1 && is_top(label) {
            best = Some(at);
        }
        if !text[at..].starts_with('.') {
            return best;
        }
        at += 1;
    }
}

/// Letters, digits and inner hyphens; in one script, it stops where Latin letters turn into others or the reverse.
fn label(text: &str, scripts: Scripts) -> &str {
    let mut latin = None;
    let mut end = 0;
    for (offset, char) in text.char_indices() {
        if char.is_alphabetic() {
            if *latin.get_or_insert(is_latin(char)) != is_latin(char) && scripts == Scripts::One {
                break;
            }
        } else if !char.is_numeric() && char != '-' && !is_mark(char) {
            break;
        }
        end = offset + char.len_utf8();
    }
    text[..end].trim_end_matches('-')
}

/// Whether a label can be a top-level domain.
fn is_top(label: &str) -> bool {
    let count = label.chars().count();
    let xn = label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"));
    (2..=63).contains(&count) && (xn || label.chars().all(|char| char.is_alphabetic() || is_mark(char)))
}
