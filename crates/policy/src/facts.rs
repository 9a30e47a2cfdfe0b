use std::collections::BTreeMap;
use std::str::FromStr;

use cedar_policy::{EvalResult, Expression, Policy, Request, eval_expression};
use cedar_policy_core::ast::{self, Expr, ExprKind};
use realm::ClassSet;
use serde::Serialize;

use crate::compiled::Compiled;
use crate::decide::Deciding;
use crate::decision::{Asked, Decision};
use crate::rule::Rule;

/// One attribute that a rule asks for, and what it was for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// As the rule writes it: `resource.provider.evidence.exit_plan`.
    pub path: String,
    /// What it was, as Cedar writes values; `None` where nobody knows it. Of several classes, each one's.
    pub values: Vec<Option<String>>,
}

impl Compiled {
    /// What a rule looked at when a request was decided, in the order of the paths.
    pub fn used(&self, rule: &Rule, asked: &Asked<'_>, decision: &Decision) -> Vec<Used> {
        let place = self.rules.iter().position(|it| it.id == rule.id);
        let (Some(place), Some(deciding)) = (place, self.deciding(asked)) else { return Vec::new() };
        let part = |it: &&crate::Disclosure| it.rules.iter().any(|of| of.id == rule.id);
        let classes: ClassSet = decision.disclosures.iter().filter(part).map(|it| it.class).collect();
        let present = asked.located.union(asked.diffuse);
        let disclosed = if classes.is_empty() { present } else { classes };
        let questions = deciding.questions(rule.acts, disclosed, decision.residual);
        deciding.used(&self.policies[place], &questions)
    }
}

impl Deciding<'_> {
    fn used(&self, policy: &Policy, questions: &[Request]) -> Vec<Used> {
        let mut all: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        for path in paths(policy) {
            let Ok(expression) = Expression::from_str(&path) else { continue };
            let values = all.entry(path).or_default();
            for question in questions {
                let value = eval_expression(question, self.entities(), &expression).ok().map(|value| shown(&value));
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        all.into_iter().map(|(path, values)| Used { path, values }).collect()
    }
}

fn shown(value: &EvalResult) -> String {
    match value {
        EvalResult::String(text) => text.clone(),
        EvalResult::EntityUid(uid) => uid.id().unescaped().to_owned(),
        EvalResult::Set(set) => format!("[{}]", set.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The longest chains of attributes that a condition asks for.
fn paths(policy: &Policy) -> Vec<String> {
    let core: &ast::Policy = policy.as_ref();
    let Some(condition) = core.non_scope_constraints() else { return Vec::new() };
    let mut all: Vec<String> = condition.subexpressions().filter_map(path).collect();
    all.sort();
    all.dedup();
    let longer = |path: &String| all.iter().any(|other| other.starts_with(&format!("{path}.")));
    all.iter().filter(|path| !longer(path)).cloned().collect()
}

/// `principal.sector.isic`: attributes of attributes of a variable.
fn path(expr: &Expr) -> Option<String> {
    let ExprKind::GetAttr { expr: base, attr } = expr.expr_kind() else { return None };
    match base.expr_kind() {
        ExprKind::Var(variable) => Some(format!("{variable}.{attr}")),
        _ => Some(format!("{}.{attr}", path(base)?)),
    }
}
