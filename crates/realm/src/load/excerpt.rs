//! What of a file is shown beside a problem: its lines, none longer than a page is wide.
//!
//! The renderer counts columns in 16 bits and panics beyond; and nobody reads such a line.

use std::ops::Range;

/// Bytes of a line that are shown.
const LINE_MAX: usize = 500;
const CUT: &str = " …";

/// A text with every long line cut at its end, and where a span of it lies now. None where the span begins in what was
/// cut: then no line can be shown.
pub(super) fn excerpt(text: &str, span: Range<usize>) -> Option<(String, Range<usize>)> {
    let mut out = String::with_capacity(text.len().min(1 << 16));
    let (mut start, mut end, mut from) = (None, None, 0);
    for line in text.split_inclusive('\n') {
        let (kept, rest) = shorten(line);
        let place = |byte: usize| (byte - from <= kept.len()).then(|| out.len() + byte - from);
        let until = from + line.len();
        if start.is_none() && span.start < until {
            start = Some(place(span.start)?);
        }
        if end.is_none() && span.end < until {
            end = Some(place(span.end).unwrap_or(out.len() + kept.len()));
        }
        out.push_str(kept);
        out.push_str(rest);
        from = until;
    }
    // At the end of the text.
    let start = start.unwrap_or(out.len());
    Some((out.clone(), start..end.unwrap_or(out.len()).max(start)))
}

/// What is kept of a line, and what stands for the rest.
fn shorten(line: &str) -> (&str, &'static str) {
    if line.len() <= LINE_MAX {
        return (line, "");
    }
    let kept = &line[..line.floor_char_boundary(LINE_MAX)];
    (kept, if line.ends_with('\n') { " …\n" } else { CUT })
}

#[cfg(test)]
mod tests {
    use super::{LINE_MAX, excerpt};

    #[test]
    fn short_lines_stay_and_long_ones_lose_their_end() {
        let text = "a = 1\nb = 2\n";
        assert_eq!(excerpt(text, 6..7), Some((text.to_owned(), 6..7)));
        assert_eq!(excerpt(text, 12..12), Some((text.to_owned(), 12..12)));
        let long = format!("{}\nб = 2\n", "ю".repeat(70_000));
        let at = long.find('б').unwrap_or_default();
        let (shown, span) = excerpt(&long, at..at + 2).unwrap_or_default();
        assert_eq!(&shown[span], "б");
        assert!(shown.lines().all(|line| line.len() < LINE_MAX + 10) && shown.lines().count() == 2);
        let (shown, span) = excerpt(&long, 4..140_001).unwrap_or_default();
        assert_eq!((span.start, span.end <= LINE_MAX + 10), (4, true));
        assert!(shown.is_char_boundary(span.end));
        assert_eq!(excerpt(&long, 1_000..1_001), None);
    }
}
