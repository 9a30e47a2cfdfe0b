use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{AcceleratorId, EnergySourceId, Jurisdiction, SiteId};

/// A place where models run: a data centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// What people call it.
    pub name: String,
    /// Under whose law it lies.
    pub jurisdiction: Jurisdiction,
    /// Latitude and longitude in degrees, as precise as its city.
    pub degrees: Option<(Decimal, Decimal)>,
    /// What it may draw at most, cooling included.
    pub power_mw: Option<Decimal>,
    /// What it draws for each watt of its machines.
    pub pue: Option<Decimal>,
    /// Its machines, kind by kind.
    pub nodes: Vec<Nodes>,
}

/// Machines of one kind at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nodes {
    /// What people call the kind.
    pub kind: String,
    /// How many there are.
    pub count: u64,
    /// What each of them holds, and how many of it; none of a machine without any.
    pub accelerators: Option<(AcceleratorId, u64)>,
    /// The day from which they stand; none where nobody says.
    pub since: Option<Date>,
}

/// Where a site's energy comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnergySource {
    /// Its id.
    pub id: EnergySourceId,
    /// The site that it feeds.
    pub site: SiteId,
    /// What it is.
    pub kind: EnergyKind,
    /// What it gives.
    pub power_mw: Decimal,
    /// From which day it gives anything; none: it does.
    pub available_from: Option<Date>,
    /// Whether that day had come when the realm was read.
    pub stands: bool,
    /// First and last days on which it is known to give nothing.
    pub outages: Vec<(Date, Date)>,
    /// What a kilowatt-hour of it emits, in grams of carbon dioxide.
    pub gco2_per_kwh: Option<Decimal>,
    /// Where its fuel comes from; none where it needs none or nobody said.
    pub fuel: Vec<Jurisdiction>,
    /// Who can have it switched off.
    pub control: Vec<Jurisdiction>,
}

/// Kinds of sources of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the source of its name")]
pub enum EnergyKind {
    Grid,
    Gas,
    Hydro,
    Wind,
    Solar,
    Battery,
    Smr,
    Nuclear,
    Diesel,
}

impl EnergyKind {
    /// Every kind, with the word of realm files.
    pub const ALL: [(&str, Self); 9] = [
        ("grid", Self::Grid),
        ("gas", Self::Gas),
        ("hydro", Self::Hydro),
        ("wind", Self::Wind),
        ("solar", Self::Solar),
        ("battery", Self::Battery),
        ("smr", Self::Smr),
        ("nuclear", Self::Nuclear),
        ("diesel", Self::Diesel),
    ];

    /// The word of realm files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}
