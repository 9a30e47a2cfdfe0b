//! Numbers of JSON that are somebody's number: `4111111111111111`, and the same with a point, an exponent or a sign.

use std::borrow::Cow;

use super::{Detectors, Span};

/// More digits than any identifier has.
const DIGITS_MAX: usize = 24;

/// What a number written in JSON is, if it identifies somebody.
pub(super) fn find(detectors: &Detectors, number: &str) -> Option<Span> {
    detectors.find(&whole(number)?).into_iter().next()
}

/// The digits of a number that is whole, without its sign.
fn whole(number: &str) -> Option<Cow<'_, str>> {
    let number = number.strip_prefix('-').unwrap_or(number);
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Cow::Borrowed(number));
    }
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (units, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let point = isize::try_from(units.len()).ok()?.checked_add(exponent.parse().ok()?)?;
    let point = usize::try_from(point).ok().filter(|point| *point <= DIGITS_MAX)?;
    let said = format!("{units}{fraction}");
    let (digits, rest) = said.split_at(point.min(said.len()));
    if rest.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let padded = format!("{digits:0<point$}");
    Some(Cow::Owned(padded.trim_start_matches('0').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{find, whole};
    use crate::detect::{Detectors, Kind};

    #[test]
    fn a_whole_number_has_its_digits_however_it_is_written() {
        for (number, wanted) in [
            ("4111111111111111", Some("4111111111111111")),
            ("-4111111111111111", Some("4111111111111111")),
            ("4111111111111111.00", Some("4111111111111111")),
            ("4.111111111111111e15", Some("4111111111111111")),
            ("0.4111111111111111E+16", Some("4111111111111111")),
            ("41111111111111110e-1", Some("4111111111111111")),
            ("12e3", Some("12000")),
            ("0.4111111111111111", None),
            ("1.5", None),
            ("1e999999999999999999999", None),
            ("1e-3", None),
        ] {
            assert_eq!(whole(number).as_deref(), wanted, "{number}");
        }
    }

    #[test]
    fn what_programs_count_and_measure_is_nobodys_number() {
        let detectors = Detectors::standard();
        for number in [
            "1700000000",
            "1700000000000",
            "1700000000000000",
            "1700000000000000000",
            "2147483647",
            "4294967295",
            "9007199254740991",
            "9223372036854775807",
            "18446744073709551615",
            "20260101120000",
            "0.12345678901234567",
            "-0.00003141592653589793",
            "1e10",
            "100000000000",
        ] {
            assert_eq!(find(&detectors, number), None, "{number}");
        }
        for (number, kind) in
            [("4111111111111111", Kind::Card), ("5.500000000000004e15", Kind::Card), ("79161234567", Kind::Phone)]
        {
            assert_eq!(find(&detectors, number).map(|span| span.kind), Some(kind), "{number}");
        }
    }
}
