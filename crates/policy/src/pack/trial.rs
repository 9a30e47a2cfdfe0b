use std::sync::Arc;

use jiff::civil::Date;
use realm::load::Lang;
use realm::{AppId, DeploymentId, Jurisdiction};

use super::case::{Case, Expected};
use super::complete::missing;
use super::mutant;
use super::open::Opened;
use super::report::{Broken, Failed, OfRule, Report};
use crate::alone::Finding;
use crate::compiled::Compiled;
use crate::decision::Asked;
use crate::rule::Rule;

/// A case with its world, ready to be tried.
pub(super) struct Trial<'a> {
    pub(super) case: &'a Case,
    compiled: Compiled,
    app: AppId,
    deployment: DeploymentId,
    purpose: String,
    user: Option<Jurisdiction>,
    /// The days with what is expected on each.
    pub(super) days: Vec<(Date, Expected)>,
}

/// Runs every case of a pack, and each again with its rule changed in every way that a case should notice.
pub fn test(opened: &Opened, today: Date) -> Report {
    let mut broken = Vec::new();
    let rules = opened.compiled.rules();
    for case in opened.cases.iter().filter(|case| !rules.iter().any(|rule| rule.id.as_str() == case.rule)) {
        broken.push(Broken::of(case, format!("no rule `{}`", case.rule)));
    }
    let of_pack = rules.iter().enumerate().filter(|(_, rule)| rule.pack.is_some());
    let rules = of_pack.map(|(place, rule)| of_rule(opened, place, rule, today, &mut broken)).collect();
    Report { pack: opened.pack.id.to_string(), version: opened.pack.version.clone(), rules, broken }
}

fn of_rule(opened: &Opened, place: usize, rule: &Arc<Rule>, today: Date, broken: &mut Vec<Broken>) -> OfRule {
    let mut trials = Vec::new();
    for case in opened.cases.iter().filter(|case| case.rule == rule.id.as_str()) {
        match Trial::new(opened, case, rule, today) {
            Ok(trial) => trials.push(trial),
            Err(why) => broken.push(Broken::of(case, why)),
        }
    }
    let policy = &opened.compiled.policies[place];
    let mut failed = Vec::new();
    for trial in &trials {
        for (date, expected) in &trial.days {
            let (found, fact) = trial.found(rule, policy, *date);
            if found != *expected {
                failed.push(Failed::of(trial.case, *date, *expected, found, fact));
            }
        }
    }
    let days: Vec<(Date, Expected)> = trials.iter().flat_map(|trial| trial.days.iter().copied()).collect();
    // Cases that fail anyway notice nothing.
    let (mutants, unnoticed) = if failed.is_empty() { mutant::try_all(rule, policy, &trials) } else { (0, Vec::new()) };
    let missing = missing(rule, &days);
    OfRule { rule: rule.id.clone(), tried: days.len(), failed, missing, mutants, unnoticed }
}

impl<'a> Trial<'a> {
    fn new(opened: &Opened, case: &'a Case, rule: &Rule, today: Date) -> Result<Self, String> {
        let facts = super::world::Facts::base().under(&case.facts);
        let world = facts.world(today).map_err(|problems| {
            let one = |problem: &realm::load::Diagnostic| {
                let text = problem.text(Lang::En);
                text.expected.map_or_else(|| text.message.clone(), |expected| format!("{}: {expected}", text.message))
            };
            problems.iter().map(one).collect::<Vec<_>>().join("; ")
        })?;
        let app = world.apps.keys().next().cloned().ok_or("no app")?;
        let deployment = world.deployments.keys().next().cloned().ok_or("no deployment")?;
        let purposes = &world.apps[&app].purposes;
        let purpose = case.purpose.clone().or_else(|| purposes.first().cloned()).ok_or("no purpose")?;
        let first = rule.from.unwrap_or(today);
        let days = case.days.iter().map(|(day, expected)| (day.unwrap_or(first), *expected)).collect();
        let compiled = opened.compiled.amended(world, &[]).map_err(|id| id.to_string())?;
        let user = case.user.as_deref().map(Jurisdiction::new);
        Ok(Self { case, compiled, app, deployment, purpose, user, days })
    }

    /// What a rule says of the case on a day, and the fact it lacks. One that is not in force counts as if it had been adopted:
    /// its days decide.
    pub(super) fn found(&self, rule: &Rule, policy: &cedar_policy::Policy, date: Date) -> (Expected, Option<String>) {
        let asked = Asked {
            app: &self.app,
            deployment: &self.deployment,
            located: self.case.classes,
            diffuse: realm::ClassSet::EMPTY,
            purpose: &self.purpose,
            user_jurisdiction: self.user.as_ref(),
            date,
        };
        let deciding = self.compiled.deciding(&asked).expect("the base world's app and deployment are in every case");
        let binds = rule.from.is_none_or(|from| from <= date) && rule.until.is_none_or(|until| date <= until);
        match (deciding.alone(policy, rule.acts), binds) {
            (Finding::Pass, _) => (Expected::Pass, None),
            (Finding::Fail, true) => (Expected::Fail, None),
            (Finding::Unknown(fact), true) => (Expected::Unknown, Some(fact)),
            (Finding::Fail, false) => (Expected::Shadow, None),
            (Finding::Unknown(fact), false) => (Expected::Shadow, Some(fact)),
        }
    }

    /// Whether it comes out as expected on every day.
    pub(super) fn holds(&self, rule: &Rule, policy: &cedar_policy::Policy) -> bool {
        self.days.iter().all(|(date, expected)| self.found(rule, policy, *date).0 == *expected)
    }
}

impl Broken {
    fn of(case: &Case, why: String) -> Self {
        Self { case: case.name.clone(), file: case.file.clone(), line: case.line, why }
    }
}

impl Failed {
    fn of(case: &Case, date: Date, expected: Expected, found: Expected, fact: Option<String>) -> Self {
        let date = date.to_string();
        Self { case: case.name.clone(), file: case.file.clone(), line: case.line, date, expected, found, fact }
    }
}
