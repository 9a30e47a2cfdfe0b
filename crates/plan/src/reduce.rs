//! Representative periods of a full year: which of its weeks stand for all, in a case of its own.
//!
//! The week of the highest net demand is kept and stands for itself; the others are chosen by k-medoids over every hourly series.
//! Weights sum to the year, and the case says in which order its blocks follow one another, so that storage can be linked.

mod choose;
mod medoids;

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::case::{Case, load};
use crate::plan::{PlanError, copied};
pub use choose::Choice;

/// Why there is no smaller case.
#[derive(Debug)]
pub enum ReduceError {
    /// The case has other hours than one block of a year, named in `[[block]]`.
    Blocks,
    /// Hours of outages are counted in the year; the technology.
    Outages(String),
    /// So many periods are wanted, and the year has so many; at least two.
    Count(usize, usize),
    /// What came of it is no case.
    Case(Vec<realm::load::Diagnostic>),
    /// The directory is there and holds something.
    NotEmpty(PathBuf),
    /// A file, and what the system says.
    Io(PathBuf, io::Error),
}

impl From<PlanError> for ReduceError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::NotEmpty(path) => Self::NotEmpty(path),
            PlanError::Io(path, error) => Self::Io(path, error),
            PlanError::Form(path, why) => Self::Io(path, io::Error::other(why)),
        }
    }
}

/// Writes a case of `count` periods of `period_hours` each into a directory that is not there yet, or empty.
///
/// # Errors
/// Nothing is written then.
pub fn reduce(
    dir: &Path,
    case: &Case,
    (count, period_hours, seed): (usize, usize, u64),
    out: &Path,
) -> Result<Choice, ReduceError> {
    let path = dir.join("case.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| ReduceError::Io(path, error))?;
    let lines: Vec<&str> = text.lines().collect();
    let blocks = lines.iter().filter(|it| header(it) == Some("[[block]]")).count();
    if blocks != 1 || case.hours.starts.len() != 1 || lines.iter().any(|it| it.trim_start().starts_with("order")) {
        return Err(ReduceError::Blocks);
    }
    if let Some(it) = case.technologies.iter().find(|it| !it.outages.is_empty()) {
        return Err(ReduceError::Outages(it.id.clone()));
    }
    let periods = case.hours.count() / period_hours;
    if count < 2 || count > periods {
        return Err(ReduceError::Count(count, periods));
    }
    let choice = choose::choose(case, count, period_hours, seed);
    copied(dir, out, |temporary| {
        let path = temporary.join("case.toml");
        std::fs::write(&path, head(&lines, case, &choice)).map_err(|error| ReduceError::Io(path, error))?;
        series(temporary, case, &choice)?;
        load(temporary).map(drop).map_err(ReduceError::Case)
    })?;
    Ok(choice)
}

/// The header of a table that a line is, without blanks and comments.
fn header(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or_default().trim();
    line.starts_with('[').then_some(line)
}

/// `case.toml` with other blocks, and their order.
fn head(lines: &[&str], case: &Case, choice: &Choice) -> String {
    let id = |kept: &usize| format!("p{:03}", kept + 1);
    let mut text = String::new();
    let mut in_block = false;
    for line in lines {
        match header(line) {
            Some("[[block]]") => {
                in_block = true;
                for (at, kept) in choice.kept.iter().enumerate() {
                    let _ = write!(
                        text,
                        "[[block]]\nid = \"{}\"\nhours = {}\nweight = {}\n\n",
                        id(kept),
                        choice.period_hours,
                        weight(case, choice, at)
                    );
                }
                continue;
            }
            Some(found) => {
                in_block = false;
                let _ = writeln!(text, "{line}");
                if found == "[case]" {
                    let order: Vec<String> =
                        choice.order.iter().map(|at| format!("\"{}\"", id(&choice.kept[*at]))).collect();
                    let _ = writeln!(text, "order = [{}]", order.join(", "));
                }
                continue;
            }
            None => {}
        }
        if !in_block {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// How many times a year a kept period occurs: what it stands for, stretched so that all come to the year's hours.
#[expect(clippy::cast_precision_loss, reason = "some hundreds of periods")]
fn weight(case: &Case, choice: &Choice, at: usize) -> f64 {
    let times = choice.order.iter().filter(|it| **it == at).count() as f64;
    let step_h = case.hours.step_h[0];
    let whole: f64 = case.hours.weight.iter().sum();
    times * whole / (step_h * (choice.order.len() * choice.period_hours) as f64)
}

/// Files of series, with the hours of the kept periods only.
fn series(dir: &Path, case: &Case, choice: &Choice) -> Result<(), ReduceError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| ReduceError::Io(path, error)
    };
    for entry in std::fs::read_dir(dir).map_err(io(dir))? {
        let path = entry.map_err(io(dir))?.path();
        if path.is_dir() {
            series(&path, case, choice)?;
        } else if path.extension().is_some_and(|it| it == "csv") {
            let text = std::fs::read_to_string(&path).map_err(io(&path))?;
            if let Some(shorter) = shorter(&text, case.hours.count(), choice) {
                std::fs::write(&path, shorter).map_err(io(&path))?;
            }
        }
    }
    Ok(())
}

/// A file of series with fewer hours; none: it is no such file.
fn shorter(text: &str, hours: usize, choice: &Choice) -> Option<String> {
    let mut lines = text.lines().filter(|it| !it.trim().is_empty());
    let header = lines.next()?;
    let first = header.split(',').next()?.trim();
    let by_year = first == "year";
    if first != "hour" && !by_year {
        return None;
    }
    let rows: Vec<&str> = lines.collect();
    if rows.is_empty() || !rows.len().is_multiple_of(hours) {
        return None;
    }
    let mut found = format!("{header}\n");
    for run in rows.chunks(hours) {
        let kept = choice.kept.iter().flat_map(|it| it * choice.period_hours..(it + 1) * choice.period_hours);
        for (hour, from) in kept.enumerate() {
            let mut cells = run[from].splitn(if by_year { 3 } else { 2 }, ',');
            let year = if by_year { cells.next().map(|it| format!("{it},")) } else { None };
            let rest = cells.nth(1).unwrap_or_default();
            let _ = writeln!(found, "{}{hour},{rest}", year.unwrap_or_default());
        }
    }
    Some(found)
}
