use cedar_policy::{Authorizer, Policy, PolicySet, Request};
use realm::ClassSet;

use crate::compiled::Compiled;
use crate::decide::Deciding;
use crate::decision::Asked;
use crate::rule::{Acts, Rule};

/// What one rule says of a request, whatever the others say and whether or not it binds that day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It has nothing against it.
    Pass,
    /// It lacks a fact.
    Unknown(String),
    /// It is satisfied: a forbid forbids, a duty is owed.
    Fail,
}

impl Compiled {
    /// Asks one rule alone, as if every class present remained. `None` where the realm has no such rule, app or deployment.
    pub fn alone(&self, rule: &Rule, asked: &Asked<'_>) -> Option<Finding> {
        let place = self.rules.iter().position(|it| it.id == rule.id)?;
        let deciding = self.deciding(asked)?;
        Some(deciding.alone(&self.policies[place], rule.acts))
    }
}

impl Deciding<'_> {
    /// Asks a policy each question it bears on; the gravest answer counts.
    pub(crate) fn alone(&self, policy: &Policy, acts: Acts) -> Finding {
        let set = PolicySet::from_policies([policy.clone()]).expect("one policy has one id");
        let residual = self.asked.located.union(self.asked.diffuse);
        let questions = self.questions(acts, residual, residual);
        questions.iter().map(|request| self.finding(&set, request)).max().unwrap_or(Finding::Pass)
    }

    /// The questions that a rule of some actions is asked about a request.
    pub(crate) fn questions(&self, acts: Acts, disclosed: ClassSet, residual: ClassSet) -> Vec<Request> {
        let disclose = disclosed.iter().filter(|_| acts.disclose).map(|class| self.disclosing(class));
        let infer = acts.infer.then(|| self.inferring(residual));
        let oblige = acts.oblige.then(|| self.obliging(residual));
        disclose.chain(infer).chain(oblige).collect()
    }

    fn finding(&self, set: &PolicySet, request: &Request) -> Finding {
        let response = Authorizer::new().is_authorized(request, set, self.entities());
        let diagnostics = response.diagnostics();
        if diagnostics.reason().next().is_some() {
            return Finding::Fail;
        }
        let error = diagnostics.errors().next();
        error.map_or(Finding::Pass, |error| Finding::Unknown(self.missing(error).1))
    }
}
