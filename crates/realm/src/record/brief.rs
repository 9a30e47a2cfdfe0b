use std::borrow::Cow;

use serde::Deserialize;

use super::parts::{End, Tokens};
use crate::{ClassSet, Nano, SnapshotId, UnixMs};

/// A record as far as a replay needs it, borrowed from its bytes: a ledger holds millions, and most of each one is
/// proof.
#[derive(Debug, Clone, PartialEq)]
pub enum Brief<'a> {
    /// About to send bytes to a deployment.
    Intent(IntentBrief<'a>),
    /// A request has ended.
    Outcome(OutcomeBrief<'a>),
    /// A request was refused before any byte left.
    Refusal(RefusalBrief<'a>),
    /// Somebody or something changed what holds.
    Change,
}

/// What was known when an attempt began. Fields are those of [`super::Intent`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct IntentBrief<'a> {
    /// When.
    pub at: UnixMs,
    /// Who asked.
    #[serde(borrow)]
    pub app: Cow<'a, str>,
    /// Where it goes.
    #[serde(borrow)]
    pub dep: Cow<'a, str>,
    /// What the client called it.
    #[serde(borrow)]
    pub route: Cow<'a, str>,
    /// What for.
    #[serde(borrow)]
    pub purpose: Cow<'a, str>,
    /// Classes found or asserted.
    #[serde(default)]
    pub classes: ClassSet,
    /// Classes replaced by tokens before sending.
    #[serde(default)]
    pub redacted: ClassSet,
    /// Classes whose places were known.
    #[serde(default)]
    pub located: ClassSet,
    /// Where the end user is.
    #[serde(borrow, default)]
    pub user_in: Option<Cow<'a, str>>,
    /// The only model that may answer.
    #[serde(borrow, default)]
    pub only: Option<Cow<'a, str>>,
    /// Capabilities the request needs.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The snapshot that decided.
    pub snap: SnapshotId,
    /// The request that it repeats for a drill in shadow.
    #[serde(borrow, default)]
    pub mirrors: Option<MirrorsBrief<'a>>,
}

/// Which request is repeated. Fields are those of [`super::Mirrors`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MirrorsBrief<'a> {
    /// The drill's id.
    #[serde(borrow)]
    pub drill: Cow<'a, str>,
    /// The id of the request that a client made.
    #[serde(borrow)]
    pub req: Cow<'a, str>,
}

/// How a request ended. Fields are those of [`super::Outcome`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OutcomeBrief<'a> {
    /// When.
    pub at: UnixMs,
    /// The request's own id.
    #[serde(borrow)]
    pub req: Cow<'a, str>,
    /// How it ended.
    pub end: End,
    /// The error the client got.
    #[serde(borrow, default)]
    pub code: Option<Cow<'a, str>>,
    /// Every attempt, in order.
    #[serde(borrow)]
    pub attempts: Vec<AttemptBrief<'a>>,
    /// Tokens of the attempt that answered.
    pub tokens: Tokens,
    /// What it cost.
    #[serde(rename = "cost")]
    pub cost_nano: Nano,
    /// The name of the model the provider says it used, where it differs from the one asked for.
    #[serde(borrow, default)]
    pub model: Option<Cow<'a, str>>,
    /// The request that it repeats for a drill in shadow.
    #[serde(borrow, default)]
    pub mirrors: Option<MirrorsBrief<'a>>,
}

/// How one attempt ended. Fields are those of [`super::Attempt`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AttemptBrief<'a> {
    /// The index of its intent in the same log.
    #[serde(rename = "i")]
    pub intent: u64,
    /// Where it went.
    #[serde(rename = "d", borrow)]
    pub deployment: Cow<'a, str>,
    /// Why it failed.
    #[serde(rename = "e", borrow, default)]
    pub error: Option<Cow<'a, str>>,
    /// How long it took, in milliseconds.
    #[serde(rename = "ms")]
    pub took_ms: u64,
    /// A live drill had it fail so.
    #[serde(rename = "f", default)]
    pub feigned: bool,
}

/// Why nothing left. Fields are those of [`super::Refusal`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RefusalBrief<'a> {
    /// When.
    pub at: UnixMs,
    /// The request's own id.
    #[serde(borrow)]
    pub req: Cow<'a, str>,
    /// Who asked.
    #[serde(borrow)]
    pub app: Cow<'a, str>,
    /// What the client called it.
    #[serde(borrow, default)]
    pub route: Option<Cow<'a, str>>,
    /// What for.
    #[serde(borrow)]
    pub purpose: Cow<'a, str>,
    /// The error the client got.
    #[serde(borrow)]
    pub code: Cow<'a, str>,
    /// Classes found or asserted.
    #[serde(default)]
    pub classes: ClassSet,
    /// Classes whose places were known.
    #[serde(default)]
    pub located: ClassSet,
    /// Where the end user is.
    #[serde(borrow, default)]
    pub user_in: Option<Cow<'a, str>>,
    /// The only model that may answer.
    #[serde(borrow, default)]
    pub only: Option<Cow<'a, str>>,
    /// Capabilities the request needs.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The snapshot that decided.
    pub snap: SnapshotId,
}
