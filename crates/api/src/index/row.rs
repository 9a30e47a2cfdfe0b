//! One request in one row.

use std::sync::Arc;

use realm::record::{End, EnergyFigure, Intent, Outcome, Refusal, RuleHit, Tokens};
use realm::{AppId, ClassSet, DeploymentId, Nano, RouteId, UnixMs};

/// How a request ended, as far as the ledger says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Not yet.
    Open,
    /// The client has the whole answer.
    Ok,
    /// The client has an error.
    Error,
    /// The client left.
    ClientClosed,
    /// Nobody knows.
    Unknown,
    /// It was refused before any byte left.
    Refused,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Row {
    /// When its first record was written.
    pub at: UnixMs,
    /// Its id.
    pub req: Arc<str>,
    /// Who asked.
    pub app: AppId,
    /// By which name; none where it was none of ours.
    pub route: Option<RouteId>,
    /// What for; empty where the records that are kept do not say.
    pub purpose: Arc<str>,
    /// Where it went last.
    pub deployment: Option<DeploymentId>,
    /// How it ended.
    pub end: Ended,
    /// The error the client got.
    pub code: Option<Arc<str>>,
    /// Classes found or asserted.
    pub classes: ClassSet,
    /// Classes replaced by tokens.
    pub redacted: ClassSet,
    /// Rules by which they were.
    pub redacted_by: Vec<RuleHit>,
    /// Rules that denied it or a deployment of it.
    pub rules: Vec<RuleHit>,
    /// Rules whose duties come with it.
    pub owes: Vec<RuleHit>,
    /// Attempts that were made.
    pub attempts: u32,
    /// Tokens.
    pub tokens: Tokens,
    /// What it cost.
    pub cost: Nano,
    /// Whether that is estimated.
    pub cost_estimated: bool,
    /// What it took.
    pub energy: EnergyFigure,
    /// From its acceptance to the first byte of the answer.
    pub first_ms: Option<u64>,
    /// From its acceptance to its end.
    pub total_ms: Option<u64>,
    /// Where its records lie.
    pub entries: Vec<u64>,
    /// Made by sample traffic.
    pub simulated: bool,
}

impl Ended {
    /// The word in queries and for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ok => "ok",
            Self::Error => "error",
            Self::ClientClosed => "client_closed",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }

    /// All of them.
    pub const ALL: [Self; 6] = [Self::Ok, Self::Refused, Self::Error, Self::ClientClosed, Self::Unknown, Self::Open];

    /// Whether a deployment answered, whole or until the client left.
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Ok | Self::ClientClosed)
    }

    fn of(end: End) -> Self {
        match end {
            End::Ok => Self::Ok,
            End::Error => Self::Error,
            End::ClientClosed => Self::ClientClosed,
            End::Unknown => Self::Unknown,
        }
    }
}

/// The word for what was answered, whole or until the client left.
const ANSWERED: &str = "answered";

/// Every word that says how a request ended.
pub const ENDS: [&str; 7] = ["ok", "refused", "error", "client_closed", "unknown", "open", ANSWERED];

impl Ended {
    /// Whether it is what a word says.
    pub(super) fn is(self, word: &str) -> bool {
        self.as_str() == word || (word == ANSWERED && self.is_answered())
    }
}

impl Row {
    fn new(index: u64, at: UnixMs, req: &str, app: &AppId, route: Option<&RouteId>, end: Ended) -> Self {
        Self {
            at,
            req: req.into(),
            app: app.clone(),
            route: route.cloned(),
            purpose: Arc::default(),
            deployment: None,
            end,
            code: None,
            classes: ClassSet::EMPTY,
            redacted: ClassSet::EMPTY,
            redacted_by: Vec::new(),
            rules: Vec::new(),
            owes: Vec::new(),
            attempts: 0,
            tokens: Tokens::default(),
            cost: Nano::ZERO,
            cost_estimated: false,
            energy: EnergyFigure::Unknown,
            first_ms: None,
            total_ms: None,
            entries: vec![index],
            simulated: false,
        }
    }

    /// The row of a request whose first attempt begins.
    pub(super) fn opened(index: u64, intent: &Intent) -> Self {
        let mut row = Self::new(index, intent.at, &intent.req, &intent.app, Some(&intent.route), Ended::Open);
        row.entries.clear();
        row.attempt(index, intent);
        row
    }

    /// One attempt more begins.
    pub(super) fn attempt(&mut self, index: u64, intent: &Intent) {
        self.entries.push(index);
        self.purpose = intent.purpose.as_str().into();
        self.deployment = Some(intent.dep.clone());
        self.classes = self.classes.union(intent.classes);
        self.redacted = self.redacted.union(intent.redacted);
        add_new(&mut self.redacted_by, &intent.redacted_by);
        add_new(&mut self.owes, &intent.oblige);
        self.attempts += 1;
        self.simulated |= intent.simulated;
    }

    /// Its outcome.
    pub(super) fn end(&mut self, index: u64, outcome: &Outcome) {
        self.entries.push(index);
        self.end = Ended::of(outcome.end);
        self.code = outcome.code.as_deref().map(Into::into);
        self.rules.clone_from(&outcome.rules);
        self.attempts = u32::try_from(outcome.attempts.len()).unwrap_or(u32::MAX);
        if let Some(last) = outcome.attempts.last() {
            self.deployment = Some(last.deployment.clone());
        }
        self.tokens = outcome.tokens;
        (self.cost, self.cost_estimated) = (outcome.cost_nano, outcome.cost_estimated);
        self.energy = outcome.energy;
        (self.first_ms, self.total_ms) = (outcome.ms.first_ms, Some(outcome.ms.total_ms));
        self.simulated |= outcome.simulated;
    }

    /// The row of an outcome whose attempts are not among what was read.
    pub(super) fn ended(index: u64, outcome: &Outcome) -> Self {
        let mut row = Self::new(index, outcome.at, &outcome.req, &outcome.app, Some(&outcome.route), Ended::Open);
        row.entries = outcome.attempts.iter().map(|attempt| attempt.intent).collect();
        row.end(index, outcome);
        row
    }

    /// The row of a refusal.
    pub(super) fn refused(index: u64, refusal: &Refusal) -> Self {
        let (req, app, route) = (refusal.req.as_str(), &refusal.app, refusal.route.as_ref());
        let mut row = Self::new(index, refusal.at, req, app, route, Ended::Refused);
        row.purpose = refusal.purpose.as_str().into();
        row.code = Some(refusal.code.as_str().into());
        row.classes = refusal.classes;
        // What waits for people was not denied by the rules that ask for them.
        if refusal.code != APPROVAL_PENDING {
            row.rules.clone_from(&refusal.rules);
        }
        row.simulated = refusal.simulated;
        row
    }

    /// What was decided: `permit`, `redact` or `deny`; none where it was not rules that stopped it.
    pub fn decision(&self) -> Option<&'static str> {
        decision(self.end, self.redacted, self.rules.is_empty(), self.code.as_deref() == Some(POLICY_DENIED))
    }

    /// The rules behind a denial, by id; empty where it was not denied.
    pub fn rules_note(&self) -> String {
        let denied = self.end == Ended::Refused;
        if denied { self.rules.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ") } else { String::new() }
    }

    /// Joules; none where nobody knows.
    pub fn joules(&self) -> Option<f64> {
        joules(self.energy)
    }
}

/// The code of a request that waits for people.
pub(super) const APPROVAL_PENDING: &str = "approval_pending";
/// The code of a denial by rules.
pub(super) const POLICY_DENIED: &str = "policy_denied";

/// Adds the rules that are not there yet.
fn add_new(rules: &mut Vec<RuleHit>, more: &[RuleHit]) {
    for rule in more {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
}

/// What was decided of a request that ended so.
pub(super) fn decision(end: Ended, redacted: ClassSet, without_rule: bool, denied: bool) -> Option<&'static str> {
    match (end, redacted.is_empty()) {
        (Ended::Refused, _) if without_rule && !denied => None,
        (Ended::Refused, _) => Some("deny"),
        (_, false) => Some("redact"),
        (_, true) => Some("permit"),
    }
}

/// Joules of a figure; none where nobody knows.
pub(super) fn joules(energy: EnergyFigure) -> Option<f64> {
    match energy {
        EnergyFigure::Measured { j } | EnergyFigure::Declared { j } => Some(j),
        EnergyFigure::Unknown => None,
    }
}
