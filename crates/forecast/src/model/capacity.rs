//! What a plan delivers each year: a table in the model, or a plan's `capacity.csv`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Measured;
use super::input::{Input, Provenance, provenance};
use super::sector::are_shares;
use super::table::{Table, number};
use crate::unit::Unit;

/// Capacity by year, and what turns it into tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capacity {
    /// Each year of the model.
    pub years: Vec<CapacityYear>,
    /// The file it was read from, where it was not in the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The unit of work by class, as written.
    pub class_unit: String,
    #[serde(skip)]
    pub(crate) class: Unit,
    #[serde(skip)]
    pub(crate) span: std::ops::Range<usize>,
    /// Formulas, by the names of inputs: power of an accelerator with all that goes with it, tokens an
    /// accelerator-hour, share of hours in use, share of capacity that is for this.
    #[serde(skip)]
    pub(crate) factors: Factors,
}

/// Names of the inputs that turn capacity into tokens.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Factors {
    /// Needed unless work is told by class.
    pub(crate) accelerator_power: Option<String>,
    /// The same.
    pub(crate) throughput: Option<String>,
    pub(crate) utilisation: String,
    pub(crate) share: String,
}

/// What there is in one year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityYear {
    /// The year.
    pub year: i16,
    /// Accelerators installed.
    pub accelerators: f64,
    /// Power they may draw, all that goes with them included.
    pub power_mw: f64,
    /// By class of work: what all units could serve of it if they did nothing else, in the capacity's `class_unit`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub per_s: BTreeMap<String, f64>,
    /// What stands behind it: a reactor on the grid, a site delayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Reads the capacity of a model.
pub(super) fn capacity(
    table: &Table<'_>,
    years: std::ops::RangeInclusive<i16>,
    set: Option<&str>,
    files: &dyn Fn(&str) -> Result<String, String>,
    inputs: &[Input],
) -> Option<Capacity> {
    let provenance = provenance(table);
    are_shares(table, &["utilisation", "share"], inputs);
    let name = |field| table.require(field, table.text(field)).map(|it| it.value);
    let maybe = |field| table.text(field).map(|it| it.value);
    let factors = (maybe("accelerator_power"), maybe("throughput"), name("utilisation"), name("share"));
    let class = table.unit("class_unit").map_or_else(tokens_a_second, |it| Some(it.value));
    let written = table.text("file");
    let rows: Vec<CapacityYear> = table.many("year").iter().filter_map(row).collect();
    table.finish();
    let file = set.map(str::to_owned).or_else(|| written.as_ref().map(|it| it.value.clone()));
    let span = written.as_ref().map_or(table.span.clone(), |it| it.span.clone());
    let read = |name: &str| files(name).and_then(|text| csv(&text));
    let own = || written.as_ref().map_or_else(|| Ok(rows.clone()), |it| read(&it.value));
    let found = match set {
        None => own(),
        Some(set) => read(set).map(|rows| after_own(own().unwrap_or_default(), rows)),
    };
    let rows = match found {
        Ok(rows) => rows,
        Err(why) => {
            let file = file.unwrap_or_default();
            table.reading.problem("forecast.capacity_file", span, &[("file", file), ("why", why)]);
            return None;
        }
    };
    let chosen = chosen(table, &span, &rows, years);
    let (accelerator_power, throughput, utilisation, share) = factors;
    let factors = Factors { accelerator_power, throughput, utilisation: utilisation?, share: share? };
    let Measured { text, unit } = class?;
    Some(Capacity {
        years: chosen,
        file,
        provenance: provenance?,
        class_unit: text,
        class: unit,
        span: table.span.clone(),
        factors,
    })
}

/// The row of each year; a year that has none, or two, is a problem.
fn chosen(
    table: &Table<'_>,
    span: &std::ops::Range<usize>,
    rows: &[CapacityYear],
    years: std::ops::RangeInclusive<i16>,
) -> Vec<CapacityYear> {
    let mut chosen = Vec::new();
    for year in years {
        let mut found = rows.iter().filter(|row| row.year == year);
        match (found.next(), found.next()) {
            (Some(row), None) => chosen.push(row.clone()),
            (None, _) => table.reading.problem("forecast.capacity_lacks", span.clone(), &[("year", year.to_string())]),
            _ => table.reading.problem("forecast.capacity_twice", span.clone(), &[("year", year.to_string())]),
        }
    }
    chosen
}

/// What work by class is counted in where the model says nothing else.
fn tokens_a_second() -> Option<Measured> {
    const UNIT: &str = "token/s";
    Some(Measured { text: UNIT.to_owned(), unit: Unit::parse(UNIT, &[]).ok()? })
}

impl Capacity {
    /// Whether every year says what could be served of a class.
    pub(crate) fn tells(&self, class: &str) -> bool {
        self.years.iter().all(|it| it.per_s.contains_key(class))
    }
}

/// What is set counts from its first year on; before it, what the model says itself: nobody plans the past.
fn after_own(own: Vec<CapacityYear>, set: Vec<CapacityYear>) -> Vec<CapacityYear> {
    let first = set.iter().map(|row| row.year).min().unwrap_or(i16::MAX);
    own.into_iter().filter(|row| row.year < first).chain(set).collect()
}

fn row(table: &Table<'_>) -> Option<CapacityYear> {
    let amount = |field| {
        let found = table.require(field, table.number(field))?;
        if found.value < 0.0 {
            table.wrong(field, "not_negative", found.span);
            return None;
        }
        Some(found.value)
    };
    let year = table.require("year", table.year("year"));
    let (accelerators, power_mw) = (amount("accelerators"), amount("power_mw"));
    let per_s = table.sub("per_s").map(|it| by_class(&it)).unwrap_or_default();
    let why = table.text("why").map(|it| it.value);
    table.finish();
    Some(CapacityYear { year: year?.value, accelerators: accelerators?, power_mw: power_mw?, per_s, why })
}

fn by_class(table: &Table<'_>) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for (class, value) in table.entries() {
        match number(value.get_ref()).filter(|it| *it >= 0.0) {
            Some(number) => drop(all.insert(class.value, number)),
            None => table.wrong(&class.value, "not_negative", value.span()),
        }
    }
    all
}

/// Reads a table of capacity, as a plan writes it: heads `year,accelerators,power_mw`, `why` where there is one, a column
/// `CLASS_per_s` for each class of work.
///
/// # Errors
/// The line and the column that hold no number, or the column that lacks.
pub fn capacity_table(text: &str) -> Result<Vec<CapacityYear>, String> {
    csv(text)
}

/// Reads `year,accelerators,power_mw[,why][,CLASS_per_s…]`, in any order, beside columns that nobody here needs.
fn csv(text: &str) -> Result<Vec<CapacityYear>, String> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let (_, heads) = lines.next().ok_or("no heads")?;
    let heads = cells(heads);
    let column = |name: &str| heads.iter().position(|head| head == name);
    let needed = |name: &str| column(name).ok_or(format!("no column `{name}`"));
    let (year, accelerators, power) = (needed("year")?, needed("accelerators")?, needed("power_mw")?);
    let why = column("why");
    let classes = heads.iter().enumerate().filter_map(|(at, it)| Some((at, it.strip_suffix("_per_s")?)));
    let classes: Vec<(usize, &str)> = classes.collect();
    let mut rows = Vec::new();
    for (at, line) in lines {
        let cells = cells(line);
        let amount = |column: usize| {
            let number = cells.get(column).and_then(|cell| cell.parse::<f64>().ok());
            number.filter(|it| it.is_finite() && *it >= 0.0).ok_or(format!("line {}: {}", at + 1, heads[column]))
        };
        let number = cells.get(year).and_then(|cell| cell.parse::<i16>().ok());
        rows.push(CapacityYear {
            year: number.ok_or(format!("line {}: year", at + 1))?,
            accelerators: amount(accelerators)?,
            power_mw: amount(power)?,
            per_s: classes
                .iter()
                .map(|(at, class)| Ok::<_, String>(((*class).to_owned(), amount(*at)?)))
                .collect::<Result<_, _>>()?,
            why: why.and_then(|at| cells.get(at)).filter(|it| !it.is_empty()).cloned(),
        });
    }
    if rows.is_empty() { Err("no year below the heads".to_owned()) } else { Ok(rows) }
}

/// Cells of a line; what stands in quotes may hold commas and doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let (mut all, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => all.push(std::mem::take(&mut cell).trim().to_owned()),
            other => cell.push(other),
        }
    }
    all.push(cell.trim().to_owned());
    all
}

#[cfg(test)]
mod tests {
    use super::{after_own, csv};

    #[test]
    fn work_by_class_is_read_beside_reasons_with_commas() {
        let text =
            "year,accelerators,power_mw,why,chat_per_s,code_per_s\n2027,10,1,\"grid, \"\"first\"\" line\",5e6,0\n";
        let rows = csv(text).expect("rows");
        assert_eq!(rows[0].why.as_deref(), Some("grid, \"first\" line"));
        assert_eq!(
            rows[0].per_s.iter().map(|it| (it.0.as_str(), *it.1)).collect::<Vec<_>>(),
            [("chat", 5e6), ("code", 0.0)]
        );
        let wrong = csv("year,accelerators,power_mw,chat_per_s\n2027,10,1,much\n").expect_err("no number");
        assert_eq!(wrong, "line 2: chat_per_s");
    }

    #[test]
    fn a_plan_counts_from_its_first_year_on() {
        let own = csv("year,accelerators,power_mw\n2025,1,1\n2026,2,2\n2027,3,3\n").expect("rows");
        let plan = csv("year,accelerators,power_mw\n2026,20,20\n2027,30,30\n").expect("rows");
        let found: Vec<_> = after_own(own, plan).iter().map(|row| (row.year, row.accelerators)).collect();
        assert_eq!(found, [(2025, 1.0), (2026, 20.0), (2027, 30.0)]);
    }

    #[test]
    fn a_plan_s_table_is_read_by_its_heads() {
        let rows = csv("power_mw,year,pue,accelerators,why\n120,2027,1.2,90000,\"grid, first line\"\n").expect("rows");
        assert_eq!((rows[0].year, rows[0].power_mw, rows[0].accelerators), (2027, 120.0, 90_000.0));
        assert_eq!(rows[0].why.as_deref(), Some("grid, first line"));
        assert_eq!(csv("year,power_mw\n").expect_err("lacks one"), "no column `accelerators`");
        assert_eq!(csv("year,accelerators,power_mw\n2027,-1,5\n").expect_err("below zero"), "line 2: accelerators");
    }
}
