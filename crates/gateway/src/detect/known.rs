//! What was found once in a request counts as found wherever it stands again: a number that a word explained in one
//! message says the same without the word in the next one, and in an answer that goes back to a model.
//!
//! Read are values without the signs that group them (`4509 123456` is `4509123456`), in letters of either size. The work
//! grows with the texts and the values, not with one times the other.

mod half;
mod squeezed;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use realm::DataClass;

use super::{Detector, Kind, Needs, Span, view};
use half::Halves;
use squeezed::Squeezed;

/// More values than this, or longer ones together, are not looked for again.
const VALUES_MAX: usize = 4_096;
const BYTES_MAX: usize = 256 << 10;
/// A longer value is not looked for again.
const VALUE_BYTES_MAX: usize = 4 << 10;
/// Fewer characters say too little to be taken for the value out of their place.
const TELLING_CHARS: usize = 6;

/// A value found.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(crate) class: DataClass,
}

impl Value {
    /// Whether its words alone say it, in whatever text: it is no single word and not short.
    pub(super) fn is_telling(&self) -> bool {
        self.text.chars().count() >= TELLING_CHARS && !self.text.chars().all(char::is_alphabetic)
    }
}

/// Finds values that were found before.
pub(crate) struct Known {
    search: Option<AhoCorasick>,
    values: Vec<Value>,
    /// A text that breaks off, and what its end may be the beginning of.
    unfinished: Option<(String, Halves)>,
}

impl Known {
    /// Looks for these values in whole.
    pub(crate) fn of(found: impl IntoIterator<Item = Value>) -> Self {
        let (mut values, mut bytes) = (Vec::<Value>::new(), 0);
        let mut seen = std::collections::HashSet::new();
        let mut raw = std::collections::HashSet::new();
        for value in found {
            if values.len() >= VALUES_MAX || !raw.insert(value.text.clone()) {
                continue;
            }
            let folded = view::views(&value.text).into_iter().map(|view| view.text().to_owned());
            let spellings: Vec<String> = folded.chain([value.text]).collect();
            for spelling in spellings {
                let text = Squeezed::of(&spelling).text().trim().to_owned();
                let fits = (2..=VALUE_BYTES_MAX).contains(&text.len()) && bytes + text.len() <= BYTES_MAX;
                if fits && seen.insert(text.to_ascii_lowercase()) {
                    bytes += text.len();
                    values.push(Value { text, kind: value.kind, class: value.class });
                }
            }
        }
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(values.iter().map(|value| &value.text));
        Self { search: search.ok(), values, unfinished: None }
    }

    /// Looks also, at the end of this text, for the beginning of a value: of one of these, or of one that nobody knows.
    #[must_use]
    pub(crate) fn in_unfinished(mut self, text: &str) -> Self {
        self.unfinished = Some((text.to_owned(), Halves::of(&self.values)));
        self
    }
}

impl Detector for Known {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let read = Squeezed::of(text);
        let mut from = 0;
        while let Some(search) = &self.search
            && let Some(found) = search.find(Input::new(read.text()).span(from..read.text().len()))
        {
            let value = &self.values[found.pattern().as_usize()];
            let range = read.back(found.range());
            if stands_alone(text, &range, &value.text) {
                out.push(Span { range, kind: value.kind, class: value.class });
                from = found.end();
            } else {
                from = read.text().ceil_char_boundary(found.start() + 1);
            }
        }
        if let Some((_, halves)) = self.unfinished.as_ref().filter(|(unfinished, _)| unfinished == text) {
            out.extend(halves.at_end(text, &read));
        }
    }
}

/// Whether a value is not part of something longer: of a longer number never, and a short one of no word.
fn stands_alone(text: &str, range: &std::ops::Range<usize>, value: &str) -> bool {
    let before = (text[..range.start].chars().next_back(), value.chars().next());
    let after = (text[range.end..].chars().next(), value.chars().next_back());
    let is_short = value.chars().count() < TELLING_CHARS;
    [before, after].into_iter().all(|(beside, edge)| {
        let (Some(beside), Some(edge)) = (beside, edge) else { return true };
        let one_number = beside.is_numeric() && edge.is_numeric();
        !(one_number || (is_short && beside.is_alphanumeric() && edge.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, kind: Kind) -> Value {
        Value { text: text.to_owned(), kind, class: DataClass::Personal }
    }

    fn found<'t>(known: &Known, text: &'t str) -> Vec<&'t str> {
        let mut spans = Vec::new();
        known.find(text, &mut spans);
        spans.into_iter().map(|span| &text[span.range]).collect()
    }

    #[test]
    fn a_value_is_found_however_it_is_grouped_and_not_within_a_longer_one() {
        let known = Known::of([
            value("7707083893", Kind::Inn),
            value("4509 123456", Kind::Passport),
            value("Abc-12345x", Kind::Key),
            value("12", Kind::Passport),
        ]);
        for (text, wanted) in [
            ("7707083893", vec!["7707083893"]),
            ("номер 77 07\u{a0}083-893.", vec!["77 07\u{a0}083-893"]),
            ("№4509123456, 4509 12 34 56", vec!["4509123456", "4509 12 34 56"]),
            ("aAbc-12345Xb", vec!["Abc-12345X"]),
            ("17707083893 77070838931", vec![]),
            ("12, a12, 123, (12)", vec!["12", "12"]),
            ("7707, 083893", vec![]),
        ] {
            assert_eq!(found(&known, text), wanted, "{text}");
        }
    }

    #[test]
    fn only_what_says_itself_is_looked_for_out_of_its_place() {
        for (text, telling) in
            [("7707083893", true), ("12345", false), ("Петров", false), ("Иван Петров", true), ("a@b.cd", true)]
        {
            assert_eq!(value(text, Kind::Person).is_telling(), telling, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_cut_text_may_be_half_a_value() {
        let known = || Known::of([value("DE89370400440532013000", Kind::Iban), value("Иван Петров", Kind::Person)]);
        for (text, wanted) in [
            ("to DE89 3704 0044 ", vec!["DE89 3704 0044"]),
            ("to DE8", vec![]),
            ("это Иван Пет", vec!["Иван Пет"]),
            ("диван", vec![]),
            ("another: FR76 3000 6000 0", vec!["FR76 3000 6000 0"]),
            ("write to ivan.petrov@exam", vec!["ivan.petrov@exam"]),
            ("in 2024", vec![]),
            ("at 12 345 678 roubles", vec![]),
        ] {
            assert_eq!(found(&known().in_unfinished(text), text), wanted, "{text}");
            assert!(found(&known(), text).is_empty(), "{text}");
        }
    }
}
