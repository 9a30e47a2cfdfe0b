//! Numbers as people write them.

use rust_decimal::Decimal;

/// How numbers are written where the text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// `1,234.5`
    Point,
    /// `1 234,5`
    Comma,
}

impl Digits {
    /// As a text's own letters tell: Cyrillic ones go with a decimal comma.
    pub fn of(text: &str) -> Self {
        let is_cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
        if text.chars().any(is_cyrillic) { Self::Comma } else { Self::Point }
    }
}

/// The last number of a text; none where it holds none that can be told.
///
/// With [`Digits::Comma`] a comma before a digit begins the fraction, unless `1,234.5` shows that it does not; spaces
/// group by three; a point begins a fraction too. With [`Digits::Point`] commas group by three.
pub fn last_number(text: &str, digits: Digits) -> Option<Decimal> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut last) = (0, None);
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (end, written) = number(&chars, at, digits);
        if let Ok(value) = written.parse::<Decimal>() {
            last = Some(if is_negative(&chars, at) { -value } else { value });
        }
        at = end;
    }
    last
}

/// A minus right before it, which is no hyphen of `covid-19` or `3-4`.
fn is_negative(chars: &[char], at: usize) -> bool {
    let is_minus = at > 0 && matches!(chars[at - 1], '-' | '\u{2212}' | '\u{2013}');
    is_minus && (at < 2 || !chars[at - 2].is_alphanumeric())
}

/// Where a number that begins here ends, and what it is without groups.
fn number(chars: &[char], from: usize, digits: Digits) -> (usize, String) {
    let mut at = run(chars, from);
    let mut written: String = chars[from..at].iter().collect();
    // Only after one to three digits can groups of three follow.
    if written.len() <= 3 {
        while let Some(end) = group(chars, at, from, digits) {
            written.extend(&chars[at + 1..end]);
            at = end;
        }
    }
    let is_mark = |c: char| c == '.' || (c == ',' && digits == Digits::Comma);
    let has_fraction =
        chars.get(at).copied().is_some_and(is_mark) && chars.get(at + 1).is_some_and(char::is_ascii_digit);
    if has_fraction {
        let end = run(chars, at + 1);
        written.push('.');
        written.extend(&chars[at + 1..end]);
        at = end;
    }
    (at, written)
}

/// The end of the digits that begin here.
fn run(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|c| !c.is_ascii_digit()).map_or(chars.len(), |length| from + length)
}

/// The end of a group of three digits after a mark that groups.
fn group(chars: &[char], at: usize, from: usize, digits: Digits) -> Option<usize> {
    let mark = *chars.get(at)?;
    let end = run(chars, at + 1);
    if end != at + 4 {
        return None;
    }
    let groups = match (mark, digits) {
        ('\u{a0}' | '\u{202f}' | '\u{2009}', _) | (' ', Digits::Comma) | (',', Digits::Point) => true,
        // `1,234.5` or `1,234,567` in a text whose own numbers have a comma.
        (',', Digits::Comma) => chars[from..at].contains(&',') || is_english(chars, end),
        _ => false,
    };
    groups.then_some(end)
}

/// Whether what follows a group can only be read with commas that group.
fn is_english(chars: &[char], end: usize) -> bool {
    let next = |offset: usize| chars.get(end + offset);
    match next(0) {
        Some('.') => next(1).is_some_and(char::is_ascii_digit),
        Some(',') => run(chars, (end + 1).min(chars.len())) == end + 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};
    use rust_decimal::Decimal;

    use super::{Digits, last_number};

    #[test]
    fn the_last_number_is_read_as_its_language_writes_it() {
        let en = |text: &str| last_number(text, Digits::Point).map(|it| it.to_string());
        let ru = |text: &str| last_number(text, Digits::Comma).map(|it| it.to_string());
        let is = |found: Option<String>, expected: &str| assert_eq!(found.as_deref(), Some(expected));
        is(en("First 7, then 1,234.5 in all."), "1234.5");
        is(en("1,234,567"), "1234567");
        is(en("It is 42."), "42");
        is(en("= -3.50"), "-3.50");
        is(en("numbers 1, 2, 3"), "3");
        is(en("pages 3-4"), "4");
        is(en("12,5"), "5");
        is(ru("Всего 1 234,5 рубля"), "1234.5");
        is(ru("1\u{a0}234\u{202f}567"), "1234567");
        is(ru("ответ: 1,234.5"), "1234.5");
        is(ru("1,234,567"), "1234567");
        is(ru("примерно 3.14"), "3.14");
        is(ru("от 1 до 2"), "2");
        is(ru("минус \u{2212}0,5"), "-0.5");
        is(ru("в 2024 100 человек"), "100");
        assert_eq!(en("none at all"), None);
        assert_eq!(ru(""), None);
        assert_eq!(Digits::of("Сколько?"), Digits::Comma);
        assert_eq!(Digits::of("How many?"), Digits::Point);
    }

    /// A number written with groups by a given hand.
    fn grouped(value: u64, mark: char) -> String {
        let plain: Vec<char> = value.to_string().chars().rev().collect();
        let groups: Vec<String> = plain.chunks(3).map(|three| three.iter().rev().collect()).collect();
        groups.into_iter().rev().collect::<Vec<_>>().join(&mark.to_string())
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(whole in 0u64..1_000_000_000_000, tenths in proptest::option::of(0u8..10), negative in proptest::bool::ANY) {
            let value: Decimal = format!("{}{whole}.{}", if negative { "-" } else { "" }, tenths.unwrap_or(0)).parse().unwrap();
            for (digits, group, mark) in [(Digits::Point, ',', '.'), (Digits::Comma, ' ', ','), (Digits::Comma, '\u{a0}', ',')] {
                let fraction = tenths.map(|it| format!("{mark}{it}")).unwrap_or_default();
                let text = format!("= {}{}{fraction}.", if negative { "-" } else { "" }, grouped(whole, group));
                prop_assert_eq!(last_number(&text, digits), Some(value), "{}", text);
            }
        }

        #[test]
        fn nothing_makes_it_fail(text in ".{0,40}", comma in proptest::bool::ANY) {
            last_number(&text, if comma { Digits::Comma } else { Digits::Point });
        }
    }
}
