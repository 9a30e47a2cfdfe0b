use serde::{Deserialize, Serialize};

use super::parts::{Attempt, End, EnergyFigure, Estimate, Mac, Mirrors, RuleHit, Shadow, Timings, Tokens};
use crate::{AppId, ClassSet, DeploymentId, Jurisdiction, ModelId, Nano, RouteId, SnapshotId, UnixMs};

/// Bytes are about to leave to a deployment. Durable before they do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// When.
    pub at: UnixMs,
    /// The request's own id (`x-freehold-request`), made by the gateway.
    pub req: String,
    /// Who asked.
    pub app: AppId,
    /// Which attempt of the request, from 1.
    pub n: u32,
    /// Where it goes.
    pub dep: DeploymentId,
    /// What the client called it.
    pub route: RouteId,
    /// What for.
    pub purpose: String,
    /// Classes found or asserted.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub classes: ClassSet,
    /// Classes replaced by tokens before sending.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub redacted: ClassSet,
    /// Rules by which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted_by: Vec<RuleHit>,
    /// Classes found or asserted that the app does not declare.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub undeclared: ClassSet,
    /// Those of the classes whose places in the text were known: the others could only be kept in whole.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub located: ClassSet,
    /// Where the end user is, where the app says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_in: Option<Jurisdiction>,
    /// The only model that may answer, where the client named one and no route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<ModelId>,
    /// Capabilities the request needs: `stream`, `tools`, `json_schema`, `images`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Rules that would have denied had their facts been known; the realm flags and lets pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<RuleHit>,
    /// Duties that come with the use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oblige: Vec<RuleHit>,
    /// Rules that a sandbox set aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<RuleHit>,
    /// What shadow rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Shadow>,
    /// The snapshot that decided.
    pub snap: SnapshotId,
    /// Bytes of the body sent.
    pub bytes: u64,
    /// HMAC of the body sent.
    pub mac: Mac,
    /// HMAC of the end user's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Mac>,
    /// The ticket under which people agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Parameters left out because the provider cannot express them and the realm allows that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// What is charged if the end is never known.
    pub est: Estimate,
    /// The request that it repeats for a drill in shadow: nobody waits for its answer, and no limit of the app is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<Mirrors>,
    /// Made by sample traffic, not by a client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// A request has ended. Durable before its last byte returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// When.
    pub at: UnixMs,
    /// The request's own id.
    pub req: String,
    /// Who asked.
    pub app: AppId,
    /// What the client called it.
    pub route: RouteId,
    /// How it ended.
    pub end: End,
    /// The error the client got, from the stable list of codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// Tokens of the attempt that answered, and of those whose cut answer it went on with.
    pub tokens: Tokens,
    /// What it cost.
    #[serde(rename = "cost")]
    pub cost_nano: Nano,
    /// Whether the cost is a reservation or rests on estimated tokens.
    #[serde(rename = "cost_est", default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_estimated: bool,
    /// What it took.
    pub energy: EnergyFigure,
    /// When things happened.
    pub ms: Timings,
    /// Rules that shaped it: denials of deployments passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleHit>,
    /// The name of the model the provider says it used, where it differs from the one asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// HMAC of the answer as the provider sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// The lowest intent index that had no outcome when this was written: recovery scans from there.
    pub oldest_open: u64,
    /// The request that it repeats for a drill in shadow: nobody waits for its answer, and no limit of the app is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<Mirrors>,
    /// Made by sample traffic, not by a client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// A request was refused before any byte left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at: UnixMs,
    /// The request's own id.
    pub req: String,
    /// Who asked.
    pub app: AppId,
    /// What the client called it, as far as it is one of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteId>,
    /// What for.
    pub purpose: String,
    /// The error the client got, from the stable list of codes.
    pub code: String,
    /// Classes found or asserted.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub classes: ClassSet,
    /// Rules that denied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleHit>,
    /// Rules whose facts are unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<RuleHit>,
    /// Those of the classes whose places in the text were known: the others could only be kept in whole.
    #[serde(default, skip_serializing_if = "ClassSet::is_empty_ref")]
    pub located: ClassSet,
    /// Where the end user is, where the app says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_in: Option<Jurisdiction>,
    /// The only model that may answer, where the client named one and no route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<ModelId>,
    /// Capabilities the request needs, as in an intent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The snapshot that decided.
    pub snap: SnapshotId,
    /// The ticket that it waits under, or came back with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// HMAC of the body received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// Made by sample traffic, not by a client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// Somebody or something changed what holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: UnixMs,
    /// What: `key.new`, `key.revoke`, `suspend`, `resume`, `secret.destroy`, `realm.load`, `serve.start`, `serve.stop`,
    /// `ledger.rotate`, `ledger.prune`, `ledger.accept_head`, `content.request`, `content.approve`, `content.open`,
    /// `content.forget`, `content.expire`, `console.link`, `console.enter`, `console.leave`, `drill.propose`,
    /// `drill.approve`, `drill.start`, `drill.abort`, `drill.end`, `drill.bundle`, `eval.run`,
    /// `eval.import`, `approval.agree`, `approval.refuse`, `approval.use`,
    /// `notice.tell`, `notice.untell`.
    pub what: String,
    /// Who or what it is about: `app:clinic`, `key:k7…`, `snapshot:…`.
    pub subject: String,
    /// Who did it: the operating-system user of a command, a person by the console, or `serve`.
    pub by: String,
    /// More, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The store's own id of this change, where it came through the store's outbox: it is appended once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}
