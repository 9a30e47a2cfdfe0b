//! What the deployments have to do, app by app: what a plan of machines and energy starts from.

use std::collections::{BTreeMap, HashMap};

use realm::{AppId, DeploymentId, ModelId, UnixMs, World};
use serde::Serialize;

use crate::level::is_within_home;
use crate::request::Answered;

const HOUR_MS: u64 = 3_600_000;
const HOURS: usize = 24;

/// Tokens of prompts and answers that one app's requests take at one deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Work {
    /// Whose.
    pub app: AppId,
    /// Where.
    pub deployment: DeploymentId,
    /// By which model; none where nobody declares it.
    pub model: Option<ModelId>,
    /// Whether its bytes rest at home and nobody else can compel its operator.
    pub at_home: bool,
    /// By hour of the day in UTC.
    pub tokens_by_hour: [u64; HOURS],
}

impl Work {
    /// Of the whole day.
    pub fn tokens(&self) -> u64 {
        self.tokens_by_hour.iter().sum()
    }
}

/// All work, as it was and as it would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// As it was.
    pub before: Vec<Work>,
    /// As it would be: the same tokens, wherever they go.
    pub after: Vec<Work>,
    /// Hours from the first with any of it to the last.
    pub hours: u64,
    /// The hour of the day of the first of them, in UTC.
    pub first_hour: u64,
}

/// Tokens while they are counted.
#[derive(Debug, Default)]
pub(super) struct Works {
    before: Counted,
    after: Counted,
    hours: Option<(u64, u64)>,
}

type Counted = HashMap<(AppId, DeploymentId), [u64; HOURS]>;

impl Works {
    /// An answer where it was given.
    pub(super) fn before(&mut self, at: UnixMs, app: &AppId, answered: &Answered) {
        let hour = at.0 / HOUR_MS;
        self.hours = Some(self.hours.map_or((hour, hour), |(first, last)| (first.min(hour), last.max(hour))));
        add(&mut self.before, at, (app, &answered.deployment), answered);
    }

    /// The same answer where it would be given.
    pub(super) fn after(&mut self, at: UnixMs, app: &AppId, answered: &Answered, to: &DeploymentId) {
        add(&mut self.after, at, (app, to), answered);
    }

    /// What was counted, by what the worlds say of the deployments.
    pub(super) fn finish(&self, before: &[&World], after: &[&World]) -> Workload {
        Workload {
            before: rows(&self.before, before),
            after: rows(&self.after, after),
            hours: self.hours.map_or(0, |(first, last)| last - first + 1),
            first_hour: self.hours.map_or(0, |(first, _)| first % HOURS as u64),
        }
    }
}

fn add(counted: &mut Counted, at: UnixMs, (app, to): (&AppId, &DeploymentId), answered: &Answered) {
    let hours = counted.entry((app.clone(), to.clone())).or_default();
    let hour = usize::try_from(at.0 / HOUR_MS % HOURS as u64).unwrap_or(0);
    hours[hour] = hours[hour].saturating_add(answered.tokens.total());
}

/// In order; a deployment is what the first of the worlds that has it says.
fn rows(counted: &Counted, worlds: &[&World]) -> Vec<Work> {
    let sorted: BTreeMap<_, _> = counted.iter().collect();
    let row = |((app, deployment), hours): (&(AppId, DeploymentId), &[u64; HOURS])| {
        let world = worlds.iter().find(|world| world.deployments.contains_key(deployment));
        Work {
            app: app.clone(),
            deployment: deployment.clone(),
            model: world.and_then(|it| it.deployments.get(deployment)).map(|it| it.model.clone()),
            at_home: world.is_some_and(|world| is_within_home(world, deployment)),
            tokens_by_hour: *hours,
        }
    };
    sorted.into_iter().map(row).collect()
}
