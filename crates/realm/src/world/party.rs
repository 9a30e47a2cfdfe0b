use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::content::ContentKey;
use super::head::Content;
use super::quality::Quality;
use crate::{AppId, ClassSet, Jurisdiction, Nano, OrganisationId, RouteId, SectorId};

/// A sector of the economy or the state.
#[derive(Debug, Clone)]
pub struct Sector {
    /// Its id.
    pub id: SectorId,
    /// What people call it.
    pub name: String,
    /// Whether it is declared strategic.
    pub strategic: bool,
    /// ISIC section or division.
    pub isic: Option<String>,
}

/// Who is responsible.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// What people call it.
    pub name: String,
    /// Public body, company, university…
    pub kind: OrganisationKind,
    /// Where it works.
    pub sector: SectorId,
    /// Where it is registered.
    pub jurisdiction: Jurisdiction,
    /// Its parent.
    pub parent: Option<OrganisationId>,
    /// Owners by jurisdiction.
    pub owners: Vec<Owner>,
    /// Its budget.
    pub budget: Budget,
    /// Its limits.
    pub limits: Limits,
    /// Under what its prompts and answers are sealed and who may open them.
    pub content: Option<ContentKey>,
    /// Derived: the last of its parents; itself where it has none.
    pub ultimate_parent: OrganisationId,
    /// Derived: jurisdictions that can compel it: its own and each parent's up to the last, and those whose owners
    /// together hold at least one half of it or of one of these parents; each with the blocs it belongs to.
    pub controllers: BTreeSet<Jurisdiction>,
}

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationKind {
    /// A public body.
    Public,
    /// A company.
    Company,
    /// A university.
    University,
    /// A hospital.
    Hospital,
    /// An association.
    Association,
}

impl OrganisationKind {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Company => "company",
            Self::University => "university",
            Self::Hospital => "hospital",
            Self::Association => "association",
        }
    }
}

/// A part of an organisation owned from a jurisdiction.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Where the owner is.
    pub jurisdiction: Jurisdiction,
    /// Its share, 0 to 1.
    pub share: Decimal,
}

/// Money per calendar month, in the realm's time zone. `None`: unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// At most this much a month.
    pub per_month: Option<Nano>,
}

/// Rates. `None`: unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Requests in any minute.
    pub requests_per_min: Option<u64>,
    /// Tokens in any minute, prompt and completion together.
    pub tokens_per_min: Option<u64>,
    /// Requests at the same time.
    pub concurrent: Option<u64>,
}

/// A client identity.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Who answers for it.
    pub organisation: OrganisationId,
    /// What it is used for; the first is the default.
    pub purposes: Vec<String>,
    /// Its risk tier.
    pub risk_tier: RiskTier,
    /// What it does to a person's case.
    pub decision_effect: DecisionEffect,
    /// How people watch it.
    pub oversight: Oversight,
    /// Who watches it.
    pub overseer: Option<String>,
    /// How much its loss would hurt, 0 to 3.
    pub criticality: u8,
    /// Minutes within which it must be back.
    pub rto_min: Option<u64>,
    /// Classes that may occur in its requests.
    pub data_classes: ClassSet,
    /// Whether it may say where its end user is.
    pub asserts_user: bool,
    /// The routes it may name.
    pub routes: BTreeSet<RouteId>,
    /// Its budget.
    pub budget: Budget,
    /// Its limits.
    pub limits: Limits,
    /// Whether its prompts and answers are kept; `None`: as the realm says.
    pub content: Option<Content>,
    /// How good what answers it must be, where a route chooses by that. `None`: as the route says.
    pub quality: Option<Quality>,
    /// What becomes of its requests to which somebody must agree first.
    pub approvals: Approvals,
}

/// What becomes of a request to which somebody must agree first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Approvals {
    /// It is refused.
    #[default]
    Refuse,
    /// It is parked: the app gets a ticket that is good for so many hours.
    Ticket {
        /// Hours.
        hours: u64,
    },
}

impl Approvals {
    /// How long a ticket is good, in hours, where nobody says otherwise.
    pub const HOURS: u64 = 24;
    /// The longest that one can be.
    pub const HOURS_MAX: u64 = 720;
}

/// How much harm an app could do, in the sense of the usual four tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskTier {
    /// Little.
    Minimal,
    /// Duties of openness.
    Limited,
    /// Duties of care.
    High,
    /// Not to be used at all.
    Prohibited,
}

impl RiskTier {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Limited => "limited",
            Self::High => "high",
            Self::Prohibited => "prohibited",
        }
    }
}

/// What an answer does to a person's case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionEffect {
    /// Nothing.
    None,
    /// A person decides with it.
    Assists,
    /// It decides.
    Decides,
}

impl DecisionEffect {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Assists => "assists",
            Self::Decides => "decides",
        }
    }
}

/// How people watch an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversight {
    /// Nobody does.
    None,
    /// A person can stop it.
    OnLoop,
    /// A person acts on each answer.
    InLoop,
}

impl Oversight {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OnLoop => "on_loop",
            Self::InLoop => "in_loop",
        }
    }
}

/// A fact that a pack asks for.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// What it is about: `<kind>:<id>`, as `provider:meridian`.
    pub subject: String,
    /// Which fact.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// The last day on which it holds.
    pub valid_until: Option<Date>,
}
