//! The tables of a plan's directory as Parquet, beside the CSV of the same names.

use std::fs;
use std::path::Path;

use report::{Cell, Report, Table};

use super::{Plan, PlanError};
use crate::case::Case;
use crate::columnar::{Values, from_columns};

/// Writes `hourly.parquet` and a file for each table of a report.
pub(super) fn write(case: &Case, plan: &Plan, report: &Report, dir: &Path) -> Result<(), PlanError> {
    put(dir, "hourly", &hourly(case, plan))?;
    report.tables().try_for_each(|table| put(dir, table.name, &of_table(table)))
}

fn put(dir: &Path, name: &str, columns: &[(String, Values)]) -> Result<(), PlanError> {
    let path = dir.join(format!("{name}.parquet"));
    let bytes = from_columns(columns).map_err(|why| PlanError::Form(path.clone(), why))?;
    fs::write(&path, bytes).map_err(|error| PlanError::Io(path, error))
}

fn hourly(case: &Case, plan: &Plan) -> Vec<(String, Values)> {
    let hours = case.hours.count();
    let rows = || case.years.iter().flat_map(|it| (0..hours).map(move |t| (it.year, t)));
    let year = rows().map(|(year, _)| Some(f64::from(year))).collect();
    let hour = rows().map(|(_, t)| Some(t as f64)).collect();
    let mut columns = vec![("year".to_owned(), Values::Numbers(year)), ("hour".to_owned(), Values::Numbers(hour))];
    // What is below the solver's own tolerance is nothing, as in the CSV.
    let clean = |value: &f64| Some(if value.abs() < 1e-9 { 0.0 } else { *value });
    let tracks = plan.hourly.iter();
    columns.extend(tracks.map(|(track, it)| (track.name(case), Values::Numbers(it.iter().map(clean).collect()))));
    columns
}

/// A column of numbers where no cell is a text.
fn of_table(table: &Table) -> Vec<(String, Values)> {
    let column = |(at, column): (usize, &report::Column)| {
        let cells = || table.rows.iter().map(move |row| &row[at]);
        let values = if cells().any(|it| matches!(it, Cell::Text(_))) {
            Values::Texts(cells().map(text).collect())
        } else {
            Values::Numbers(cells().map(number).collect())
        };
        (column.name.to_string(), values)
    };
    table.columns.iter().enumerate().map(column).collect()
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(it) | Cell::Share(it) => Some(*it).filter(|it| it.is_finite()),
        Cell::Year(it) => Some(f64::from(*it)),
        Cell::Text(_) | Cell::Unknown => None,
    }
}

fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(it) => Some(it.clone()),
        other => number(other).map(|it| it.to_string()),
    }
}
