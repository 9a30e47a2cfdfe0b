//! What a live drill takes away: the keys of its cuts, resolved in whatever world is in force by the code that desk
//! drills use.

mod asks;
mod measure;
pub(crate) mod report;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use realm::load::Diagnostic;
use realm::{DeploymentId, Jurisdiction, World};
use serde::{Deserialize, Serialize};

use crate::level::{Key, Level, feeds, is_dark, keys};
use crate::say::MESSAGES;
use crate::scenario::{ADDED, Cut, Failing, Placed, Scenario, Shape, Wanted};
pub use measure::{Ran, Watching};
pub use report::LiveReport;

/// One cut of a live drill, with its name settled: `{"level":"parent","name":"…","users":"XA"}`; without a name it takes
/// everything away from its users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveCut {
    /// What is named; none: everything.
    #[serde(flatten)]
    pub what: Option<Named>,
    /// Only for users there, or with their blocs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Jurisdiction>,
    /// How it fails, where it is to fail in some way; else it counts as not available.
    #[serde(flatten)]
    pub failing: Option<Failing>,
}

/// Something by its level and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// At which level.
    pub level: Level,
    /// Which.
    pub name: String,
}

/// From whom a deployment is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whom {
    /// From everybody.
    pub everybody: bool,
    /// From users in these places.
    pub users: BTreeSet<Jurisdiction>,
}

impl Scenario {
    /// Its cuts as a live drill takes them; the largest of a level must be settled before.
    ///
    /// # Errors
    /// What cannot be drilled live: only something that is cut off can, not a price, a rule or a bloc.
    pub fn live_cuts(&self) -> Result<Vec<LiveCut>, Vec<Diagnostic>> {
        let problem = |table: &'static str, span| {
            Diagnostic::error("scenario.not_live", &MESSAGES).arg("table", table).at(&self.source, span)
        };
        let prices = self.prices.iter().map(|it| problem("price", it.provider.span.clone()));
        let laws = self.laws.iter().map(|it| problem("law", it.of.span.clone()));
        let gains = self.gains.iter().map(|it| problem("gain", it.bloc.span.clone()));
        let shown = self.shown.iter().map(|it| problem("evidence", it.span()));
        let added = self.added.iter().map(|span| problem(ADDED, span.clone()));
        let mut problems: Vec<Diagnostic> = prices.chain(laws).chain(gains).chain(shown).chain(added).collect();
        let left = self.cuts.iter().filter_map(|cut| cut.left.as_ref());
        problems.extend(left.map(|it| problem("left", it.span.clone())));
        problems.extend(self.shapes_not_live());
        let cuts: Vec<LiveCut> = self.cuts.iter().map(live).collect();
        if cuts.is_empty() {
            problems.push(Diagnostic::error("scenario.no_cut", &MESSAGES).at(&self.source, 0..0));
        }
        if problems.is_empty() { Ok(cuts) } else { Err(problems) }
    }
}

impl Scenario {
    /// A wrong answer is handed to nobody; and one drill fails in one way, for one deployment may be under several cuts.
    fn shapes_not_live(&self) -> Vec<Diagnostic> {
        let of = |cut: &Cut| cut.failing.as_ref().map(|failing| failing.value);
        let first = self.cuts.first().and_then(of);
        let told = |code, failing: &Placed<Failing>| {
            let problem = Diagnostic::error(code, &MESSAGES).arg("shape", failing.value.shape.as_str());
            problem.at(&self.source, failing.span.clone())
        };
        let mut shaped = self.cuts.iter().filter_map(|cut| cut.failing.as_ref());
        let wrong = shaped.clone().filter(|failing| failing.value.shape == Shape::WrongAnswer);
        let wrong = wrong.map(|failing| told("scenario.wrong_answer_live", failing));
        let is_mixed = self.cuts.iter().any(|cut| of(cut) != first);
        let mixed = shaped.next_back().filter(|_| is_mixed).map(|failing| told("scenario.shapes_differ", failing));
        wrong.chain(mixed).collect()
    }
}

fn live(cut: &Cut) -> LiveCut {
    let what = match &cut.what {
        Some(Placed { value: Wanted::Key(Key { level, name: Some(name) }), .. }) => {
            Some(Named { level: *level, name: name.to_string() })
        }
        _ => None,
    };
    let users = cut.users.as_ref().map(|users| users.value.clone());
    LiveCut { what, users, failing: cut.failing.as_ref().map(|failing| failing.value) }
}

/// The deployments of a world that cuts take away, each with whom it is taken away from.
pub fn cut_off(world: &World, cuts: &[LiveCut]) -> BTreeMap<DeploymentId, Whom> {
    let mut found: BTreeMap<DeploymentId, Whom> = BTreeMap::new();
    let named = cuts.iter().filter_map(|cut| cut.what.as_ref());
    let energy: BTreeSet<&str> = named.filter(|it| it.level == Level::Energy).map(|it| it.name.as_str()).collect();
    for deployment in world.deployments.keys() {
        let needed = keys(world, deployment);
        let dark = is_dark(world, deployment, &energy);
        for cut in cuts {
            let key = cut.what.as_ref().map(|it| Key::new(it.level, &it.name));
            let together = |key: &Key| key.level == Level::Energy && dark && feeds(world, deployment, key);
            if !takes(key.as_ref(), &needed) && !key.as_ref().is_some_and(together) {
                continue;
            }
            let whom = found.entry(deployment.clone()).or_default();
            match &cut.users {
                None => whom.everybody = true,
                Some(users) => drop(whom.users.insert(users.clone())),
            }
        }
    }
    found
}

/// Whether a cut takes away what needs these keys; one that names nothing takes everything.
pub(crate) fn takes(what: Option<&Key>, needed: &BTreeSet<Key>) -> bool {
    what.is_none_or(|key| needed.contains(key))
}
