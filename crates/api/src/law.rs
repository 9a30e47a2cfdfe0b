//! The packs of law that a realm uses, as they stand on a day: rules that bind, duties and what shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use policy::duty::{Duty, Lack, Met, Standing, standing_among};
use policy::{Compiled, Rule};
use realm::world::Pack;
use realm::{PackId, World};
use store::Scope;

/// A pack, its rules and its duties on a day, as far as they are of a scope.
#[derive(Debug)]
pub struct Law<'a> {
    /// What `pack.toml` says.
    pub pack: &'a Pack,
    /// Its rules, in the order written.
    pub rules: Vec<&'a Arc<Rule>>,
    /// Its duties, and what of the evidence they ask for is there. Of one organisation evidence is asked of it, of its apps
    /// and of what all share; of the whole, apps that lack some are told by their organisation.
    pub duties: Vec<Standing<'a>>,
    /// The day.
    pub date: Date,
}

/// How many duties that bind are in which state, and how many do not bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Shown for everybody of whom they ask something.
    pub met: u64,
    /// Somebody looked, and it is not there.
    pub not_met: u64,
    /// Nobody showed it.
    pub unknown: u64,
    /// Drafts, advice, and those of another time.
    pub not_binding: u64,
}

/// Whether a duty is shown, in the word that programs get.
pub fn word(met: Met) -> &'static str {
    match met {
        Met::Met => "met",
        Met::NotMet => "not_met",
        Met::Unknown => "unknown",
    }
}

/// Every pack in use, by id.
pub fn laws<'a>(compiled: &'a Compiled, scope: &Scope, date: Date) -> Vec<Law<'a>> {
    compiled.world().packs.values().map(|pack| of(compiled, pack, scope, date)).collect()
}

/// One of them.
pub fn law<'a>(compiled: &'a Compiled, id: &PackId, scope: &Scope, date: Date) -> Option<Law<'a>> {
    Some(of(compiled, compiled.world().packs.get(id)?, scope, date))
}

fn of<'a>(compiled: &'a Compiled, pack: &'a Pack, scope: &Scope, date: Date) -> Law<'a> {
    let world = compiled.world();
    let rules = compiled.rules().iter().filter(|rule| rule.pack.as_ref() == Some(&pack.id)).collect();
    let own = compiled.duties().iter().filter(|duty| duty.pack == pack.id);
    let mut duties = standing_among(own, world, date, &|subject| is_open(world, scope, subject));
    if *scope == Scope::Whole {
        duties.iter_mut().for_each(|it| by_organisation(world, &mut it.lacking));
    }
    Law { pack, rules, duties, date }
}

/// Whether something is of a scope: what belongs to another organisation is not.
pub(crate) fn is_open(world: &World, scope: &Scope, subject: &str) -> bool {
    let Scope::Organisation(own) = scope else { return true };
    match subject.split_once(':') {
        Some(("app", id)) => world.apps.get(id).is_some_and(|app| app.organisation == *own),
        Some(("organisation", id)) => own.as_str() == id,
        _ => true,
    }
}

/// Of the whole no app is named, but the organisation whose apps lack something.
fn by_organisation(world: &World, lacking: &mut Vec<Lack>) {
    let one = |lack: Lack| match lack.subject.strip_prefix("app:") {
        None => lack,
        Some(id) => {
            let owner = world.apps.get(id).map_or("", |app| app.organisation.as_str());
            Lack { subject: format!("organisation:{owner}"), key: format!("app.{}", lack.key) }
        }
    };
    let all: BTreeSet<Lack> = lacking.drain(..).map(one).collect();
    lacking.extend(all);
}

impl Law<'_> {
    /// How many of its rules bind.
    pub fn in_force(&self) -> u64 {
        self.rules.iter().filter(|rule| rule.binds_on(self.date)).count() as u64
    }

    /// How many are evaluated in shadow.
    pub fn in_shadow(&self) -> u64 {
        self.rules.len() as u64 - self.in_force()
    }

    /// The first day after this one on which a rule or a duty in force begins, or is over.
    pub fn next_change(&self) -> Option<Date> {
        let rules = self.rules.iter().filter_map(|rule| rule.next_change(self.date));
        let duties = self.duties.iter().filter_map(|it| Duty::next_change(it.duty, self.date));
        rules.chain(duties).min()
    }

    /// How its duties stand.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for it in &self.duties {
            match (it.binds, it.met) {
                (false, _) => count.not_binding += 1,
                (true, Met::Met) => count.met += 1,
                (true, Met::NotMet) => count.not_met += 1,
                (true, Met::Unknown) => count.unknown += 1,
            }
        }
        count
    }
}
