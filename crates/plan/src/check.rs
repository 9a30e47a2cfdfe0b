//! Verifies a plan against its case without the solver and without the model: every balance, cap, lead time, whole number
//! and the objective, recomputed from the case's own figures.

mod computing;
mod energy;
mod limits;
mod money;
mod stores;
mod survival;
mod unserved;

use std::collections::BTreeMap;

use crate::case::Case;
use crate::plan::{Plan, Track};

/// How far a sum may be off, as a share of the sizes in it.
const RELATIVE: f64 = 1e-6;
/// And whatever they are, in the unit of the sum.
const ABSOLUTE: f64 = 1e-5;
/// How far the objective may be off, as a share.
const OBJECTIVE: f64 = 1e-6;

/// Something a plan says that cannot be.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Which rule, by a word that never changes.
    pub rule: &'static str,
    /// Where: names of the case, with year and hour.
    pub place: String,
    /// What it comes to.
    pub found: f64,
    /// What it may come to at most, or must come to.
    pub allowed: f64,
    /// How many more places break the same rule.
    pub more: usize,
}

/// What a check came to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Everything that cannot be, the worst place of each rule.
    pub findings: Vec<Finding>,
    /// The objective, recomputed.
    pub objective: f64,
    /// How many conditions were looked at.
    pub conditions: u64,
}

/// Verifies a plan.
pub fn check(case: &Case, plan: &Plan) -> Checked {
    let mut looking = Looking { case, plan, worst: BTreeMap::new(), conditions: 0 };
    looking.sizes();
    if looking.worst.is_empty() {
        looking.sources();
        looking.stores();
        looking.lines();
        looking.balances();
        looking.accelerators();
        looking.demand();
        looking.loads();
        looking.standing();
        looking.supply();
        looking.budgets();
        looking.policies();
    }
    let objective = looking.objective();
    looking.near("objective", String::new, (plan.objective, objective), OBJECTIVE / RELATIVE * objective.abs());
    if let Some(bound) = plan.bound {
        looking.most("bound", String::new, bound, plan.objective, plan.objective.abs());
    }
    let conditions = looking.conditions;
    let findings = looking.worst.into_values().map(|(_, finding)| finding).collect();
    Checked { findings, objective, conditions }
}

pub(super) struct Looking<'a> {
    pub(super) case: &'a Case,
    pub(super) plan: &'a Plan,
    /// The worst finding of each rule, with how bad it is.
    worst: BTreeMap<&'static str, (f64, Finding)>,
    conditions: u64,
}

impl Looking<'_> {
    /// `found` is no more than `allowed`, within tolerance of the sizes that went into them.
    pub(super) fn most(
        &mut self,
        rule: &'static str,
        place: impl FnOnce() -> String,
        found: f64,
        allowed: f64,
        size: f64,
    ) {
        self.conditions += 1;
        let over = found - allowed;
        // Written so that what is no number is a finding too.
        let is_finite = found.is_finite() && size.is_finite() && !allowed.is_nan();
        if is_finite && over <= ABSOLUTE + RELATIVE * size {
            return;
        }
        let badness = if over.is_nan() || !is_finite { f64::INFINITY } else { over / (1.0 + size) };
        let more = self.worst.get(rule).map_or(0, |(_, it)| it.more + 1);
        match self.worst.get_mut(rule) {
            Some((worst, finding)) if *worst >= badness => finding.more = more,
            _ => {
                let finding = Finding { rule, place: place(), found, allowed, more };
                self.worst.insert(rule, (badness, finding));
            }
        }
    }

    /// The same for a least.
    pub(super) fn least(
        &mut self,
        rule: &'static str,
        place: impl FnOnce() -> String,
        found: f64,
        allowed: f64,
        size: f64,
    ) {
        let before = self.worst.get(rule).map(|(_, it)| it.more);
        self.most(rule, place, -found, -allowed, size);
        if let Some((_, finding)) = self.worst.get_mut(rule).filter(|(_, it)| before != Some(it.more)) {
            (finding.found, finding.allowed) = (found, allowed);
        }
    }

    /// Both are the same, within tolerance.
    pub(super) fn near(
        &mut self,
        rule: &'static str,
        place: impl FnOnce() -> String,
        (found, right): (f64, f64),
        size: f64,
    ) {
        self.conditions += 1;
        if size.is_finite() && (found - right).abs() <= ABSOLUTE + RELATIVE * size {
            return;
        }
        let place = place();
        // What is no number is a finding, whichever of both it is.
        let (high, low) =
            if found.is_nan() || right.is_nan() { (f64::NAN, right) } else { (found.max(right), found.min(right)) };
        self.most(rule, || place, high, low, size);
        if let Some((_, finding)) = self.worst.get_mut(rule) {
            (finding.found, finding.allowed) = (found, right);
        }
    }

    /// A finding whatever its size.
    pub(super) fn wrong(&mut self, rule: &'static str, place: String, found: f64, allowed: f64) {
        let more = self.worst.get(rule).map_or(0, |(_, it)| it.more + 1);
        self.worst.insert(rule, (f64::INFINITY, Finding { rule, place, found, allowed, more }));
    }

    pub(super) fn hours(&self) -> usize {
        self.case.hours.count()
    }

    pub(super) fn years(&self) -> usize {
        self.case.years.len()
    }

    /// A track's value; what the plan does not state is nothing.
    pub(super) fn at(&self, track: Track, k: usize, t: usize) -> f64 {
        self.plan.hourly.get(&track).map_or(0.0, |series| series[k * self.case.hours.count() + t])
    }

    /// A place in words.
    pub(super) fn place(&self, what: &str, k: usize, t: Option<usize>) -> String {
        let year = self.case.years[k].year;
        t.map_or_else(|| format!("{what}, {year}"), |t| format!("{what}, {year}, {t}"))
    }
}

impl Finding {
    /// For people.
    pub fn to_text(&self, lang: realm::load::Lang) -> String {
        let key = format!("check-{}", self.rule);
        let args = [
            ("place", self.place.clone()),
            ("found", format!("{:.4}", self.found)),
            ("allowed", format!("{:.4}", self.allowed)),
        ];
        let said = crate::say::say(lang, &key, &args);
        if self.more == 0 {
            return said;
        }
        format!("{said}; {}", crate::say::say(lang, "check-more", &[("count", self.more.to_string())]))
    }
}

#[cfg(test)]
mod tests {
    use realm::load::Lang;

    use super::Finding;

    /// What follows the opening of a call that names a rule.
    fn rules(source: &str) -> impl Iterator<Item = &str> {
        let calls = ["most(\"", "least(\"", "near(\"", "wrong(\""];
        calls.into_iter().flat_map(move |call| source.split(call).skip(1)).filter_map(|it| it.split('"').next())
    }

    #[test]
    fn every_rule_is_said_in_words() {
        let sources = [
            include_str!("check.rs"),
            include_str!("check/computing.rs"),
            include_str!("check/energy.rs"),
            include_str!("check/limits.rs"),
            include_str!("check/money.rs"),
            include_str!("check/stores.rs"),
            include_str!("check/survival.rs"),
            include_str!("check/unserved.rs"),
        ];
        let all: Vec<&str> =
            sources.into_iter().flat_map(rules).filter(|it| !it.is_empty() && !it.contains('\\')).collect();
        assert!(all.len() > 40, "{}", all.len());
        for rule in all {
            let leaked: &'static str = Box::leak(rule.to_owned().into_boxed_str());
            let it = Finding { rule: leaked, place: "here".into(), found: 1.0, allowed: 2.0, more: 0 };
            for lang in [Lang::En, Lang::Ru] {
                let text = it.to_text(lang);
                assert!(text.contains(' ') && !text.contains("check-"), "{rule}: {text}");
            }
        }
    }
}
