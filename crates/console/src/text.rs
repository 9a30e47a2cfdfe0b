//! What pages say, in English and in Russian, and how numbers, money and times are written.

use jiff::tz::TimeZone;
use realm::load::{Catalogue, Lang};
use realm::{Nano, UnixMs};

/// Every text of the console.
pub static TEXTS: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

/// A narrow space that does not break: between thousands, and before a unit.
const THIN: char = '\u{202f}';
/// Decimals of money on a page; programs get all of them.
const DECIMALS: usize = 4;

/// A reader's language and the realm's zone and currency.
#[derive(Debug, Clone)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    /// Where times are told.
    pub zone: TimeZone,
    /// ISO 4217 code.
    pub currency: String,
}

impl Words {
    /// The language as browsers name it.
    pub fn lang_tag(&self) -> &'static str {
        match self.lang {
            Lang::En => "en",
            Lang::Ru => "ru",
        }
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A text, filled in.
    pub fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        TEXTS.text(self.lang, key, args).message
    }

    /// The text of a word that the system uses; the word itself where it is none of the known.
    pub fn word(&self, family: &str, word: &str) -> String {
        let key = format!("{family}-{}", word.replace('_', "-"));
        let said = self.t(&key);
        if said == key { word.to_owned() } else { said }
    }

    /// A count, with its thousands apart.
    pub fn decimal(&self, number: rust_decimal::Decimal) -> String {
        let text = number.normalize().to_string();
        let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("\u{2212}", rest));
        match text.split_once('.') {
            Some((whole, rest)) => format!("{sign}{}", self.with_point(grouped(whole), rest)),
            None => format!("{sign}{}", grouped(text)),
        }
    }

    /// A count, in groups of three digits.
    pub fn count(&self, number: u64) -> String {
        grouped(&number.to_string())
    }

    /// An amount of money, rounded for reading.
    pub fn money(&self, amount: Nano) -> String {
        format!("{}{THIN}{}", self.amount(amount), self.currency)
    }

    /// The same without its currency, which stands in the column's head.
    pub fn amount(&self, amount: Nano) -> String {
        let exact = amount.to_decimal();
        let text = exact.round_dp(4).to_string();
        if text.trim_matches(['0', '.', '-']).is_empty() && !exact.is_zero() {
            // What is not nothing is not shown as nothing.
            return format!("<{}", self.with_point("0".to_owned(), "0001"));
        }
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let rest = if rest.len() < 2 { format!("{rest:0<2}") } else { rest.chars().take(DECIMALS).collect() };
        self.with_point(grouped(whole), &rest)
    }

    /// A number with one decimal.
    pub fn tenth(&self, number: f64) -> String {
        let text = format!("{number:.1}");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
        self.with_point(grouped(whole), rest)
    }

    /// What the full height of a picture stands for.
    pub fn most(&self, most: f64) -> String {
        let whole = most.fract() == 0.0 && (0.0..1e15).contains(&most);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just looked at")]
        let most = if whole { self.count(most as u64) } else { self.fine(most) };
        self.say("chart-most", &[("most", most)])
    }

    /// A number with up to four decimals.
    fn fine(&self, number: f64) -> String {
        let text = format!("{number:.4}");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
        self.with_point(grouped(whole), rest)
    }

    /// A length in bytes, in the unit that fits.
    pub fn bytes(&self, bytes: u64) -> String {
        const UNITS: [(u64, &str); 4] =
            [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
        match UNITS.iter().find(|(least, _)| bytes >= *least) {
            #[expect(clippy::cast_precision_loss, reason = "a figure of three digits for people")]
            Some((unit, name)) => format!("{}{THIN}{name}", self.tenth(bytes as f64 / *unit as f64)),
            None => format!("{bytes}{THIN}B"),
        }
    }

    /// A moment in the realm's zone, to the second.
    pub fn time(&self, at: UnixMs) -> String {
        at.timestamp().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Milliseconds for people.
    pub fn ms(&self, ms: u64) -> String {
        format!("{}{THIN}ms", self.count(ms))
    }

    fn with_point(&self, whole: String, rest: &str) -> String {
        let point = match self.lang {
            Lang::En => '.',
            Lang::Ru => ',',
        };
        format!("{whole}{point}{rest}")
    }
}

/// Puts thin spaces between thousands, from five digits on.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("\u{2212}", rest));
    let mut out = sign.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left % 3 == 0 && digits.len() > 4 {
            out.push(THIN);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Lang, Nano, TimeZone, Words};

    #[test]
    fn numbers_are_written_as_their_readers_write_them() {
        let en = Words { lang: Lang::En, zone: TimeZone::UTC, currency: "EUR".into() };
        let ru = Words { lang: Lang::Ru, ..en.clone() };
        assert_eq!(en.count(1_234), "1234");
        assert_eq!(en.count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(en.amount(Nano(12_345_678_912_345)), "12\u{202f}345.6789");
        assert_eq!(ru.amount(Nano(1_500_000_000)), "1,50");
        assert_eq!((en.amount(Nano(0)), en.amount(Nano(40))), ("0.00".into(), "<0.0001".into()));
        assert_eq!(en.amount(Nano(-2_000_000_000)), "\u{2212}2.00");
        assert_eq!(ru.bytes(1_500), "1,5\u{202f}kB");
    }
}
