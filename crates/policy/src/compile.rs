//! From the texts of a world's rules to rules that decide. Every problem of every file in one run.

mod annotations;
mod lint;
mod nesting;
mod parse;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

use realm::World;
use realm::load::{Catalogue, Diagnostic, Severity, nearest};
use realm::world::RuleSource;

use crate::compiled::{Compiled, policy_id};
use crate::duty;
use crate::rule::{Effect, Rule};
use crate::schema;
use crate::texts;
use parse::Written;

/// Messages of this crate.
pub(crate) static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

/// Parses, checks and compiles the rules of a world.
///
/// What must hold: one id per rule, the annotations its origin demands, dates that make sense, permits only
/// among the realm's own rules, texts for each rule of a pack that has texts, no `has` on a fact in a law, conditions that may be unknown after those that
/// never are, words and ids that exist, and Cedar's strict types. Says everything at once; what somebody
/// should merely look at is in `Compiled::warnings`, or among the errors where there are any.
pub fn compile(world: &World) -> Result<Compiled, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut written = Vec::new();
    for source in &world.rules {
        written.extend(parse::file(source, &mut problems));
    }
    let mut rules: Vec<Option<Rule>> = written.iter().map(|it| annotations::rule(it, &mut problems)).collect();
    duplicates(&written, &rules, &mut problems);
    texts::attach(world, &mut rules, &mut problems);

    let catalogues = duty::catalogues(world, &mut problems);
    let declared: BTreeSet<_> = rules.iter().flatten().flat_map(|rule| rule.evidence.iter().cloned()).collect();
    let undeclared = lint::all(world, &written, &declared, &mut problems);
    // A key that nobody declared is one problem, not two: the types are checked as if it were declared.
    let keys: BTreeSet<_> = declared.union(&undeclared).cloned().collect();
    let policies: Vec<_> = written.iter().enumerate().map(|(place, it)| it.policy.new_id(policy_id(place))).collect();
    validate::all(schema::build(&keys), &policies, &written, &mut problems);
    let shown = catalogues.iter().flat_map(|it| &it.duties).flat_map(|duty| duty.evidence.iter().cloned());
    spare_evidence(world, &declared.iter().cloned().chain(shown).collect(), &mut problems);

    sandboxes(world, &rules, &mut problems);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        return Err(problems);
    }
    let rules: Vec<Rule> = rules.into_iter().flatten().collect();
    if !rules.iter().any(|rule| rule.effect == Effect::Permit) {
        problems.push(Diagnostic::warning("policy.nothing_permitted", &MESSAGES));
    }
    Ok(Compiled::new(world.clone(), rules, policies, declared, problems).with(catalogues))
}

/// What can be said of rules whose world does not load: their syntax, their annotations, and ids that stand twice.
pub fn without_world(sources: &[RuleSource]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let written: Vec<_> = sources.iter().flat_map(|source| parse::file(source, &mut problems)).collect();
    let rules: Vec<Option<Rule>> = written.iter().map(|it| annotations::rule(it, &mut problems)).collect();
    duplicates(&written, &rules, &mut problems);
    problems
}

/// Ids are unique in a snapshot: records name rules by them.
fn duplicates(written: &[Written], rules: &[Option<Rule>], problems: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, &Rule> = BTreeMap::new();
    for (written, rule) in written.iter().zip(rules) {
        let Some(rule) = rule else { continue };
        if let Some(other) = first.get(rule.id.as_str()) {
            let place = format!("{}:{}", other.file.display(), other.line);
            let problem = Diagnostic::error("policy.duplicate_id", &MESSAGES).arg("id", rule.id.as_str());
            problems.push(problem.arg("first", place).at(&written.source, written.annotation_span("id")));
        } else {
            first.insert(rule.id.as_str(), rule);
        }
    }
}

/// A sandbox exempts from rules that there are, and that forbid.
fn sandboxes(world: &World, rules: &[Option<Rule>], problems: &mut Vec<Diagnostic>) {
    let forbids: Vec<&str> =
        rules.iter().flatten().filter(|rule| rule.effect == Effect::Forbid).map(|rule| rule.id.as_str()).collect();
    for sandbox in world.sandboxes.values() {
        for rule in sandbox.rules.iter().filter(|rule| !forbids.contains(&rule.as_str())) {
            let near = nearest(rule.as_str(), forbids.iter().copied());
            let problem = Diagnostic::error("policy.sandbox_rule", &MESSAGES).arg("sandbox", sandbox.id.as_str());
            problems.push(problem.arg("rule", rule.as_str()).arg_if("nearest", near));
        }
    }
}

/// Evidence that no rule asks for is a misspelt key or a pack that is not in use.
fn spare_evidence(world: &World, declared: &BTreeSet<schema::EvidenceKey>, problems: &mut Vec<Diagnostic>) {
    let mut said = BTreeSet::new();
    for evidence in &world.evidence {
        let kind = evidence.subject.split(':').next().unwrap_or_default();
        let key = format!("{kind}.{}", evidence.key);
        let names: Vec<String> = declared.iter().map(ToString::to_string).collect();
        if names.contains(&key) || !said.insert(key.clone()) {
            continue;
        }
        let near = nearest(&key, names.iter().map(String::as_str));
        let problem = Diagnostic::warning("policy.spare_evidence", &MESSAGES).arg("subject", evidence.subject.as_str());
        problems.push(problem.arg("key", key).arg_if("nearest", near));
    }
}
