//! Kinds of sources and stores, with what stands and what may be built of them.

use toml::de::DeValue;

use super::Time;
use super::table::{Raw, Table, Want};
use crate::case::{Basis, ByYear, Cost, Outage, Plant, Series, Site, Size, Standing, Storage, Technology, Vintage};

/// A life longer than any case.
pub(super) const FOREVER_YEARS: f64 = 1000.0;

/// What is read here.
#[derive(Default)]
pub(super) struct Plants {
    pub(super) technologies: Vec<Technology>,
    pub(super) storages: Vec<Storage>,
    pub(super) sources: Vec<Vintage>,
    pub(super) stores: Vec<Vintage>,
    pub(super) standing: Vec<Standing>,
}

pub(super) fn read(root: &Table<'_>, time: &Time, first_order_year: i32, sites: &[Site]) -> Plants {
    let mut plants = Plants::default();
    for table in root.tables("technology") {
        let technology = technology(&table, time, sites.len());
        let kind = plants.technologies.len();
        let within = Within { table: &table, time, first_order_year, plant: Plant::Source(kind), kind, sites };
        plants.sources.extend(within.vintages(&technology.id, &technology.cost));
        plants.standing.extend(within.standing());
        table.cited("source");
        table.nothing_else();
        plants.technologies.push(technology);
    }
    for table in root.tables("storage") {
        let storage = storage(&table, time);
        let kind = plants.storages.len();
        let within = Within { table: &table, time, first_order_year, plant: Plant::Store(kind), kind, sites };
        plants.stores.extend(within.vintages(&storage.id, &storage.cost));
        plants.standing.extend(within.standing());
        table.cited("source");
        table.nothing_else();
        plants.storages.push(storage);
    }
    plants
}

/// What building costs; `capital` is the name of the one-off cost.
pub(super) fn cost(table: &Table<'_>, capital: &'static str) -> Cost {
    let lead_years = table.whole("lead_years").unwrap_or(0);
    if lead_years < 0 {
        table.out_of_range("lead_years", table.place_of("lead_years").span, Want::NotNegative, f64::from(lead_years));
    }
    let spending = table.numbers("spending", Want::Share).unwrap_or_default();
    let sum: f64 = spending.iter().sum();
    if !spending.is_empty() && (sum - 1.0).abs() > 1e-6 {
        table.reading.at("case.spending_sum", &table.place_of("spending"), &[("found", sum.to_string())]);
    }
    if i32::try_from(spending.len()).is_ok_and(|years| years > lead_years + 1) {
        let args = [("found", spending.len().to_string()), ("want", (lead_years + 1).to_string())];
        table.reading.at("case.spending_years", &table.place_of("spending"), &args);
    }
    let money = |field| table.by_year(field, Want::NotNegative).unwrap_or_else(|| ByYear::always(0.0));
    Cost {
        capital_per_mw: money(capital),
        annual_per_mw: money("annual_cost_per_mw"),
        life_years: table.number("life_years", Want::Positive).unwrap_or(FOREVER_YEARS),
        lead_years,
        spending,
        module_mw: table.number("module_mw", Want::Positive),
    }
}

fn technology(table: &Table<'_>, time: &Time, sites: usize) -> Technology {
    let _ = table.names();
    let zero = || ByYear::always(0.0);
    let availability = availability(table, time, sites);
    let firm = if availability.iter().any(Series::is_hourly) { 0.0 } else { 1.0 };
    Technology {
        id: table.id().unwrap_or_default(),
        fuel: table.text("fuel"),
        control: table.jurisdictions("control").unwrap_or_default(),
        marginal_cost_per_mwh: table.by_year("marginal_cost_per_mwh", Want::Any).unwrap_or_else(zero),
        co2_t_per_mwh: table.by_year("co2_t_per_mwh", Want::NotNegative).unwrap_or_else(zero),
        cost: cost(table, "capital_cost_per_mw"),
        availability,
        outages: table.tables("outages").iter().filter_map(|it| outage(it, time)).collect(),
        must_run: table.number("must_run", Want::Share).unwrap_or(0.0),
        ramp_up: table.number("ramp_up_per_h", Want::NotNegative),
        ramp_down: table.number("ramp_down_per_h", Want::NotNegative),
        firm_share: table.number("firm_share", Want::Share).unwrap_or(firm),
        via_grid: table.flag("via_grid").unwrap_or(false),
        area_km2_per_mw: table.number("area_km2_per_mw", Want::NotNegative).unwrap_or(0.0),
    }
}

/// A series for all sites, or one for each that is named.
fn availability(table: &Table<'_>, time: &Time, sites: usize) -> Vec<Series> {
    let always = Series::always(1.0, time.years.len());
    let Some(field) = table.get("availability") else { return vec![always; sites] };
    let by_site = match field.raw {
        Raw::Toml(DeValue::Table(fields)) => {
            let is_year = |key: &str| key.parse::<i32>().is_ok();
            !fields.contains_key("file") && !fields.iter().all(|(key, _)| is_year(key.get_ref()))
        }
        _ => false,
    };
    if !by_site {
        return vec![table.series("availability", Want::Share, time).unwrap_or(always); sites];
    }
    let mut found = vec![always; sites];
    let Some(inner) = table.table("availability") else { return found };
    for field in &inner.fields {
        let series = inner.series_of("availability", field, Want::Share, time);
        let site = table.reading.resolve("site", &field.name, &inner.at(field.span.clone()));
        if let (Some(series), Some(slot)) = (series, site.and_then(|at| found.get_mut(at))) {
            *slot = series;
        }
    }
    found
}

fn outage(table: &Table<'_>, time: &Time) -> Option<Outage> {
    let site = if table.has("site") { Some(table.named("site", "site")) } else { None };
    let year = table.year_index("year", time);
    let from = table.require("from_hour", table.whole("from_hour"));
    let until = table.require("until_hour", table.whole("until_hour"));
    let share = table.number("share", Want::Share).unwrap_or(1.0);
    table.nothing_else();
    let (from, until) = (usize::try_from(from?).ok(), usize::try_from(until?).ok());
    let hours = from.zip(until).filter(|(from, until)| from < until && *until <= time.hours.count());
    if hours.is_none() {
        table.wrong_type("until_hour", table.place_of("until_hour").span, "outage");
    }
    let site = match site {
        None => None,
        Some(found) => Some(found?),
    };
    hours.map(|(from, until)| Some(Outage { site, year: year?, hours: from..until, share }))?
}

fn storage(table: &Table<'_>, time: &Time) -> Storage {
    let _ = table.names();
    let efficiency = |field| {
        let share = table.number(field, Want::Share).unwrap_or(1.0);
        if share == 0.0 {
            table.out_of_range(field, table.place_of(field).span, Want::Positive, share);
        }
        share
    };
    Storage {
        id: table.id().unwrap_or_default(),
        cost: cost(table, "capital_cost_per_mw"),
        marginal_cost_per_mwh: table.number("marginal_cost_per_mwh", Want::Any).unwrap_or(0.0),
        hours: table.require("hours", table.number("hours", Want::Positive)).unwrap_or(1.0),
        efficiency_store: efficiency("efficiency_store"),
        efficiency_dispatch: efficiency("efficiency_dispatch"),
        standing_loss_per_h: table.number("standing_loss_per_h", Want::Share).unwrap_or(0.0),
        firm_share: table.number("firm_share", Want::Share).unwrap_or(0.0),
        linked: linked(table, time),
    }
}

/// Whether what is stored is carried through the year; then the year must be known.
fn linked(table: &Table<'_>, time: &Time) -> bool {
    let linked = table.flag("linked").unwrap_or(false);
    if linked && time.hours.starts.len() > 1 && time.hours.order.is_empty() {
        table.reading.at("case.linked_order", &table.place_of("linked"), &[]);
    }
    linked
}

/// `existing` and `build` of one kind.
struct Within<'t, 'a> {
    table: &'t Table<'a>,
    time: &'t Time,
    first_order_year: i32,
    plant: Plant,
    kind: usize,
    sites: &'t [Site],
}

impl Within<'_, '_> {
    fn vintages(&self, id: &str, cost: &Cost) -> Vec<Vintage> {
        let mut found = Vec::new();
        for table in self.table.tables("existing") {
            let site = table.named("site", "site");
            let mw = table.require("mw", table.number("mw", Want::NotNegative));
            let in_service = table.require("in_service", table.whole("in_service"));
            let life_years = table.number("life_years", Want::Positive).unwrap_or(cost.life_years);
            let energy_source = table.text("energy_source");
            table.nothing_else();
            let site = site.filter(|site| *site < self.sites.len());
            let (Some(site), Some(mw), Some(in_service)) = (site, mw, in_service) else { continue };
            let name = format!("{id}.{}.{in_service}.{}", self.sites[site].id, found.len());
            let vintage = self.vintage(name, site, in_service, Size::Fixed(mw), cost);
            found.push(Vintage { life_years, energy_source, ..vintage });
        }
        for table in self.table.tables("build") {
            let site = table.named("site", "site");
            let each = table.by_year("mw_max_by_year", Want::NotNegative);
            let basis = table.basis("basis").unwrap_or(Basis::Physical);
            let Some(site) = site.filter(|site| *site < self.sites.len()) else { continue };
            for year in self.time.years.iter().map(|it| it.year) {
                if year < self.first_order_year + cost.lead_years {
                    continue;
                }
                let max = each.as_ref().map_or(f64::INFINITY, |it| it.at(year));
                let name = format!("{id}.{}.{year}", self.sites[site].id);
                found.push(self.vintage(name, site, year, Size::Build { min: 0.0, max, basis }, cost));
            }
        }
        found
    }

    fn vintage(&self, id: String, site: usize, in_service: i32, size: Size, cost: &Cost) -> Vintage {
        Vintage {
            id,
            site,
            kind: self.kind,
            in_service,
            life_years: cost.life_years,
            size,
            capital_per_mw: cost.capital_per_mw.at(in_service),
            annual_per_mw: cost.annual_per_mw.at(in_service),
            module_mw: cost.module_mw,
            energy_source: None,
        }
    }

    /// What may and must stand at once; each site once.
    fn standing(&self) -> Vec<Standing> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for table in self.table.tables("build") {
            let site =
                table.text("site").and_then(|id| self.table.reading.resolve("site", &id, &table.place_of("site")));
            let mw_max = table.by_year("mw_max", Want::NotNegative);
            let mw_min = table.by_year("mw_min", Want::NotNegative);
            let basis = table.basis("basis").unwrap_or(Basis::Physical);
            let _ = table.by_year("mw_max_by_year", Want::NotNegative);
            table.nothing_else();
            let Some(site) = site else { continue };
            if seen.contains(&site) {
                let args = [("kind", "build".to_owned()), ("id", table.text("site").unwrap_or_default())];
                table.reading.at("case.duplicate", &table.place_of("site"), &args);
            }
            seen.push(site);
            if mw_max.is_some() || mw_min.is_some() {
                found.push(Standing { plant: self.plant, site, mw_max, mw_min, basis });
            }
        }
        found
    }
}
