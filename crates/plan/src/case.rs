//! A case, read and resolved: every name is an index, every series an array, every default filled in.
//!
//! Units: power MW, energy MWh, money the case's currency at prices of its price year, CO₂ tonnes, computing PFLOP/s.
//! `k` counts investment years, `t` the hours of one year of the case.

mod asked;
mod money;
mod plant;
pub(crate) mod read;
mod series;
mod stand;
mod stated;
mod unserved;

use std::collections::BTreeSet;

pub use asked::{Budget, Class, Demand, Item, Lost, Policy, Rule, Supplied, Supply};
pub(crate) use money::Built;
pub use money::annuity;
pub use plant::{Cost, Line, Outage, Plant, Size, Standing, Storage, Technology, Vintage};
pub use read::{LoadError, load, load_scenarios};
pub use series::{ByYear, Series};
pub use stand::Group;
pub use stated::{Figure, Name, Stated};
pub use unserved::Unserved;

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
    pub name: Name,
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
    /// What it says of itself for people.
    pub stated: Stated,
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
    /// Which run is on, one entry an occurrence, from the first of a year to its last. Empty: nobody says.
    pub order: Vec<usize>,
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

    /// The run in which an hour lies.
    pub fn run_of(&self, t: usize) -> usize {
        self.starts.partition_point(|start| *start <= t).saturating_sub(1)
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
    /// What it costs not to serve it; none: it is firm.
    pub unserved: Option<Unserved>,
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
