//! A plan's directory: a copy of its case, `plan.json`, `hourly.csv`. Written beside and renamed: whole, or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use realm::load::Lang;
use report::Report;

use super::written::Written;
use super::{Plan, capacity, columns, hourly};
use crate::case::Case;
use crate::said;

/// What one file of a plan may be large.
const BYTES_MAX: u64 = 4 << 30;

/// Why a plan cannot be kept or read.
#[derive(Debug)]
pub enum PlanError {
    /// The directory is there and holds something.
    NotEmpty(PathBuf),
    /// A file, and what the system says.
    Io(PathBuf, io::Error),
    /// A file that is not as this version writes it, and where.
    Form(PathBuf, String),
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> PlanError {
    let path = path.to_owned();
    move |error| PlanError::Io(path, error)
}

/// Copies the files of a case, those within its directory only.
fn copy_case(from: &Path, to: &Path) -> Result<(), PlanError> {
    fs::create_dir_all(to).map_err(io_at(to))?;
    for entry in fs::read_dir(from).map_err(io_at(from))? {
        let entry = entry.map_err(io_at(from))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(io_at(&path))?;
        let target = to.join(entry.file_name());
        let is_case = path.extension().is_some_and(|it| it == "toml" || it == "csv" || it == "parquet");
        if kind.is_dir() {
            copy_case(&path, &target)?;
        } else if kind.is_file() && is_case {
            fs::copy(&path, &target).map_err(io_at(&path))?;
        }
    }
    Ok(())
}

/// Whether a plan may be written there: a directory that is not there yet, or empty.
///
/// # Errors
/// It holds something.
pub fn writable(out: &Path) -> Result<(), PlanError> {
    let holds = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if holds || out.is_file() { Err(PlanError::NotEmpty(out.to_owned())) } else { Ok(()) }
}

/// Writes a plan with its case into a directory that is not there yet, or empty.
///
/// # Errors
/// A directory that holds something; what the system says.
pub fn write(case_dir: &Path, case: &Case, plan: &Plan, out: &Path) -> Result<(), PlanError> {
    whole(out, |dir| write_into(case_dir, case, plan, dir))
}

/// How a plan is told in its directory.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// The language of `plan.html`; the other one is beside it.
    pub lang: Lang,
    /// Whether its tables are written as Parquet, too.
    pub parquet: bool,
}

/// The same with the pages that tell it, and their tables.
///
/// # Errors
/// As [`write`].
pub fn write_told(case_dir: &Path, case: &Case, plan: &Plan, telling: Telling, out: &Path) -> Result<(), PlanError> {
    whole(out, |dir| {
        write_into(case_dir, case, plan, dir)?;
        if telling.parquet {
            columns::write(case, plan, &said::report(case, plan, telling.lang), dir)?;
        }
        said::write_pages(case, plan, telling.lang, dir)
    })
}

/// Writes a report in two languages with its tables, and what programs read of it, into a directory that is not there yet, or empty.
///
/// # Errors
/// A directory that holds something; what the system says.
pub fn write_report(out: &Path, stem: &str, pages: [&Report; 2], json: &str) -> Result<(), PlanError> {
    whole(out, |dir| {
        fs::create_dir_all(dir).map_err(io_at(dir))?;
        let path = dir.join(format!("{stem}.json"));
        fs::write(&path, json).map_err(io_at(&path))?;
        said::put_report(dir, stem, pages)
    })
}

/// Writes a case of one file into a directory that is not there yet, or empty.
///
/// # Errors
/// A directory that holds something; what the system says.
pub fn put_case(text: &str, out: &Path) -> Result<(), PlanError> {
    whole(out, |dir| {
        fs::create_dir_all(dir).map_err(io_at(dir))?;
        let path = dir.join("case.toml");
        fs::write(&path, text).map_err(io_at(&path))
    })
}

/// Writes a case with more tables at its end, and a file that they name, into a directory that is not there yet, or empty.
///
/// # Errors
/// A directory that holds something; what the system says.
pub fn extend(case_dir: &Path, tables: &str, (name, rows): (&str, &str), out: &Path) -> Result<(), PlanError> {
    whole(out, |dir| {
        copy_case(case_dir, dir)?;
        let path = dir.join("case.toml");
        let text = fs::read_to_string(&path).map_err(io_at(&path))?;
        fs::write(&path, format!("{}\n{tables}", text.trim_end())).map_err(io_at(&path))?;
        let series = dir.join(name);
        if series.exists() {
            return Err(PlanError::Form(case_dir.join(name), "the case has a file of this name already".to_owned()));
        }
        fs::write(&series, rows).map_err(io_at(&series))
    })
}

/// A copy of a case that is changed before it takes its place, in a directory that is not there yet, or empty.
pub(crate) fn copied<E: From<PlanError>>(
    case_dir: &Path,
    out: &Path,
    change: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    whole(out, |dir| {
        copy_case(case_dir, dir)?;
        change(dir)
    })
}

/// All of a directory or nothing.
fn whole<E: From<PlanError>>(out: &Path, fill: impl FnOnce(&Path) -> Result<(), E>) -> Result<(), E> {
    writable(out)?;
    let parent = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(io_at(parent))?;
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let temporary = parent.join(format!(".{name}.{}", std::process::id()));
    let written = fill(&temporary).and_then(|()| {
        // An empty directory gives way to a whole one.
        let _ = fs::remove_dir(out);
        Ok(fs::rename(&temporary, out).map_err(io_at(out))?)
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&temporary);
    }
    written
}

fn write_into(case_dir: &Path, case: &Case, plan: &Plan, dir: &Path) -> Result<(), PlanError> {
    copy_case(case_dir, &dir.join("case"))?;
    let json = dir.join("plan.json");
    let text = serde_json::to_string_pretty(&Written::of(case, plan));
    let text = text.map_err(|error| PlanError::Form(json.clone(), error.to_string()))?;
    fs::write(&json, text + "\n").map_err(io_at(&json))?;
    let capacity = dir.join("capacity.csv");
    fs::write(&capacity, capacity::to_csv(case, plan)).map_err(io_at(&capacity))?;
    let csv = dir.join("hourly.csv");
    fs::write(&csv, hourly::to_csv(case, &plan.hourly)).map_err(io_at(&csv))
}

/// Reads the plan in a directory; its case is `case/` there.
///
/// # Errors
/// Files that are missing or not as this version writes them.
pub fn read(case: &Case, dir: &Path) -> Result<Plan, PlanError> {
    let text = |path: &Path| {
        let bytes = realm::regular::read(path, BYTES_MAX);
        let bytes = bytes.map_err(|error| PlanError::Form(path.to_owned(), error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| PlanError::Form(path.to_owned(), error.to_string()))
    };
    let json = dir.join("plan.json");
    let form = |why: String| PlanError::Form(json.clone(), why);
    let written: Written = serde_json::from_str(&text(&json)?).map_err(|error| form(error.to_string()))?;
    let csv = dir.join("hourly.csv");
    let hourly = hourly::from_csv(case, &text(&csv)?).map_err(|why| PlanError::Form(csv, why))?;
    let plan = written.to_plan(case, hourly).map_err(form)?;
    if (written.gap() - plan.gap()).abs() > 1e-9 {
        return Err(form(format!("gap {}, where objective and bound say {}", written.gap(), plan.gap())));
    }
    let csv = dir.join("capacity.csv");
    if text(&csv)? != capacity::to_csv(case, &plan) {
        return Err(PlanError::Form(csv, "it is not what the plan comes to".to_owned()));
    }
    Ok(plan)
}
