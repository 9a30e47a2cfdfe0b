//! Sums by day: what each app used of each deployment by each route, and why it was refused.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use realm::record::{Outcome, Refusal};
use realm::{AppId, DeploymentId, RouteId};

use super::Seen;
use super::names::{NONE, Names, is_chosen};
use super::sums::{Totals, Use};

/// Days of which sums are kept.
const DAYS_MAX: usize = 800;

/// One day, by the numbers of names.
#[derive(Debug, Default)]
struct Day {
    /// By app, route and the deployment that was asked last; refusals have none.
    uses: HashMap<(u32, u32, u32), Use>,
    /// Refusals by app and code.
    codes: HashMap<(u32, u32), u64>,
}

/// Every day that is kept.
#[derive(Debug, Default)]
pub struct Days {
    apps: Names<AppId>,
    routes: Names<RouteId>,
    deployments: Names<DeploymentId>,
    codes: Names<Arc<str>>,
    days: BTreeMap<Date, Day>,
}

/// Whose use it is, and of what.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// The day.
    pub date: Date,
    /// Who asked.
    pub app: &'a AppId,
    /// By which name; none where it was none of ours.
    pub route: Option<&'a RouteId>,
    /// What was asked last; none where nothing was.
    pub deployment: Option<&'a DeploymentId>,
}

impl Days {
    pub(super) fn outcome(&mut self, date: Date, outcome: &Outcome) {
        let last = outcome.attempts.last().map(|attempt| &attempt.deployment);
        let deployment = self.deployments.number_or_none(last);
        let key = (self.apps.number(&outcome.app), self.routes.number(&outcome.route), deployment);
        self.day(date).uses.entry(key).or_default().outcome(outcome);
    }

    pub(super) fn refusal(&mut self, date: Date, refusal: &Refusal) {
        let app = self.apps.number(&refusal.app);
        let key = (app, self.routes.number_or_none(refusal.route.as_ref()), NONE);
        let code = self.codes.number(&Arc::from(refusal.code.as_str()));
        let day = self.day(date);
        day.uses.entry(key).or_default().sum.refused += 1;
        *day.codes.entry((app, code)).or_default() += 1;
    }

    fn day(&mut self, date: Date) -> &mut Day {
        if self.days.len() >= DAYS_MAX && !self.days.contains_key(&date) {
            self.days.pop_first();
        }
        self.days.entry(date).or_default()
    }

    /// Shows each day's uses by some apps, from one day to another, both included.
    pub fn each(&self, from: Date, until: Date, seen: &Seen, mut show: impl FnMut(Of<'_>, &Use)) {
        let apps = self.apps.chosen(|app| seen.has(app));
        for (date, day) in self.days.range(from..=until.max(from)) {
            for ((app, route, deployment), used) in day.uses.iter().filter(|((app, ..), _)| is_chosen(&apps, *app)) {
                if let Some(app) = self.apps.name(*app) {
                    let (route, deployment) = (self.routes.name(*route), self.deployments.name(*deployment));
                    show(Of { date: *date, app, route, deployment }, used);
                }
            }
        }
    }

    /// The first day of which anything is known.
    pub fn first(&self) -> Option<Date> {
        self.days.keys().next().copied()
    }

    /// Sums of some apps from one day on.
    pub fn since(&self, first: Date, seen: &Seen) -> Totals {
        let mut totals = Totals::default();
        self.each(first, Date::MAX, seen, |of, used| totals.add(of.app, of.deployment, &used.sum));
        let apps = self.apps.chosen(|app| seen.has(app));
        let codes = self.days.range(first..).flat_map(|(_, day)| &day.codes);
        for ((_, code), count) in codes.filter(|((app, _), _)| is_chosen(&apps, *app)) {
            if let Some(code) = self.codes.name(*code) {
                *totals.codes.entry(code.clone()).or_default() += count;
            }
        }
        totals
    }
}
