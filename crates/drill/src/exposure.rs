//! Exposure: which share of the traffic needs what, and what would be left without it.

mod build;
mod cut_sets;
pub(crate) mod evidence;
mod findings;
mod outages;
pub(crate) mod report;
mod survive;
pub(crate) mod tally;
pub(crate) mod text;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::{AppId, DeploymentId, SnapshotId};

use crate::eval::Evaluations;
use crate::judge::Plan;
use crate::live::{Ran, Watching};
use crate::records::Unread;
use crate::request::{Answered, Facts, Fate, Request};
use crate::shadow::{Mirror, Tries};
use crate::window::Window;
use crate::worlds::{Archive, Worlds};
pub(crate) use build::summary;
use evidence::Answers;
use report::{Report, Totals};
use tally::{Tally, Use};

/// Exposure being measured, request by request.
///
/// Holds sums by distinct circumstance: snapshot, app, route, classes, purpose, place of the user, date.
pub struct Exposure<'a> {
    worlds: Worlds<'a>,
    window: Window,
    /// By facts and a day that stands for all on which the same is decided: a memo, for the sums are elsewhere.
    groups: HashMap<(Arc<Facts>, Date), Group>,
    tally: Tally,
    totals: Totals,
    /// Requests that nobody's declaration covers, by what was not declared.
    undeclared: BTreeMap<Undeclared, u64>,
    other_model: BTreeMap<DeploymentId, u64>,
    disagreeing: u64,
    tries: Tries,
    answers: Answers,
    evaluations: Evaluations,
    drills: Vec<Watching<'a>>,
}

/// Circumstances that are remembered at a time, so that whoever may vary them without end takes no memory.
const GROUPS_MAX: usize = 65_536;

/// What a record names and nothing declares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Undeclared {
    /// The snapshot that decided is not kept.
    Snapshot(SnapshotId),
    /// The app is not in its snapshot.
    App(AppId),
    /// The deployment is not in its snapshot.
    Deployment(DeploymentId),
}

/// What is the same for every request of the same circumstances.
struct Group {
    is_wanted: bool,
    criticality: Option<u64>,
    profile: usize,
    open: Vec<DeploymentId>,
}

impl<'a> Exposure<'a> {
    /// Nothing seen yet.
    pub fn new(archive: impl Archive + 'a, window: Window) -> Self {
        Self {
            worlds: Worlds::new(archive),
            window,
            groups: HashMap::new(),
            tally: Tally::default(),
            totals: Totals::default(),
            undeclared: BTreeMap::new(),
            other_model: BTreeMap::new(),
            disagreeing: 0,
            tries: Tries::default(),
            answers: Answers::default(),
            evaluations: Evaluations::default(),
            drills: Vec::new(),
        }
    }

    /// The same, knowing what evaluations say of models, and which live drills were on.
    #[must_use]
    pub fn knowing(self, evaluations: Evaluations, archive: &'a dyn Archive, drills: &'a [Ran]) -> Self {
        let drills = drills.iter().map(|ran| Watching::new(archive, ran)).collect();
        Self { evaluations, drills, ..self }
    }

    /// Counts a request.
    pub fn see(&mut self, request: &Request) {
        let snapshot = request.facts.snapshot;
        let Some(world) = self.worlds.of(snapshot) else {
            if self.window.takes_lost(request) {
                self.totals.requests += 1;
                self.undeclared(Undeclared::Snapshot(snapshot), &request.fate);
            }
            return;
        };
        let date = self.worlds.date(snapshot, &world, request.at);
        if !self.window.takes_day(date) {
            return;
        }
        let key = (Arc::clone(&request.facts), world.same_as(date));
        if !self.groups.contains_key(&key) {
            if self.groups.len() >= GROUPS_MAX {
                self.groups.clear();
            }
            let group = self.group(&world, &request.facts, date);
            self.groups.insert(key.clone(), group);
        }
        let group = &self.groups[&key];
        if !group.is_wanted {
            return;
        }
        self.totals.see(date);
        match &request.fate {
            Fate::Answered(answered) => {
                self.answered(&key, &world, date, answered);
                self.drilled(request, &answered.deployment, date);
            }
            Fate::Denied => self.totals.denied += 1,
            Fate::Refused => self.totals.refused += 1,
            Fate::Failed => self.totals.failed += 1,
        }
    }

    /// Notes who answers, and whether only because a live drill was on.
    fn drilled(&mut self, request: &Request, deployment: &DeploymentId, date: Date) {
        let of = (request.facts.app.clone(), request.facts.route.clone());
        let moved_by = self.drills.iter_mut().find_map(|drill| drill.has_moved(request).then(|| drill.drill()));
        match moved_by {
            Some(drill) => self.answers.see_drilled(&of, deployment, drill, date),
            None => self.answers.see(&of, deployment),
        }
    }

    /// Counts a mirror of a drill in shadow: it is no use of anything, and shows what could be used.
    pub fn see_mirror(&mut self, mirror: &Mirror) {
        let snapshot = mirror.request.facts.snapshot;
        let Some(world) = self.worlds.of(snapshot) else { return };
        let date = self.worlds.date(snapshot, &world, mirror.request.at);
        if self.window.takes_day(date) {
            self.tries.see(mirror, date);
        }
    }

    fn group(&mut self, compiled: &Arc<Compiled>, facts: &Facts, date: Date) -> Group {
        let world = compiled.world();
        let criticality = world.apps.get(&facts.app).map(|app| u64::from(app.criticality));
        let open = Plan::of(compiled, facts, date, &|_| false).open();
        let is_wanted = self.window.takes_app(world, &facts.app);
        Group { is_wanted, criticality, profile: self.tally.profile(facts, criticality.unwrap_or(0), &open), open }
    }

    fn answered(&mut self, key: &(Arc<Facts>, Date), world: &Compiled, date: Date, answered: &Answered) {
        let group = &self.groups[key];
        let (profile, criticality) = (group.profile, group.criticality);
        let is_declared = world.world().deployments.contains_key(&answered.deployment);
        if is_declared && !group.open.contains(&answered.deployment) {
            self.disagreeing += 1;
        }
        let used = Use::of(answered, criticality.unwrap_or(0));
        self.tally.add(profile, key.0.snapshot, &answered.deployment, used, date);
        if answered.other_model {
            *self.other_model.entry(answered.deployment.clone()).or_default() += 1;
        }
        if !is_declared {
            *self.undeclared.entry(Undeclared::Deployment(answered.deployment.clone())).or_default() += 1;
        }
        if criticality.is_none() {
            *self.undeclared.entry(Undeclared::App(key.0.app.clone())).or_default() += 1;
        }
    }

    /// A request whose world nobody knows still used something.
    fn undeclared(&mut self, what: Undeclared, fate: &Fate) {
        match fate {
            Fate::Answered(answered) => {
                self.tally.unknown(Use::of(answered, 0));
                *self.undeclared.entry(what).or_default() += 1;
            }
            Fate::Denied => self.totals.denied += 1,
            Fate::Refused => self.totals.refused += 1,
            Fate::Failed => self.totals.failed += 1,
        }
    }

    /// What was found.
    pub fn finish(self, unread: Unread) -> Report {
        self.report(unread)
    }

    /// What was found so far; it goes on.
    pub fn report(&self, unread: Unread) -> Report {
        let (worlds, youngest_first) = (self.worlds.found(), self.worlds.youngest_first());
        let youngest: Vec<&Compiled> = youngest_first.iter().filter_map(|id| worlds.get(id)).map(|it| &**it).collect();
        let mut totals = self.totals.clone();
        totals.close(unread, &self.tally, &worlds);
        let mut summary = summary(&self.tally, &worlds);
        self.tries.raise(&mut summary.substitutes);
        self.answers.raise(&mut summary.substitutes, &youngest, &self.evaluations);
        let findings = findings::all(&findings::Seen {
            tally: &self.tally,
            worlds: &worlds,
            summary: &summary,
            undeclared: &self.undeclared,
            other_model: &self.other_model,
            disagreeing: self.disagreeing,
        });
        let missing = self.worlds.missing();
        Report::new(totals, summary, findings, missing)
    }
}
