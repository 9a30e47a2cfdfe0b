//! Whether a request may go to a deployment (G1).

use std::sync::Arc;

use policy::{Decision, Denial, Rule, Verdict};
use wire::translate::Unsupported;

use crate::code::Code;
use crate::epoch::{Epoch, Place};
use crate::error::Refused;
use crate::pipeline::approval::Asking;
use crate::pipeline::authenticate::Caller;
use crate::pipeline::classify::Facts;
use crate::pipeline::interruption::NotNow;

/// Decides about one deployment.
pub(crate) fn decide(epoch: &Epoch, caller: &Caller<'_>, facts: &Facts<'_>, place: &Place) -> Arc<Decision> {
    epoch.memo.decide(&policy::Asked {
        app: &caller.app.id,
        deployment: &place.id,
        located: facts.located,
        diffuse: facts.diffuse,
        purpose: facts.purpose,
        user_jurisdiction: facts.user_jurisdiction.as_ref(),
        date: facts.date,
    })
}

/// Why deployments were passed over.
#[derive(Debug, Default)]
pub(crate) struct PassedOver {
    /// Rules that denied, once each, in the order met.
    pub(crate) rules: Vec<Arc<Rule>>,
    pub(crate) unknown: Vec<(Arc<Rule>, String)>,
    denied: bool,
    /// A rule or a missing fact denied; else only the lack of a permit.
    by_rule: bool,
    /// What would go if people agreed.
    pub(crate) asking: Asking,
    /// Something permitted was not alive: when it may be, in seconds.
    pub(crate) unavailable: Option<u64>,
    /// A drill has cut something permitted off: for how long at most, in seconds.
    pub(crate) cut_off: Option<u64>,
    /// Some are not known to be good enough, and the realm refuses those.
    pub(crate) unproven: bool,
    /// What the first permitted deployment that lacks the words for the request could not express.
    unsupported: Option<Unsupported>,
}

impl PassedOver {
    /// Notes a denial.
    pub(crate) fn denied(&mut self, decision: &Decision) {
        self.denied = true;
        self.by_rule |= !matches!(decision.verdict, Verdict::Deny(Denial::NoPermit));
        for rule in &decision.rules {
            if !self.rules.contains(rule) {
                self.rules.push(rule.clone());
            }
        }
        for unknown in &decision.unknown {
            if !self.unknown.iter().any(|(rule, fact)| *rule == unknown.rule && *fact == unknown.fact) {
                self.unknown.push((unknown.rule.clone(), unknown.fact.clone()));
            }
        }
    }

    /// Notes a permitted deployment to which a request may go only once somebody has agreed: a machine cannot agree in their
    /// place.
    pub(crate) fn unapproved(&mut self, decision: &Decision, place: &Place) {
        self.asking.note(decision, &place.id);
    }

    /// Notes a permitted deployment that is not alive, suspended, busy or cut off.
    pub(crate) fn not_now(&mut self, why: &NotNow) {
        let (of, seconds) = match why {
            NotNow::Away(seconds) => (&mut self.unavailable, *seconds),
            NotNow::CutOff(seconds) => (&mut self.cut_off, *seconds),
        };
        *of = Some(of.map_or(seconds, |other| other.min(seconds)));
    }

    /// Notes a permitted deployment that cannot express the request.
    pub(crate) fn unsupported(&mut self, unsupported: Unsupported) {
        self.unsupported.get_or_insert(unsupported);
    }

    /// What a client is told when nothing was tried.
    pub(crate) fn refusal(&mut self) -> Refused {
        if let Some(seconds) = self.cut_off {
            let words = "a drill has cut off every deployment of the route that may answer this and could";
            return Refused::new(Code::CutOff, words).retry_after(seconds.max(1));
        }
        if let Some(seconds) = self.unavailable {
            let words = "no permitted deployment of the route is available";
            return Refused::new(Code::NoDeploymentAvailable, words).retry_after(seconds.max(1));
        }
        if let Some(Unsupported { field, why }) = self.unsupported.take() {
            let words = format!("no permitted deployment of the route can express `{field}`: {why}");
            return Refused::new(Code::UnsupportedParameter, words).about(field);
        }
        if !self.asking.rules.is_empty() {
            let words = format!("somebody must agree to such a request first, by {}", cited(&self.asking.rules));
            return Refused { rules: self.asking.rules.clone(), ..Refused::new(Code::ApprovalRequired, words) };
        }
        if !self.denied && self.unproven {
            let words = "no deployment of the route is known to be as good as the realm asks";
            return Refused::new(Code::QualityUnproven, words);
        }
        if !self.denied {
            return Refused::new(Code::NoDeploymentAvailable, "the route leads nowhere").retry_after(60);
        }
        let mut refused = match self.by_rule {
            true => Refused::new(Code::PolicyDenied, words(&self.rules, &self.unknown)),
            false => Refused::new(Code::NoPermit, "no rule permits this app to use a deployment of the route"),
        };
        refused.rules = std::mem::take(&mut self.rules);
        refused.unknown = std::mem::take(&mut self.unknown);
        refused
    }
}

/// Rules as people know them.
fn cited(rules: &[Arc<Rule>]) -> String {
    let cited = |rule: &Arc<Rule>| match (rule.title.is_empty(), rule.cite.is_empty()) {
        (true, _) => rule.id.to_string(),
        (false, true) => rule.title.to_string(),
        (false, false) => format!("{} ({})", rule.title, rule.cite),
    };
    rules.iter().map(cited).collect::<Vec<_>>().join("; ")
}

fn words(rules: &[Arc<Rule>], unknown: &[(Arc<Rule>, String)]) -> String {
    let missing: Vec<_> = unknown.iter().map(|(rule, fact)| format!("{} needs {fact}", rule.id)).collect();
    match (rules.is_empty(), missing.is_empty()) {
        (false, _) => format!("denied by {}", cited(rules)),
        (true, false) => format!("denied because a fact is unknown: {}", missing.join("; ")),
        (true, true) => "denied by the realm's rules".to_owned(),
    }
}
