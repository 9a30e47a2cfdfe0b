//! Payment cards: the issuer's prefix, the length that goes with it, the Luhn check digit.

use realm::DataClass;

use super::digits::{Digits, Group, is_decimal, is_glued_after, is_glued_before, may_end, may_start, runs};
use super::unicode::is_separator;
use super::{Detector, Kind, Needs, Span};

/// Finds payment card numbers, with spaces, dashes or dots or without.
pub struct Card;

const DIGITS_MIN: usize = 13;
const DIGITS_MAX: usize = 19;
const GAP_MAX: usize = 3;

impl Detector for Card {
    fn needs(&self) -> Needs {
        Needs::Digits(DIGITS_MIN)
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        runs(text, is_gap, |run| in_run(text, run, out));
    }
}

/// A few separators, dots and strokes: never anything else, so that lists of numbers stay apart.
fn is_gap(gap: &str) -> bool {
    (1..=GAP_MAX).contains(&gap.chars().count())
        && gap.chars().all(|char| matches!(char, '.' | '/' | '|' | '_') || is_separator(char))
}

/// One separator that is no dot or stroke: what decimal numbers, versions and columns of a table have not.
fn is_plain(gap: &str) -> bool {
    !matches!(gap, "." | "/" | "|" | "_") && gap.chars().nth(1).is_none()
}

/// Groups as cards have them: of one size, the last one maybe shorter, or those of American Express and Diners Club.
fn is_even(groups: &[Group]) -> bool {
    let sizes = || groups.iter().map(|group| group.len());
    let [first, middle @ .., last] = groups else { return true };
    let same = middle.iter().all(|group| group.len() == first.len()) && last.len() <= first.len();
    same || sizes().eq([4, 6, 5]) || sizes().eq([4, 6, 4])
}

/// Tries every row of groups; a card starts and ends with a group, so it is never a part of a longer
/// row of digits.
fn in_run(text: &str, run: &[Group], out: &mut Vec<Span>) {
    let mut first = 0;
    while first < run.len() {
        match longest(text, &run[first..]) {
            Some(count) => {
                let range = run[first].start..run[first + count - 1].end;
                out.push(Span { range, kind: Kind::Card, class: DataClass::Personal });
                first += count;
            }
            None => first += 1,
        }
    }
}

fn longest(text: &str, run: &[Group]) -> Option<usize> {
    let start = run[0].start;
    // No scheme's numbers start with these.
    if matches!(text.as_bytes()[start], b'0' | b'1' | b'7') || !(may_start(text, start) || is_glued_before(text, start))
    {
        return None;
    }
    let mut collected = Digits::<DIGITS_MAX>::new();
    let (mut best, mut plain) = (None, true);
    for (index, group) in run.iter().enumerate() {
        plain &= index == 0 || is_plain(&text[run[index - 1].end..group.start]);
        let Some(digits) = collected.add(text, *group) else { break };
        if digits.len() < DIGITS_MIN || !is_issued(digits, index > 0) || !luhn(digits) {
            continue;
        }
        let written = plain || is_even(&run[..=index]);
        if written
            && (may_end(text, group.end) || is_glued_after(text, group.end))
            && !is_decimal(text, start, group.end)
        {
            best = Some(index + 1);
        }
    }
    best
}

/// Whether a scheme issues numbers with this prefix in this length.
fn is_issued(digits: &[u8], grouped: bool) -> bool {
    let prefix = |length: usize| digits[..length].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let length = digits.len();
    match prefix(4) {
        // Visa. Thirteen digits in a row are mostly a barcode.
        4000..=4999 => matches!(length, 16 | 19) || (length == 13 && grouped),
        // Mastercard, both ranges; Mir.
        5100..=5599 | 2221..=2720 => length == 16,
        2200..=2204 => (16..=19).contains(&length),
        // American Express; Diners Club.
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3059 | 3095 | 3800..=3999 => matches!(length, 14 | 16 | 19),
        3600..=3699 => matches!(length, 14 | 16 | 19),
        // JCB; Discover; UnionPay; RuPay; Troy.
        3528..=3589 | 6011 | 6440..=6599 | 8100..=8299 | 9792 => (16..=19).contains(&length),
        6200..=6299 => (16..=19).contains(&length),
        // Maestro and its national kin.
        5000..=5099 | 5600..=6999 => matches!(length, 16 | 18 | 19),
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812-1.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') << (place & 1);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}
