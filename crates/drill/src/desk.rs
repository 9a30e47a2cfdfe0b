//! The desk drill: every recorded request is decided again in a changed world. Nothing is sent anywhere.

mod asks;
mod build;
mod changed;
pub(crate) mod failing;
pub(crate) mod finding;
mod go;
mod load;
mod losing;
pub(crate) mod notice;
pub(crate) mod quality;
pub(crate) mod report;
pub(crate) mod taken;
mod tally;
mod text;
mod verdict;
pub(crate) mod work;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::load::Diagnostic;
use realm::{ClassSet, DeploymentId, SectorId, SnapshotId, World};

use crate::eval::Evaluations;
use crate::exposure::tally::{Tally as Flows, Use};
use crate::judge::Plan;
use crate::level::is_within_home;
use crate::records::Unread;
use crate::request::{Answered, Facts, Fate, Request};
use crate::scenario::{Base, Scenario};
use crate::task::Before;
use crate::window::sector;
use crate::worlds::{Archive, Worlds};
pub(crate) use build::NOT_TESTED;
use changed::Changed;
use go::destination;
use report::Report;
use tally::Tally;
pub(crate) use text::say_hypothesis;
pub(crate) use verdict::lines;

/// A desk drill under way.
///
/// Decides once per distinct circumstance and counts; memory grows with circumstances, deployments, and hours of traffic.
pub struct Desk<'a> {
    scenario: &'a Scenario,
    worlds: Worlds<'a>,
    changed: BTreeMap<SnapshotId, Arc<Changed>>,
    /// The realm as it is now, where the scenario asks for that.
    realm: Option<Arc<Changed>>,
    /// What is wrong with the law as the scenario wants it.
    refused: Vec<Diagnostic>,
    groups: HashMap<Circumstances, Group>,
    before: Flows,
    after: Flows,
    tally: Tally,
    evaluations: Evaluations,
    today: Option<Date>,
    before_this: Option<&'a Before>,
}

/// Facts, and days that stand for all on which the same is decided, before and after.
type Circumstances = (Arc<Facts>, Date, Date);

/// What is the same for every request of the same circumstances.
struct Group {
    is_wanted: bool,
    criticality: u64,
    sector: Option<SectorId>,
    before: Plan,
    after: Plan,
    /// Places of the profiles of what it could do before and after.
    profiles: (usize, usize),
}

/// Runs a drill over requests: a function of the requests, the worlds they were decided in, the realm as it is now, and
/// the scenario.
///
/// # Errors
/// Names of the scenario that no world has, or a law that a realm could not have.
pub fn desk(
    requests: impl IntoIterator<Item = Request>,
    archive: &dyn Archive,
    realm: Option<&Arc<Compiled>>,
    scenario: &Scenario,
) -> Result<Report, Vec<Diagnostic>> {
    let mut desk = Desk::new(archive, realm, scenario);
    requests.into_iter().for_each(|request| desk.see(&request));
    desk.finish(Unread::default())
}

impl<'a> Desk<'a> {
    /// Nothing decided yet. `realm` is the realm as it is now: a scenario with the base `realm` decides in it.
    pub fn new(archive: &'a dyn Archive, realm: Option<&Arc<Compiled>>, scenario: &'a Scenario) -> Self {
        let realm = realm.filter(|_| scenario.base == Base::Realm);
        let mut refused = Vec::new();
        let realm = realm.map(|compiled| changed(compiled, scenario, &mut refused));
        Self {
            scenario,
            worlds: Worlds::new(archive),
            changed: BTreeMap::new(),
            realm,
            refused,
            groups: HashMap::new(),
            before: Flows::default(),
            after: Flows::default(),
            tally: Tally::default(),
            evaluations: Evaluations::default(),
            today: None,
            before_this: None,
        }
    }

    /// The same, on a day from which the days of its findings count, and beside the drill before, where there was one.
    #[must_use]
    pub fn on(self, today: Date, before_this: Option<&'a Before>) -> Self {
        Self { today: Some(today), before_this, ..self }
    }

    /// The same, knowing what evaluations say of models.
    #[must_use]
    pub fn knowing(self, evaluations: Evaluations) -> Self {
        Self { evaluations, ..self }
    }

    /// Decides one request again.
    pub fn see(&mut self, request: &Request) {
        let snapshot = request.facts.snapshot;
        let Some(world) = self.worlds.of(snapshot) else {
            self.tally.without_world += u64::from(self.scenario.traffic.takes_lost(request));
            return;
        };
        let date = self.worlds.date(snapshot, &world, request.at);
        if !self.scenario.traffic.takes_day(date) {
            return;
        }
        let changed = self.changed_of(snapshot, &world);
        let key = (Arc::clone(&request.facts), world.same_as(date), changed.compiled.same_as(date));
        if !self.groups.contains_key(&key) {
            let group = self.group((&world, &changed), &request.facts, date);
            self.groups.insert(key.clone(), group);
        }
        let group = &self.groups[&key];
        if !group.is_wanted {
            return;
        }
        self.tally.see(date);
        self.decide(&key, request, (&world, &changed), date);
    }

    fn decide(&mut self, key: &Circumstances, request: &Request, (world, changed): (&Compiled, &Changed), date: Date) {
        let group = &self.groups[key];
        let facts = &*request.facts;
        let draw = request.draw(self.scenario.seed);
        let app = self.tally.app(&facts.app, group.criticality, group.sector.as_ref());
        match &request.fate {
            Fate::Refused => app.refused += 1,
            Fate::Failed => app.failed += 1,
            Fate::Denied => match destination((&group.before, &group.after), None, draw) {
                Err(_) => app.still_denied += 1,
                Ok(to) => {
                    app.newly_permitted += 1;
                    let to = to.deployment.clone();
                    self.tally.opened(facts, &to);
                }
            },
            Fate::Answered(answered) => {
                let to = destination((&group.before, &group.after), Some(&answered.deployment), draw);
                let to = to.map(|it| (it.deployment.clone(), it.verdict.clone().unwrap_or(ClassSet::EMPTY)));
                let again = Again { request, answered, changed, world, date };
                self.answered(key, &again, to);
            }
        }
    }

    /// A world changed, once per snapshot.
    fn changed_of(&mut self, snapshot: SnapshotId, world: &Arc<Compiled>) -> Arc<Changed> {
        if let Some(realm) = &self.realm {
            return Arc::clone(realm);
        }
        let (scenario, refused) = (self.scenario, &mut self.refused);
        Arc::clone(self.changed.entry(snapshot).or_insert_with(|| changed(world, scenario, refused)))
    }

    fn group(&mut self, (world, changed): (&Arc<Compiled>, &Changed), facts: &Facts, date: Date) -> Group {
        let declared = world.world();
        let before = Plan::of(world, facts, date, &|_| false);
        let after = Plan::of(&changed.compiled, facts, date, &|it| changed.is_cut(self.scenario, facts, it));
        let after = after.choosing(&changed.compiled, facts, &self.evaluations);
        let criticality = declared.apps.get(&facts.app).map_or(0, |app| u64::from(app.criticality));
        let is_wanted = self.scenario.traffic.takes_app(declared, &facts.app);
        let profiles = (
            self.before.profile(facts, criticality, &before.open()),
            self.after.profile(facts, criticality, &after.open()),
        );
        Group { is_wanted, criticality, sector: sector(declared, &facts.app).cloned(), before, after, profiles }
    }

    fn answered(&mut self, key: &Circumstances, again: &Again<'_>, to: Result<(DeploymentId, ClassSet), go::Stop>) {
        let group = &self.groups[key];
        let Again { request, answered, changed, world, date } = *again;
        let facts = &*request.facts;
        let used = Use::of(answered, group.criticality);
        let could = group.before.target(&answered.deployment).is_some_and(|it| it.is_open());
        self.tally.disagreeing += u64::from(!could);
        self.before.add(group.profiles.0, facts.snapshot, &answered.deployment, used, date);
        self.tally.loads.before(request.at, answered);
        self.tally.works.before(request.at, &facts.app, answered);
        let leaves_before = leaving(world.world(), &answered.deployment, facts.classes.minus(answered.redacted));
        if let Some(failing) = changed.failing(self.scenario, facts, &answered.deployment) {
            self.tally.failures.see(request, (answered, failing), group.before.fails_over(), to.is_ok());
        }
        let app = self.tally.app(&facts.app, group.criticality, None);
        app.answered += 1;
        app.cost_before_nano += i128::from(answered.cost_nano.0);
        match to {
            Err(stop) => {
                app.stopped += 1;
                self.tally.stopped(facts, stop);
                self.tally.classes(&facts.app, leaves_before, ClassSet::EMPTY);
            }
            Ok((to, redact)) => {
                *(if to == answered.deployment { &mut app.unchanged } else { &mut app.moved }) += 1;
                app.price(answered, &to, changed);
                self.after.add(group.profiles.1, facts.snapshot, &to, used, date);
                self.tally.loads.after(request.at, answered, &to);
                self.tally.works.after(request.at, &facts.app, answered, &to);
                let leaves = leaving(changed.compiled.world(), &to, facts.classes.minus(redact));
                self.tally.classes(&facts.app, leaves_before, leaves);
                if to != answered.deployment {
                    self.tally.moved(facts, &answered.deployment, &to);
                }
            }
        }
    }

    /// What was found.
    ///
    /// # Errors
    /// Names of the scenario that none of the worlds met has: a drill by misspelt names shows nothing. A law that a realm
    /// could not have.
    pub fn finish(self, unread: Unread) -> Result<Report, Vec<Diagnostic>> {
        let (worlds, youngest_first) = (self.worlds.found(), self.worlds.youngest_first());
        let mut known: Vec<Arc<Compiled>> = worlds.values().cloned().collect();
        known.extend(self.realm.iter().map(|it| Arc::clone(&it.compiled)));
        // What cannot be declared or ruled so makes names unknown that it would have brought.
        if !self.refused.is_empty() {
            return Err(self.refused);
        }
        if self.scenario.added.is_some() {
            known.extend(self.changed.values().map(|it| Arc::clone(&it.compiled)));
        }
        let unknown = self.scenario.unknown_names(&known);
        if !unknown.is_empty() && !known.is_empty() {
            return Err(unknown);
        }
        let changed =
            |(id, _): (&SnapshotId, _)| Some((*id, Arc::clone(self.realm.as_ref().or(self.changed.get(id))?)));
        let changed: BTreeMap<SnapshotId, Arc<Changed>> = worlds.iter().filter_map(changed).collect();
        Ok(build::report(&build::Done {
            scenario: self.scenario,
            worlds: &worlds,
            changed: &changed,
            youngest_first: &youngest_first,
            before: &self.before,
            after: &self.after,
            tally: &self.tally,
            evaluations: &self.evaluations,
            unread,
            today: self.today,
            before_this: self.before_this,
        }))
    }
}

/// A world changed; one whose law cannot be changed so goes on as it is, and the drill is refused in the end.
fn changed(world: &Arc<Compiled>, scenario: &Scenario, refused: &mut Vec<Diagnostic>) -> Arc<Changed> {
    let changed = Changed::of(world, scenario).unwrap_or_else(|problems| {
        if refused.is_empty() {
            *refused = problems;
        }
        Changed::with(Arc::clone(world), scenario)
    });
    Arc::new(changed)
}

/// What leaves home of classes that go to a deployment in clear.
fn leaving(world: &World, to: &DeploymentId, classes: ClassSet) -> ClassSet {
    if is_within_home(world, to) { ClassSet::EMPTY } else { classes }
}

/// A request being decided again.
#[derive(Clone, Copy)]
struct Again<'r> {
    request: &'r Request,
    answered: &'r Answered,
    changed: &'r Changed,
    world: &'r Compiled,
    date: Date,
}
