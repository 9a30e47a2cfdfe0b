//! Decisions for people and programs: what `freehold explain` and `freehold check --matrix` show.

mod matrix;
pub(crate) mod table;
pub(crate) mod text;
mod why;

use std::sync::Arc;

use jiff::civil::Date;
use realm::world::{Route, Supply, Target};
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction};
use serde_json::{Value, json};

pub use matrix::{Cell, Line, Matrix, Tone};
pub use why::Why;

use crate::compiled::Compiled;
use crate::decision::{Asked, Decision, Unknown, Verdict};
use crate::rule::Rule;

/// A request as somebody imagines it: everything of `Asked` but the deployment.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who would ask.
    pub app: &'a AppId,
    /// Classes whose places in the text are known.
    pub located: ClassSet,
    /// Classes that cannot be located.
    pub diffuse: ClassSet,
    /// One of the app's purposes.
    pub purpose: &'a str,
    /// Where the end user is.
    pub user_jurisdiction: Option<&'a Jurisdiction>,
    /// The day.
    pub date: Date,
}

/// The decisions about one imagined request, one for each deployment it might go to.
#[derive(Debug)]
pub struct Explanation<'a> {
    question: Question<'a>,
    rows: Vec<Row<'a>>,
}

/// One deployment and what is decided about it.
#[derive(Debug)]
pub struct Row<'a> {
    /// Where the request would go.
    pub supply: Supply<'a>,
    /// What is decided.
    pub decision: Decision,
    /// The forbids and duties with a part in it, and what each looked at.
    pub why: Vec<Why>,
}

/// The deployments of a route by priority; equals, between which weights draw, in the order written.
pub fn targets(route: &Route) -> Vec<&DeploymentId> {
    let mut targets: Vec<&Target> = route.targets.iter().collect();
    targets.sort_by_key(|target| target.priority);
    targets.into_iter().map(|target| &target.deployment).collect()
}

/// Decides an imagined request for some deployments. Those that the realm does not have are left out.
pub fn explain<'a>(
    compiled: &'a Compiled,
    question: Question<'a>,
    deployments: impl IntoIterator<Item = &'a DeploymentId>,
) -> Explanation<'a> {
    let supplies = deployments.into_iter().filter_map(|id| compiled.world().supply_of(id));
    let rows = supplies.map(|supply| row(compiled, &question.about(&supply.deployment.id), supply));
    Explanation { question, rows: rows.collect() }
}

fn row<'a>(compiled: &Compiled, asked: &Asked<'_>, supply: Supply<'a>) -> Row<'a> {
    let decision = compiled.decide(asked);
    let with_a_part = Row::rules_with_a_part(&decision);
    let why = |rule: Arc<Rule>| Why { used: compiled.used(&rule, asked, &decision), rule };
    let why = with_a_part.into_iter().map(why).collect();
    Row { supply, decision, why }
}

impl<'a> Question<'a> {
    fn about<'b>(&self, deployment: &'b DeploymentId) -> Asked<'b>
    where
        'a: 'b,
    {
        Asked {
            app: self.app,
            deployment,
            located: self.located,
            diffuse: self.diffuse,
            purpose: self.purpose,
            user_jurisdiction: self.user_jurisdiction,
            date: self.date,
        }
    }
}

impl<'a> Explanation<'a> {
    /// One row per deployment, in the order asked for.
    pub fn rows(&self) -> &[Row<'a>] {
        &self.rows
    }

    /// Whether it may go to any of them.
    pub fn is_permitted_somewhere(&self) -> bool {
        self.rows.iter().any(|row| row.decision.is_permit())
    }

    /// For programs: the question, and under `deployments` one object each.
    pub fn to_json(&self) -> Value {
        let question = &self.question;
        json!({
            "app": question.app,
            "purpose": question.purpose,
            "date": question.date.to_string(),
            "user_jurisdiction": question.user_jurisdiction,
            "located": question.located,
            "diffuse": question.diffuse,
            "deployments": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Row<'_> {
    /// For programs.
    pub fn to_json(&self) -> Value {
        let mut object = json!({
            "deployment": self.supply.deployment.id,
            "model": self.supply.model.id,
            "provider": self.supply.provider.id,
            "host": self.supply.deployment.host,
            "why": self.why_to_json(),
        });
        if let (Value::Object(all), Value::Object(decision)) = (&mut object, self.decision.to_json()) {
            all.extend(decision);
        }
        object
    }
}

impl Decision {
    /// The word of `x-freehold-decision`: `permit`, `redact` or `deny`.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Permit if self.redact.is_empty() => "permit",
            Verdict::Permit => "redact",
            Verdict::Deny(_) => "deny",
        }
    }

    /// For programs: everything but the question.
    pub fn to_json(&self) -> Value {
        let reason = match self.verdict {
            Verdict::Permit => None,
            Verdict::Deny(denial) => Some(denial),
        };
        let duty = |duty: &crate::Obligation| json!({ "kind": duty.kind, "rule": duty.rule.id, "title": duty.rule.title, "cite": duty.rule.cite, "unknown": duty.unknown });
        let exempt = |it: &crate::Exempt| json!({ "rule": it.rule.id, "title": it.rule.title, "cite": it.rule.cite, "sandbox": it.sandbox });
        let class = |it: &crate::Disclosure| json!({ "class": it.class, "diffuse": it.diffuse, "denied": it.denied, "rules": ids(&it.rules) });
        let shadow = self.shadow.as_ref().map(|shadow| {
            json!({
                "deny": shadow.deny,
                "redact": shadow.redact,
                "rules": rules(&shadow.rules),
                "unknown": unknowns(&shadow.unknown),
            })
        });
        json!({
            "decision": self.word(),
            "reason": reason,
            "redact": self.redact,
            "residual": self.residual,
            "rules": rules(&self.rules),
            "unknown": unknowns(&self.unknown),
            "obligations": self.obligations.iter().map(duty).collect::<Vec<_>>(),
            "exempt": self.exempt.iter().map(exempt).collect::<Vec<_>>(),
            "classes": self.disclosures.iter().map(class).collect::<Vec<_>>(),
            "shadow": shadow,
        })
    }
}

impl Rule {
    /// For programs.
    pub fn to_json(&self) -> Value {
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        json!({
            "id": self.id,
            "title": self.title,
            "cite": self.cite,
            "effect": self.effect,
            "status": self.status,
            "from": day(self.from),
            "until": day(self.until),
            "verified_on": day(self.verified_on),
            "pack": self.pack,
            "file": self.file,
            "line": self.line,
        })
    }
}

fn rules(rules: &[Arc<Rule>]) -> Vec<Value> {
    rules.iter().map(|rule| rule.to_json()).collect()
}

fn ids(rules: &[Arc<Rule>]) -> Vec<&str> {
    rules.iter().map(|rule| rule.id.as_str()).collect()
}

fn unknowns(unknown: &[Unknown]) -> Vec<Value> {
    unknown.iter().map(|it| json!({ "rule": it.rule.id, "fact": it.fact })).collect()
}
