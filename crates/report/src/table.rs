//! Rows and columns, and their CSV.

use std::borrow::Cow;

use serde::Serialize;

use crate::locale::Numbers;

/// Rows and columns.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Its name: that of its file without `.csv`, and in an address.
    pub name: &'static str,
    /// What it shows; empty where the heading above says it.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// Its name for programs, unit last: `power_mw`.
    pub name: Cow<'static, str>,
    /// Its name for people, with the unit.
    pub title: String,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number, in full.
    Number(f64),
    /// A share of one, shown in hundredths.
    Share(f64),
    /// A year: shown without separators.
    Year(i32),
    /// Nothing is known.
    Unknown,
}

impl Cell {
    /// For people.
    pub fn shown(&self, numbers: Numbers) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(value) => numbers.number(*value),
            Self::Share(value) => numbers.percent(*value),
            Self::Year(year) => year.to_string(),
            Self::Unknown => "–".to_owned(),
        }
    }

    /// Whether it stands to the right.
    pub fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            // Without end: `inf`, which readers of CSV take for a number.
            Self::Number(value) | Self::Share(value) if !value.is_nan() => value.to_string(),
            Self::Year(year) => year.to_string(),
            Self::Number(_) | Self::Share(_) | Self::Unknown => String::new(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Unknown, Self::Number)
    }
}

impl Column {
    /// A column by both its names.
    pub fn new(name: impl Into<Cow<'static, str>>, title: String) -> Self {
        Self { name: name.into(), title }
    }
}

impl Table {
    /// For other programs: RFC 4180, numbers in full with a point, an empty cell where nothing is known.
    pub fn to_csv(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = String>| cells.map(|it| quoted(&it)).collect::<Vec<_>>().join(",");
        let mut text = line(&mut self.columns.iter().map(|it| it.name.to_string()));
        text.push_str("\r\n");
        for row in &self.rows {
            text.push_str(&line(&mut row.iter().map(Cell::plain)));
            text.push_str("\r\n");
        }
        text
    }

    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name)
    }
}

/// A cell as CSV has it. A text that a spreadsheet would take for a formula is kept a text.
fn quoted(cell: &str) -> String {
    let begins = |marks: &[char]| cell.starts_with(marks) && cell.parse::<f64>().is_err();
    let kept = if begins(&['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if kept.contains([',', '"', '\n', '\r']) { format!("\"{}\"", kept.replace('"', "\"\"")) } else { kept }
}
