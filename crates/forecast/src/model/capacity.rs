//! What a plan delivers each year: a table in the model, or a plan's `capacity.csv`.

use serde::Serialize;

use super::input::{Provenance, provenance};
use super::table::Table;

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
    /// Formulas, by the names of inputs: power of an accelerator with all that goes with it, tokens an
    /// accelerator-hour, share of hours in use, share of capacity that is for this.
    #[serde(skip)]
    pub(crate) factors: Factors,
}

/// Names of the inputs that turn capacity into tokens.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Factors {
    pub(crate) accelerator_power: String,
    pub(crate) throughput: String,
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
) -> Option<Capacity> {
    let provenance = provenance(table);
    let name = |field| table.require(field, table.text(field)).map(|it| it.value);
    let factors = (name("accelerator_power"), name("throughput"), name("utilisation"), name("share"));
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
    let mut chosen = Vec::new();
    for year in years {
        let mut found = rows.iter().filter(|row| row.year == year);
        match (found.next(), found.next()) {
            (Some(row), None) => chosen.push(row.clone()),
            (None, _) => table.reading.problem("forecast.capacity_lacks", span.clone(), &[("year", year.to_string())]),
            _ => table.reading.problem("forecast.capacity_twice", span.clone(), &[("year", year.to_string())]),
        }
    }
    let (accelerator_power, throughput, utilisation, share) = factors;
    let factors = Factors {
        accelerator_power: accelerator_power?,
        throughput: throughput?,
        utilisation: utilisation?,
        share: share?,
    };
    Some(Capacity { years: chosen, file, provenance: provenance?, factors })
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
    let why = table.text("why").map(|it| it.value);
    table.finish();
    Some(CapacityYear { year: year?.value, accelerators: accelerators?, power_mw: power_mw?, why })
}

/// Reads `year,accelerators,power_mw[,why]`, in any order, beside columns that nobody here needs.
fn csv(text: &str) -> Result<Vec<CapacityYear>, String> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let (_, heads) = lines.next().ok_or("no heads")?;
    let heads: Vec<&str> = heads.split(',').map(str::trim).collect();
    let column = |name: &str| heads.iter().position(|head| *head == name);
    let needed = |name: &str| column(name).ok_or(format!("no column `{name}`"));
    let (year, accelerators, power) = (needed("year")?, needed("accelerators")?, needed("power_mw")?);
    let why = column("why");
    let mut rows = Vec::new();
    for (at, line) in lines {
        let cells: Vec<&str> = line.splitn(heads.len(), ',').map(|cell| cell.trim().trim_matches('"')).collect();
        let amount = |column: usize| {
            let number = cells.get(column).and_then(|cell| cell.parse::<f64>().ok());
            number.filter(|it| it.is_finite() && *it >= 0.0).ok_or(format!("line {}: {}", at + 1, heads[column]))
        };
        let number = cells.get(year).and_then(|cell| cell.parse::<i16>().ok());
        rows.push(CapacityYear {
            year: number.ok_or(format!("line {}: year", at + 1))?,
            accelerators: amount(accelerators)?,
            power_mw: amount(power)?,
            why: why.and_then(|at| cells.get(at)).filter(|it| !it.is_empty()).map(|it| (*it).to_owned()),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::{after_own, csv};

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
