//! Sites and sources of energy as they stand.

use realm::Jurisdiction;
use realm::world::{EnergyKind, EnergySource, Site};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::entry::{Entry, UNKNOWN, list, number};
use super::{Asked, by_year, countries, quoted, serves_from};
use crate::start::facts::Taken;

/// Grams of a kilowatt-hour are kilograms of a megawatt-hour.
const G_PER_KWH: f64 = 1e-3;

pub(super) fn sites(asked: &Asked<'_>) -> Vec<(String, Entry)> {
    asked.world.sites.values().map(|it| (it.id.to_string(), site(asked, it))).collect()
}

/// Whether accelerators may stand there: some do, or it is known what the site may draw.
pub(super) fn takes_accelerators(site: &Site) -> bool {
    site.power_mw.is_some() || site.nodes.iter().any(|it| it.accelerators.is_some())
}

fn site(asked: &Asked<'_>, site: &Site) -> Entry {
    let (first, id) = (asked.years.first().copied().unwrap_or_default(), site.id.as_str());
    let source = format!("the realm: [[site]] {id}");
    let mut entry = Entry::new("site");
    entry.put("id", quoted(id));
    entry.put("name", quoted(&super::one_line(&site.name)));
    entry.put("jurisdiction", super::one_country(asked.world, &site.jurisdiction));
    if let Some((latitude, longitude)) = site.degrees {
        entry.said("latitude", latitude.to_string(), source.clone());
        entry.said("longitude", longitude.to_string(), source.clone());
    }
    if takes_accelerators(site) {
        let said = |it: Option<Decimal>| it.and_then(|it| it.to_f64()).map(|it| (it, source.clone()));
        entry.either("power_cap_mw", said(site.power_mw), || asked.facts.own(&[id], "power_cap_mw"));
        entry.either("pue", said(site.pue), || asked.facts.own(&[id], "pue"));
    }
    let lines: Vec<(i32, f64)> = asked
        .world
        .energy_sources
        .values()
        .filter(|it| it.site == site.id && it.kind == EnergyKind::Grid)
        .map(|it| (it.available_from.map_or(first, |day| serves_from(day, first)), it.power_mw.to_f64().unwrap_or(0.0)))
        .collect();
    if !lines.is_empty() {
        entry.said(
            "grid_connection_mw",
            by_year(&lines, first),
            "the realm: the sum of the site's [[energy_source]] of kind grid",
        );
    }
    entry
}

pub(super) fn sources(asked: &Asked<'_>) -> Vec<(String, Entry)> {
    asked.world.energy_sources.values().map(|it| (it.id.to_string(), source(asked, it))).collect()
}

/// A kind of its own for each source: no two need be alike.
fn source(asked: &Asked<'_>, it: &EnergySource) -> Entry {
    let battery = it.kind == EnergyKind::Battery;
    let source = format!("the realm: [[energy_source]] {}", it.id);
    let mut entry = Entry::new(if battery { "storage" } else { "technology" });
    entry.put("id", quoted(it.id.as_str()));
    if !battery {
        if it.kind == EnergyKind::Grid {
            entry.put("via_grid", "true");
        }
        entry.put("control", control(asked, it));
        let co2 = it.gco2_per_kwh.and_then(|it| it.to_f64()).map(|grams| (grams * G_PER_KWH, source.clone()));
        entry.either("co2_t_per_mwh", co2, || own(asked, it, "co2_t_per_mwh"));
    }
    let fields: &[&'static str] = if battery {
        &["hours", "efficiency_store", "efficiency_dispatch", "marginal_cost_per_mwh", "life_years"]
    } else {
        &["marginal_cost_per_mwh", "availability", "life_years"]
    };
    for field in fields {
        entry.figure(field, own(asked, it, field).or_else(|| of_tables(asked, it.kind, field)));
    }
    existing(asked, it, &mut entry, &source);
    entry
}

fn existing(asked: &Asked<'_>, it: &EnergySource, entry: &mut Entry, source: &str) {
    let first = asked.years.first().copied().unwrap_or_default();
    let own = || own(asked, it, "in_service");
    let (year, said) = match it.available_from {
        Some(day) => (serves_from(day, first).to_string(), source.to_owned()),
        None => match own() {
            Some(taken) => (number(taken.mid), format!("{source}; in_service: {}", taken.source)),
            None => (UNKNOWN.to_owned(), source.to_owned()),
        },
    };
    let row = format!(
        "[{{ site = {}, mw = {}, in_service = {year}, energy_source = {} }}]",
        quoted(it.site.as_str()),
        it.power_mw.normalize(),
        quoted(it.id.as_str())
    );
    entry.said("existing", row, said);
}

fn control(asked: &Asked<'_>, it: &EnergySource) -> String {
    if it.control.is_empty() {
        return UNKNOWN.to_owned();
    }
    list(countries(asked.world, &it.control).iter().map(Jurisdiction::as_str))
}

/// A deployer's figure of this source, or of all of its kind.
fn own(asked: &Asked<'_>, it: &EnergySource, field: &str) -> Option<Taken> {
    asked.facts.own(&[it.id.as_str(), it.kind.as_str()], field)
}

/// A figure of the project's tables, for kinds of which they know one.
fn of_tables(asked: &Asked<'_>, kind: EnergyKind, field: &str) -> Option<Taken> {
    let (of, what) = match (kind, field) {
        (EnergyKind::Hydro, "life_years") => ("hydro-reservoir", "life"),
        (EnergyKind::Solar, "life_years") => ("solar-utility", "life"),
        (EnergyKind::Solar, "marginal_cost_per_mwh") => ("solar-utility", "variable_cost"),
        (EnergyKind::Nuclear, "life_years") => ("large-reactor", "life"),
        (EnergyKind::Smr, "marginal_cost_per_mwh") => ("small-reactor-default", "fuel_and_variable_cost"),
        (EnergyKind::Smr, "availability") => ("small-reactor-default", "availability"),
        (EnergyKind::Battery, "efficiency_store" | "efficiency_dispatch") => ("battery", "efficiency_each_way"),
        // Which of several kinds of turbine or mast, whose grid, what fuel: the tables cannot know.
        _ => return None,
    };
    asked.facts.table(of, what)
}
