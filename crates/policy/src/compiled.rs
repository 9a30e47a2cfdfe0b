use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use cedar_policy::{Entities, Policy, PolicyId, PolicySet, RestrictedExpression};
use jiff::civil::Date;
use realm::load::Diagnostic;
use realm::world::Evidence;
use realm::{AppId, Jurisdiction, RuleId, SandboxId, World};

use crate::amend::Amendment;
use crate::duty::{Catalogue, Duty, Framework};
use crate::entities::{entities, places};
use crate::rule::{Effect, Rule};
use crate::schema::EvidenceKey;

/// The rules of a world, checked and ready to decide.
///
/// Holds everything a decision needs. What differs from day to day (which rules bind, which evidence holds)
/// is made once per stretch of days between which nothing changes, when it is first asked for.
#[derive(Debug)]
pub struct Compiled {
    pub(crate) world: World,
    pub(crate) rules: Vec<Arc<Rule>>,
    /// The rules as Cedar holds them, in the same order; each one's id is its place.
    pub(crate) policies: Vec<Policy>,
    evidence: BTreeSet<EvidenceKey>,
    warnings: Vec<Diagnostic>,
    /// First days of the stretches after the first one, ascending.
    cuts: Vec<Date>,
    /// One more than `cuts`.
    stretches: Vec<OnceLock<Stretch>>,
    pub(crate) home_places: BTreeSet<Jurisdiction>,
    /// Whether a rule may ask which day it is.
    asks_date: bool,
    duties: Vec<Duty>,
    frameworks: Vec<Framework>,
}

/// Days on which the same rules bind and the same evidence holds.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub entities: Entities,
    /// The rules that bind.
    pub bind: Layer,
    /// The rules that do not.
    pub shadow: Layer,
    /// Places of the rules that a sandbox sets aside, by the app that is exempt.
    pub exempt: BTreeMap<AppId, Aside>,
}

/// Places of rules that are set aside, each with the sandbox that does it.
pub(crate) type Aside = BTreeMap<usize, SandboxId>;

/// Rules by what they bear on. Sorting them by action at load is sound: a rule whose scope names other
/// actions is never satisfied and never errs, because the scope is evaluated first.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    pub infer: Sides,
    pub disclose: Sides,
    pub oblige: PolicySet,
}

/// Permits and forbids apart, so that Cedar names the satisfied ones of each side.
#[derive(Debug, Default)]
pub(crate) struct Sides {
    pub permits: PolicySet,
    pub forbids: PolicySet,
}

impl Compiled {
    pub(crate) fn new(
        world: World,
        rules: Vec<Rule>,
        policies: Vec<Policy>,
        evidence: BTreeSet<EvidenceKey>,
        warnings: Vec<Diagnostic>,
    ) -> Self {
        let cuts = cuts(&world, &rules, &evidence);
        let stretches = (0..=cuts.len()).map(|_| OnceLock::new()).collect();
        let home_places = world.home_places();
        let asks_date = rules.iter().any(Rule::asks_date);
        let rules = rules.into_iter().map(Arc::new).collect();
        Self {
            world,
            rules,
            policies,
            evidence,
            warnings,
            cuts,
            stretches,
            home_places,
            asks_date,
            duties: Vec::new(),
            frameworks: Vec::new(),
        }
    }

    /// With the catalogues of its packs.
    pub(crate) fn with(mut self, catalogues: Vec<Catalogue>) -> Self {
        for catalogue in catalogues {
            self.duties.extend(catalogue.duties);
            self.frameworks.extend(catalogue.framework);
        }
        self
    }

    /// Duties that no rule decides, pack by pack.
    pub fn duties(&self) -> &[Duty] {
        &self.duties
    }

    /// Frameworks by which suppliers are scored.
    pub fn frameworks(&self) -> &[Framework] {
        &self.frameworks
    }

    /// Every rule, the realm's own first, each file's in the order written.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &RuleId) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// The facts that the rules ask the realm for.
    pub fn evidence(&self) -> &BTreeSet<EvidenceKey> {
        &self.evidence
    }

    /// What somebody should look at, though the rules may be used.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The world that was compiled.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Makes what decisions of a day need, so that the first request of the day does not wait for it.
    pub fn warm(&self, date: Date) {
        self.stretch(date);
    }

    /// The first day after `date` on which another set of rules or evidence holds.
    pub fn next_change(&self, date: Date) -> Option<Date> {
        self.cuts.get(self.cuts.partition_point(|cut| *cut <= date)).copied()
    }

    /// The same rules in another world, some of them changed: what a counterfactual decides by.
    ///
    /// The world must have the ids that the rules name, as one has that was made of this one's by a change of facts.
    ///
    /// # Errors
    /// The id of an amendment that is no rule's.
    pub fn amended(&self, world: World, amendments: &[Amendment]) -> Result<Self, RuleId> {
        let mut rules: Vec<Rule> = self.rules.iter().map(|rule| Rule::clone(rule)).collect();
        for amendment in amendments {
            let found = rules.iter_mut().find(|rule| rule.id == amendment.rule);
            amendment.change(found.ok_or_else(|| amendment.rule.clone())?);
        }
        Ok(Self::new(world, rules, self.policies.clone(), self.evidence.clone(), Vec::new()))
    }

    /// A day that stands for others: decisions of all days with the same one are the same, whatever else is asked.
    ///
    /// It is the day itself where a rule asks for it; else the first day since when the same rules bind and the same
    /// evidence holds.
    pub fn same_as(&self, date: Date) -> Date {
        let begun = self.cuts.partition_point(|cut| *cut <= date);
        match begun.checked_sub(1) {
            _ if self.asks_date => date,
            Some(last) => self.cuts[last],
            None => Date::MIN,
        }
    }

    pub(crate) fn stretch(&self, date: Date) -> &Stretch {
        let index = self.cuts.partition_point(|cut| *cut <= date);
        self.stretches[index].get_or_init(|| self.make(date))
    }

    fn make(&self, date: Date) -> Stretch {
        let (bind, shadow) = (Layer::default(), Layer::default());
        let mut stretch = Stretch { entities: entities(&self.world, date), bind, shadow, exempt: self.exempt(date) };
        for (rule, policy) in self.rules.iter().zip(&self.policies) {
            let layer = if rule.binds_on(date) { &mut stretch.bind } else { &mut stretch.shadow };
            layer.add(rule, policy);
        }
        stretch
    }
}

impl Compiled {
    /// Which rules sandboxes set aside on a day, for whom.
    fn exempt(&self, date: Date) -> BTreeMap<AppId, Aside> {
        let mut exempt = BTreeMap::<AppId, Aside>::new();
        for sandbox in self.world.sandboxes.values().filter(|sandbox| sandbox.holds(date)) {
            let named = |rule: &Arc<Rule>| sandbox.rules.contains(&rule.id);
            let places: Vec<usize> = (0..).zip(&self.rules).filter(|(_, rule)| named(rule)).map(|(n, _)| n).collect();
            for app in &sandbox.apps {
                let aside = exempt.entry(app.clone()).or_default();
                for place in &places {
                    aside.entry(*place).or_insert_with(|| sandbox.id.clone());
                }
            }
        }
        exempt
    }
}

impl Layer {
    fn add(&mut self, rule: &Rule, policy: &Policy) {
        let put = |set: &mut PolicySet| set.add(policy.clone()).expect("a rule's place is its id, so ids differ");
        if rule.acts.infer {
            put(self.infer.side(rule.effect));
        }
        if rule.acts.disclose {
            put(self.disclose.side(rule.effect));
        }
        if rule.acts.oblige {
            put(&mut self.oblige);
        }
    }

    /// Whether no rule in it decides anything.
    pub(crate) fn decides_nothing(&self) -> bool {
        self.infer.is_empty() && self.disclose.is_empty()
    }
}

impl Sides {
    fn side(&mut self, effect: Effect) -> &mut PolicySet {
        match effect {
            Effect::Permit => &mut self.permits,
            Effect::Forbid => &mut self.forbids,
        }
    }

    fn is_empty(&self) -> bool {
        self.permits.is_empty() && self.forbids.is_empty()
    }
}

/// The Cedar id of a rule: its place among the rules.
pub(crate) fn policy_id(place: usize) -> PolicyId {
    PolicyId::new(place.to_string())
}

/// The place of a rule by its Cedar id.
pub(crate) fn place(id: &PolicyId) -> usize {
    let id: &str = id.as_ref();
    id.parse().expect("every compiled policy's id is its rule's place")
}

/// The days on which something that a rule can see begins or has ended.
fn cuts(world: &World, rules: &[Rule], asked_for: &BTreeSet<EvidenceKey>) -> Vec<Date> {
    let asked_for: BTreeSet<(&str, &str)> = asked_for.iter().map(|key| (key.kind.as_str(), key.key.as_str())).collect();
    let seen =
        |it: &&Evidence| it.subject.split_once(':').is_some_and(|(kind, _)| asked_for.contains(&(kind, &it.key)));
    let sandboxes = || world.sandboxes.values().filter(|sandbox| sandbox.is_approved());
    let begin = rules.iter().filter_map(|rule| rule.from).chain(sandboxes().map(|it| it.from));
    let last = rules.iter().filter_map(|rule| rule.until).chain(sandboxes().map(|it| it.until));
    let last = last.chain(world.evidence.iter().filter(seen).filter_map(|it| it.valid_until));
    // A last day that is the end of the calendar has no day after it, and no need of one.
    let cuts: BTreeSet<Date> = begin.chain(last.filter_map(|day| day.tomorrow().ok())).collect();
    cuts.into_iter().collect()
}

impl Compiled {
    /// The places of an end user for rules: where the user is, with the blocs it belongs to.
    pub(crate) fn user_places(&self, user: &Jurisdiction) -> RestrictedExpression {
        places(&self.world.expand(user))
    }
}
