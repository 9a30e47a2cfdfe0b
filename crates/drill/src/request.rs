//! One request of the past, as records tell it.

use std::sync::Arc;

use realm::draw::mix;
use realm::record::Tokens;
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction, ModelId, Nano, RouteId, SnapshotId, UnixMs};

/// Everything by which a request was decided, beside its date.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Facts {
    /// The snapshot that decided.
    pub snapshot: SnapshotId,
    /// Who asked.
    pub app: AppId,
    /// By which name; none where it was none of the realm's.
    pub route: Option<RouteId>,
    /// What for.
    pub purpose: String,
    /// Classes found or asserted.
    pub classes: ClassSet,
    /// Those whose places in the text were known. What a record does not call so is taken for diffuse: such a class
    /// cannot be taken out, so that a drill rather stops too much than too little.
    pub located: ClassSet,
    /// Where the end user is, where the app said so.
    pub user_in: Option<Jurisdiction>,
    /// The only model that may answer.
    pub only: Option<ModelId>,
    /// Capabilities the request needs.
    pub needs: Vec<String>,
}

/// One request and what became of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// When its first attempt was decided, or when it was refused.
    pub at: UnixMs,
    /// When it ended.
    pub ended: UnixMs,
    /// What a live drill did to it by the records' own word; what it passed over before the first attempt is not in them.
    pub cut: Option<Cut>,
    /// A number of its own, made of its id: with a scenario's seed it draws among targets of the same priority.
    pub number: u64,
    /// By what it was decided.
    pub facts: Arc<Facts>,
    /// What became of it.
    pub fate: Fate,
}

impl Request {
    /// The number by which it draws among targets of the same priority, in a drill with this seed.
    pub fn draw(&self, seed: u64) -> u64 {
        mix(self.number ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

/// What a live drill did to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It ended an attempt, and the request went on elsewhere.
    Within,
    /// It ended the request.
    Ended,
}

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Fate {
    /// A deployment answered, whole or until the client left.
    Answered(Answered),
    /// Rules refused it before a byte left.
    Denied,
    /// It was refused for another reason than a rule.
    Refused,
    /// Bytes left and no answer came, or nobody knows.
    Failed,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Who gave it.
    pub deployment: DeploymentId,
    /// Classes that had been taken out.
    pub redacted: ClassSet,
    /// What it used.
    pub tokens: Tokens,
    /// What it cost, in billionths of the realm's currency.
    pub cost_nano: Nano,
    /// How long the attempt took that answered, in milliseconds.
    pub took_ms: u64,
    /// Whether the provider says that another model answered than the one asked for.
    pub other_model: bool,
}
