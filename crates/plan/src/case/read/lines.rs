//! Lines between sites.

use super::table::{Table, Want};
use super::vintages::{every, size};
use super::{Reading, Time};
use crate::case::Line;

pub(super) fn read(
    reading: &Reading,
    root: &Table<'_>,
    tables: Option<&Table<'_>>,
    time: &Time,
    first_order_year: i32,
) -> Vec<Line> {
    let first = time.years.first().map_or(first_order_year, |it| it.year);
    every(reading, root, tables, "line", |table| line(table, first, first_order_year))
}

fn line(table: &Table<'_>, first_year: i32, first_order_year: i32) -> Option<Line> {
    let id = table.own_id();
    let _ = table.names();
    let (from, to) = (table.named("from", "site"), table.named("to", "site"));
    if from.is_some() && from == to {
        table.reading.at("case.line_ends", &table.place_of("to"), &[]);
    }
    let size = size(table);
    let in_service = table.whole("in_service").unwrap_or(first_year);
    let lead_years = table.count_from_zero("lead_years").unwrap_or(0);
    let both_ways = table.flag("both_ways").unwrap_or(true);
    let efficiency = table.number("efficiency", Want::Share).unwrap_or(1.0);
    let marginal = table.number("marginal_cost_per_mwh", Want::Any).unwrap_or(0.0);
    for (field, other) in [("efficiency", efficiency != 1.0), ("marginal_cost_per_mwh", marginal != 0.0)] {
        if both_ways && other {
            table.reading.at("case.one_way", &table.place_of(field), &[("field", field.to_owned())]);
        }
    }
    let earliest = first_order_year + lead_years;
    if size.is_some_and(crate::case::Size::is_built) && lead_years > 0 && in_service < earliest {
        let args = [("found", in_service.to_string()), ("want", earliest.to_string())];
        table.reading.at("case.lead_time", &table.place_of("in_service"), &args);
    }
    let line = Line {
        id: id.unwrap_or_default(),
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
        in_service,
        life_years: table.number("life_years", Want::Positive).unwrap_or(super::energy::FOREVER_YEARS),
        size: size?,
        capital_per_mw: table.number("capital_cost_per_mw", Want::NotNegative).unwrap_or(0.0),
        annual_per_mw: table.number("annual_cost_per_mw", Want::NotNegative).unwrap_or(0.0),
        lead_years,
        both_ways,
        efficiency,
        marginal_cost_per_mwh: marginal,
    };
    table.nothing_else();
    Some(line)
}

impl Table<'_> {
    /// A whole number of at least zero.
    pub(super) fn count_from_zero(&self, field: &'static str) -> Option<i32> {
        let found = self.whole(field)?;
        if found < 0 {
            self.out_of_range(field, self.place_of(field).span, Want::NotNegative, f64::from(found));
            return None;
        }
        Some(found)
    }
}
