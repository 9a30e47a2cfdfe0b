//! Counts, shares of them, and money: exact until they are shown.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Digits of a share after the point.
const DIGITS: u32 = 6;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// How many of them.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Ratio {
    /// So many of so many.
    pub fn of(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// The part of one; none of nothing.
    pub fn share(self) -> Option<Share> {
        (self.whole > 0).then(|| Share(Decimal::from(self.part) / Decimal::from(self.whole)))
    }

    /// Whether one share is less than another, exactly; nothing is comparable with none of nothing.
    pub fn is_less(self, other: Self) -> bool {
        self.whole > 0
            && other.whole > 0
            && u128::from(self.part) * u128::from(other.whole) < u128::from(other.part) * u128::from(self.whole)
    }
}

/// A share with its parts, so that nobody has to guess of what it is one: `{"part":1,"whole":3,"share":"0.333333"}`.
impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Ratio", 3)?;
        fields.serialize_field("part", &self.part)?;
        fields.serialize_field("whole", &self.whole)?;
        fields.serialize_field("share", &self.share())?;
        fields.end()
    }
}

/// A part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub Decimal);

impl Share {
    /// In hundredths, to one digit: `66.7 %`.
    pub fn percent(self) -> String {
        let hundredths =
            (self.0 * Decimal::ONE_HUNDRED).round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
        format!("{hundredths:.1} %")
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0.round_dp(DIGITS).normalize())
    }
}

/// An index between zero and one, to four digits.
pub(crate) fn index(value: f64) -> Decimal {
    Decimal::try_from(value).unwrap_or_default().round_dp(4).normalize()
}

/// Billionths of a currency as an amount of it.
pub(crate) fn money(nano: i128) -> Decimal {
    Decimal::try_from_i128_with_scale(nano, 9).unwrap_or(Decimal::MAX).normalize()
}

/// Writes a decimal as a text, so that no reader makes a binary fraction of it.
pub(crate) fn as_text<S: Serializer>(amount: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(amount)
}

/// The same where there may be none.
pub(crate) fn as_text_if<S: Serializer>(amount: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => to.collect_str(amount),
        None => to.serialize_none(),
    }
}

/// Writes a day as ISO 8601 does.
pub(crate) fn day<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    day.to_string().serialize(to)
}

/// The same where there is one.
pub(crate) fn day_if<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(to)
}

/// The same for the first and the last of several.
pub(crate) fn days_if<S: Serializer>(days: &Option<(Date, Date)>, to: S) -> Result<S::Ok, S::Error> {
    days.map(|(first, last)| [first.to_string(), last.to_string()]).serialize(to)
}

#[cfg(test)]
mod tests {
    use super::{Ratio, index, money};

    #[test]
    fn shares_say_of_what() {
        let third = Ratio::of(1, 3);
        assert_eq!(serde_json::to_string(&third).unwrap(), r#"{"part":1,"whole":3,"share":"0.333333"}"#);
        assert_eq!(third.share().unwrap().percent(), "33.3 %");
        assert_eq!(Ratio::of(0, 0).share(), None);
        assert_eq!(serde_json::to_string(&Ratio::of(0, 0)).unwrap(), r#"{"part":0,"whole":0,"share":null}"#);
        assert!(Ratio::of(1, 3).is_less(Ratio::of(2, 5)) && !Ratio::of(2, 4).is_less(Ratio::of(1, 2)));
    }

    #[test]
    fn money_is_exact() {
        assert_eq!(money(236_000).to_string(), "0.000236");
        assert_eq!(money(-1).to_string(), "-0.000000001");
        assert_eq!(index(0.123_456).to_string(), "0.1235");
    }
}
