//! Another law for the same world: a pack switched on or off, a rule in other words. Everything is compiled anew and checked
//! as if the realm itself said it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use realm::load::Diagnostic;
use realm::world::{Pack, RuleSource};
use realm::{PackId, RuleId, World};

use crate::compile::{MESSAGES, compile};
use crate::compiled::Compiled;
use crate::pack::Opened;
use crate::rule::Rule;
use crate::schema::EvidenceKey;

/// A pack as a realm has it that names it: its manifest and its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackText {
    pack: Pack,
    rules: Vec<RuleSource>,
    ids: Vec<RuleId>,
    evidence: BTreeSet<EvidenceKey>,
}

/// One change of the law of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// The pack is in use. Where the world has one of that id, its own stays.
    PackOn(Box<PackText>),
    /// The pack is not in use, nor what sandboxes say of its rules.
    PackOff(PackId),
    /// A rule has another text: one policy, with its annotations, under the same id.
    Rule {
        /// Which rule.
        id: RuleId,
        /// Its text.
        text: String,
        /// Where the text stands, for problems: its lines are those of this file.
        path: PathBuf,
    },
}

impl Opened {
    /// What a realm takes over that names the pack.
    pub fn text(&self) -> PackText {
        let rules = self.compiled.world().rules.iter().filter(|it| it.pack.as_ref() == Some(&self.pack.id));
        let ids = self.compiled.rules().iter().filter(|rule| rule.pack.is_some()).map(|rule| rule.id.clone());
        let (rules, ids) = (rules.cloned().collect(), ids.collect());
        PackText { pack: self.pack.clone(), rules, ids, evidence: self.compiled.evidence().clone() }
    }
}

impl PackText {
    /// Its id.
    pub fn id(&self) -> &PackId {
        &self.pack.id
    }

    /// The ids of its rules.
    pub fn rules(&self) -> &[RuleId] {
        &self.ids
    }

    /// The facts that its rules ask for.
    pub fn evidence(&self) -> &BTreeSet<EvidenceKey> {
        &self.evidence
    }
}

impl Compiled {
    /// The same world under another law. What a revision names and the world lacks changes nothing.
    ///
    /// # Errors
    /// What a realm with this law would be told.
    pub fn revised(&self, revisions: &[Revision]) -> Result<Self, Vec<Diagnostic>> {
        let mut world = self.world().clone();
        for revision in revisions {
            match revision {
                Revision::PackOn(text) => switch_on(&mut world, text),
                Revision::PackOff(id) => switch_off(&mut world, id, self),
                Revision::Rule { id, text, path } => {
                    if let Some(rule) = self.rule(id) {
                        reword(&mut world, rule, RuleSource { path: path.clone(), pack: None, text: text.clone() });
                    }
                }
            }
        }
        let revised = compile(&world)?;
        let turned: Vec<Diagnostic> = revisions.iter().filter_map(|it| self.turned(&revised, it)).collect();
        if turned.is_empty() { Ok(revised) } else { Err(turned) }
    }

    /// What forbids stays what forbids, in other words: a law that permits is another rule.
    fn turned(&self, revised: &Self, revision: &Revision) -> Option<Diagnostic> {
        let Revision::Rule { id, path, .. } = revision else { return None };
        let (before, after) = (self.rule(id)?, revised.rule(id)?);
        let problem = || Diagnostic::error("policy.other_effect", &MESSAGES).arg("rule", id.as_str()).in_file(path);
        (before.effect != after.effect).then(problem)
    }
}

fn switch_on(world: &mut World, text: &PackText) {
    if world.packs.contains_key(text.id()) {
        return;
    }
    world.packs.insert(text.id().clone(), text.pack.clone());
    world.head.packs.push(text.id().clone());
    world.rules.extend(text.rules.iter().cloned());
}

fn switch_off(world: &mut World, id: &PackId, before: &Compiled) {
    world.packs.remove(id);
    world.head.packs.retain(|it| it != id);
    world.rules.retain(|it| it.pack.as_ref() != Some(id));
    let is_gone = |rule: &RuleId| before.rule(rule).is_some_and(|it| it.pack.as_ref() == Some(id));
    world.sandboxes.values_mut().for_each(|sandbox| sandbox.rules.retain(|rule| !is_gone(rule)));
}

/// Blanks the rule where it stands, so that nothing else moves, and puts the other text right behind its file.
fn reword(world: &mut World, rule: &Rule, with: RuleSource) {
    let Some(place) = world.rules.iter().position(|it| it.path == rule.file && it.pack == rule.pack) else { return };
    let file = &mut world.rules[place];
    let Some(old) = file.text.get(rule.span.clone()) else { return };
    let blank: String = old.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    file.text.replace_range(rule.span.clone(), &blank);
    let pack = rule.pack.clone();
    world.rules.insert(place + 1, RuleSource { pack, ..with });
}
