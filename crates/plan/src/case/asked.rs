//! What is asked of a plan: work, and what limits it: supply, money, policies.

use std::collections::BTreeSet;

use super::{Basis, ByYear, Series, Unserved};

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
    /// Useful 10⁹ operations that one token takes, where the case says so: only reports ask for it.
    pub gflop_per_token: Option<f64>,
    /// What it costs not to serve it; none: it is firm.
    pub unserved: Option<Unserved>,
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
