use std::path::PathBuf;

use rust_decimal::Decimal;

use crate::world::{Budget, Limits, Quality};
use crate::{AcceleratorId, DeploymentId, Jurisdiction, ModelId, Nano, OrganisationId, ProviderId, RouteId, SiteId};

/// A model's passport.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// What people call it.
    pub name: String,
    /// Who developed it.
    pub developer: OrganisationId,
    /// The developer's jurisdiction when it was made.
    pub origin: Jurisdiction,
    /// Whether anyone may run it.
    pub weights: Weights,
    /// Licence of the weights.
    pub licence: Option<String>,
    /// What it does.
    pub kind: ModelKind,
    /// Number of parameters.
    pub parameters: Option<u64>,
    /// Longest input and output together, in tokens.
    pub context_tokens: Option<u64>,
    /// Languages it is good at.
    pub languages: Vec<String>,
    /// Registries that list it.
    pub registries: Vec<String>,
    /// How it was trained.
    pub training: Training,
}

/// Whether a model's weights can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Anyone may run them.
    Open,
    /// Only the developer's endpoints serve them.
    Closed,
}

impl Weights {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelKind {
    /// Answers messages.
    Chat,
    /// Embeds text.
    Embedding,
}

impl ModelKind {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embedding => "embedding",
        }
    }
}

/// How a model was trained.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// Where its data came from.
    pub data_jurisdictions: Vec<Jurisdiction>,
    /// log10 of the floating-point operations.
    pub compute_flop_log10: Option<Decimal>,
}

/// A model served by a provider in a place.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// What is served.
    pub model: ModelId,
    /// Who serves it.
    pub provider: ProviderId,
    /// The model's name there; the model's id where not given.
    pub upstream_model: String,
    /// Where bytes rest.
    pub host: Jurisdiction,
    /// The data centre it runs in, where that is known.
    pub site: Option<SiteId>,
    /// The kind of accelerator it runs on, where that is known.
    pub accelerator: Option<AcceleratorId>,
    /// What it costs. `None`: unknown.
    pub price: Option<Price>,
    /// What a token takes.
    pub energy: Option<Energy>,
    /// What it can do.
    pub capacity: Capacity,
    /// The engine's model file; relative paths are resolved against the realm directory.
    pub weights_file: Option<PathBuf>,
}

/// A price per token, in billionths of the realm's currency: 0.20 per million tokens is 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Per prompt token.
    pub input_per_token: Nano,
    /// Per completion token.
    pub output_per_token: Nano,
}

/// Energy of a token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    /// Joules per token.
    pub j_per_token: f64,
    /// How that is known.
    pub method: EnergyMethod,
}

/// How an energy figure is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnergyMethod {
    /// Measured there.
    Measured,
    /// The operator says so.
    Declared,
}

/// What a deployment can do. `None`: unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// Tokens per second, all requests together.
    pub tokens_per_s: Option<u64>,
}

/// The name a client puts in `model`.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// Where it leads, lowest priority number first, ties in the order written.
    pub targets: Vec<Target>,
    /// Whether the next target is tried when one fails.
    pub fallback: bool,
    /// Whether a cut stream is continued elsewhere.
    pub resume: bool,
    /// How targets are ordered.
    pub strategy: Strategy,
    /// How good what answers must be, for the strategy that chooses by that.
    pub quality: Option<Quality>,
    /// Its budget.
    pub budget: Budget,
    /// Its limits.
    pub limits: Limits,
}

/// One place a route leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The deployment.
    pub deployment: DeploymentId,
    /// Lower is tried first.
    pub priority: u32,
    /// Share among equals of the same priority.
    pub weight: u32,
}

/// How a route's targets are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// By priority, then by weight.
    Priority,
    /// By priority, then by what runs there for its weight.
    LeastLoaded,
    /// By priority, then the cheapest that is known to be good enough.
    CheapestPassing,
}
