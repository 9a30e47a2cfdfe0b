//! What the rules of a world say about a request, target by target, and where it would go.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use policy::{Asked, Compiled, Denial, Verdict};
use realm::world::{Route, Strategy, Target};
use realm::{AppId, ClassSet, DeploymentId, RuleId};
use serde::Serialize;

use crate::eval::Evaluations;
use crate::request::Facts;

/// A request's targets in one world, each judged.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The route; none where this world has it not, or not for this app.
    pub(crate) route: Option<Route>,
    /// Its targets that serve what was asked for, in the order written.
    pub(crate) targets: Vec<Judged>,
    /// What is known of them, where the route chooses by that.
    pub(crate) passing: Option<Passing>,
}

/// What a route needs to know that chooses the cheapest which is known to be good enough.
#[derive(Debug, Clone)]
pub(crate) struct Passing {
    compiled: Arc<Compiled>,
    app: AppId,
    /// Lower ends of intervals, in millionths.
    low_ppm: BTreeMap<DeploymentId, u32>,
}

/// One target, judged.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) deployment: DeploymentId,
    pub(crate) priority: u32,
    /// Whether the scenario takes it away from this request.
    pub(crate) is_cut: bool,
    pub(crate) verdict: Result<ClassSet, Why>,
}

/// Why rules do not let a request go somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// These rules forbid it.
    Rules(Vec<String>),
    /// Nothing permits it.
    NoPermit,
    /// These rules lack a fact, and the realm denies in doubt.
    Unknown(Vec<String>),
}

impl Judged {
    /// Whether the request may and can go there.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_cut && self.verdict.is_ok()
    }
}

impl Plan {
    /// Judges every target of a request's route.
    pub(crate) fn of(compiled: &Compiled, facts: &Facts, date: Date, cut: &dyn Fn(&DeploymentId) -> bool) -> Self {
        let world = compiled.world();
        let app = world.apps.get(&facts.app);
        let named = facts.route.as_ref().filter(|id| app.is_some_and(|app| app.routes.contains(*id)));
        let Some(route) = named.and_then(|id| world.routes.get(id)) else {
            return Self { route: None, targets: Vec::new(), passing: None };
        };
        let serves = |id: &DeploymentId| {
            let served = world.deployments.get(id).map(|it| &it.model);
            facts.only.as_ref().is_none_or(|only| served == Some(only))
        };
        let wanted = route.targets.iter().filter(|target| serves(&target.deployment));
        let targets = wanted.map(|target| Judged {
            deployment: target.deployment.clone(),
            priority: target.priority,
            is_cut: cut(&target.deployment),
            verdict: judge(compiled, facts, date, &target.deployment),
        });
        Self { targets: targets.collect(), route: Some(route.clone()), passing: None }
    }

    /// The same, choosing by what evaluations say where its route does.
    pub(crate) fn choosing(self, compiled: &Arc<Compiled>, facts: &Facts, evaluations: &Evaluations) -> Self {
        let route = self.route.as_ref().filter(|route| route.strategy == Strategy::CheapestPassing);
        let Some((route, app)) = route.zip(compiled.world().apps.get(&facts.app)) else { return self };
        let Some(quality) = app.quality.as_ref().or(route.quality.as_ref()) else { return self };
        let low = |target: &Judged| {
            let interval = evaluations.interval(&target.deployment, &quality.suite)?;
            // Within a million; rounded down, as what the gateway knows is.
            Some((target.deployment.clone(), (interval.low * 1e6).floor() as u32))
        };
        let low_ppm = self.targets.iter().filter_map(low).collect();
        let passing = Passing { compiled: Arc::clone(compiled), app: facts.app.clone(), low_ppm };
        Self { passing: Some(passing), ..self }
    }

    /// A target by its deployment.
    pub(crate) fn target(&self, deployment: &DeploymentId) -> Option<&Judged> {
        self.targets.iter().find(|target| target.deployment == *deployment)
    }

    /// Whether its route goes on after a failed attempt.
    pub(crate) fn fails_over(&self) -> bool {
        self.route.as_ref().is_none_or(|route| route.fallback)
    }

    /// The deployments that the request may and can go to.
    pub(crate) fn open(&self) -> Vec<DeploymentId> {
        self.targets.iter().filter(|target| target.is_open()).map(|target| target.deployment.clone()).collect()
    }

    /// Its targets in the order in which a draw tries them.
    pub(crate) fn in_order(&self, draw: u64) -> Vec<&Judged> {
        let Some(route) = &self.route else { return Vec::new() };
        let order = match &self.passing {
            None => policy::order(route, draw, |_| 0),
            Some(passing) => passing.order(route, draw),
        };
        order.into_iter().filter_map(|target| self.target(&target.deployment)).collect()
    }
}

impl Passing {
    fn order<'r>(&self, route: &'r Route, draw: u64) -> Vec<&'r Target> {
        let world = self.compiled.world();
        let known = |id: &DeploymentId, _: &str| self.low_ppm.get(id).copied();
        match world.apps.get(&self.app) {
            Some(app) => policy::chosen((world, route, app), draw, |_| 0, &known),
            None => policy::order(route, draw, |_| 0),
        }
    }
}

/// One decision; the classes that are taken out where it may go.
fn judge(compiled: &Compiled, facts: &Facts, date: Date, deployment: &DeploymentId) -> Result<ClassSet, Why> {
    let decision = compiled.decide(&Asked {
        app: &facts.app,
        deployment,
        located: facts.located,
        diffuse: facts.classes.minus(facts.located),
        purpose: &facts.purpose,
        user_jurisdiction: facts.user_in.as_ref(),
        date,
    });
    let names = |rules: &mut dyn Iterator<Item = &RuleId>| rules.map(ToString::to_string).collect();
    match decision.verdict {
        // A request that waits for somebody does not go by itself.
        Verdict::Permit if decision.to_approve().next().is_some() => {
            Err(Why::Rules(names(&mut decision.to_approve().map(|it| &it.id))))
        }
        Verdict::Permit => Ok(decision.redact),
        Verdict::Deny(Denial::PolicyDenied) => Err(Why::Rules(names(&mut decision.rules.iter().map(|it| &it.id)))),
        Verdict::Deny(Denial::NoPermit) => Err(Why::NoPermit),
        Verdict::Deny(Denial::Unknown) => Err(Why::Unknown(names(&mut decision.unknown.iter().map(|it| &it.rule.id)))),
    }
}
