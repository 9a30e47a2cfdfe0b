//! Sites with their halls, and loads.

use toml::de::DeValue;

use super::Time;
use super::energy;
use super::table::{Raw, Table, Want, number};
use crate::case::{Basis, Hall, Load, Series, Site};

pub(super) fn read(root: &Table<'_>, time: &Time) -> Vec<Site> {
    let tables = root.tables("site");
    root.require("site", tables.first());
    tables.iter().map(|table| site(table, time)).collect()
}

fn site(table: &Table<'_>, time: &Time) -> Site {
    let _ = table.names();
    let basis = |field| table.basis(field).unwrap_or(Basis::Physical);
    let latitude = table.number("latitude", Want::Any);
    let longitude = table.number("longitude", Want::Any);
    for (field, value, most) in [("latitude", latitude, 90.0), ("longitude", longitude, 180.0)] {
        if value.is_some_and(|it| it.abs() > most) {
            table.wrong_type(field, table.place_of(field).span, "degrees");
        }
    }
    let site = Site {
        id: table.id().unwrap_or_default(),
        jurisdiction: table.jurisdiction("jurisdiction"),
        place: latitude.zip(longitude),
        power_cap_mw: table.by_year("power_cap_mw", Want::NotNegative).map(|it| (it, basis("power_cap_basis"))),
        grid_connection_mw: table
            .by_year("grid_connection_mw", Want::NotNegative)
            .map(|it| (it, basis("grid_connection_basis"))),
        area_km2: table.number("area_km2", Want::NotNegative).map(|it| (it, basis("area_basis"))),
        pue: pue(table, time).unwrap_or_else(|| Series::always(1.0, time.years.len())),
        hall: table.table("hall").map(|hall| read_hall(&hall)),
    };
    table.cited("source");
    table.nothing_else();
    site
}

fn read_hall(table: &Table<'_>) -> Hall {
    let hall = Hall {
        existing_mw: table.number("existing_mw", Want::NotNegative).unwrap_or(0.0),
        existing_until: table.whole("existing_until"),
        mw_max: table
            .by_year("mw_max", Want::NotNegative)
            .map(|it| (it, table.basis("basis").unwrap_or(Basis::Physical))),
        cost: energy::cost(table, "cost_per_mw"),
    };
    let _ = table.basis("basis");
    table.nothing_else();
    hall
}

/// A series, or points over a series of temperatures.
fn pue(table: &Table<'_>, time: &Time) -> Option<Series> {
    let field = table.get("pue")?;
    let Raw::Toml(DeValue::Table(fields)) = field.raw else {
        return at_least_one(table, table.series("pue", Want::Positive, time)?, time);
    };
    if !fields.contains_key("temperature") {
        return at_least_one(table, table.series("pue", Want::Positive, time)?, time);
    }
    let inner = table.table("pue")?;
    let temperature = inner.require("temperature", inner.series("temperature", Want::Any, time));
    let points = inner.require("points", points(&inner));
    inner.nothing_else();
    let (temperature, points) = (temperature?, points?);
    let series = temperature.map(time.years.len(), time.hours.count(), |degrees| between(&points, degrees));
    at_least_one(table, series, time)
}

fn at_least_one(table: &Table<'_>, series: Series, time: &Time) -> Option<Series> {
    let hours = time.hours.count();
    let every = (0..time.years.len()).flat_map(|k| (0..hours).map(move |t| (k, t)));
    if every.into_iter().any(|(k, t)| series.at(k, t) < 1.0) {
        table.wrong_type("pue", table.place_of("pue").span, "pue");
        return None;
    }
    Some(series)
}

/// `[[degrees, pue], …]`, ascending.
fn points(table: &Table<'_>) -> Option<Vec<(f64, f64)>> {
    let field = table.get("points")?;
    let read = || {
        let Raw::Toml(DeValue::Array(list)) = field.raw else { return None };
        let points: Option<Vec<(f64, f64)>> = list
            .iter()
            .map(|one| {
                let pair = one.get_ref().as_array()?;
                let at = |index: usize| number(super::table::raw(pair.get(index)?));
                (pair.len() == 2).then_some(())?;
                Some((at(0)?, at(1)?))
            })
            .collect();
        points.filter(|it| !it.is_empty() && it.is_sorted_by(|a, b| a.0 < b.0))
    };
    let points = read();
    if points.is_none() {
        table.wrong_type("points", field.span.clone(), "points");
    }
    points
}

fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= x);
    match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 1.0,
    }
}

pub(super) fn loads(root: &Table<'_>, time: &Time) -> Vec<Load> {
    let read = |table: &Table<'_>| {
        let id = table.own_id();
        let _ = table.names();
        let site = table.named("site", "site");
        let mw = table.require("mw", table.series("mw", Want::NotNegative, time));
        let unserved = super::unserved::of_load(table);
        table.cited("source");
        table.nothing_else();
        Some(Load { id: id?, site: site?, mw: mw?, unserved })
    };
    root.tables("load").iter().filter_map(read).collect()
}
