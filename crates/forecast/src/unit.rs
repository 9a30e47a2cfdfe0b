//! Units: a scale and what is measured. `trn RUB/year`, `token/(GPU h)`, `%`, `kWh`.
//!
//! Years, days, hours and seconds are one kind of thing (a year is 8760 hours); watts, joules and watt-hours too. Each
//! currency is a kind of its own: no rate of exchange is ever assumed.

use std::collections::BTreeMap;

use realm::load::nearest;

/// Hours of a year.
pub const YEAR_H: f64 = 8_760.0;

/// A unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// How many of the base one of it is.
    pub scale: f64,
    /// What is measured: powers of base units, none of them zero.
    pub kind: Kind,
}

/// What a unit measures: base units with their powers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Kind(BTreeMap<String, i32>);

/// Why a text is no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitError {
    /// A word that is no unit, and the nearest that is.
    Unknown(String, Option<String>),
    /// Signs where none may be.
    Shape,
}

const SCALES: [(&str, f64); 5] = [("thousand", 1e3), ("mn", 1e6), ("bn", 1e9), ("trn", 1e12), ("dozen", 12.0)];
const PLAIN: [(&str, f64); 3] = [("1", 1.0), ("%", 0.01), ("pp", 0.01)];
/// Name, base unit, how many of it.
const NAMED: [(&str, &str, f64); 22] = [
    ("s", "h", 1.0 / 3_600.0),
    ("h", "h", 1.0),
    ("hour", "h", 1.0),
    ("day", "h", 24.0),
    ("year", "h", YEAR_H),
    ("W", "W", 1.0),
    ("kW", "W", 1e3),
    ("MW", "W", 1e6),
    ("GW", "W", 1e9),
    ("GPU", "accelerator", 1.0),
    ("accelerator", "accelerator", 1.0),
    ("token", "token", 1.0),
    ("PFLOP", "PFLOP", 1.0),
    ("request", "request", 1.0),
    ("task", "task", 1.0),
    ("person", "person", 1.0),
    ("firm", "firm", 1.0),
    ("site", "site", 1.0),
    ("t", "t", 1.0),
    ("kg", "t", 1e-3),
    ("m3", "m3", 1.0),
    ("point", "point", 1.0),
];
const ENERGY: [(&str, f64); 4] = [("Wh", 1.0), ("kWh", 1e3), ("MWh", 1e6), ("GWh", 1e9)];
const MONEY: [&str; 20] = [
    "AED", "BRL", "CAD", "CHF", "CNY", "EUR", "GBP", "IDR", "INR", "JPY", "KRW", "KZT", "MXN", "NOK", "RUB", "SAR",
    "SEK", "TRY", "USD", "ZAR",
];

impl Unit {
    /// Reads a unit; `own` are words that the model declares as units of their own.
    ///
    /// # Errors
    /// A word that is no unit, signs that make none.
    pub fn parse(text: &str, own: &[String]) -> Result<Self, UnitError> {
        let mut unit = Self { scale: 1.0, kind: Kind::default() };
        let (mut below, mut expects) = (false, true);
        let spaced = text.replace('/', " / ").replace(['·', '*'], " ").replace(['(', ')'], " ");
        // In brackets after a stroke everything is below it: `token/(GPU h)`.
        let bracketed = text.split_once("/(").filter(|(_, rest)| rest.ends_with(')') && !rest.contains('/'));
        if bracketed.is_none() && text.contains(['(', ')']) {
            return Err(UnitError::Shape);
        }
        for word in spaced.split_whitespace() {
            if word == "/" {
                if expects {
                    return Err(UnitError::Shape);
                }
                (below, expects) = (true, true);
                continue;
            }
            let (scale, kind) = factor(word, own)?;
            let power = if below { -1 } else { 1 };
            unit.scale *= scale.powi(power);
            unit.kind = unit.kind.times(&kind, power);
            below = below && (bracketed.is_some() || SCALES.iter().any(|(name, _)| *name == word));
            expects = false;
        }
        if expects { Err(UnitError::Shape) } else { Ok(unit) }
    }
}

impl Kind {
    /// What a plain number measures.
    pub fn none() -> Self {
        Self::default()
    }

    /// Time.
    pub fn time() -> Self {
        Self(BTreeMap::from([("h".to_owned(), 1)]))
    }

    /// Whether it is a plain number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether money is measured, by itself or over time.
    pub fn is_money(&self) -> bool {
        let rest: Vec<_> = self.0.iter().filter(|(name, _)| *name != "h").collect();
        matches!(rest.as_slice(), [(name, 1)] if MONEY.contains(&name.as_str()))
    }

    /// The product with a power of another.
    #[must_use]
    pub fn times(&self, other: &Self, power: i32) -> Self {
        let mut product = self.0.clone();
        for (name, times) in &other.0 {
            *product.entry(name.clone()).or_default() += times * power;
        }
        product.retain(|_, power| *power != 0);
        Self(product)
    }

    /// A power of it.
    #[must_use]
    pub fn power(&self, power: i32) -> Self {
        Self::none().times(self, power)
    }

    /// The root, where every power is even.
    pub fn root(&self) -> Option<Self> {
        let even = self.0.values().all(|power| power % 2 == 0);
        even.then(|| Self(self.0.iter().map(|(name, power)| (name.clone(), power / 2)).collect()))
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |above: bool| {
            let some = self.0.iter().filter(|(_, power)| (**power > 0) == above);
            let words = some.map(|(name, power)| match power.abs() {
                1 => name.clone(),
                power => format!("{name}^{power}"),
            });
            words.collect::<Vec<_>>()
        };
        match (list(true), list(false)) {
            (above, below) if above.is_empty() && below.is_empty() => f.write_str("1"),
            (above, below) if below.is_empty() => f.write_str(&above.join(" ")),
            (above, below) => {
                let above = if above.is_empty() { "1".to_owned() } else { above.join(" ") };
                write!(f, "{above}/{}", below.join("/"))
            }
        }
    }
}

fn factor(word: &str, own: &[String]) -> Result<(f64, Kind), UnitError> {
    let (name, power) = match word.split_once('^') {
        Some((name, power)) => (name, power.parse::<i32>().ok().filter(|it| (1..=9).contains(it))),
        None => (word, Some(1)),
    };
    let power = power.ok_or(UnitError::Shape)?;
    let (scale, kind) = named(name, own)?;
    Ok((scale.powi(power), kind.power(power)))
}

fn named(name: &str, own: &[String]) -> Result<(f64, Kind), UnitError> {
    let kind = |base: &str| Kind(BTreeMap::from([(base.to_owned(), 1)]));
    let scale = SCALES.iter().chain(&PLAIN).find(|(it, _)| *it == name).map(|(_, scale)| (*scale, Kind::none()));
    let unit = || NAMED.iter().find(|(it, _, _)| *it == name).map(|(_, base, scale)| (*scale, kind(base)));
    let energy = || {
        let found = ENERGY.iter().find(|(it, _)| *it == name)?;
        Some((found.1, kind("W").times(&Kind::time(), 1)))
    };
    let money = || MONEY.contains(&name).then(|| (1.0, kind(name)));
    let mine = || own.iter().any(|it| it == name).then(|| (1.0, kind(name)));
    scale.or_else(unit).or_else(energy).or_else(money).or_else(mine).ok_or_else(|| {
        let known = NAMED.iter().map(|it| it.0).chain(MONEY).chain(SCALES.iter().map(|it| it.0));
        let known = known.chain(ENERGY.iter().map(|it| it.0)).chain(own.iter().map(String::as_str));
        UnitError::Unknown(name.to_owned(), nearest(name, known))
    })
}

#[cfg(test)]
mod tests {
    use super::{Unit, UnitError};

    fn of(text: &str) -> Unit {
        Unit::parse(text, &["robot".to_owned()]).expect(text)
    }

    #[test]
    fn units_are_read_and_compared() {
        assert_eq!(of("trn RUB").scale, 1e12);
        assert_eq!(of("MWh").kind, of("MW h").kind);
        assert_eq!(of("MWh").scale, 1e6);
        assert!((of("RUB/year").scale * 8_760.0 - 1.0).abs() < 1e-12);
        assert_eq!(of("token/(GPU h)"), of("token/GPU/h"));
        assert_eq!(of("RUB/thousand token").scale, 1e-3);
        assert_eq!(of("%").scale, 0.01);
        assert_eq!(of("robot^2").kind.root(), Some(of("robot").kind));
        assert_eq!(of("1/year").kind.to_string(), "1/h");
        assert_eq!(of("token/(GPU h)").kind.to_string(), "token/accelerator/h");
        assert!(of("bn EUR/year").kind.is_money() && !of("EUR/token").kind.is_money());
    }

    #[test]
    fn what_is_no_unit_is_refused_with_the_nearest() {
        assert_eq!(Unit::parse("GPUs", &[]), Err(UnitError::Unknown("GPUs".to_owned(), Some("GPU".to_owned()))));
        for text in ["", "/h", "h/", "h//h", "RUB^x", "(RUB", "RUB/(h/h)"] {
            assert!(Unit::parse(text, &[]).is_err(), "{text}");
        }
    }
}
