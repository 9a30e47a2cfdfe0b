//! What feeds in, stores and connects: kinds, vintages, and limits on what stands at once.

use std::collections::BTreeSet;

use super::{Basis, ByYear, Series};

/// What a kind costs to build and how long it lasts.
#[derive(Debug, Clone)]
pub struct Cost {
    /// One-off, a MW, by year of service.
    pub capital_per_mw: ByYear,
    /// For each year in service, a MW, by year of service.
    pub annual_per_mw: ByYear,
    /// Years in service.
    pub life_years: f64,
    /// From order to service.
    pub lead_years: i32,
    /// Shares of the capital cost by year from the order on; empty: all in the year of service.
    pub spending: Vec<f64>,
    /// MW of one module, where only whole ones are built.
    pub module_mw: Option<f64>,
}

/// A kind of source.
#[derive(Debug, Clone)]
pub struct Technology {
    /// Its id.
    pub id: String,
    /// What it burns, for reports.
    pub fuel: Option<String>,
    /// Who can withhold it; empty: the site's jurisdiction.
    pub control: BTreeSet<String>,
    /// Electric, a MWh.
    pub marginal_cost_per_mwh: ByYear,
    /// Electric, a MWh.
    pub co2_t_per_mwh: ByYear,
    /// What building costs.
    pub cost: Cost,
    /// Share of capacity that is there, by site index; where a site is absent, the last entry.
    pub availability: Vec<Series>,
    /// Share of capacity that is out: by site (none: all), year index and hours.
    pub outages: Vec<Outage>,
    /// Share of capacity that always runs.
    pub must_run: f64,
    /// Shares of capacity from one hour to the next.
    pub ramp_up: Option<f64>,
    /// The same, downwards.
    pub ramp_down: Option<f64>,
    /// Share of capacity that counts when it matters.
    pub firm_share: f64,
    /// Counts against the site's connection.
    pub via_grid: bool,
    /// Ground that a MW takes.
    pub area_km2_per_mw: f64,
}

/// Hours in which a share of a technology's capacity is out.
#[derive(Debug, Clone)]
pub struct Outage {
    /// Site index; none: everywhere.
    pub site: Option<usize>,
    /// Year index.
    pub year: usize,
    /// Hours, from 0.
    pub hours: std::ops::Range<usize>,
    /// How much of it.
    pub share: f64,
}

/// A kind of store.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Its id.
    pub id: String,
    /// What building costs.
    pub cost: Cost,
    /// Of discharge, a MWh.
    pub marginal_cost_per_mwh: f64,
    /// Energy over power.
    pub hours: f64,
    /// Of what is charged, the share that is stored.
    pub efficiency_store: f64,
    /// Of what is taken out, the share that arrives.
    pub efficiency_dispatch: f64,
    /// Share lost in an hour.
    pub standing_loss_per_h: f64,
    /// Share of power that counts when it matters.
    pub firm_share: f64,
    /// Whether what is stored is carried from one run of hours to the next, in the order of the year.
    pub linked: bool,
}

/// How much of a vintage there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// It stands, and costs nothing more.
    Fixed(f64),
    /// To be decided, within bounds in MW.
    Build {
        /// At least.
        min: f64,
        /// At most, and what that rests on.
        max: f64,
        /// What the most rests on.
        basis: Basis,
    },
}

/// Capacity of a kind at a site from one year on.
#[derive(Debug, Clone)]
pub struct Vintage {
    /// Its id, unique among sources or stores.
    pub id: String,
    /// Site index.
    pub site: usize,
    /// Index of the technology or storage.
    pub kind: usize,
    /// First year of service.
    pub in_service: i32,
    /// Years in service.
    pub life_years: f64,
    /// How much.
    pub size: Size,
    /// One-off, a MW.
    pub capital_per_mw: f64,
    /// For each year in service, a MW.
    pub annual_per_mw: f64,
    /// MW of one module, where only whole ones are built.
    pub module_mw: Option<f64>,
    /// The realm's source of energy that it is, where it says.
    pub energy_source: Option<String>,
}

/// A vintage of a connection between two sites.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Site index at which flow is negative.
    pub from: usize,
    /// Site index at which flow arrives.
    pub to: usize,
    /// First year of service.
    pub in_service: i32,
    /// Years in service.
    pub life_years: f64,
    /// How much.
    pub size: Size,
    /// One-off, a MW.
    pub capital_per_mw: f64,
    /// For each year in service, a MW.
    pub annual_per_mw: f64,
    /// From order to service.
    pub lead_years: i32,
    /// Whether flow may be negative.
    pub both_ways: bool,
    /// Of what enters, the share that arrives.
    pub efficiency: f64,
    /// A MWh that enters.
    pub marginal_cost_per_mwh: f64,
}

/// Which list a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// Sources, with the index of the technology.
    Source(usize),
    /// Stores, with the index of the storage.
    Store(usize),
}

impl Plant {
    /// The index of the technology or storage.
    pub fn index(self) -> usize {
        match self {
            Self::Source(kind) | Self::Store(kind) => kind,
        }
    }
}

/// Limits on what stands at a site at once.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Of what.
    pub plant: Plant,
    /// Site index.
    pub site: usize,
    /// At most.
    pub mw_max: Option<ByYear>,
    /// At least.
    pub mw_min: Option<ByYear>,
    /// What the most rests on.
    pub basis: Basis,
}
