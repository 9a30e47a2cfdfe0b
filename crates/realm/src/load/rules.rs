//! What the loader sees of a Cedar file: which pack it is of, and rules whose last day is over.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use super::context::{Context, Place};
use super::diagnostic::Source;
use crate::PackId;
use crate::world::RuleSource;

/// A rule file as used. Rules that no longer apply are pointed out.
pub(super) fn source(cx: &Context, source: &Arc<Source>, pack: Option<PackId>) -> RuleSource {
    for (date, span) in last_days(&source.text) {
        if date < cx.today {
            let place = Place { source: Arc::clone(source), span };
            let problem = place.warning("realm.expired_rule").arg("date", date.to_string());
            cx.report(problem.arg("today", cx.today.to_string()));
        }
    }
    RuleSource { path: source.path.clone(), pack, text: source.text.clone() }
}

/// The pack whose folder a path lies in.
pub(super) fn pack_of(path: &Path) -> Option<&str> {
    let mut parts = path.iter();
    if parts.next()? != "packs" {
        return None;
    }
    parts.next()?.to_str()
}

/// The dates of `@until("…")`, outside of comments and strings.
fn last_days(text: &str) -> Vec<(Date, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = text[at..].find('\n').map_or(bytes.len(), |end| at + end),
            b'"' => at = string_end(bytes, at),
            b'@' => {
                if let Some((date, span)) = until(text, at) {
                    found.push((date, span));
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// The byte after a string that begins at a quote.
fn string_end(bytes: &[u8], quote: usize) -> usize {
    let mut at = quote + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

fn until(text: &str, at: usize) -> Option<(Date, Range<usize>)> {
    let rest = text[at..].strip_prefix("@until")?.trim_start().strip_prefix('(')?.trim_start();
    let value = rest.strip_prefix('"')?.split('"').next()?;
    let begin = text.len() - rest.len();
    Some((Date::from_str(value).ok()?, begin..begin + value.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::last_days;

    #[test]
    fn finds_last_days_where_they_are_annotations() {
        let text =
            "@id(\"a\")\n@until ( \"2026-01-31\")\n// @until(\"2020-01-01\")\n@title(\"@until(\\\"2021-01-01\\\")\")";
        let found: Vec<_> = last_days(text).into_iter().map(|(date, span)| (date.to_string(), &text[span])).collect();
        assert_eq!(found, [("2026-01-31".to_owned(), "\"2026-01-31\"")]);
        assert!(last_days("@until(\"soon\") \"open @until(\"").is_empty());
    }
}
