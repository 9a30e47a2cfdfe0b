//! Numbers by year, and series.

use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::table::{Field, Raw, Table, Want, number};
use super::{Time, csv};
use crate::case::{ByYear, Series};

/// What stands in place of a figure that nobody says: such a case is no case yet.
const UNKNOWN: &str = "unknown";

impl<'a> Table<'a> {
    /// Makes a value of another kind a problem; one that nobody says is another, by its name.
    pub(super) fn wrong_type(&self, field: &str, span: Range<usize>, want: &'static str) {
        let to_fill_in = self.source.text[span.clone()].trim_matches('"') == UNKNOWN;
        let id = self.fields.iter().find(|it| ["id", "energy_source", "site"].contains(&it.name.as_str()));
        let of = id.and_then(|it| self.source.text.get(it.span.clone())).unwrap_or_default().trim_matches('"');
        let of = if of.is_empty() { String::new() } else { format!(" ({of})") };
        let args = [("field", field.to_owned()), ("want", want.to_owned()), ("of", of)];
        let code = if to_fill_in { "case.to_fill_in" } else { "case.wrong_type" };
        self.reading.problem(code, &self.source, span, &args);
    }

    /// A number by year: a number or a table of years.
    pub(super) fn by_year(&self, field: &'static str, want: Want) -> Option<ByYear> {
        let it = self.get(field)?;
        self.years_of(field, it, want)
    }

    pub(super) fn years_of(&self, name: &str, field: &Field<'a>, want: Want) -> Option<ByYear> {
        let Raw::Toml(DeValue::Table(table)) = field.raw else {
            let value = self.one(name, field.span.clone(), field.raw, want)?;
            return Some(ByYear::always(value));
        };
        let mut values = Vec::new();
        for (key, value) in table.iter() {
            let Ok(year) = key.get_ref().parse::<i32>() else {
                self.wrong_type(name, key.span(), "years");
                return None;
            };
            values.push((year, self.one(name, value.span(), Raw::Toml(value.get_ref()), want)?));
        }
        let by_year = ByYear::of(values);
        if by_year.is_none() {
            self.wrong_type(name, field.span.clone(), "years");
        }
        by_year
    }

    pub(super) fn one(&self, name: &str, span: Range<usize>, raw: Raw<'_>, want: Want) -> Option<f64> {
        let Some(value) = number(raw) else {
            self.wrong_type(name, span, "number");
            return None;
        };
        if !want.allows(value) {
            self.out_of_range(name, span, want, value);
            return None;
        }
        Some(value)
    }

    /// A series: a number, a table of years, or a column of a file.
    pub(super) fn series(&self, field: &'static str, want: Want, time: &Time) -> Option<Series> {
        let it = self.get(field)?;
        self.series_of(field, it, want, time)
    }

    pub(super) fn series_of(&self, name: &'static str, field: &Field<'a>, want: Want, time: &Time) -> Option<Series> {
        match field.raw {
            Raw::Toml(DeValue::Table(table)) if table.contains_key("file") => {
                self.of_file(name, field.span.clone(), table, want, time)
            }
            _ => {
                let by_year = self.years_of(name, field, want)?;
                Some(Series::by_year(time.years.iter().map(|it| by_year.at(it.year)).collect()))
            }
        }
    }

    fn of_file(
        &self,
        name: &'static str,
        span: Range<usize>,
        fields: &'a DeTable<'a>,
        want: Want,
        time: &Time,
    ) -> Option<Series> {
        let table = Table::of_toml(self.reading, &self.source, name, span.clone(), fields);
        let file = table.require("file", table.text("file"));
        let column = table.require("column", table.text("column"));
        let factor = table.by_year("factor", Want::Any);
        table.nothing_else();
        let (file, column) = (file?, column?);
        let sheet = self.reading.sheet(&file, &table.place_of("file"), time)?;
        let values: Arc<[f64]> = sheet.column(self.reading, &file, &column, &table.place_of("column"))?;
        let factor: Vec<f64> =
            time.years.iter().map(|it| factor.as_ref().map_or(1.0, |factor| factor.at(it.year))).collect();
        let series = Series::of_hours(Arc::clone(&values), time.hours.count(), factor);
        let every = (0..time.years.len()).flat_map(|k| (0..time.hours.count()).map(move |t| (k, t)));
        let mut every = every.map(|(k, t)| (k, t, series.at(k, t)));
        if let Some((k, hour, value)) = every.find(|(_, _, value)| !want.allows(*value)) {
            let row = if values.len() == time.hours.count() { hour } else { k * time.hours.count() + hour };
            let args = [
                ("field", name.to_owned()),
                ("path", file),
                ("column", column),
                ("hour", hour.to_string()),
                ("found", value.to_string()),
                ("want", want.word().to_owned()),
            ];
            self.out_of_series(&args, span, (row, want.allows(values[row])));
            return None;
        }
        Some(series)
    }

    /// Points at the cell of the file, or at the factor that makes a sound cell wrong.
    fn out_of_series(&self, args: &[(&'static str, String)], span: Range<usize>, (row, sound): (usize, bool)) {
        let text = |name: &str| args.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
        let source = if sound { None } else { self.reading.file(text("path"), None) };
        let cell = source.and_then(|source| csv::cell(&source, text("column"), row).map(|cell| (source, cell)));
        match cell {
            Some((source, cell)) => self.reading.problem("case.series_range", &source, cell, args),
            None => self.reading.problem("case.series_range", &self.source, span, args),
        }
    }

    /// A list of numbers.
    pub(super) fn numbers(&self, field: &'static str, want: Want) -> Option<Vec<f64>> {
        let it = self.get(field)?;
        let Raw::Toml(DeValue::Array(list)) = it.raw else {
            self.wrong_type(field, it.span.clone(), "numbers");
            return None;
        };
        list.iter().map(|one| self.one(field, one.span(), Raw::Toml(one.get_ref()), want)).collect()
    }

    /// The index of an investment year that a field names.
    pub(super) fn year_index(&self, field: &'static str, time: &Time) -> Option<usize> {
        let year = self.require(field, self.whole(field))?;
        let found = time.years.iter().position(|it| it.year == year);
        if found.is_none() {
            let known: Vec<String> = time.years.iter().map(|it| it.year.to_string()).collect();
            let args = [("kind", "year".to_owned()), ("id", year.to_string()), ("known", known.join(", "))];
            self.reading.at("case.unknown_reference", &self.place_of(field), &args);
        }
        found
    }

    /// Flags by site index of a list of sites; none where the field is absent.
    pub(super) fn site_flags(&self, field: &'static str, sites: usize) -> Option<Vec<bool>> {
        let named = self.texts(field)?;
        let mut flags = vec![false; sites];
        for (id, place) in named {
            if let Some(flag) = self.reading.resolve("site", &id, &place).and_then(|at| flags.get_mut(at)) {
                *flag = true;
            }
        }
        Some(flags)
    }
}
