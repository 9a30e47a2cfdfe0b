//! CSV files: a header of names, commas, no quotes. Cells keep their places, for problems.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use realm::load::Source;

use super::table::Table;
use super::{Place, Reading, Time};

/// A file of series, read.
pub(super) struct Sheet {
    pub(super) columns: BTreeMap<String, Arc<[f64]>>,
    pub(super) names: Vec<String>,
}

/// A cell: its text without blanks around it, and where it stands.
type Cell<'a> = (&'a str, Range<usize>);

/// Lines with their cells; empty lines are left out.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Vec<Cell<'_>>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            return None;
        }
        let mut from = start;
        let cells = line.split(',').map(|cell| {
            let left = cell.len() - cell.trim_start().len();
            let trimmed = cell.trim();
            let begin = from + left;
            from += cell.len() + 1;
            (trimmed, begin..begin + trimmed.len())
        });
        Some(cells.collect())
    })
}

fn span_of(cells: &[Cell<'_>]) -> Range<usize> {
    let start = cells.first().map_or(0, |(_, span)| span.start);
    start..cells.last().map_or(start, |(_, span)| span.end)
}

/// A file of tables: one row a table.
pub(super) fn tables<'a>(reading: &'a Reading, source: &'a Arc<Source>, name: &'static str) -> Vec<Table<'a>> {
    let mut lines = rows(&source.text);
    let Some(header) = lines.next() else {
        reading.problem("case.csv_empty", source, 0..0, &[]);
        return Vec::new();
    };
    let mut tables = Vec::new();
    for cells in lines {
        if !is_whole(reading, source, &header, &cells) {
            continue;
        }
        let span = span_of(&cells);
        let pairs = header.iter().cloned().zip(cells);
        tables.push(Table::of_row(reading, source, name, pairs, span));
    }
    tables
}

fn is_whole(reading: &Reading, source: &Arc<Source>, header: &[Cell<'_>], cells: &[Cell<'_>]) -> bool {
    if header.len() == cells.len() {
        return true;
    }
    let args = [("want", header.len().to_string()), ("found", cells.len().to_string())];
    reading.problem("case.csv_cells", source, span_of(cells), &args);
    false
}

/// A file of series: `hour` or `year,hour`, then a column each. Gaps, strangers and missing hours are problems.
pub(super) fn series(reading: &Reading, source: &Arc<Source>, time: &Time) -> Option<Sheet> {
    let mut lines = rows(&source.text);
    let header = lines.next().unwrap_or_default();
    let by_year = header.first().is_some_and(|(name, _)| *name == "year");
    let lead = usize::from(by_year) + 1;
    is_header(reading, source, &header, lead).then_some(())?;
    let hours = time.hours.count();
    let runs = if by_year { time.years.len() } else { 1 };
    let mut columns = vec![Vec::with_capacity(hours * runs); header.len() - lead];
    let mut next = 0;
    let mut sound = true;
    for cells in lines {
        if !is_whole(reading, source, &header, &cells) || !in_order(reading, source, time, &cells, lead, next) {
            return None;
        }
        for (column, (text, span)) in columns.iter_mut().zip(&cells[lead..]) {
            let value = text.parse::<f64>().ok().filter(|it| it.is_finite());
            if value.is_none() && sound {
                reading.problem("case.csv_number", source, span.clone(), &[("found", (*text).to_owned())]);
                sound = false;
            }
            column.push(value.unwrap_or(0.0));
        }
        next += 1;
    }
    if next != hours * runs {
        let args = [("want", (hours * runs).to_string()), ("found", next.to_string())];
        reading.problem("case.csv_hours", source, source.text.len()..source.text.len(), &args);
        return None;
    }
    let names: Vec<String> = header[lead..].iter().map(|(name, _)| (*name).to_owned()).collect();
    let columns = names.iter().cloned().zip(columns.into_iter().map(Arc::from)).collect();
    sound.then_some(Sheet { columns, names })
}

/// Whether a header has its `hour` and each name once.
fn is_header(reading: &Reading, source: &Arc<Source>, header: &[Cell<'_>], lead: usize) -> bool {
    let (code, column, span) = match (header.get(lead - 1), twice(header)) {
        (Some(("hour", _)), None) => return true,
        (Some(("hour", _)), Some((name, span))) => ("case.csv_twice", name, span),
        _ => ("case.csv_column", "hour", span_of(header)),
    };
    reading.problem(code, source, span, &[("column", column.to_owned()), ("known", list(header))]);
    false
}

/// A column whose name stands there twice: which of the two is meant, nobody could tell.
fn twice<'a>(header: &[Cell<'a>]) -> Option<(&'a str, Range<usize>)> {
    let again = |at: usize| header[..at].iter().any(|(name, _)| *name == header[at].0);
    (0..header.len()).find(|at| again(*at)).map(|at| (header[at].0, header[at].1.clone()))
}

/// Whether a row is the next hour.
fn in_order(
    reading: &Reading,
    source: &Arc<Source>,
    time: &Time,
    cells: &[Cell<'_>],
    lead: usize,
    next: usize,
) -> bool {
    let hours = time.hours.count();
    let (k, hour) = (next / hours, next % hours);
    let year = time.years.get(k).map(|it| it.year);
    let want = match (lead, year) {
        (2, Some(year)) => vec![year.to_string(), hour.to_string()],
        (1, _) if k == 0 => vec![hour.to_string()],
        _ => vec!["–".to_owned()],
    };
    let found: Vec<&str> = cells[..lead].iter().map(|(text, _)| *text).collect();
    if found == want {
        return true;
    }
    let args = [("want", want.join(",")), ("found", found.join(","))];
    reading.problem("case.csv_gap", source, cells[lead - 1].1.clone(), &args);
    false
}

fn list(header: &[Cell<'_>]) -> String {
    header.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Where the cell of a column stands in an hour of a year; none: the file is not as it was read.
pub(super) fn cell(source: &Source, column: &str, row: usize) -> Option<Range<usize>> {
    let mut lines = rows(&source.text);
    let at = lines.next()?.iter().position(|(name, _)| *name == column)?;
    lines.nth(row)?.get(at).map(|(_, span)| span.clone())
}

impl Sheet {
    /// A column; a name that is not there is a problem at `place`.
    pub(super) fn column(&self, reading: &Reading, file: &str, column: &str, place: &Place) -> Option<Arc<[f64]>> {
        let found = self.columns.get(column).cloned();
        if found.is_none() {
            let known: Vec<&str> = self.names.iter().take(20).map(String::as_str).collect();
            let mut args = vec![("column", column.to_owned()), ("path", file.to_owned()), ("known", known.join(", "))];
            if let Some(near) = realm::load::nearest(column, self.names.iter().map(String::as_str)) {
                args.push(("nearest", near));
            }
            reading.at("case.no_column", place, &args);
        }
        found
    }
}
