//! Figures that a realm does not say: the project's tables, and a deployer's own in the same form. Each with its source.
//!
//! A published figure may be taken; an estimated one of the project's tables only where that is asked for. Money of another
//! currency needs a rate that somebody gives.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

use super::units;

/// The project's tables: name and text.
const TABLES: [(&str, &str); 3] = [
    ("tables/technologies.toml", include_str!("../../../../tables/technologies.toml")),
    ("tables/reactors.toml", include_str!("../../../../tables/reactors.toml")),
    ("tables/accelerators.toml", include_str!("../../../../tables/accelerators.toml")),
];

/// One figure of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Of which thing.
    pub of: String,
    /// Which figure of it.
    pub what: String,
    /// In what; money begins with its currency, as `USD/MWh`.
    pub unit: String,
    /// Of which year.
    pub year: i32,
    /// At least.
    pub low: f64,
    /// What is planned with.
    pub mid: f64,
    /// At most.
    pub high: f64,
    /// Whether somebody published it; else it is an estimate.
    pub published: bool,
    /// Who says so, and in which file.
    pub source: String,
}

/// Why a file of figures cannot be taken: the line, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactError {
    /// From 1.
    pub line: usize,
    /// A field, or what the parser says.
    pub why: String,
}

/// A figure as a case has it, in the case's currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    pub(super) low: f64,
    pub(super) mid: f64,
    pub(super) high: f64,
    pub(super) source: String,
}

impl Taken {
    /// The same in another unit.
    pub(super) fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, mid: self.mid * factor, high: self.high * factor, ..self }
    }
}

/// What may be taken, and how.
#[derive(Debug)]
pub struct Facts {
    tables: Vec<Fact>,
    own: Vec<Fact>,
    used: RefCell<BTreeSet<usize>>,
    estimated: bool,
    currency: String,
    rates: BTreeMap<String, f64>,
    /// Currencies of figures that were asked for and have no rate.
    lacking: RefCell<BTreeSet<String>>,
}

impl Facts {
    /// The project's tables and a deployer's `own` rows; of the tables' estimates none unless `estimated`. `rates` are units of
    /// `currency` for one of another.
    pub fn new(own: Vec<Fact>, estimated: bool, currency: &str, rates: BTreeMap<String, f64>) -> Self {
        let tables = TABLES.iter().flat_map(|(name, text)| read(name, text).unwrap_or_default()).collect();
        let (currency, used, lacking) = (currency.to_owned(), RefCell::default(), RefCell::default());
        Self { tables, own, used, estimated, currency, rates, lacking }
    }

    /// The deployer's own figure of the first of `of` that has one.
    pub(super) fn own(&self, of: &[&str], what: &str) -> Option<Taken> {
        let find = |of: &&str| self.own.iter().position(|it| it.of == **of && it.what == what);
        let at = of.iter().find_map(find)?;
        self.used.borrow_mut().insert(at);
        self.taken(&self.own[at])
    }

    /// The latest figure of the project's tables that may be taken.
    pub(super) fn table(&self, of: &str, what: &str) -> Option<Taken> {
        let may = |it: &&Fact| it.of == of && it.what == what && (it.published || self.estimated);
        self.taken(self.tables.iter().filter(may).max_by_key(|it| it.year)?)
    }

    /// Own figures that nothing asked for, as `of what`: the realm says them, or there is no such thing.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let rest = self.own.iter().enumerate().filter(|(at, _)| !used.contains(at));
        rest.map(|(_, it)| format!("{} {}", it.of, it.what)).collect()
    }

    /// Currencies in which somebody says a figure that was asked for, and of which nobody gave a rate.
    pub fn lacking_rates(&self) -> Vec<String> {
        self.lacking.borrow().iter().cloned().collect()
    }

    /// In the case's currency; none where it is of another and nobody gave a rate.
    fn taken(&self, fact: &Fact) -> Option<Taken> {
        let rate = match currency(&fact.unit) {
            Some(other) if other != self.currency => {
                let rate = self.rates.get(other).copied();
                if rate.is_none() {
                    self.lacking.borrow_mut().insert(other.to_owned());
                }
                Some(rate?)
            }
            _ => None,
        };
        let known = if fact.published { "published" } else { "estimated" };
        let mut source = format!(
            "{}: {} {}, {} {} ({} to {}), {}, {known}",
            fact.source, fact.of, fact.what, fact.mid, fact.unit, fact.low, fact.high, fact.year
        );
        if let Some(rate) = rate {
            source.push_str(&format!("; at {rate} {}, as given", self.currency));
        }
        let taken = Taken { low: fact.low, mid: fact.mid, high: fact.high, source };
        Some(taken.times(rate.unwrap_or(1.0)))
    }
}

/// The currency that a unit of money begins with.
fn currency(unit: &str) -> Option<&str> {
    let word = unit.split([' ', '/']).next()?;
    (word.len() == 3 && word.bytes().all(|it| it.is_ascii_uppercase())).then_some(word)
}

/// Reads a deployer's own rows: as [`read`], and each in the unit that its field of a case has.
///
/// # Errors
/// The first row that is not as `docs/technology-tables.md` says, or in another unit.
pub fn read_own(name: &str, text: &str) -> Result<Vec<Fact>, FactError> {
    rows(name, text, &|fact| match units::of(&fact.what) {
        Some(unit) if !unit.is(&fact.unit) => Err(format!("unit = \"{}\": {unit}", fact.unit)),
        _ => Ok(()),
    })
}

/// Reads the rows of `figure` of a file; `name` stands in each one's source.
///
/// # Errors
/// The first row that is not as `docs/technology-tables.md` says.
pub fn read(name: &str, text: &str) -> Result<Vec<Fact>, FactError> {
    rows(name, text, &|_| Ok(()))
}

fn rows(name: &str, text: &str, fits: &dyn Fn(&Fact) -> Result<(), String>) -> Result<Vec<Fact>, FactError> {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let syntax = |error: toml::de::Error| FactError {
        line: line(error.span().map_or(0, |it| it.start)),
        why: error.message().to_owned(),
    };
    let document = DeTable::parse(text).map_err(syntax)?;
    let Some(rows) = document.get_ref().get("figure").and_then(|it| it.get_ref().as_array()) else {
        return Err(FactError { line: 1, why: "figure".to_owned() });
    };
    let one = |row: &toml::Spanned<DeValue<'_>>| {
        let wrong = |why: String| FactError { line: line(row.span().start), why };
        let fact = fact(name, row.get_ref()).map_err(|field| wrong(field.to_owned()))?;
        fits(&fact).map_err(wrong)?;
        Ok(fact)
    };
    rows.iter().map(one).collect()
}

/// One row, or the field of it that is wrong.
fn fact(name: &str, row: &DeValue<'_>) -> Result<Fact, &'static str> {
    let row = row.as_table().ok_or("figure")?;
    let text = |field: &'static str| {
        let found = row.get(field).and_then(|it| it.get_ref().as_str()).map(str::trim);
        let fits = |it: &&str| !it.is_empty() && !it.chars().any(char::is_control);
        found.filter(fits).map(str::to_owned).ok_or(field)
    };
    let number = |field: &'static str| {
        let written = match row.get(field).map(toml::Spanned::get_ref) {
            Some(DeValue::Integer(it)) if it.radix() == 10 => it.as_str().replace('_', "").parse::<f64>().ok(),
            Some(DeValue::Float(it)) => it.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        written.filter(|it| it.is_finite() && it.abs() <= 1e15).ok_or(field)
    };
    let (low, mid, high) = (number("low")?, number("mid")?, number("high")?);
    let published = match text("known")?.as_str() {
        "published" => true,
        "estimated" => false,
        _ => return Err("known"),
    };
    #[expect(clippy::cast_possible_truncation, reason = "a whole year within four digits")]
    let year = number("year").map(|it| it as i32)?;
    if !(low <= mid && mid <= high) {
        return Err("low, mid, high");
    }
    let source = format!("{name}: {}", text("source")?);
    Ok(Fact { of: text("of")?, what: text("what")?, unit: text("unit")?, year, low, mid, high, published, source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Facts, TABLES, read, read_own};

    #[test]
    fn every_table_of_the_project_is_read() {
        for (name, text) in TABLES {
            assert!(read(name, text).unwrap().len() > 10, "{name}");
        }
    }

    #[test]
    fn an_estimate_is_nobodys_default_and_money_needs_its_rate() {
        let none = Facts::new(Vec::new(), false, "RUB", BTreeMap::new());
        assert_eq!(none.table("server", "power_over_accelerators"), None);
        assert_eq!(none.table("h100-80", "price"), None, "dollars");
        assert_eq!(none.lacking_rates(), ["USD"]);
        assert_eq!(none.table("hydro-reservoir", "life").unwrap().mid, 80.0);
        let rates = BTreeMap::from([("USD".to_owned(), 80.0)]);
        let all = Facts::new(Vec::new(), true, "RUB", rates);
        assert_eq!(all.table("server", "power_over_accelerators").unwrap().mid, 1.5);
        let price = all.table("h100-80", "price").unwrap();
        assert_eq!((price.low, price.mid), (25.0 * 80.0, 27.5 * 80.0));
        assert!(price.source.contains("at 80 RUB, as given") && price.source.contains("published"), "{}", price.source);
    }

    #[test]
    fn a_row_that_is_not_as_it_should_be_is_named() {
        let row = |row: &str| read("mine", &format!("\nfigure = [\n  {{ {row} }},\n]\n")).unwrap_err();
        let error = row(
            "of = \"a\", what = \"b\", unit = \"c\", year = 2026, low = 2, mid = 1, high = 3, known = \"published\", source = \"x\"",
        );
        assert_eq!((error.line, error.why.as_str()), (3, "low, mid, high"));
        let own = |what: &str, unit: &str| {
            let rest = "year = 2026, low = 1, mid = 1, high = 1, known = \"published\", source = \"x\"";
            let row = format!("of = \"a\", what = \"{what}\", unit = \"{unit}\", {rest}");
            read_own("mine", &format!("figure = [\n  {{ {row} }},\n]\n")).map_err(|error| (error.line, error.why))
        };
        for (what, unit) in [("marginal_cost_per_mwh", "RUB/MWh"), ("price", "USD"), ("power_w", "W"), ("other", "x")] {
            assert!(own(what, unit).is_ok(), "{what}");
        }
        for (what, unit) in [
            ("marginal_cost_per_mwh", "EUR/kWh"),
            ("price", "USD thousand"),
            ("power_w", "kW"),
            ("availability", "%"),
            ("life_years", "months"),
            ("co2_t_per_mwh", "kg/MWh"),
        ] {
            let (line, why) = own(what, unit).unwrap_err();
            assert!(line == 2 && why.contains(unit), "{why}");
        }
        assert_eq!(row("of = \"a\"").why, "low");
        assert_eq!(read("mine", "x = 1").unwrap_err().why, "figure");
    }
}
