//! Snapshots and investment periods, and series over them.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::sheet::{Folder, Refused};

/// The snapshots of a network.
pub(super) struct Time {
    /// Investment years; one where the network has none.
    pub(super) years: Vec<i32>,
    /// Snapshots of one year.
    pub(super) hours: usize,
    multi: bool,
}

fn refuse(folder: &mut Folder, file: &str, field: &str, found: impl ToString) {
    let (file, name, field) = (file.to_owned(), String::new(), field.to_owned());
    folder.refused.push(Refused { file, line: 0, name, field, found: found.to_string() });
}

/// Reads the snapshots; writes `hours.csv` and the years' tables.
pub(super) fn read(folder: &mut Folder, text: &mut String) -> Option<(Time, String)> {
    let rows = folder.rows("snapshots.csv");
    if rows.is_empty() {
        refuse(folder, "snapshots.csv", "no_snapshots", "");
        return None;
    }
    let multi = rows.iter().any(|row| !row.text("period").is_empty());
    let mut by_year: BTreeMap<i32, Vec<[f64; 3]>> = BTreeMap::new();
    for row in &rows {
        let year = if multi { row.text("period").parse().ok() } else { Some(0) };
        let Some(year) = year else {
            folder.refuse(row, "period", row.text("period"));
            continue;
        };
        let old = row.number(folder, "weightings", 1.0);
        let weights = ["objective", "generators", "stores"].map(|field| row.number(folder, field, old));
        by_year.entry(year).or_default().push(weights);
    }
    let runs: Vec<&Vec<[f64; 3]>> = by_year.values().collect();
    let hours = runs.first()?;
    if runs.iter().any(|run| run != hours) {
        refuse(folder, "snapshots.csv", "periods_differ", "");
        return None;
    }
    let mut csv = "hour,weight,energy_weight,step_h\n".to_owned();
    for (hour, [objective, generators, stores]) in hours.iter().enumerate() {
        let _ = writeln!(csv, "{hour},{objective},{generators},{stores}");
    }
    let sum: f64 = hours.iter().map(|it| it[0]).sum();
    let _ = writeln!(text, "joined = true\nhours = \"hours.csv\"\nyear_hours = {sum}");
    let years = if multi { by_year.keys().copied().collect() } else { vec![2000] };
    let time = Time { hours: hours.len(), years, multi };
    periods(folder, &time, text);
    Some((time, csv))
}

fn periods(folder: &mut Folder, time: &Time, text: &mut String) {
    let periods = folder.rows("investment_periods.csv");
    for (at, year) in time.years.iter().enumerate() {
        let row = periods.iter().find(|row| row.name == year.to_string() || row.text("period") == year.to_string());
        let weight = row.map_or(1.0, |row| row.number(folder, "objective", 1.0));
        let gap = time.years.get(at + 1).map_or(1.0, |next| f64::from(next - year));
        let length = row.map_or(if time.multi { gap } else { 1.0 }, |row| row.number(folder, "years", 1.0));
        let _ = writeln!(text, "[[year]]\nyear = {year}\nyears = {length}\nweight = {weight}");
    }
}

impl Time {
    /// A file of series as one of ours: its columns by their names, and the text with ids for heads.
    pub(super) fn series(&self, folder: &mut Folder, file: &str, kind: &str) -> Option<(Vec<String>, String)> {
        let (header, rows) = folder.table(file)?;
        let lead = header.iter().take_while(|it| ["", "snapshot", "period", "timestep"].contains(&it.as_str())).count();
        if rows.len() != self.hours * self.years.len() {
            refuse(folder, file, "rows", rows.len());
            return None;
        }
        let names: Vec<String> = header[lead..].to_vec();
        let mut text = if self.multi { "year,hour".to_owned() } else { "hour".to_owned() };
        for name in &names {
            let _ = write!(text, ",{}", folder.id(kind, name));
        }
        text.push('\n');
        for (at, cells) in rows.iter().enumerate() {
            let (year, hour) = (self.years[at / self.hours], at % self.hours);
            let _ = if self.multi { write!(text, "{year},{hour}") } else { write!(text, "{hour}") };
            for cell in cells.iter().skip(lead) {
                let _ = write!(text, ",{cell}");
            }
            text.push('\n');
        }
        Some((names, text))
    }
}
