//! A model: what its file says, checked.

mod belief;
mod capacity;
mod correlation;
mod head;
mod input;
mod read;
mod sector;
mod settle;
mod table;
mod value;
mod words;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use realm::load::{Diagnostic, Source};
use serde::Serialize;

pub use belief::{Published, published};
pub use capacity::{Capacity, CapacityYear, capacity_table};
pub use correlation::{Correlations, Pair};
pub(crate) use read::read_tables;
pub(crate) use table::Table;
pub use words::Words;

pub use input::{Basis, Input, Provenance};

use crate::contract::{Contract, Span};
use crate::program::{Definition, Node, Program};
use crate::unit::Unit;
use crate::usage::{Counted, Usage};

/// Most years of a model.
pub const YEARS_MAX: usize = 60;
/// Most figures of a model, which bounds the memory of a run.
pub const FIGURES_MAX: usize = 32;

/// What a reading of a model needs beside its text.
pub struct Around<'a> {
    /// The day on which sources may have expired.
    pub today: Date,
    /// What is set in place of what the file says: `plan.capacity` (a file) or `input.ID` (a value as files write it).
    pub sets: &'a [(String, String)],
    /// Reads a file that the model names, by its path as written.
    pub files: &'a dyn Fn(&str) -> Result<String, String>,
}

/// A model that may be run.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Words,
    /// The first year.
    pub first_year: i16,
    /// The last year.
    pub last_year: i16,
    /// Inputs, in the order of the file.
    pub inputs: Vec<Input>,
    /// How inputs move together.
    pub correlations: Correlations,
    /// Figures, in the order of the file.
    pub figures: Vec<Figure>,
    /// Targets, in the order of the file.
    pub targets: Vec<Target>,
    /// What published estimates would mean here.
    pub beliefs: Vec<Belief>,
    /// What a plan delivers, where the model is tied to one.
    pub capacity: Option<Capacity>,
    /// Sectors of the built-in structure.
    pub sectors: Vec<Sector>,
    /// The figure on which somebody decides: go where it is above zero.
    pub decision: Option<usize>,
    pub(crate) series: Vec<Series>,
    pub(crate) aids: Aids,
    pub(crate) program: Program,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) source: Arc<Source>,
}

/// More of anything than anybody could use.
const NO_LIMIT: f64 = 1e18;

impl Model {
    /// The same with a capacity that limits nothing; none where no plan limits it now.
    pub(crate) fn unbounded(&self) -> Option<Self> {
        self.capacity.as_ref()?;
        let mut free = self.clone();
        let of_plan = free.series.iter_mut().filter(|it| it.name.starts_with("capacity."));
        of_plan.flat_map(|it| &mut it.values).for_each(|value| *value = NO_LIMIT);
        Some(free)
    }
}

/// Something that the model computes each year.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Option<Words>,
    /// How it is computed.
    pub formula: String,
    /// Its unit as written.
    pub unit: String,
    /// What it is a figure of.
    pub contract: Contract,
    /// Why it is computed so.
    pub why: Option<Words>,
    pub(crate) scale: f64,
    pub(crate) node: Node,
}

/// Something to be reached.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// The figure, by number.
    pub figure: usize,
    /// At least this much, in `unit`.
    pub at_least: f64,
    /// The unit as written.
    pub unit: String,
    /// In or until this year.
    pub by: i16,
    /// As whoever set it states it.
    pub contract: Contract,
    /// Who set it, and where.
    pub source: Words,
    /// Each way to read it.
    pub(crate) readings: Vec<Reading>,
}

/// One way to read a target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) span: Span,
    pub(crate) node: Node,
    /// In base units.
    pub(crate) at_least: f64,
    /// What one of the target's unit is in base units.
    pub(crate) scale: f64,
}

/// What a published estimate, or somebody's own, would make of the first target's figure.
#[derive(Debug, Clone)]
pub struct Belief {
    /// Its id: that of a published estimate where it cites one.
    pub id: String,
    /// Its source in words.
    pub source: Words,
    /// Its weight; none: shown, never mixed in.
    pub weight: Option<f64>,
    /// What must be assumed to carry it over to the target.
    pub assumes: Option<Words>,
    pub(crate) readings: Vec<Reading>,
}

/// A sector of the built-in structure.
#[derive(Debug, Clone, Serialize)]
pub struct Sector {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Option<Words>,
    /// The curve its adoption follows.
    pub curve: &'static str,
    /// Whether the adoption so far is a given value that somebody measured or cites; else it is assumed.
    pub adopted: Adopted,
    /// What was counted, where it was.
    pub counted: Option<Counted>,
    #[serde(skip)]
    pub(crate) wanted: Node,
    #[serde(skip)]
    pub(crate) adoption: Node,
}

/// Where the adoption so far comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adopted {
    /// Counted in usage records.
    Measured,
    /// A value with a source that measured or states it.
    Given,
    /// Nobody measured it.
    Assumed,
}

impl Adopted {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Given => "given",
            Self::Assumed => "assumed",
        }
    }
}

/// Values by year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
}

/// Steps that results look at beside the figures.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Aids {
    pub(crate) share: Option<Node>,
    /// 1 where power allows fewer accelerators than there are.
    pub(crate) is_power: Option<Node>,
}

impl Model {
    /// Reads a model; `path` is only said in problems.
    ///
    /// # Errors
    /// Every problem of the text, each with its place.
    pub fn parse(path: &Path, text: &str, around: &Around<'_>) -> Result<Self, Vec<Diagnostic>> {
        read::read(path, text, around, None)
    }

    /// The same, with what usage records say of adoption so far: sectors that ask for it start from there.
    ///
    /// # Errors
    /// Every problem of the text, each with its place.
    pub fn parse_with_usage(
        path: &Path,
        text: &str,
        around: &Around<'_>,
        usage: &Usage,
    ) -> Result<Self, Vec<Diagnostic>> {
        read::read(path, text, around, Some(usage))
    }

    /// How many years there are.
    pub fn years(&self) -> usize {
        usize::try_from(self.last_year - self.first_year).unwrap_or(0) + 1
    }

    /// The number of a year, counted from the first.
    pub(crate) fn year(&self, year: i16) -> usize {
        usize::try_from(year - self.first_year).unwrap_or(0)
    }

    /// The year of a number.
    pub(crate) fn calendar(&self, year: usize) -> i16 {
        self.first_year + i16::try_from(year).unwrap_or(0)
    }

    /// A definition's place in the file.
    pub(crate) fn place(&self, definition: usize) -> Range<usize> {
        self.definitions.get(definition).map_or(0..0, |it| it.span.clone())
    }
}

/// A unit as written and as used.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) text: String,
    pub(crate) unit: Unit,
}
