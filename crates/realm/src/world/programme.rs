use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{IndicatorId, InitiativeId, Nano, OrganisationId, SectorId};

/// Something that organisations do together until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiative {
    /// Its id.
    pub id: InitiativeId,
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    pub lead: OrganisationId,
    /// Who else takes part.
    pub partners: Vec<OrganisationId>,
    /// The sector that it is for; none where it is for all.
    pub sector: Option<SectorId>,
    /// Its first day.
    pub starts: Option<Date>,
    /// Its last day.
    pub ends: Option<Date>,
    /// Its money.
    pub budget: Option<Nano>,
    /// The figures that it is measured by.
    pub indicators: Vec<IndicatorId>,
    /// The model that it is to train.
    pub training: Option<TrainingRun>,
}

/// Training that is to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingRun {
    /// The decimal logarithm of its floating-point operations.
    pub flop_log10: Decimal,
    /// The day by which it is to be done.
    pub by: Date,
    /// What share of an accelerator's peak it makes use of; none where nobody says.
    pub mfu: Option<Mfu>,
}

/// Shares of a dense peak that training makes use of, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mfu {
    /// At least.
    pub low: Decimal,
    /// What is planned for.
    pub mid: Decimal,
    /// At most.
    pub high: Decimal,
    /// Where it stands, or who measured it.
    pub source: String,
}

/// A figure that a programme is steered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// What people call it.
    pub name: String,
    /// Its unit, as people read it.
    pub unit: String,
    /// What it should come to.
    pub target: Decimal,
    /// Whether the target is to be reached or kept to.
    pub goal: Goal,
    /// By when.
    pub by: Date,
    /// Where it comes from.
    pub source: Source,
    /// The one sector that it is of; none where it is of all.
    pub sector: Option<SectorId>,
}

/// Which way a target is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// To be reached.
    #[default]
    AtLeast,
    /// Not to be passed: a ceiling on cost or energy.
    AtMost,
}

impl Goal {
    /// Both, with the words of realm files.
    pub const ALL: [(&str, Self); 2] = [("at_least", Self::AtLeast), ("at_most", Self::AtMost)];

    /// The word of realm files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, goal)| *goal == self).map_or("", |(word, _)| word)
    }
}

/// Where an indicator's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The ledger: counted anew whenever somebody looks.
    Usage(Query),
    /// Somebody who said so.
    Manual(Said),
    /// A part of the platform that is still to be built, by its name.
    NotBuilt(&'static str),
}

/// What is counted in the ledger, over the last thirty days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// Requests that were answered or failed, refused ones not among them.
    Requests,
    /// Requests that were refused, in percent of all.
    RefusedShare,
    /// Tokens of prompts and answers.
    Tokens,
    /// Money, in the realm's currency.
    Cost,
    /// Energy, in kilowatt-hours, of those requests whose energy is known.
    EnergyKwh,
    /// Apps that asked anything.
    Apps,
    /// Organisations whose apps asked anything.
    Organisations,
    /// Requests that a deployment answered whose bytes rest at home and whose operator is registered there, in percent.
    HomeShare,
    /// Requests that a model answered whose origin is home, in percent.
    HomeModelsShare,
}

impl Query {
    /// Every query, with the word of realm files.
    pub const ALL: [(&str, Self); 9] = [
        ("requests", Self::Requests),
        ("refused_share", Self::RefusedShare),
        ("tokens", Self::Tokens),
        ("cost", Self::Cost),
        ("energy_kwh", Self::EnergyKwh),
        ("apps", Self::Apps),
        ("organisations", Self::Organisations),
        ("home_share", Self::HomeShare),
        ("home_models_share", Self::HomeModelsShare),
    ];

    /// The word of realm files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, query)| *query == self).map_or("", |(word, _)| word)
    }
}

/// A value that somebody vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The value.
    pub value: Decimal,
    /// Of which day.
    pub as_of: Date,
    /// Where it stands.
    pub cite: String,
}
