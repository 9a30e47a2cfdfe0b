use std::sync::Arc;

use jiff::civil::Date;
use realm::{AppId, ClassSet, DataClass, DeploymentId, Jurisdiction, SandboxId};
use serde::Serialize;

use crate::rule::{Effect, ObligationKind, Rule};

/// Everything a decision depends on beside the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Who asks.
    pub app: &'a AppId,
    /// Where the request would go.
    pub deployment: &'a DeploymentId,
    /// Classes whose places in the text are known, so that they can be redacted.
    pub located: ClassSet,
    /// Classes that are asserted or cannot be located. A class in both sets is diffuse.
    pub diffuse: ClassSet,
    /// One of the app's purposes.
    pub purpose: &'a str,
    /// Where the end user is, if the app says so.
    pub user_jurisdiction: Option<&'a Jurisdiction>,
    /// The calendar date in the realm's time zone.
    pub date: Date,
}

/// What the rules say about one request and one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// May it go?
    pub verdict: Verdict,
    /// Located classes that must be taken out first.
    pub redact: ClassSet,
    /// The classes that remain: present and not redacted.
    pub residual: ClassSet,
    /// The rules that determined it. Of a denial: the forbids that deny. Of a permit: the permits, and the
    /// forbids because of which something is redacted. In the order of the rule files.
    pub rules: Vec<Arc<Rule>>,
    /// Forbids that could not be evaluated, each with the fact that nobody knows.
    pub unknown: Vec<Unknown>,
    /// What is owed if it goes; empty in a denial.
    pub obligations: Vec<Obligation>,
    /// Rules that would have kept it, or taken something out, had a sandbox not set them aside for the app.
    pub exempt: Vec<Exempt>,
    /// How each class present fared, least protected class first.
    pub disclosures: Vec<Disclosure>,
    /// What would be if the shadow rules bound too; `None` where no shadow rule has anything to say.
    pub shadow: Option<Shadow>,
}

impl Decision {
    /// Whether the request may go, redacted where `redact` says so.
    pub fn is_permit(&self) -> bool {
        self.verdict == Verdict::Permit
    }

    /// Rules by which something is taken out before it goes; none of a denial.
    pub fn to_redact(&self) -> impl Iterator<Item = &Arc<Rule>> {
        let permit = self.is_permit();
        self.rules.iter().filter(move |rule| permit && rule.effect == Effect::Forbid)
    }

    /// Rules by which somebody must agree before it goes.
    pub fn to_approve(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.obligations.iter().filter(|owed| owed.kind == ObligationKind::Approval).map(|owed| &owed.rule)
    }
}

/// May it go?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It may.
    Permit,
    /// It may not.
    Deny(Denial),
}

/// Why it may not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// A forbid is satisfied: `Decision::rules`.
    PolicyDenied,
    /// No permit of the realm's own is satisfied.
    NoPermit,
    /// A forbid cannot be evaluated and the realm denies in doubt: `Decision::unknown`.
    Unknown,
}

/// A forbid that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The fact that is missing, as the rule writes it: `resource.provider.evidence.exit_plan`.
    pub fact: String,
}

/// A satisfied rule that does not count for an app, for two people signed that it should not for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempt {
    /// The rule.
    pub rule: Arc<Rule>,
    /// What sets it aside.
    pub sandbox: SandboxId,
}

/// A duty that comes with a permitted request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// What is to be done.
    pub kind: ObligationKind,
    /// The rule that says so.
    pub rule: Arc<Rule>,
    /// The missing fact where nobody knows whether the duty applies; it is then owed until somebody knows.
    pub unknown: Option<String>,
}

/// How one class present in a request fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The class.
    pub class: DataClass,
    /// Whether it cannot be redacted.
    pub diffuse: bool,
    /// Whether it may go in clear, and if not, why.
    pub denied: Option<Denial>,
    /// The rules that determined it.
    pub rules: Vec<Arc<Rule>>,
}

/// The verdict of all rules, those in shadow included. It never blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// Whether the request would be denied.
    pub deny: bool,
    /// What would be redacted.
    pub redact: ClassSet,
    /// The shadow rules with a part in it.
    pub rules: Vec<Arc<Rule>>,
    /// Shadow forbids that could not be evaluated.
    pub unknown: Vec<Unknown>,
}
