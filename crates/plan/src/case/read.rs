//! From files to a case. Every problem is gathered with its place; nothing stops at the first.

mod cited;
mod compute;
mod csv;
mod energy;
mod head;
mod lines;
mod rules;
mod scenarios;
mod sites;
mod table;
mod unserved;
mod value;
mod vintages;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use realm::load::{Diagnostic, Source, nearest};
use toml::de::DeTable;

use super::{Case, Hours, Stated, Year};
use crate::say::MESSAGES;
use csv::Sheet;
pub use scenarios::load_scenarios;
use table::Table;

/// What a case may be large: one file.
const BYTES_MAX: u64 = 512 << 20;

/// Why there is no case: everything that is wrong with it.
pub type LoadError = Vec<Diagnostic>;

/// Reads and checks the case in a directory.
///
/// # Errors
/// Every problem of every file.
pub fn load(dir: &Path) -> Result<Case, LoadError> {
    let reading = Reading::new(dir);
    let Some(source) = reading.file("case.toml", None) else { return Err(reading.finish()) };
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(10) {
        reading.problem("case.syntax", &source, error.span().unwrap_or(0..0), &[("why", error.message().to_owned())]);
    }
    if !errors.is_empty() {
        return Err(reading.finish());
    }
    let root = Table::of_toml(&reading, &source, "case.toml", 0..0, document.get_ref());
    let case = whole(&reading, &root);
    root.nothing_else();
    let problems = reading.finish();
    match case {
        Some(case) if problems.is_empty() => Ok(case),
        _ => Err(problems),
    }
}

/// The tables, those first that others name.
fn whole<'a>(reading: &'a Reading, root: &Table<'a>) -> Option<Case> {
    let head = root.table("case").map(|table| head::read(&table));
    root.require("case", head.as_ref());
    let years = head::years(reading, root, head.as_ref().map_or(0.0, |it| it.discount_rate));
    let time = Time { years, hours: head::hours(reading, root, head.as_ref()) };
    ["site", "technology", "storage", "accelerator", "class"].into_iter().for_each(|kind| root.declare(kind));
    let head = head?;
    let first_order_year = head.first_order_year.unwrap_or(time.years.first()?.year);
    (time.hours.count() > 0).then_some(())?;
    let (sites, loads) = (sites::read(root, &time), sites::loads(root, &time));
    let (plants, lines) = built(reading, root, &time, first_order_year, &sites);
    let classes = compute::classes(root, &time, &sites);
    Some(Case {
        name: head.name,
        currency: head.currency,
        price_year: head.price_year,
        discount_rate: head.discount_rate,
        home: head.home,
        first_order_year,
        accelerators: compute::accelerators(root, &sites, &classes),
        supplies: rules::supplies(root, &time),
        budgets: rules::budgets(root, &time),
        policies: rules::policies(root, &time),
        classes,
        sites,
        loads,
        lines,
        technologies: plants.technologies,
        storages: plants.storages,
        sources: plants.sources,
        stores: plants.stores,
        standing: plants.standing,
        years: time.years,
        hours: time.hours,
        stated: reading.stated.take(),
    })
}

/// Sources, stores and lines, those of other files included.
fn built<'a>(
    reading: &'a Reading,
    root: &Table<'a>,
    time: &Time,
    first_order_year: i32,
    sites: &[super::Site],
) -> (energy::Plants, Vec<super::Line>) {
    let mut plant = energy::read(root, time, first_order_year, sites);
    let tables = root.table("tables");
    plant.sources.extend(vintages::sources(reading, root, tables.as_ref(), &plant, first_order_year));
    plant.stores.extend(vintages::stores(reading, root, tables.as_ref(), &plant, first_order_year));
    let lines = lines::read(reading, root, tables.as_ref(), time, first_order_year);
    if let Some(tables) = tables {
        tables.nothing_else();
    }
    (plant, lines)
}

/// The years and hours that values are given for.
pub(super) struct Time {
    pub(super) years: Vec<Year>,
    pub(super) hours: Hours,
}

/// Where something stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    source: Arc<Source>,
    span: Range<usize>,
}

/// Ids of one kind: the index of each, and where it is declared.
type Declared = BTreeMap<String, (usize, Place)>;

/// What one reading gathers.
pub(super) struct Reading {
    dir: PathBuf,
    problems: RefCell<Vec<Diagnostic>>,
    /// Index of an id, and where it is declared, by kind.
    ids: RefCell<BTreeMap<&'static str, Declared>>,
    sheets: RefCell<BTreeMap<String, Option<Arc<Sheet>>>>,
    /// Names, and figures with their sources.
    pub(super) stated: RefCell<Stated>,
}

impl Reading {
    fn new(dir: &Path) -> Self {
        let (problems, ids, sheets) = (RefCell::default(), RefCell::default(), RefCell::default());
        Self { dir: dir.to_owned(), problems, ids, sheets, stated: RefCell::default() }
    }

    fn finish(&self) -> Vec<Diagnostic> {
        let mut problems = self.problems.take();
        problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        problems
    }

    pub(super) fn problem(
        &self,
        code: &'static str,
        source: &Arc<Source>,
        span: Range<usize>,
        args: &[(&'static str, String)],
    ) {
        let mut problem = Diagnostic::error(code, &MESSAGES).at(source, span);
        problem.args.extend_from_slice(args);
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn at(&self, code: &'static str, place: &Place, args: &[(&'static str, String)]) {
        self.problem(code, &place.source, place.span.clone(), args);
    }

    /// A text file of the case; `named` is where its name stands.
    fn file(&self, name: &str, named: Option<&Place>) -> Option<Arc<Source>> {
        let path = Path::new(name);
        let inside = path.components().all(|it| matches!(it, Component::Normal(_)));
        if let (false, Some(place)) = (inside, named) {
            self.at("case.outside", place, &[("path", name.to_owned())]);
            return None;
        }
        match (read_text(&self.dir.join(path)), named) {
            (Ok(text), _) => return Some(Arc::new(Source { path: path.to_owned(), text })),
            (Err(why), Some(place)) => self.at("case.unreadable", place, &[("path", name.to_owned()), ("why", why)]),
            (Err(why), None) => {
                // Which directory was meant is all that helps here.
                let path = self.dir.join(path);
                let mut problem = Diagnostic::error("case.unreadable", &MESSAGES).in_file(&path);
                problem.args.extend([("path", path.display().to_string()), ("why", why)]);
                self.problems.borrow_mut().push(problem);
            }
        }
        None
    }

    /// A file of series; it is read once however often it is named.
    fn sheet(&self, name: &str, named: &Place, time: &Time) -> Option<Arc<Sheet>> {
        if let Some(known) = self.sheets.borrow().get(name) {
            return known.clone();
        }
        let sheet = self.file(name, Some(named)).and_then(|source| csv::series(self, &source, time)).map(Arc::new);
        self.sheets.borrow_mut().insert(name.to_owned(), sheet.clone());
        sheet
    }

    /// Makes an id known; a second one of its kind is a problem.
    pub(super) fn declare(&self, kind: &'static str, id: &str, place: &Place) {
        let mut ids = self.ids.borrow_mut();
        let known = ids.entry(kind).or_default();
        let next = known.len();
        if let Some((_, first)) = known.get(id) {
            let (line, _) = first.source.line_column(first.span.start);
            let elsewhere = format!("{}:{line}", first.source.path.display());
            self.at("case.duplicate", place, &[("kind", kind.into()), ("id", id.into()), ("elsewhere", elsewhere)]);
            return;
        }
        known.insert(id.to_owned(), (next, place.clone()));
    }

    /// The index of what an id names.
    pub(super) fn resolve(&self, kind: &'static str, id: &str, place: &Place) -> Option<usize> {
        let ids = self.ids.borrow();
        let known = ids.get(kind);
        if let Some((index, _)) = known.and_then(|known| known.get(id)) {
            return Some(*index);
        }
        let names = || known.into_iter().flatten().map(|(name, _)| name.as_str());
        let mut args = vec![("kind", kind.to_owned()), ("id", id.to_owned())];
        let few: Vec<&str> = names().take(12).collect();
        args.push(("known", if few.is_empty() { "–".to_owned() } else { few.join(", ") }));
        if let Some(near) = nearest(id, names()) {
            args.push(("nearest", near));
        }
        self.at("case.unknown_reference", place, &args);
        None
    }
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "parquet")
}

fn read_text(path: &Path) -> Result<String, String> {
    let bytes = realm::regular::read(path, BYTES_MAX).map_err(|error| error.to_string())?;
    if is_parquet(path) {
        return crate::columnar::to_csv(bytes);
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
