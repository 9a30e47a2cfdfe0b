//! How the recorded traffic fared while a live drill was on: counted from records, decided by their own snapshots.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::draw::is_among;
use realm::{AppId, DeploymentId, SnapshotId, UnixMs, World};

use super::report::{AppLive, LiveCounts, RtoVerdict};
use super::{LiveCut, Whom, cut_off};
use crate::judge::Plan;
use crate::median::Median;
use crate::request::{Cut, Facts, Fate, Request};
use crate::worlds::{Archive, Worlds};

/// How long after its beginning every server must have a drill in force: what was decided before that may have passed.
const SETTLE_MS: u64 = 2_000;

/// A live drill, as far as it takes to count what became of requests.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its id.
    pub drill: String,
    /// What it took away.
    pub cuts: Vec<LiveCut>,
    /// Of how many requests in a hundred.
    pub percent: u8,
    /// Apps that were left alone.
    pub spared: BTreeSet<AppId>,
    /// When it was in force.
    pub from: UnixMs,
    /// When it ended, or how far it is to be looked at.
    pub until: UnixMs,
}

/// Requests being counted.
///
/// Decides once per distinct circumstance; memory grows with circumstances, not with requests.
pub struct Watching<'a> {
    ran: &'a Ran,
    worlds: Worlds<'a>,
    reached: HashMap<SnapshotId, BTreeMap<DeploymentId, Whom>>,
    groups: HashMap<(Arc<Facts>, Date), Vec<Target>>,
    apps: BTreeMap<AppId, Tally>,
    returned: Option<UnixMs>,
    without_world: u64,
}

/// One target of a route, as the rules and the drill see it.
struct Target {
    deployment: DeploymentId,
    priority: u32,
    is_permitted: bool,
    is_reached: bool,
}

impl Whom {
    fn concerns(&self, world: &World, facts: &Facts) -> bool {
        let customer = || world.customer_in(&facts.app, facts.user_in.as_ref()).map(|it| world.expand(it));
        self.everybody || customer().is_some_and(|among| self.users.iter().any(|it| among.contains(it)))
    }
}

#[derive(Default)]
struct Tally {
    criticality: u64,
    rto_min: Option<u64>,
    counts: LiveCounts,
    passed: u64,
    switched: Option<UnixMs>,
    last_answer: Option<UnixMs>,
    last_stop: Option<UnixMs>,
    moved: Median,
}

impl<'a> Watching<'a> {
    /// Nothing counted yet.
    pub fn new(archive: &'a dyn Archive, ran: &'a Ran) -> Self {
        Self {
            ran,
            worlds: Worlds::new(archive),
            reached: HashMap::new(),
            groups: HashMap::new(),
            apps: BTreeMap::new(),
            returned: None,
            without_world: 0,
        }
    }

    /// Counts one request: those of the drill's time, and the first that shows its end.
    pub fn see(&mut self, request: &Request) {
        let ran = self.ran;
        if request.at >= ran.until {
            return self.after(request);
        }
        let touched = request.cut.is_some();
        // What began before and was not touched ended as it would have.
        if request.ended < ran.from || (request.at < ran.from && !touched) {
            return;
        }
        let Some(world) = self.worlds.deciding(request.facts.snapshot, request.at) else {
            self.without_world += 1;
            return;
        };
        let stood_before = touched || self.stood_before(&world, request);
        let passed = self.passed(&world, request);
        let app = self.apps.entry(request.facts.app.clone()).or_default();
        if let Some(declared) = world.world().apps.get(&request.facts.app) {
            (app.criticality, app.rto_min) = (u64::from(declared.criticality), declared.rto_min);
        }
        app.passed += u64::from(passed);
        app.see(request, stood_before);
    }

    /// The drill that is looked at.
    pub(crate) fn drill(&self) -> &'a str {
        &self.ran.drill
    }

    /// Whether a request was answered elsewhere than it would have been, for the drill was on.
    pub(crate) fn has_moved(&mut self, request: &Request) -> bool {
        let is_within = request.at >= self.ran.from && request.at < self.ran.until;
        if !is_within || !matches!(request.fate, Fate::Answered(_)) {
            return false;
        }
        let Some(world) = self.worlds.of(request.facts.snapshot) else { return false };
        request.cut.is_some() || self.stood_before(&world, request)
    }

    /// The worlds that decided what was counted, the youngest first.
    pub(crate) fn youngest_first(&self) -> Vec<Arc<Compiled>> {
        let found = self.worlds.found();
        self.worlds.youngest_first().iter().filter_map(|id| found.get(id).cloned()).collect()
    }

    /// How it went, app by app; `now` bounds what can be said of an app that did not come back.
    pub(crate) fn finish(self) -> (Vec<AppLive>, Option<u64>, u64) {
        let (ran, apps) = (self.ran, self.apps);
        let apps = apps.into_iter().map(|(app, tally)| tally.told(app, ran)).collect();
        let returned_ms = self.returned.map(|at| at.since(ran.until));
        (apps, returned_ms, self.without_world)
    }

    /// The first answer of something that had been cut off shows that it is back.
    fn after(&mut self, request: &Request) {
        let Fate::Answered(answered) = &request.fate else { return };
        if self.returned.is_some_and(|at| at <= request.ended) {
            return;
        }
        let Some(world) = self.worlds.of(request.facts.snapshot) else { return };
        if self.reached_in(request.facts.snapshot, &world).contains_key(&answered.deployment) {
            self.returned = Some(request.ended);
        }
    }

    /// Whether the drill had taken away something that the rules permit and that stands before what answered, or beside
    /// it; of what was not answered, anything permitted.
    fn stood_before(&mut self, world: &Arc<Compiled>, request: &Request) -> bool {
        let (ran, facts) = (self.ran, &request.facts);
        if ran.spared.contains(&facts.app) || !is_among(request.number, &ran.drill, ran.percent) {
            return false;
        }
        let date = self.worlds.date(facts.snapshot, world, request.at);
        let key = (Arc::clone(facts), world.same_as(date));
        if !self.groups.contains_key(&key) {
            let targets = self.targets(world, facts, date);
            self.groups.insert(key.clone(), targets);
        }
        let targets = &self.groups[&key];
        let answered = match &request.fate {
            Fate::Answered(answered) => Some(&answered.deployment),
            _ => None,
        };
        let served = answered.and_then(|it| targets.iter().find(|target| target.deployment == *it));
        targets.iter().any(|target| {
            let before = served.is_none_or(|served| target.priority <= served.priority);
            target.is_permitted && target.is_reached && before && answered != Some(&target.deployment)
        })
    }

    /// Whether it was answered by what the drill had taken away from it, when that was long in force.
    fn passed(&mut self, world: &Arc<Compiled>, request: &Request) -> bool {
        let Fate::Answered(answered) = &request.fate else { return false };
        let (ran, facts) = (self.ran, &request.facts);
        let is_late = request.at.0 >= ran.from.0.saturating_add(SETTLE_MS);
        if !is_late || ran.spared.contains(&facts.app) || !is_among(request.number, &ran.drill, ran.percent) {
            return false;
        }
        let (declared, reached) = (world.world(), self.reached_in(facts.snapshot, world));
        reached.get(&answered.deployment).is_some_and(|whom| whom.concerns(declared, facts))
    }

    fn targets(&mut self, world: &Arc<Compiled>, facts: &Facts, date: Date) -> Vec<Target> {
        let reached = self.reached_in(facts.snapshot, world);
        let declared = world.world();
        let plan = Plan::of(world, facts, date, &|_| false);
        let target = |judged: crate::judge::Judged| Target {
            is_reached: reached.get(&judged.deployment).is_some_and(|whom| whom.concerns(declared, facts)),
            is_permitted: judged.verdict.is_ok(),
            priority: judged.priority,
            deployment: judged.deployment,
        };
        plan.targets.into_iter().map(target).collect()
    }

    fn reached_in(&mut self, snapshot: SnapshotId, world: &Arc<Compiled>) -> &BTreeMap<DeploymentId, Whom> {
        let cuts = &self.ran.cuts;
        self.reached.entry(snapshot).or_insert_with(|| cut_off(world.world(), cuts))
    }
}

impl Tally {
    fn see(&mut self, request: &Request, stood_before: bool) {
        let (counts, ended) = (&mut self.counts, request.ended);
        counts.requests += 1;
        let mut stop = || self.last_stop = self.last_stop.max(Some(ended));
        match (&request.fate, request.cut) {
            (Fate::Answered(answered), _) => {
                self.last_answer = self.last_answer.max(Some(ended));
                if stood_before {
                    counts.moved += 1;
                    self.moved.add(answered.took_ms);
                    self.switched = Some(self.switched.map_or(ended, |at| at.min(ended)));
                } else {
                    counts.unchanged += 1;
                }
            }
            (Fate::Refused, Some(Cut::Ended)) => {
                counts.denied += 1;
                stop();
            }
            (_, Some(Cut::Ended)) => {
                counts.ended += 1;
                stop();
            }
            (Fate::Failed, _) => {
                counts.failed += 1;
                stop();
            }
            (Fate::Denied | Fate::Refused, _) => counts.other += 1,
        }
    }

    fn told(self, app: AppId, ran: &Ran) -> AppLive {
        let after = |at: UnixMs| at.since(ran.from);
        let rto = self.rto(ran);
        let counts = self.counts;
        AppLive {
            app,
            criticality: self.criticality,
            counts,
            passed: self.passed,
            moved_median_ms: self.moved.median_ms(),
            switched_after_ms: self.switched.map(after),
            stopped_until_ms: self.last_stop.map(after),
            rto_min: self.rto_min,
            rto,
        }
    }

    /// Whether it was back in time: all that stopped was within so many minutes of the cut, and something was answered
    /// after that.
    fn rto(&self, ran: &Ran) -> RtoVerdict {
        const MINUTE_MS: u64 = 60_000;
        let Some(rto_min) = self.rto_min else { return RtoVerdict::NotDeclared };
        let most_ms = rto_min.saturating_mul(MINUTE_MS);
        match (self.last_stop, self.last_answer) {
            (None, None) => RtoVerdict::Unknown,
            (None, Some(_)) => RtoVerdict::Held,
            (Some(stop), Some(answer)) if answer > stop && stop.since(ran.from) <= most_ms => RtoVerdict::Held,
            (Some(stop), _) if stop.since(ran.from) > most_ms => RtoVerdict::NotHeld,
            // It had not come back when the drill ended, and the time that it has was not over.
            (Some(_), _) => RtoVerdict::Unknown,
        }
    }
}
