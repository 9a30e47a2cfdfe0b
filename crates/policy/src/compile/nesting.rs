//! How deep a rule's text goes, told before Cedar's parser sees it.
//!
//! The parser, the checks and the evaluation of a rule each go down by the stack, once for every bracket and for every
//! link of a chain (`a && b && …`, `a.b.c`, `if … else if …`). A file without a bound would end the process. One pass
//! that knows strings and comments, and nothing else of the language: what it counts is at least as deep as the rule is.

use std::ops::Range;

/// Brackets within brackets. The deepest rule of a pack has 6.
pub(super) const BRACKETS_MAX: usize = 48;
/// Links of chains in one rule, all of them together.
pub(super) const LINKS_MAX: usize = 1_000;

/// What of a text goes too deep.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TooDeep {
    /// The first bracket that is one too many.
    Brackets(Range<usize>),
    /// The first operator, word or index that is one too many.
    Links(Range<usize>),
}

/// The first place of a text that goes too deep.
pub(super) fn too_deep(text: &str) -> Option<TooDeep> {
    let bytes = text.as_bytes();
    let (mut at, mut brackets, mut links) = (0, 0usize, 0usize);
    while at < bytes.len() {
        let length = token(&bytes[at..]);
        let token = at..at + length;
        at = token.end;
        match &bytes[token.clone()] {
            b"(" | b"{" | b"[" => {
                brackets += 1;
                links += 1;
            }
            b")" | b"}" | b"]" => brackets = brackets.saturating_sub(1),
            b";" if brackets == 0 => links = 0,
            b"&&" | b"||" | b"+" | b"-" | b"*" | b"!" | b"." | b"if" | b"when" | b"unless" => links += 1,
            _ => {}
        }
        if brackets > BRACKETS_MAX {
            return Some(TooDeep::Brackets(token));
        }
        if links > LINKS_MAX {
            return Some(TooDeep::Links(token));
        }
    }
    None
}

/// How long the token is that a text begins with. Strings and comments are one each, whatever stands in them.
fn token(text: &[u8]) -> usize {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let until = |end: Option<usize>| end.unwrap_or(text.len());
    match text {
        [b'/', b'/', ..] => until(text.iter().position(|byte| matches!(byte, b'\n' | b'\r'))),
        [b'"', rest @ ..] => {
            let mut escaped = false;
            let end = rest.iter().position(|byte| {
                let closes = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                closes
            });
            until(end.map(|end| end + 2))
        }
        [b'&', b'&', ..] | [b'|', b'|', ..] => 2,
        [byte, ..] if is_word(byte) => until(text.iter().position(|byte| !is_word(byte))),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{BRACKETS_MAX, LINKS_MAX, TooDeep, too_deep};

    #[test]
    fn what_stands_in_strings_and_comments_is_no_bracket() {
        let many = "(".repeat(BRACKETS_MAX + 1);
        for text in [format!("\"{many}\\\"{many}\""), format!("// {many}\n"), format!("// \"\n\"{many}\" // {many}")] {
            assert_eq!(too_deep(&text), None, "{text}");
        }
        let at = BRACKETS_MAX;
        for text in [many.clone(), format!("\"//\"{}", &many[4..])] {
            let found = too_deep(&format!("{text}{many}"));
            assert!(matches!(found, Some(TooDeep::Brackets(ref span)) if span.start >= at), "{found:?}");
        }
    }

    #[test]
    fn each_rule_has_its_own_links() {
        let rule = format!("permit(principal, action, resource) when {{ {} true }};", "true && ".repeat(LINKS_MAX / 2));
        assert_eq!(too_deep(&rule.repeat(5)), None);
        let long = rule.replace(';', &format!(" when {{ {} }};", "a.b".repeat(LINKS_MAX / 2)));
        assert!(matches!(too_deep(&long), Some(TooDeep::Links(_))));
    }
}
