//! Sums over records, as they lie in the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use realm::record::{End, EnergyFigure, Outcome};
use realm::{AppId, DeploymentId, Nano, UnixMs};

use super::latency::Latency;

/// What somebody used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sum {
    /// Requests that ended, refused ones not among them.
    pub requests: u64,
    /// Of these, with an error.
    pub failed: u64,
    /// Of these, nobody knows how.
    pub unknown: u64,
    /// Of these, left by the client before their end.
    pub closed: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Requests whose tokens or cost are estimated.
    pub estimated: u64,
    /// Money.
    pub cost: Nano,
    /// Joules, where they are known.
    pub energy_j: f64,
    /// Requests whose energy nobody knows.
    pub energy_unknown: u64,
}

/// What some days' records say.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// By app.
    pub apps: BTreeMap<AppId, Sum>,
    /// By the deployment that was asked last.
    pub deployments: BTreeMap<DeploymentId, Sum>,
    /// Refusals by code.
    pub codes: BTreeMap<Arc<str>, u64>,
}

/// What requests of one kind used, and how long they took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Use {
    /// The sums.
    pub sum: Sum,
    /// From acceptance to end.
    pub total: Latency,
    /// From acceptance to the first byte of the answer.
    pub first: Latency,
}

/// What one hour's records say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    /// Requests with a whole answer.
    pub answered: u64,
    /// Requests that ended otherwise.
    pub failed: u64,
    /// Requests that were refused.
    pub refused: u64,
}

/// What a rule did since the log began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleUse {
    /// Requests that it refused.
    pub denied: u64,
    /// Requests in which it kept a deployment out that another stood in for.
    pub passed_over: u64,
    /// Attempts out of which it had something taken.
    pub redacted: u64,
    /// Attempts that it would have decided otherwise, had it bound.
    pub shadow: u64,
    /// Requests in which a fact that it asks for was unknown.
    pub unknown: u64,
    /// When it last did any of these.
    pub last: Option<UnixMs>,
}

impl Sum {
    fn outcome(&mut self, outcome: &Outcome) {
        self.requests += 1;
        self.failed += u64::from(matches!(outcome.end, End::Error));
        self.unknown += u64::from(matches!(outcome.end, End::Unknown));
        self.closed += u64::from(matches!(outcome.end, End::ClientClosed));
        // A record with more tokens than any request has tells no use.
        if !outcome.tokens.believable() {
            return;
        }
        self.tokens_in = self.tokens_in.saturating_add(outcome.tokens.input);
        self.tokens_out = self.tokens_out.saturating_add(outcome.tokens.output);
        self.estimated += u64::from(outcome.tokens.estimated || outcome.cost_estimated);
        self.cost = self.cost + outcome.cost_nano;
        match outcome.energy {
            EnergyFigure::Measured { j } | EnergyFigure::Declared { j } => self.energy_j += j,
            EnergyFigure::Unknown => self.energy_unknown += 1,
        }
    }

    /// Adds another sum.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.failed += other.failed;
        self.unknown += other.unknown;
        self.closed += other.closed;
        self.refused += other.refused;
        self.tokens_in = self.tokens_in.saturating_add(other.tokens_in);
        self.tokens_out = self.tokens_out.saturating_add(other.tokens_out);
        self.estimated += other.estimated;
        self.cost = self.cost + other.cost;
        self.energy_j += other.energy_j;
        self.energy_unknown += other.energy_unknown;
    }
}

impl Use {
    pub(super) fn outcome(&mut self, outcome: &Outcome) {
        self.sum.outcome(outcome);
        self.total.add(outcome.ms.total_ms);
        outcome.ms.first_ms.into_iter().for_each(|ms| self.first.add(ms));
    }

    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.sum.add(&other.sum);
        self.total.merge(&other.total);
        self.first.merge(&other.first);
    }
}

impl Totals {
    pub(super) fn add(&mut self, app: &AppId, deployment: Option<&DeploymentId>, sum: &Sum) {
        self.apps.entry(app.clone()).or_default().add(sum);
        deployment.into_iter().for_each(|id| self.deployments.entry(id.clone()).or_default().add(sum));
    }

    /// Everybody together.
    pub fn total(&self) -> Sum {
        let mut total = Sum::default();
        self.apps.values().for_each(|sum| total.add(sum));
        total
    }
}

impl RuleUse {
    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.denied += other.denied;
        self.passed_over += other.passed_over;
        self.redacted += other.redacted;
        self.shadow += other.shadow;
        self.unknown += other.unknown;
        self.last = self.last.max(other.last);
    }
}

impl Hour {
    /// Adds another's.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.failed += other.failed;
        self.refused += other.refused;
    }

    pub(super) fn outcome(&mut self, end: End) {
        match end {
            End::Ok => self.answered += 1,
            End::Error | End::ClientClosed | End::Unknown => self.failed += 1,
        }
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.answered + self.failed + self.refused
    }
}
