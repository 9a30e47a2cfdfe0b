//! `scenarios.toml` beside a case: what may come otherwise. Refused as a case is: everything that is wrong, by file, line and field.

use std::path::Path;
use std::sync::Arc;

use realm::load::Source;
use toml::de::{DeTable, DeValue};

use super::rules::supplied;
use super::table::{Raw, Table, Want};
use super::{LoadError, Place, Reading};
use crate::case::{Basis, ByYear, Case};
use crate::scenario::{AS_WRITTEN, Cut, Scenario};

/// The file's name.
const FILE: &str = "scenarios.toml";

/// Reads the scenarios of the case in a directory.
///
/// # Errors
/// Every problem of the file; that it is not there.
pub fn load_scenarios(dir: &Path, case: &Case) -> Result<Vec<Scenario>, LoadError> {
    let reading = Reading::new(dir);
    let Some(source) = reading.file(FILE, None) else { return Err(reading.finish()) };
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(10) {
        reading.problem("case.syntax", &source, error.span().unwrap_or(0..0), &[("why", error.message().to_owned())]);
    }
    if !errors.is_empty() {
        return Err(reading.finish());
    }
    known(&reading, case);
    let root = Table::of_toml(&reading, &source, FILE, 0..0, document.get_ref());
    let tables = root.tables("scenario");
    root.require("scenario", tables.first());
    let scenarios: Vec<Option<Scenario>> = tables.iter().map(|table| scenario(table, case)).collect();
    root.nothing_else();
    let problems = reading.finish();
    match scenarios.into_iter().collect() {
        Some(scenarios) if problems.is_empty() => Ok(scenarios),
        _ => Err(problems),
    }
}

/// Makes the ids of the case known.
fn known(reading: &Reading, case: &Case) {
    let source = Arc::new(Source { path: "case.toml".into(), text: String::new() });
    let place = Place { source, span: 0..0 };
    case.technologies.iter().for_each(|it| reading.declare("technology", &it.id, &place));
    case.accelerators.iter().for_each(|it| reading.declare("accelerator", &it.id, &place));
    case.classes.iter().for_each(|it| reading.declare("class", &it.id, &place));
}

fn scenario(table: &Table<'_>, case: &Case) -> Option<Scenario> {
    let id = table.own_id();
    if id.as_deref() == Some(AS_WRITTEN) {
        table.wrong_type("id", table.place_of("id").span, "scenario_id");
    }
    let name = table.text("name");
    let name_ru = table.text("name_ru");
    let demand = demand(table, case);
    let delays = by_id(table, "delay_years", "technology", Want::NotNegative);
    let wrong = delays.iter().find(|(_, years)| years.fract() != 0.0 || *years > 50.0);
    if wrong.is_some() {
        table.wrong_type("delay_years", table.place_of("delay_years").span, "whole");
    }
    let cuts = table.tables("supply_cut").iter().filter_map(|it| cut(it, case)).collect();
    let price = table.table("price");
    let prices = |field, kind| price.as_ref().map_or_else(Vec::new, |it| by_id(it, field, kind, Want::NotNegative));
    let (technology, accelerator) = (prices("technology", "technology"), prices("accelerator", "accelerator"));
    let energy = prices("energy", "technology");
    let fuel = price.as_ref().map_or_else(Vec::new, |it| fuels(it, case));
    if let Some(price) = &price {
        price.nothing_else();
    }
    let availability = by_id(table, "availability", "technology", Want::Share);
    let _ = table.text("source");
    table.nothing_else();
    #[expect(clippy::cast_possible_truncation, reason = "whole, and no more than fifty")]
    let delays = delays.into_iter().map(|(kind, years)| (kind, years as i32)).collect();
    let id = id?;
    let name = name.unwrap_or_else(|| id.clone());
    let name_ru = name_ru.unwrap_or_else(|| name.clone());
    Some(Scenario { id, name, name_ru, demand, delays, cuts, technology, accelerator, energy, fuel, availability })
}

/// Numbers by the ids of a kind.
fn by_id(table: &Table<'_>, field: &'static str, kind: &'static str, want: Want) -> Vec<(usize, f64)> {
    let Some(inner) = table.table(field) else { return Vec::new() };
    let one = |it: &super::table::Field<'_>| {
        let index = inner.reading.resolve(kind, &it.name, &inner.at(it.span.clone()));
        let value = inner.one(field, it.span.clone(), it.raw, want);
        Some((index?, value?))
    };
    inner.fields.iter().filter_map(one).collect()
}

/// Factors of demand by class: one for all, by year for all, or by class.
fn demand(table: &Table<'_>, case: &Case) -> Vec<(usize, ByYear)> {
    let Some(it) = table.get("demand") else { return Vec::new() };
    let by_class = match it.raw {
        Raw::Toml(DeValue::Table(fields)) => !fields.iter().all(|(key, _)| key.get_ref().parse::<i32>().is_ok()),
        _ => false,
    };
    if !by_class {
        let factor = table.years_of("demand", it, Want::NotNegative);
        return factor.map_or_else(Vec::new, |it| (0..case.classes.len()).map(|class| (class, it.clone())).collect());
    }
    let Some(inner) = table.table("demand") else { return Vec::new() };
    let one = |it: &super::table::Field<'_>| {
        let class = inner.reading.resolve("class", &it.name, &inner.at(it.span.clone()));
        let factor = inner.years_of("demand", it, Want::NotNegative);
        Some((class?, factor?))
    };
    inner.fields.iter().filter_map(one).collect()
}

fn cut(table: &Table<'_>, case: &Case) -> Option<Cut> {
    let of = supplied(table);
    let from_year = table.require("from_year", table.whole("from_year"));
    let share = table.require("share", table.number("share", Want::Share));
    let basis = table.basis("basis").unwrap_or(Basis::Physical);
    table.nothing_else();
    let cut = Cut { of: of?, from_year: from_year?, share: share?, basis };
    if let Some(year) = cut.uncapped(case) {
        table.reading.at("case.no_cap", &table.place_of("share"), &[("year", year.to_string())]);
    }
    Some(cut)
}

/// Factors by what is burnt.
fn fuels(table: &Table<'_>, case: &Case) -> Vec<(String, f64)> {
    let Some(inner) = table.table("fuel") else { return Vec::new() };
    let mut found = Vec::new();
    for it in &inner.fields {
        if !case.technologies.iter().any(|kind| kind.fuel.as_deref() == Some(it.name.as_str())) {
            let known: Vec<&str> = case.technologies.iter().filter_map(|kind| kind.fuel.as_deref()).collect();
            let args = [("kind", "fuel".to_owned()), ("id", it.name.clone()), ("known", known.join(", "))];
            inner.reading.at("case.unknown_reference", &inner.at(it.span.clone()), &args);
        }
        found.extend(inner.one("fuel", it.span.clone(), it.raw, Want::NotNegative).map(|it2| (it.name.clone(), it2)));
    }
    found
}
