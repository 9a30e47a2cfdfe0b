use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use cedar_policy::Schema;
use realm::world::{AccessPath, DecisionEffect, ModelKind, OrganisationKind, Oversight, Protocol, RiskTier, Weights};
use realm::{DataClass, Jurisdiction};

/// The Cedar schema that rules are checked against, before the evidence keys of a realm's rules are filled in.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// Attributes that may be unknown, by name; every key of an `evidence` record beside them.
///
/// No attribute that is always known shares a name with one of these, so that a name alone tells.
pub(crate) const FACTS: [&str; 10] = [
    "compute_flop_log10",
    "context_tokens",
    "isic",
    "licence",
    "overseer",
    "parameters",
    "rto_min",
    "training_jurisdictions",
    "user_jurisdiction",
    "user_places",
];

/// The attribute under which evidence is found.
pub(crate) const EVIDENCE: &str = "evidence";

/// What evidence can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// An app.
    App,
    /// An organisation.
    Organisation,
    /// A model.
    Model,
    /// A provider.
    Provider,
    /// A deployment.
    Deployment,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::App, Self::Organisation, Self::Model, Self::Provider, Self::Deployment];

    /// The word used in `@evidence` and in `subject` of `[[evidence]]`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Organisation => "organisation",
            Self::Model => "model",
            Self::Provider => "provider",
            Self::Deployment => "deployment",
        }
    }

    /// The entity type that carries it.
    pub(crate) fn entity_type(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Organisation => "Organisation",
            Self::Model => "Model",
            Self::Provider => "Provider",
            Self::Deployment => "Deployment",
        }
    }
}

/// A fact that a rule asks the realm for: what it is about, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceKey {
    /// What it is about.
    pub kind: EvidenceKind,
    /// Its name: `key` of `[[evidence]]`, and `….evidence.<key>` in rules.
    pub key: String,
}

impl fmt::Display for EvidenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind.as_str(), self.key)
    }
}

/// A word that is not `<kind>.<key>`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an evidence key: expected `<kind>.<key>`")]
pub struct EvidenceKeyError(pub String);

impl FromStr for EvidenceKey {
    type Err = EvidenceKeyError;
    fn from_str(text: &str) -> Result<Self, EvidenceKeyError> {
        let error = || EvidenceKeyError(text.to_owned());
        let (kind, key) = text.split_once('.').ok_or_else(error)?;
        let kind = EvidenceKind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or_else(error)?;
        if !is_key(key) {
            return Err(error());
        }
        Ok(Self { kind, key: key.to_owned() })
    }
}

/// Keys are Cedar attribute names: lower-case words joined by `_`. Cedar's own words are left out.
fn is_key(key: &str) -> bool {
    const RESERVED: [&str; 9] = ["true", "false", "if", "then", "else", "in", "is", "like", "has"];
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.len() <= 64
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&key)
}

/// The schema's text with the evidence keys filled in.
pub(crate) fn text(keys: &BTreeSet<EvidenceKey>) -> String {
    let mut text = SCHEMA.to_owned();
    for kind in EvidenceKind::ALL {
        let fields: String =
            keys.iter().filter(|key| key.kind == kind).map(|key| format!("{}: String, ", key.key)).collect();
        let name = kind.entity_type();
        text = text.replace(&format!("type {name}Evidence = {{}};"), &format!("type {name}Evidence = {{{fields}}};"));
    }
    text
}

/// The schema with the evidence keys filled in.
pub(crate) fn build(keys: &BTreeSet<EvidenceKey>) -> Schema {
    let (schema, _) = Schema::from_cedarschema_str(&text(keys)).expect(
        "the schema is part of the program, and keys are checked names: a test parses it with keys of each kind",
    );
    schema
}

/// The words an attribute can hold, for those attributes that hold one of a few. A rule that compares such an
/// attribute with another word would never fire.
pub(crate) fn vocabulary(attribute: &str) -> Option<Vec<&'static str>> {
    Some(match attribute {
        "class" | "classes" | "present" | "data_classes" => DataClass::ALL.map(DataClass::as_str).to_vec(),
        "risk_tier" => {
            [RiskTier::Minimal, RiskTier::Limited, RiskTier::High, RiskTier::Prohibited].map(RiskTier::as_str).to_vec()
        }
        "decision_effect" => [DecisionEffect::None, DecisionEffect::Assists, DecisionEffect::Decides]
            .map(DecisionEffect::as_str)
            .to_vec(),
        "oversight" => [Oversight::None, Oversight::OnLoop, Oversight::InLoop].map(Oversight::as_str).to_vec(),
        "weights" => [Weights::Open, Weights::Closed].map(Weights::as_str).to_vec(),
        "protocol" => Protocol::ALL.map(Protocol::as_str).to_vec(),
        "access_path" => [AccessPath::None, AccessPath::Support, AccessPath::Admin, AccessPath::Update]
            .map(AccessPath::as_str)
            .to_vec(),
        "kind" => kinds(),
        _ => return None,
    })
}

/// Organisations and models both have a `kind`.
fn kinds() -> Vec<&'static str> {
    use OrganisationKind::{Association, Company, Hospital, Public, University};
    let mut kinds = [Public, Company, University, Hospital, Association].map(OrganisationKind::as_str).to_vec();
    kinds.extend([ModelKind::Chat, ModelKind::Embedding].map(ModelKind::as_str));
    kinds
}

/// Attributes that hold places.
pub(crate) fn holds_places(attribute: &str) -> bool {
    const PLACES: [&str; 12] = [
        "control",
        "controllers",
        "home",
        "home_places",
        "host",
        "jurisdiction",
        "origin",
        "provenance",
        "residency",
        "training_jurisdictions",
        "user_jurisdiction",
        "user_places",
    ];
    PLACES.contains(&attribute)
}

/// Whether a word has the shape of a country code.
pub(crate) fn is_country(place: &Jurisdiction) -> bool {
    place.as_str().len() == 2 && place.as_str().bytes().all(|b| b.is_ascii_uppercase())
}
