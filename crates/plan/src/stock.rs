//! Where a case's stock and that of the realm it belongs to differ: sites, machines, sources of energy.
//!
//! Compared is what stands and what is to come, row by row. What a case adds of its own (options, prices, work) is no difference.

mod places;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use realm::World;
use serde::Serialize;

use crate::case::Case;

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A whole site.
    Site,
    /// Under whose law a site lies.
    Jurisdiction,
    /// What a site may draw, in the first year of the case.
    PowerMw,
    /// What a site draws for each watt of its machines.
    Pue,
    /// Accelerators of a kind at a site.
    Units,
    /// The year from which they stand.
    Bought,
    /// A whole source of energy.
    EnergySource,
    /// Which site it feeds.
    Feeds,
    /// What it gives.
    SourceMw,
    /// The year from which it gives it.
    InService,
    /// Who can have it switched off, and the other does not know it.
    Control,
}

impl About {
    /// Its word for programs and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Jurisdiction => "jurisdiction",
            Self::PowerMw => "power_mw",
            Self::Pue => "pue",
            Self::Units => "units",
            Self::Bought => "bought",
            Self::EnergySource => "energy_source",
            Self::Feeds => "feeds",
            Self::SourceMw => "source_mw",
            Self::InService => "in_service",
            Self::Control => "control",
        }
    }
}

/// One difference: what the realm says and what the case says; none where that one lacks it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// At which site; empty where it has none.
    pub site: String,
    /// Of which site, kind of accelerator or source.
    pub id: String,
    /// About what.
    pub about: About,
    /// What the realm says.
    pub realm: Option<String>,
    /// What the case says.
    pub case: Option<String>,
}

/// All differences, by site and id.
pub fn differences(world: &World, case: &Case) -> Vec<Difference> {
    let mut found = Vec::new();
    places::sites(world, case, &mut found);
    units::units(world, case, &mut found);
    places::sources(world, case, &mut found);
    found.sort();
    found
}

/// The first year of a case.
fn first_year(case: &Case) -> i32 {
    case.years.first().map_or(0, |it| it.year)
}

/// Whether two figures are one, apart from the noise of their last digits.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Everything that two maps have, by key, as each has it.
fn beside<'a, K: Ord + Clone, A, B>(
    one: &'a BTreeMap<K, A>,
    other: &'a BTreeMap<K, B>,
) -> Vec<(K, Option<&'a A>, Option<&'a B>)> {
    let keys: BTreeSet<&K> = one.keys().chain(other.keys()).collect();
    keys.into_iter().map(|key| (key.clone(), one.get(key), other.get(key))).collect()
}
