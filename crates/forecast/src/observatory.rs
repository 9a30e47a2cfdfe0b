//! A realm's compute beside that of nations and blocs: only like definitions are ever compared, and none are added.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::model::{Basis, CapacityYear, Words};

/// Figures of nations and blocs, with what they are figures of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    definition: Vec<Definition>,
    population: Vec<Population>,
    figure: Vec<Reference>,
}

/// What a figure is a figure of.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its id.
    pub id: String,
    /// The unit.
    pub unit: String,
    /// What a plan's table says of the same; none: no plan says it, and nothing of a plan is compared.
    #[serde(default)]
    pub of_plan: Option<Column>,
    /// In words.
    pub title: Words,
}

/// A column of a plan's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Accelerators that stand.
    Accelerators,
    /// Megawatts that they draw.
    PowerMw,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Population {
    of: String,
    millions: f64,
    #[serde(rename = "year")]
    _year: i16,
}

/// One figure.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its id.
    pub id: String,
    /// Of whom: `RU`, `EU`, `US`, `CN`, `world`.
    pub of: String,
    /// By which definition.
    pub definition: String,
    /// How much.
    pub value: f64,
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
    /// In which year.
    pub year: i16,
    /// Of which day the source is.
    pub date: String,
    /// How it came to be.
    pub basis: Basis,
    /// What people call it.
    pub title: Words,
    /// Who says so.
    pub source: Words,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/compute.json")).expect("the table is part of the program")
});

/// The figures that ship.
pub fn references() -> &'static [Reference] {
    &FILE.figure
}

/// The definitions that ship.
pub fn definitions() -> &'static [Definition] {
    &FILE.definition
}

/// People of a nation or bloc, in millions; none where the table has none.
pub fn millions(of: &str) -> Option<f64> {
    FILE.population.iter().find(|it| it.of == of).map(|it| it.millions)
}

/// A plan's table beside the references.
#[derive(Debug, Clone, Serialize)]
pub struct Observatory {
    /// Whose plan it is, where people per head are asked for.
    pub of: Option<String>,
    /// The plan's table, by year.
    pub plan: Vec<CapacityYear>,
    /// References of a definition that the plan has too.
    pub beside: Vec<Beside>,
    /// The others: each by its own definition, compared with nothing.
    pub others: Vec<Reference>,
}

/// A reference and the plan by the same definition.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// The reference.
    pub reference: Reference,
    /// The year of the plan that is compared: that of the reference, or the nearest that the plan has.
    pub year: i16,
    /// The plan's amount that year.
    pub ours: f64,
    /// What part of the reference that is.
    pub share: f64,
    /// The plan's amount for a million people, and the reference's.
    pub per_million: Option<[f64; 2]>,
    /// By how much the plan's amount grows a year, from its first year with any to its last.
    pub growth: Option<f64>,
    /// When the plan reaches the reference's least and greatest amount, less the reference's year; none: not within the plan, or
    /// nobody knows since when.
    pub years_behind: [Option<i32>; 2],
    /// Whether the plan has the reference's greatest amount from its first year on: since when is not in its table.
    pub has_from_the_start: bool,
}

impl Observatory {
    /// Compares a plan's table, its years in any order; `of` says whose people it is for.
    pub fn new(mut plan: Vec<CapacityYear>, of: Option<String>) -> Self {
        plan.sort_by_key(|it| it.year);
        let (mut beside, mut others) = (Vec::new(), Vec::new());
        for reference in references() {
            let definition = definitions().iter().find(|it| it.id == reference.definition);
            let column = definition.and_then(|it| it.of_plan);
            match column.and_then(|column| compared(&plan, reference, column, of.as_deref())) {
                Some(it) => beside.push(it),
                None => others.push(reference.clone()),
            }
        }
        Self { of, plan, beside, others }
    }
}

fn compared(plan: &[CapacityYear], reference: &Reference, column: Column, of: Option<&str>) -> Option<Beside> {
    let amount = |it: &CapacityYear| match column {
        Column::Accelerators => it.accelerators,
        Column::PowerMw => it.power_mw,
    };
    let row = plan.iter().min_by_key(|it| (it.year - reference.year).abs())?;
    let ours = amount(row);
    let reached = |least: f64| {
        let at = plan.iter().position(|it| amount(it) >= least)?;
        // What is there in the first year of a table may have been there before.
        let first = plan.get(at).filter(|_| at > 0)?;
        Some(i32::from(first.year) - i32::from(reference.year))
    };
    let people = of.and_then(millions).zip(millions(&reference.of));
    Some(Beside {
        year: row.year,
        ours,
        share: ours / reference.value,
        per_million: people.map(|(us, them)| [ours / us, reference.value / them]),
        growth: growth(plan.iter().map(|it| (it.year, amount(it)))),
        years_behind: [reached(reference.low), reached(reference.high)],
        has_from_the_start: plan.first().is_some_and(|it| amount(it) >= reference.high),
        reference: reference.clone(),
    })
}

/// Growth a year from the first year with any to the last.
fn growth(amounts: impl Iterator<Item = (i16, f64)>) -> Option<f64> {
    let some: Vec<(i16, f64)> = amounts.filter(|(_, amount)| *amount > 0.0).collect();
    let ((from, least), (to, most)) = (*some.first()?, *some.last()?);
    (to > from).then(|| (most / least).powf(1.0 / f64::from(to - from)) - 1.0)
}

#[cfg(test)]
mod tests;
