//! What has to be done within the notice that a scenario gives, and whether that is in time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use realm::world::{App, Deployment};
use realm::{AppId, DeploymentId};
use serde::Serialize;

use super::build::Done;
use super::go::Stop;
use crate::eval::{At, Shown};
use crate::level::EVIDENCE_DAYS;

/// What has to be done within the notice.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Hours between the word of it and the thing itself.
    pub notice_h: u64,
    /// Each app of which something moves or stops.
    pub apps: Vec<Prepared>,
}

/// What one app has to have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// Which.
    pub app: AppId,
    /// Requests that move or stop.
    pub requests: u64,
    /// Minutes within which it must be back, as the realm declares; none: not declared.
    pub rto_min: Option<u64>,
    /// Minutes from the word of it until it must be back: the notice, and those; none: not declared.
    pub back_by_min: Option<u64>,
    /// What is to be done.
    pub to_do: Vec<ToDo>,
    /// What shows that what it moves to is good enough: the oldest of what is known of each; none: nothing.
    pub shown: Option<Shown>,
    /// Whether that is in time.
    pub in_time: InTime,
}

/// Something to be done before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ToDo {
    /// Requests have nowhere to go: a fall-back is to be found, and declared on the route.
    FindFallback,
    /// What is left is forbidden: a rule is to be changed, or a fact to be shown.
    PermitFallback,
    /// It moves to what nobody has evaluated in the last ninety days: to be shown that it is good enough.
    ShowFallback,
}

/// Whether it is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InTime {
    /// Nothing is to be done: its requests go to what is declared, permitted and shown, by themselves.
    Yes,
    /// Something stops, and there is no notice to do anything about it.
    No,
    /// Something is to be done, and nobody declares how long it takes.
    Unknown,
}

/// What the moves and the stops of each app ask for; none where the scenario says nothing of a notice.
pub(super) fn notice(done: &Done<'_>) -> Option<Notice> {
    let notice_h = done.scenario.notice_h?;
    let mut found: BTreeMap<&AppId, Asked<'_>> = BTreeMap::new();
    for ((app, _, to), requests) in &done.tally.moves {
        let asked = found.entry(app).or_default();
        asked.requests += requests;
        asked.to.insert(to);
    }
    for ((app, stop), requests) in &done.tally.stops {
        let asked = found.entry(app).or_default();
        asked.requests += requests;
        asked.to_do.insert(match stop {
            Stop::NoAlternative | Stop::Gone => ToDo::FindFallback,
            Stop::Rules(_) | Stop::Unknown(_) | Stop::NoPermit => ToDo::PermitFallback,
        });
    }
    let apps = found.into_iter().map(|(app, asked)| asked.prepared(done, app, notice_h)).collect();
    Some(Notice { notice_h, apps })
}

#[derive(Default)]
struct Asked<'a> {
    requests: u64,
    to: BTreeSet<&'a DeploymentId>,
    to_do: BTreeSet<ToDo>,
}

impl Asked<'_> {
    fn prepared(mut self, done: &Done<'_>, app: &AppId, notice_h: u64) -> Prepared {
        let stops = !self.to_do.is_empty();
        let last = done.tally.days.map(|(_, last)| last);
        let known: Vec<Option<Shown>> = self.to.iter().map(|to| shown(done, to)).collect();
        if known.iter().any(|it| it.as_ref().is_none_or(|shown| is_old(shown, last))) {
            self.to_do.insert(ToDo::ShowFallback);
        }
        let rto_min = declared(done, app).and_then(|app| app.rto_min);
        let in_time = match (self.to_do.is_empty(), stops && notice_h == 0) {
            (true, _) => InTime::Yes,
            (false, true) => InTime::No,
            (false, false) => InTime::Unknown,
        };
        Prepared {
            app: app.clone(),
            requests: self.requests,
            rto_min,
            back_by_min: rto_min.map(|min| min.saturating_add(notice_h.saturating_mul(60))),
            to_do: self.to_do.into_iter().collect(),
            shown: known.into_iter().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().min_by_key(|it| it.on)),
            in_time,
        }
    }
}

fn is_old(shown: &Shown, last: Option<Date>) -> bool {
    let since = last.map(|last| last.saturating_sub(jiff::Span::new().days(EVIDENCE_DAYS)));
    since.is_some_and(|since| shown.on < since)
}

/// What is known of a deployment.
fn shown(done: &Done<'_>, to: &DeploymentId) -> Option<Shown> {
    let it: &Deployment = done.changed().find_map(|changed| changed.compiled.world().deployments.get(to))?;
    done.evaluations.shown(At { deployment: &it.id, model: &it.model })
}

/// As the youngest world says it.
fn declared<'w>(done: &Done<'w>, app: &AppId) -> Option<&'w App> {
    done.were().find_map(|world| world.apps.get(app))
}
