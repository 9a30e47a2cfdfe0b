//! A case, read and resolved: every name is an index, every series an array, every default filled in.
//!
//! Units: power MW, energy MWh, money the case's currency at prices of its price year, CO₂ tonnes, computing PFLOP/s.
//! `k` counts investment years, `t` the hours of one year of the case.

mod money;
pub(crate) mod read;
mod series;
mod stand;

use std::collections::BTreeSet;

pub(crate) use money::Built;
pub use money::annuity;
pub use read::{LoadError, load};
pub use series::{ByYear, Series};
pub use stand::Group;

/// What a cap rests on, and so who could lift it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A river, a connection, a factory.
    Physical,
    /// Money that somebody may decide about.
    Budget,
    /// Law: never relaxed, never priced.
    Law,
}

/// A whole case.
#[derive(Debug, Clone)]
pub struct Case {
    /// What people call it.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// Of all money in it.
    pub price_year: i32,
    /// A year's, as a share.
    pub discount_rate: f64,
    /// Jurisdictions that count as one's own.
    pub home: BTreeSet<String>,
    /// Nothing is ordered before it.
    pub first_order_year: i32,
    /// Investment years, ascending.
    pub years: Vec<Year>,
    /// The hours of each of them.
    pub hours: Hours,
    /// Places.
    pub sites: Vec<Site>,
    /// Other electric demand.
    pub loads: Vec<Load>,
    /// Kinds of sources.
    pub technologies: Vec<Technology>,
    /// Kinds of stores.
    pub storages: Vec<Storage>,
    /// What feeds in, one entry a vintage.
    pub sources: Vec<Vintage>,
    /// What stores, one entry a vintage.
    pub stores: Vec<Vintage>,
    /// What connects, one entry a vintage.
    pub lines: Vec<Line>,
    /// Limits on what of a kind stands at a site.
    pub standing: Vec<Standing>,
    /// Kinds of accelerators.
    pub accelerators: Vec<Accelerator>,
    /// Caps on what can be bought.
    pub supplies: Vec<Supply>,
    /// Work to be done.
    pub classes: Vec<Class>,
    /// Money by year and source.
    pub budgets: Vec<Budget>,
    /// Everything else that is demanded of a plan.
    pub policies: Vec<Policy>,
}

/// An investment year.
#[derive(Debug, Clone)]
pub struct Year {
    /// The calendar year.
    pub year: i32,
    /// How many years it stands for.
    pub years: f64,
    /// Weight of one year's costs in the objective.
    pub weight: f64,
}

/// The hours of a year of the case, the same in every year.
#[derive(Debug, Clone)]
pub struct Hours {
    /// Real hours that an hour's costs stand for.
    pub weight: Vec<f64>,
    /// Real hours that an hour's energy stands for.
    pub energy_weight: Vec<f64>,
    /// Length of an hour for what is stored, in hours.
    pub step_h: Vec<f64>,
    /// First hours of the runs over which storage closes and ramps hold, ascending, the first 0.
    pub starts: Vec<usize>,
}

impl Hours {
    /// How many.
    pub fn count(&self) -> usize {
        self.weight.len()
    }

    /// Runs of hours as ranges.
    pub fn runs(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let ends = self.starts.iter().skip(1).copied().chain([self.count()]);
        self.starts.iter().copied().zip(ends).map(|(start, end)| start..end)
    }
}

/// A place where something may stand.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its id.
    pub id: String,
    /// ISO 3166-1 alpha-2, where declared.
    pub jurisdiction: Option<String>,
    /// Degrees north and east, where declared.
    pub place: Option<(f64, f64)>,
    /// Most that halls may draw, cooling included.
    pub power_cap_mw: Option<(ByYear, Basis)>,
    /// Most that `via_grid` technologies feed in.
    pub grid_connection_mw: Option<(ByYear, Basis)>,
    /// Ground for technologies.
    pub area_km2: Option<(f64, Basis)>,
    /// Power drawn over power of the accelerators.
    pub pue: Series,
    /// Room for accelerators; none: they need none.
    pub hall: Option<Hall>,
}

/// Room for accelerators at a site.
#[derive(Debug, Clone)]
pub struct Hall {
    /// MW that stand already.
    pub existing_mw: f64,
    /// The last year in which they do.
    pub existing_until: Option<i32>,
    /// Most that may stand.
    pub mw_max: Option<(ByYear, Basis)>,
    /// What building costs, by year of service.
    pub cost: Cost,
}

/// Electric demand that is not ours to plan.
#[derive(Debug, Clone)]
pub struct Load {
    /// Its id.
    pub id: String,
    /// Index of the site.
    pub site: usize,
    /// How much.
    pub mw: Series,
}

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

/// A kind of accelerator.
#[derive(Debug, Clone)]
pub struct Accelerator {
    /// Its id.
    pub id: String,
    /// On whose permission or factory its supply hangs.
    pub origin: Option<String>,
    /// Of one at work, with its share of host and network.
    pub power_w: f64,
    /// Of one that stands idle.
    pub idle_w: f64,
    /// What a model may take.
    pub memory_gb: f64,
    /// Of one unit, by year.
    pub price: ByYear,
    /// Years until it goes.
    pub life_years: f64,
    /// Share lost each year.
    pub failure_rate_per_year: f64,
    /// Useful PFLOP/s by class index, or thousands of tokens a second where the class counts them; 0: does not serve it.
    pub pflops: Vec<f64>,
    /// What stands already.
    pub existing: Vec<Owned>,
    /// By site index: whether it may stand there.
    pub sites: Vec<bool>,
}

/// Accelerators that stand already.
#[derive(Debug, Clone)]
pub struct Owned {
    /// Site index.
    pub site: usize,
    /// How many.
    pub units: f64,
    /// When.
    pub bought: i32,
}

/// What a supply cap counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supplied {
    /// One kind, by index.
    Accelerator(usize),
    /// All kinds of one origin.
    Origin(String),
}

/// A cap on what can be bought in a period.
#[derive(Debug, Clone)]
pub struct Supply {
    /// Its id.
    pub id: String,
    /// Of what.
    pub of: Supplied,
    /// Year index.
    pub year: usize,
    /// At most.
    pub units_max: f64,
    /// What it rests on.
    pub basis: Basis,
}

/// Demand of a class of work.
#[derive(Debug, Clone)]
pub enum Demand {
    /// PFLOP-hours for one year, by year; any hour will do.
    Training(ByYear),
    /// PFLOP/s in every hour.
    Inference(Series),
}

/// A class of work.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its id.
    pub id: String,
    /// How much.
    pub demand: Demand,
    /// Whether that is thousands of tokens a second rather than PFLOP/s.
    pub counted_in_tokens: bool,
    /// By site index: whether residency and latency let it run there.
    pub sites: Vec<bool>,
    /// Whether residency (a jurisdiction) is what narrows the sites.
    pub jurisdictions: BTreeSet<String>,
    /// Kinds with less memory do not serve it.
    pub memory_gb_min: f64,
}

/// What a budget may pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// Halls.
    Sites,
    /// Accelerators.
    Accelerators,
    /// Technologies and storage.
    Energy,
    /// Lines.
    Lines,
    /// Fuel and upkeep.
    Running,
}

impl Item {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Sites, Self::Accelerators, Self::Energy, Self::Lines, Self::Running];

    /// The word of the case.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Accelerators => "accelerators",
            Self::Energy => "energy",
            Self::Lines => "lines",
            Self::Running => "running",
        }
    }
}

/// Money of one source in one period.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Its id.
    pub id: String,
    /// Who pays.
    pub source: String,
    /// Year index.
    pub year: usize,
    /// Millions, for the whole period.
    pub limit_m: f64,
    /// For what.
    pub covers: BTreeSet<Item>,
}

/// What must survive.
#[derive(Debug, Clone, PartialEq)]
pub enum Lost {
    /// Nothing.
    Nothing,
    /// A site with all that stands there.
    Site(usize),
    /// A technology everywhere.
    Technology(usize),
    /// Accelerators of an origin and technologies under its control.
    Origin(String),
}

/// What a policy demands.
#[derive(Debug, Clone)]
pub enum Rule {
    /// Tonnes over the whole period.
    Co2Cap {
        /// At most.
        t_max: f64,
    },
    /// Share of a year's energy from technologies under home's control.
    HomeShare {
        /// At least.
        share: f64,
    },
    /// Firm capacity for the highest hour, with something lost.
    Stress {
        /// What is not there.
        lost: Lost,
        /// Of inference that is served, and of loads elsewhere.
        share: f64,
        /// On top of demand.
        margin: f64,
    },
}

/// One demand on plans, in one year.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Year index.
    pub year: usize,
    /// What it rests on.
    pub basis: Basis,
    /// What it says.
    pub rule: Rule,
}
