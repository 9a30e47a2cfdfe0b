//! What shows that something could take the place of what an app uses: an evaluation, or a drill on live traffic.

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::Compiled;
use realm::{AppId, DeploymentId, RouteId};
use serde::Serialize;

use super::report::Substitute;
use crate::eval::{At, Evaluations, Shown};
use crate::level::EVIDENCE_DAYS;

/// A deployment that answered for an app while what it uses was cut off from its live traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drilled {
    /// Which.
    pub deployment: DeploymentId,
    /// In which drill.
    pub drill: String,
    /// Requests that it answered then.
    pub requests: u64,
    /// The last day of them.
    #[serde(serialize_with = "crate::figure::day")]
    pub on: Date,
}

type Of = (AppId, Option<RouteId>);

/// Answers by app and route, and those of them that a live drill had moved.
#[derive(Debug, Default)]
pub(super) struct Answers {
    usual: BTreeMap<Of, BTreeMap<DeploymentId, u64>>,
    drilled: BTreeMap<Of, Vec<Drilled>>,
}

impl Answers {
    pub(super) fn see(&mut self, of: &Of, deployment: &DeploymentId) {
        if !self.usual.contains_key(of) {
            self.usual.insert(of.clone(), BTreeMap::new());
        }
        let Some(usual) = self.usual.get_mut(of) else { return };
        match usual.get_mut(deployment) {
            Some(answers) => *answers += 1,
            None => drop(usual.insert(deployment.clone(), 1)),
        }
    }

    /// An answer that came from elsewhere because a drill was on.
    pub(super) fn see_drilled(&mut self, of: &Of, deployment: &DeploymentId, drill: &str, on: Date) {
        let all = self.drilled.entry(of.clone()).or_default();
        match all.iter_mut().find(|it| it.drill == drill && it.deployment == *deployment) {
            Some(known) => (known.requests, known.on) = (known.requests + 1, known.on.max(on)),
            None => all.push(Drilled { deployment: deployment.clone(), drill: drill.to_owned(), requests: 1, on }),
        }
    }

    /// Raises each to the level that evidence of the last ninety days shows; older evidence stands beside it and counts for
    /// nothing.
    pub(super) fn raise(&self, substitutes: &mut [Substitute], worlds: &[&Compiled], known: &Evaluations) {
        for substitute in substitutes.iter_mut().filter(|it| it.level >= 1) {
            let of = (substitute.app.clone(), substitute.route.clone());
            substitute.evaluated = self.evaluated(&of, substitute, worlds, known);
            let drilled = self.drilled.get(&of).into_iter().flatten();
            let drilled = drilled.filter(|it| substitute.permitted.contains(&it.deployment));
            substitute.drilled = drilled.max_by_key(|it| (it.on, it.requests)).cloned();
            let is_fresh = |on: Date| substitute.as_of.is_some_and(|as_of| on >= since(as_of));
            let by_drill = substitute.drilled.as_ref().filter(|it| is_fresh(it.on)).map(|_| 4);
            let by_eval = substitute.evaluated.as_ref().filter(|it| is_fresh(it.on)).map(|_| 2);
            substitute.level = substitute.level.max(by_drill.or(by_eval).unwrap_or(0));
        }
    }

    /// The youngest evaluation of what may answer beside the deployment that mostly does.
    fn evaluated(&self, of: &Of, substitute: &Substitute, worlds: &[&Compiled], known: &Evaluations) -> Option<Shown> {
        let usual = self.usual.get(of)?.iter().max_by_key(|(_, answers)| **answers).map(|(id, _)| id);
        let others = substitute.permitted.iter().filter(|id| Some(*id) != usual);
        let shown = |id: &DeploymentId| {
            let it = worlds.iter().find_map(|world| world.world().deployments.get(id))?;
            known.shown(At { deployment: &it.id, model: &it.model })
        };
        others.filter_map(shown).max_by_key(|it| it.on)
    }
}

fn since(as_of: Date) -> Date {
    as_of.saturating_sub(jiff::Span::new().days(EVIDENCE_DAYS))
}
