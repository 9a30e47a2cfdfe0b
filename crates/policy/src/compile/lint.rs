use std::collections::BTreeSet;
use std::ops::Range;

use cedar_policy::Effect;
use cedar_policy_core::ast::{BinaryOp, Expr, ExprKind, Literal};
use realm::load::{Diagnostic, nearest};
use realm::{Jurisdiction, World};

use super::MESSAGES;
use super::parse::Written;
use crate::schema::{EVIDENCE, EvidenceKey, EvidenceKind, FACTS, holds_places, is_country, vocabulary};

/// Says what Cedar's types do not: order, `has` in laws, words and ids that do not exist. Returns the evidence
/// keys that rules use without declaring them, of every kind, as the lint does not know types.
pub(super) fn all(
    world: &World,
    written: &[Written],
    declared: &BTreeSet<EvidenceKey>,
    problems: &mut Vec<Diagnostic>,
) -> BTreeSet<EvidenceKey> {
    let mut undeclared = BTreeSet::new();
    for it in written {
        let mut lint = Lint { world, written: it, declared, problems, undeclared: &mut undeclared };
        lint.ids();
        if let Some(condition) = it.core().non_scope_constraints() {
            lint.condition(condition);
        }
    }
    undeclared
}

struct Lint<'a> {
    world: &'a World,
    written: &'a Written,
    declared: &'a BTreeSet<EvidenceKey>,
    problems: &'a mut Vec<Diagnostic>,
    undeclared: &'a mut BTreeSet<EvidenceKey>,
}

impl Lint<'_> {
    fn condition(&mut self, condition: &Expr) {
        let tested = tested(condition);
        if self.written.policy.effect() == Effect::Forbid {
            self.order(condition, &tested);
        }
        let own = self.own_keys();
        for part in condition.subexpressions() {
            self.has(part);
            self.words(part);
            self.key(part, &own);
        }
    }

    fn span(&self, expr: &Expr) -> Range<usize> {
        expr.source_loc().map_or_else(|| self.written.head(), |location| location.start()..location.end())
    }

    fn say(&mut self, problem: Diagnostic, span: Range<usize>) {
        self.problems.push(problem.at(&self.written.source, span));
    }

    /// `missing && false` errs while `false && missing` does not, and `||` likewise: what is always known comes
    /// first, so that a rule is unknown only where the fact really decides.
    fn order(&mut self, expr: &Expr, tested: &BTreeSet<String>) {
        let chain = match expr.expr_kind() {
            ExprKind::And { .. } => chain(expr, true),
            ExprKind::Or { .. } => chain(expr, false),
            _ => children(expr),
        };
        if matches!(expr.expr_kind(), ExprKind::And { .. } | ExprKind::Or { .. }) {
            let mut doubtful: Option<String> = None;
            for part in &chain {
                match (fact(part, tested), &doubtful) {
                    (Some(found), None) => doubtful = Some(found),
                    (None, Some(earlier)) => {
                        let problem = Diagnostic::error("policy.fact_before_scope", &MESSAGES);
                        let problem = problem.arg("fact", earlier.as_str());
                        self.say(problem, self.span(part));
                    }
                    _ => {}
                }
            }
        }
        for part in chain {
            self.order(part, tested);
        }
    }

    /// A law that tests whether a fact is there would pass silently where it is not.
    fn has(&mut self, expr: &Expr) {
        if self.written.pack.is_none() {
            return;
        }
        if let Some(fact) = tests(expr) {
            let problem = Diagnostic::error("policy.has_on_fact", &MESSAGES).arg("fact", fact);
            self.say(problem, self.span(expr));
        }
    }

    /// Compared with a word that an attribute never holds, a rule would never fire.
    fn words(&mut self, expr: &Expr) {
        let ExprKind::BinaryApp { op, arg1, arg2 } = expr.expr_kind() else { return };
        if !matches!(op, BinaryOp::Eq | BinaryOp::Contains | BinaryOp::ContainsAll | BinaryOp::ContainsAny) {
            return;
        }
        for (side, other) in [(arg1, arg2), (arg2, arg1)] {
            let ExprKind::GetAttr { attr, .. } = side.expr_kind() else { continue };
            for (word, span) in self.literals(other) {
                self.word(attr.as_str(), &word, span);
            }
        }
    }

    fn word(&mut self, attribute: &str, word: &str, span: Range<usize>) {
        if let Some(words) = vocabulary(attribute) {
            if !words.contains(&word) {
                let problem = Diagnostic::error("policy.unknown_word", &MESSAGES).arg("attribute", attribute);
                let problem = problem.arg("word", word).arg("words", words.join(", "));
                self.say(problem.arg_if("nearest", nearest(word, words)), span);
            }
        } else if holds_places(attribute) && !self.is_place(word) {
            let blocs: Vec<String> = self.world.blocs.keys().map(|bloc| bloc.as_str().to_owned()).collect();
            let near = nearest(word, blocs.iter().map(String::as_str));
            let problem = self.graded("policy.unknown_place").arg("place", word).arg_if("nearest", near);
            self.say(problem, span);
        }
    }

    /// What a realm's own rule names must exist. A law is written for many realms: there it may not.
    fn graded(&self, code: &'static str) -> Diagnostic {
        match self.written.pack {
            Some(_) => Diagnostic::warning(code, &MESSAGES),
            None => Diagnostic::error(code, &MESSAGES),
        }
    }

    fn is_place(&self, word: &str) -> bool {
        let place = Jurisdiction::new(word);
        is_country(&place) || self.world.blocs.contains_key(&place)
    }

    fn literals(&self, expr: &Expr) -> Vec<(String, Range<usize>)> {
        match expr.expr_kind() {
            ExprKind::Lit(Literal::String(word)) => vec![(word.to_string(), self.span(expr))],
            ExprKind::Set(parts) => parts.iter().flat_map(|part| self.literals(part)).collect(),
            _ => Vec::new(),
        }
    }

    fn own_keys(&self) -> Vec<String> {
        let own = self.written.policy.annotation("evidence").unwrap_or_default();
        own.split(',').filter_map(|word| word.trim().split_once('.')).map(|(_, key)| key.to_owned()).collect()
    }

    /// Evidence is declared by the rule that asks for it, so that a misspelt key is not merely unknown for ever.
    fn key(&mut self, expr: &Expr, own: &[String]) {
        let ExprKind::GetAttr { expr: base, attr } = expr.expr_kind() else { return };
        if !is_evidence(base) || own.iter().any(|key| key == attr.as_str()) {
            return;
        }
        let known: Vec<&str> =
            own.iter().map(String::as_str).chain(self.declared.iter().map(|key| key.key.as_str())).collect();
        let near = nearest(attr, known);
        let problem = Diagnostic::error("policy.undeclared_evidence", &MESSAGES).arg("key", attr.as_str());
        self.say(problem.arg_if("nearest", near), self.span(expr));
        let of_kind = |kind| EvidenceKey { kind, key: attr.to_string() };
        self.undeclared.extend(EvidenceKind::ALL.map(of_kind));
    }

    /// Ids of entities, in the scope and in the conditions.
    fn ids(&mut self) {
        for uid in self.written.policy.entity_literals() {
            let (kind, id) = (uid.type_name().basename().to_owned(), uid.id().unescaped().to_owned());
            let Some(ids) = ids(self.world, &kind) else { continue };
            if ids.contains(&id.as_str()) {
                continue;
            }
            let written = self.written.source.text[self.written.span.clone()].find(&uid.to_string());
            let start = written.map(|at| self.written.span.start + at);
            let span = start.map_or_else(|| self.written.head(), |start| start..start + uid.to_string().len());
            let problem = self.graded("policy.unknown_id").arg("kind", kind).arg("id", id.as_str());
            let problem = problem.arg_if("nearest", nearest(&id, ids));
            self.say(problem, span);
        }
    }
}

/// The ids there are of an entity type that stands for something of the realm.
fn ids<'a>(world: &'a World, entity_type: &str) -> Option<Vec<&'a str>> {
    Some(match entity_type {
        "App" => world.apps.keys().map(|id| id.as_str()).collect(),
        "Organisation" => world.organisations.keys().map(|id| id.as_str()).collect(),
        "Sector" => world.sectors.keys().map(|id| id.as_str()).collect(),
        "Model" => world.models.keys().map(|id| id.as_str()).collect(),
        "Provider" => world.providers.keys().map(|id| id.as_str()).collect(),
        "Deployment" => world.deployments.keys().map(|id| id.as_str()).collect(),
        _ => return None,
    })
}

/// The parts of a chain of `&&` (or of `||`), left to right.
fn chain(expr: &Expr, conjunction: bool) -> Vec<&Expr> {
    match expr.expr_kind() {
        ExprKind::And { left, right } if conjunction => [chain(left, true), chain(right, true)].concat(),
        ExprKind::Or { left, right } if !conjunction => [chain(left, false), chain(right, false)].concat(),
        _ => vec![expr],
    }
}

/// The parts of an expression in which a chain of `&&` or `||` may stand.
fn children(expr: &Expr) -> Vec<&Expr> {
    match expr.expr_kind() {
        ExprKind::UnaryApp { arg, .. } => vec![arg],
        ExprKind::BinaryApp { arg1, arg2, .. } => vec![arg1, arg2],
        ExprKind::If { test_expr, then_expr, else_expr } => vec![test_expr, then_expr, else_expr],
        _ => Vec::new(),
    }
}

/// The first fact that an expression asks for and that no `has` tests.
fn fact(expr: &Expr, tested: &BTreeSet<String>) -> Option<String> {
    let asks = |part: &Expr| {
        let ExprKind::GetAttr { expr: base, attr } = part.expr_kind() else { return None };
        ((FACTS.contains(&attr.as_str()) || is_evidence(base)) && !tested.contains(attr.as_str()))
            .then(|| part.source_loc().and_then(|it| it.snippet()).unwrap_or(attr).to_owned())
    };
    expr.subexpressions().find_map(asks)
}

/// The fact that an expression tests with `has`.
fn tests(expr: &Expr) -> Option<String> {
    match expr.expr_kind() {
        ExprKind::HasAttr { expr: base, attr } => {
            (FACTS.contains(&attr.as_str()) || is_evidence(base)).then(|| attr.to_string())
        }
        ExprKind::ExtHasAttr { expr: base, attrs } => {
            let path: Vec<&str> = attrs.iter().map(|attr| attr.as_str()).collect();
            let inside = is_evidence(base) || path.len() > 1 && path.contains(&EVIDENCE);
            (inside || path.iter().any(|attr| FACTS.contains(attr))).then(|| path.join("."))
        }
        _ => None,
    }
}

/// The last names of the facts that a condition tests with `has` anywhere.
fn tested(condition: &Expr) -> BTreeSet<String> {
    let last = |path: String| path.rsplit('.').next().map(str::to_owned);
    condition.subexpressions().filter_map(tests).filter_map(last).collect()
}

fn is_evidence(expr: &Expr) -> bool {
    matches!(expr.expr_kind(), ExprKind::GetAttr { attr, .. } if attr == EVIDENCE)
}
