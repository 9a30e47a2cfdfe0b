//! `[[source]]` and `[[store]]`: vintages with caps and costs of their own, in `case.toml` or a file of `[tables]`.

use super::energy::Plants;
use super::table::{Table, Want};
use super::{Reading, csv};
use crate::case::{Basis, Cost, Size, Vintage};

pub(super) fn sources(
    reading: &Reading,
    root: &Table<'_>,
    tables: Option<&Table<'_>>,
    plants: &Plants,
    first_order_year: i32,
) -> Vec<Vintage> {
    let costs: Vec<&Cost> = plants.technologies.iter().map(|it| &it.cost).collect();
    let kind = Kind { table: "source", field: "technology", costs: &costs, first_order_year };
    every(reading, root, tables, kind.table, |table| kind.vintage(table))
}

pub(super) fn stores(
    reading: &Reading,
    root: &Table<'_>,
    tables: Option<&Table<'_>>,
    plants: &Plants,
    first_order_year: i32,
) -> Vec<Vintage> {
    let costs: Vec<&Cost> = plants.storages.iter().map(|it| &it.cost).collect();
    let kind = Kind { table: "store", field: "storage", costs: &costs, first_order_year };
    every(reading, root, tables, kind.table, |table| kind.vintage(table))
}

/// Rows of `case.toml` and of the file that `[tables]` names for them.
pub(super) fn every<T>(
    reading: &Reading,
    root: &Table<'_>,
    tables: Option<&Table<'_>>,
    name: &'static str,
    read: impl Fn(&Table<'_>) -> Option<T>,
) -> Vec<T> {
    let read = |table: &Table<'_>| {
        table.cited("source");
        read(table)
    };
    let mut found: Vec<T> = root.tables(name).iter().filter_map(&read).collect();
    let file = tables.and_then(|it| it.text(name).map(|file| (file, it.place_of(name))));
    if let Some(source) = file.and_then(|(file, place)| reading.file(&file, Some(&place))) {
        found.extend(csv::tables(reading, &source, name).iter().filter_map(read));
    }
    found
}

struct Kind<'t> {
    table: &'static str,
    field: &'static str,
    costs: &'t [&'t Cost],
    first_order_year: i32,
}

impl Kind<'_> {
    fn vintage(&self, table: &Table<'_>) -> Option<Vintage> {
        let id = table.own_id();
        let site = table.named("site", "site");
        let kind = table.named(self.field, self.field);
        let in_service = table.require("in_service", table.whole("in_service"));
        let size = size(table);
        let life = table.number("life_years", Want::Positive);
        let capital = table.number("capital_cost_per_mw", Want::NotNegative);
        let annual = table.number("annual_cost_per_mw", Want::NotNegative);
        let energy_source = table.text("energy_source");
        table.nothing_else();
        let (kind, in_service) = (kind?, in_service?);
        let cost = self.costs.get(kind)?;
        let earliest = self.first_order_year + cost.lead_years;
        if size?.is_built() && cost.lead_years > 0 && in_service < earliest {
            let args = [("found", in_service.to_string()), ("want", earliest.to_string())];
            table.reading.at("case.lead_time", &table.place_of("in_service"), &args);
        }
        Some(Vintage {
            id: id?,
            site: site?,
            kind,
            in_service,
            life_years: life.unwrap_or(cost.life_years),
            size: size?,
            capital_per_mw: capital.unwrap_or_else(|| cost.capital_per_mw.at(in_service)),
            annual_per_mw: annual.unwrap_or_else(|| cost.annual_per_mw.at(in_service)),
            module_mw: cost.module_mw.filter(|_| size.is_some_and(Size::is_built)),
            energy_source,
        })
    }
}

/// `fixed_mw`, or bounds of what may be built.
pub(super) fn size(table: &Table<'_>) -> Option<Size> {
    let fixed = table.number("fixed_mw", Want::NotNegative);
    let min = table.number("mw_min", Want::NotNegative);
    let max = table.number("mw_max", Want::NotNegative);
    let basis = table.basis("basis").unwrap_or(Basis::Physical);
    if table.has("fixed_mw") {
        if let Some(extra) = ["mw_min", "mw_max"].into_iter().find(|field| table.has(field)) {
            table.reading.at("case.size_twice", &table.place_of(extra), &[("field", extra.to_owned())]);
        }
        return fixed.map(Size::Fixed);
    }
    let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(f64::INFINITY));
    if min > max {
        let args = [("min", min.to_string()), ("max", max.to_string())];
        table.reading.at("case.bounds", &table.place_of("mw_min"), &args);
        return None;
    }
    Some(Size::Build { min, max, basis })
}
