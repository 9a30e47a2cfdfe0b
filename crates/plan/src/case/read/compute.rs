//! Accelerators and the work they do.

use super::Time;
use super::table::{Table, Want, number};
use crate::case::{Accelerator, Class, Demand, Owned, Series, Site};

/// Light in glass, kilometres a millisecond.
const KM_PER_MS: f64 = 200.0;
/// How much longer a cable is than the great circle.
const DETOUR: f64 = 1.5;
/// Work that is counted in tokens is kept in thousands a second.
const TOKENS: f64 = 1e3;
const EARTH_RADIUS_KM: f64 = 6371.0;

pub(super) fn classes(root: &Table<'_>, time: &Time, sites: &[Site]) -> Vec<Class> {
    root.tables("class").iter().map(|table| class(table, time, sites)).collect()
}

fn class(table: &Table<'_>, time: &Time, sites: &[Site]) -> Class {
    let zero = || Demand::Inference(Series::always(0.0, time.years.len()));
    let _ = table.names();
    let kind = table.require("kind", table.text("kind"));
    let mut counted_in_tokens = false;
    let demand = match kind.as_deref() {
        Some("training") => {
            let total = table.by_year("demand_pflop_hours", Want::NotNegative);
            table.require("demand_pflop_hours", total).map(Demand::Training)
        }
        Some("inference") => inference(table, time, &mut counted_in_tokens),
        Some(_) => {
            table.wrong_type("kind", table.place_of("kind").span, "class_kind");
            None
        }
        None => None,
    };
    let jurisdictions = table.jurisdictions("jurisdictions").unwrap_or_default();
    let mut allowed = table.site_flags("sites", sites.len()).unwrap_or_else(|| vec![true; sites.len()]);
    let near = near(table, sites);
    table.cited("source");
    for (at, site) in sites.iter().enumerate() {
        let at_home = site.jurisdiction.as_ref().is_some_and(|it| jurisdictions.contains(it));
        allowed[at] &= (jurisdictions.is_empty() || at_home) && near.as_ref().is_none_or(|near| near[at]);
    }
    let gflop_per_token = table.number("gflop_per_token", Want::Positive);
    let class = Class {
        id: table.id().unwrap_or_default(),
        demand: demand.unwrap_or_else(zero),
        sites: allowed,
        jurisdictions,
        counted_in_tokens,
        memory_gb_min: table.number("memory_gb_min", Want::NotNegative).unwrap_or(0.0),
        gflop_per_token,
        unserved: super::unserved::of_class(table, counted_in_tokens, gflop_per_token),
    };
    table.nothing_else();
    class
}

/// Work of every hour, in PFLOP/s or in tokens a second.
fn inference(table: &Table<'_>, time: &Time, counted_in_tokens: &mut bool) -> Option<Demand> {
    let tokens = tokens_per_s(table, time);
    let series = table.series("demand_pflops", Want::NotNegative, time);
    *counted_in_tokens = tokens.is_some();
    match tokens {
        Some(_) if series.is_some() => {
            table.reading.at("case.one_demand", &table.place_of("demand_pflops"), &[]);
            None
        }
        Some(tokens) => Some(Demand::Inference(tokens)),
        None => table.require("demand_pflops", series).map(Demand::Inference),
    }
}

/// In thousands, which keeps the numbers of a case within reach of each other.
fn tokens_per_s(table: &Table<'_>, time: &Time) -> Option<Series> {
    let series = table.series("demand_tokens_per_s", Want::NotNegative, time)?;
    Some(series.map(time.years.len(), time.hours.count(), |tokens| tokens / TOKENS))
}

/// Which sites are near enough.
fn near(table: &Table<'_>, sites: &[Site]) -> Option<Vec<bool>> {
    let inner = table.table("near")?;
    let latitude = inner.require("latitude", inner.number("latitude", Want::Any));
    let longitude = inner.require("longitude", inner.number("longitude", Want::Any));
    let most = inner.require("latency_ms_max", inner.number("latency_ms_max", Want::Positive));
    inner.nothing_else();
    let (here, most) = ((latitude?, longitude?), most?);
    let missing = sites.iter().find(|it| it.place.is_none());
    if let Some(site) = missing {
        inner.reading.at("case.no_place", &inner.place(), &[("site", site.id.clone())]);
    }
    Some(sites.iter().map(|it| it.place.is_some_and(|there| round_trip_ms(here, there) <= most)).collect())
}

/// Round trip along a cable between two places in degrees.
fn round_trip_ms(a: (f64, f64), b: (f64, f64)) -> f64 {
    let ((lat1, lon1), (lat2, lon2)) = ((a.0.to_radians(), a.1.to_radians()), (b.0.to_radians(), b.1.to_radians()));
    let h = ((lat2 - lat1) / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * ((lon2 - lon1) / 2.0).sin().powi(2);
    2.0 * DETOUR * 2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin() / KM_PER_MS
}

pub(super) fn accelerators(root: &Table<'_>, sites: &[Site], classes: &[Class]) -> Vec<Accelerator> {
    let rows = root.tables("throughput");
    let read = |table: &Table<'_>| accelerator(table, sites.len(), classes, !rows.is_empty());
    let mut all: Vec<Option<Accelerator>> = root.tables("accelerator").iter().map(read).collect();
    for row in &rows {
        let Some((accelerator, class, rate)) = throughput(row, classes) else { continue };
        if let Some(Some(kind)) = all.get_mut(accelerator) {
            if kind.pflops[class] > 0.0 {
                let args = [("accelerator", kind.id.clone()), ("class", classes[class].id.clone())];
                row.reading.at("case.rate_twice", &row.place_of("class"), &args);
            }
            kind.pflops[class] = rate;
        }
    }
    all.into_iter().flatten().collect()
}

/// How fast one unit does work, as its class counts it: in thousands of tokens a second, or in useful PFLOP/s.
fn throughput(table: &Table<'_>, classes: &[Class]) -> Option<(usize, usize, f64)> {
    let accelerator = table.named("accelerator", "accelerator");
    let class = table.named("class", "class");
    let (tokens, pflops) = (table.number("tokens_per_s", Want::Positive), table.number("pflops", Want::Positive));
    if !table.has("pflops") {
        table.require("tokens_per_s", tokens);
    }
    // For people: it stands beside every figure that comes of it.
    let _ = table.require("source", table.text("source"));
    let of = |field| table.text(field).unwrap_or_default();
    table.cited_as("source", format!("{}/{}", of("accelerator"), of("class")));
    table.nothing_else();
    let class = class?;
    let wrong = match classes.get(class)?.counted_in_tokens {
        true if table.has("pflops") => Some("case.in_tokens"),
        false if table.has("tokens_per_s") => Some("case.not_tokens"),
        _ => None,
    };
    if let Some(code) = wrong {
        table.reading.at(code, &table.place_of("class"), &[("class", classes[class].id.clone())]);
        return None;
    }
    Some((accelerator?, class, tokens.map(|it| it / TOKENS).or(pflops)?))
}

fn accelerator(table: &Table<'_>, sites: usize, classes: &[Class], may_lack: bool) -> Option<Accelerator> {
    let _ = table.names();
    let id = table.id();
    let power_w = table.require("power_w", table.number("power_w", Want::Positive));
    let price = table.require("price", table.by_year("price", Want::NotNegative));
    let life_years = table.require("life_years", table.number("life_years", Want::Positive));
    let pflops = match table.table("pflops") {
        Some(it) => Some(pflops(&it, classes)),
        None if may_lack => Some(vec![0.0; classes.len()]),
        None => table.require("pflops", None),
    };
    let idle_w = table.number("idle_w", Want::NotNegative).unwrap_or(0.0);
    if power_w.is_some_and(|power| idle_w > power) {
        table.out_of_range("idle_w", table.place_of("idle_w").span, Want::NotNegative, idle_w);
    }
    let existing = table.tables("existing").iter().filter_map(owned).collect();
    let origin = table.jurisdiction("origin");
    let memory_gb = table.number("memory_gb", Want::NotNegative).unwrap_or(0.0);
    let failure_rate_per_year = table.number("failure_rate_per_year", Want::Share).unwrap_or(0.0);
    let sites = table.site_flags("sites", sites).unwrap_or_else(|| vec![true; sites]);
    table.cited("source");
    table.nothing_else();
    Some(Accelerator {
        id: id?,
        origin,
        power_w: power_w?,
        idle_w,
        memory_gb,
        price: price?,
        life_years: life_years?,
        failure_rate_per_year,
        pflops: pflops?,
        existing,
        sites,
    })
}

fn pflops(table: &Table<'_>, classes: &[Class]) -> Vec<f64> {
    let mut found = vec![0.0; classes.len()];
    for field in &table.fields {
        let value = number(field.raw);
        match value {
            None => table.wrong_type(&field.name, field.span.clone(), "number"),
            Some(value) if !Want::NotNegative.allows(value) => {
                table.out_of_range(&field.name, field.span.clone(), Want::NotNegative, value);
            }
            Some(value) => {
                let place = table.at(field.span.clone());
                let class = table.reading.resolve("class", &field.name, &place);
                if class.and_then(|at| classes.get(at)).is_some_and(|class| class.counted_in_tokens) {
                    table.reading.at("case.in_tokens", &place, &[("class", field.name.clone())]);
                }
                if let Some(slot) = class.and_then(|at| found.get_mut(at)) {
                    *slot = value;
                }
            }
        }
    }
    found
}

fn owned(table: &Table<'_>) -> Option<Owned> {
    let site = table.named("site", "site");
    let units = table.require("units", table.number("units", Want::NotNegative));
    let bought = table.require("bought", table.whole("bought"));
    table.nothing_else();
    Some(Owned { site: site?, units: units?, bought: bought? })
}
