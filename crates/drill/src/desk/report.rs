//! What a desk drill says.

use jiff::civil::Date;
use realm::{AppId, DataClass, DeploymentId, SectorId, UnixMs};
use rust_decimal::Decimal;
use serde::Serialize;

pub use super::failing::{FailingApp, Failure, Noticed};
pub use super::finding::Finding;
pub use super::go::Stop;
pub use super::notice::{InTime, Notice, Prepared, ToDo};
pub use super::quality::{Quality, QualityGap, QualityKnown};
pub use super::taken::Taken;
pub use super::work::{Work, Workload};
use crate::exposure::report::SurvivedCut;
use crate::figure::{Ratio, as_text, as_text_if, days_if};
use crate::level::Level;
use crate::records::Unread;
pub use crate::scenario::Measure;
use crate::task::{Found, Since};

/// The result of a drill.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `desk`: recorded requests are decided again, and nothing is sent.
    pub mode: &'static str,
    /// The scenario's title.
    pub title: String,
    /// Names what it asks, whatever is expected: reports of the same question can be compared.
    pub question: String,
    /// The seed of its draws.
    pub seed: u64,
    /// What it takes away.
    pub cut: Vec<Taken>,
    /// What somebody should know first, each with what it asks for and of whom.
    pub findings: Vec<Found<Finding>>,
    /// What became of the findings of the drill before; none where it was compared with none.
    pub since: Option<Since>,
    /// The margins written down before, each with what was measured.
    pub hypothesis: Vec<VerdictLine>,
    /// What has to be done within the notice, where the scenario gives one.
    pub notice: Option<Notice>,
    /// All apps together.
    pub totals: Counts,
    /// Of answered use, what is still answered.
    pub survival: Survival,
    /// Each app.
    pub apps: Vec<AppResult>,
    /// Each sector.
    pub sectors: Vec<SectorResult>,
    /// From where to where.
    pub moves: Vec<Move>,
    /// What goes nowhere, and why.
    pub stopped: Vec<Stopped>,
    /// What was denied and would be answered, and by whom.
    pub newly_permitted: Vec<Opened>,
    /// Protected classes: what no longer leaves home, and what leaves it anew.
    pub protected: Vec<Protected>,
    /// Requests with a protected class that leaves home in clear.
    pub in_clear: InClear,
    /// Tokens of what was answered, and of what would be.
    pub tokens: TokenSum,
    /// Cost.
    pub cost: Cost,
    /// Energy.
    pub energy: Energy,
    /// What is left to do for each deployment that answers.
    pub targets: Vec<TargetLoad>,
    /// How what is cut off fails, where the scenario says it, and what that costs before something else answers.
    pub failures: Vec<Failure>,
    /// What each deployment has to do, app by app.
    pub work: Workload,
    /// What a further cut would leave, and how concentrated use is, before and after.
    pub exposure: ExposureChange,
    /// How good the answers elsewhere would be, as far as evaluations tell.
    pub quality: Quality,
    /// What a drill of records does not reach.
    pub not_tested: Vec<&'static str>,
    /// What could not be replayed.
    pub not_replayed: NotReplayed,
    /// The first and the last day of what was replayed.
    #[serde(serialize_with = "days_if")]
    pub days: Option<(Date, Date)>,
}

/// Requests that could not be decided again.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct NotReplayed {
    /// Their snapshots are not kept.
    pub without_world: u64,
    /// They went where their own rules, asked again, would not let them go; they count all the same.
    pub disagreeing: u64,
    /// What no request was made of.
    #[serde(flatten)]
    pub unread: Unread,
}

/// Counts of requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Answered then: the sum of the next three.
    pub answered: u64,
    /// They go where they went.
    pub unchanged: u64,
    /// They go elsewhere.
    pub moved: u64,
    /// They go nowhere.
    pub stopped: u64,
    /// Denied by rules then, and answered now.
    pub newly_permitted: u64,
    /// Denied by rules then and now.
    pub still_denied: u64,
    /// Refused then for another reason; not decided again.
    pub refused: u64,
    /// Begun then without an answer; not decided again.
    pub failed: u64,
}

impl Counts {
    /// Adds the counts of others.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.unchanged += other.unchanged;
        self.moved += other.moved;
        self.stopped += other.stopped;
        self.newly_permitted += other.newly_permitted;
        self.still_denied += other.still_denied;
        self.refused += other.refused;
        self.failed += other.failed;
    }
}

/// Of answered use, what is still answered.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Survival {
    /// Of the requests.
    pub requests: Ratio,
    /// Of the requests, each weighted by its app's criticality.
    pub critical: Ratio,
}

/// One app.
#[derive(Debug, Clone, Serialize)]
pub struct AppResult {
    /// Which.
    pub app: AppId,
    /// How critical it is.
    pub criticality: u64,
    /// Where its organisation works.
    pub sector: Option<SectorId>,
    /// Its requests.
    #[serde(flatten)]
    pub counts: Counts,
    /// What they cost.
    pub cost: Cost,
}

/// One sector.
#[derive(Debug, Clone, Serialize)]
pub struct SectorResult {
    /// Which; none for apps that their realm does not declare.
    pub sector: Option<SectorId>,
    /// Its requests.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Requests that go elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Of this app.
    pub app: AppId,
    /// They were answered here.
    pub from: DeploymentId,
    /// They would be answered here.
    pub to: DeploymentId,
    /// How many.
    pub requests: u64,
}

/// Requests that go nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// Of this app.
    pub app: AppId,
    /// Why.
    pub reason: Stop,
    /// How many.
    pub requests: u64,
}

/// Requests that were denied and would be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// Of this app.
    pub app: AppId,
    /// By this deployment.
    pub to: DeploymentId,
    /// How many.
    pub requests: u64,
}

/// The way of a protected class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Protected {
    /// Which.
    pub class: DataClass,
    /// Requests with which it left home in clear and does not any more.
    pub kept: u64,
    /// Requests with which it leaves home in clear and did not before.
    pub leaving: u64,
}

/// Answered requests with a protected class that leaves home in clear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct InClear {
    /// As recorded.
    pub before: u64,
    /// As it would be.
    pub after: u64,
}

/// Tokens, of prompts and answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TokenSum {
    /// Of what was answered.
    pub before: u64,
    /// Of what would be answered: the same tokens, wherever they go.
    pub after: u64,
}

/// What requests cost.
#[derive(Debug, Clone, Serialize)]
pub struct Cost {
    /// The currency.
    pub currency: Option<String>,
    /// As recorded.
    #[serde(serialize_with = "as_text")]
    pub before: Decimal,
    /// By recorded costs of what stays and declared prices of where the rest moves to; the same tokens.
    #[serde(serialize_with = "as_text")]
    pub after: Decimal,
    /// Requests whose cost after nobody can tell; they are in `before` and not in `after`.
    pub unknown_requests: u64,
    /// By how much it changes, in percent; none where it was nothing, or is not known.
    #[serde(serialize_with = "as_text_if")]
    pub change_percent: Option<Decimal>,
}

/// What requests take, by the joules per token that deployments declare.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Energy {
    /// Before, in joules, of tokens whose deployment declares it.
    pub before_j: f64,
    /// Tokens before of which nobody declares it.
    pub unknown_tokens_before: u64,
    /// After.
    pub after_j: f64,
    /// Tokens after of which nobody declares it.
    pub unknown_tokens_after: u64,
    /// The difference; none where not every token's is declared.
    pub change_j: Option<f64>,
}

/// What one deployment has to do.
#[derive(Debug, Clone, Serialize)]
pub struct TargetLoad {
    /// Which.
    pub deployment: DeploymentId,
    /// Requests that it answered.
    pub requests_before: u64,
    /// Requests that it would answer.
    pub requests_after: u64,
    /// When the hour begins in which it has most to do after.
    pub busiest_hour: UnixMs,
    /// Tokens per second in that hour, on average, before.
    #[serde(serialize_with = "as_text")]
    pub tokens_per_s_before: Decimal,
    /// The same after.
    #[serde(serialize_with = "as_text")]
    pub tokens_per_s_after: Decimal,
    /// What is declared that it can do; none: unknown.
    pub capacity_tokens_per_s: Option<u64>,
    /// Requests that it can serve at the same time; none: unknown.
    pub servers: Option<u32>,
    /// How many are being served on average in that hour; none: unknown.
    #[serde(serialize_with = "as_text_if")]
    pub load_erlang: Option<Decimal>,
    /// The probability that a request waits in that hour, by Erlang's formula C; none: unknown.
    #[serde(serialize_with = "as_text_if")]
    pub wait_probability: Option<Decimal>,
    /// The median time of its answers as observed; none: unknown.
    pub median_ms: Option<u64>,
}

/// Exposure before and after.
#[derive(Debug, Clone, Serialize)]
pub struct ExposureChange {
    /// The worst single cut before.
    pub worst_cut_before: Option<SurvivedCut>,
    /// The worst single cut of what is left.
    pub worst_cut_after: Option<SurvivedCut>,
    /// Each declared level.
    pub levels: Vec<LevelChange>,
}

/// How concentrated use is at a level.
#[derive(Debug, Clone, Serialize)]
pub struct LevelChange {
    /// Which.
    pub level: Level,
    /// The index before, of requests.
    #[serde(serialize_with = "as_text_if")]
    pub hhi_before: Option<Decimal>,
    /// The index after.
    #[serde(serialize_with = "as_text_if")]
    pub hhi_after: Option<Decimal>,
}

/// How a margin fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// What was measured is within it.
    Held,
    /// It is not.
    NotHeld,
    /// Nobody can tell: something it takes is unknown.
    Unknown,
}

/// One line of the hypothesis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictLine {
    /// What it is about.
    pub measure: Measure,
    /// The margin, as written before.
    #[serde(serialize_with = "as_text")]
    pub margin: Decimal,
    /// What was measured; none: unknown.
    #[serde(serialize_with = "as_text_if")]
    pub measured: Option<Decimal>,
    /// How it fared.
    pub verdict: Verdict,
}
