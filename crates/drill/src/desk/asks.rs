//! What findings of a desk drill ask for, and of whom.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use realm::{AppId, DeploymentId, RouteId};

use super::finding::Finding;
use super::go::Stop;
use super::report::Report;
use super::tally::Tally;
use crate::task::{Ask, Remedy, Whose};

/// What a finding asks for; nothing where there is nothing to do.
pub(super) fn ask(finding: &Finding, report: &Report, tally: &Tally) -> Option<Ask> {
    let ask = asked(finding, report, tally)?;
    Some(match finding {
        Finding::CriticalStops { app, .. } => Ask { routes: routes(tally, std::slice::from_ref(app)), ..ask },
        Finding::Stops { apps, .. } => Ask { routes: routes(tally, apps), ..ask }.each(apps),
        Finding::NotInTime { apps } => ask.each(apps),
        Finding::CapacityUnknown { deployments } => ask.each(deployments),
        _ => ask,
    })
}

/// On which requests of these apps go nowhere.
fn routes(tally: &Tally, apps: &[AppId]) -> Vec<RouteId> {
    let routes = apps.iter().filter_map(|app| tally.stop_routes.get(app)).flatten();
    routes.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn asked(finding: &Finding, report: &Report, tally: &Tally) -> Option<Ask> {
    let served = |by: &[DeploymentId]| Whose::Served { by: by.to_vec(), apps: users(report, by) };
    let (key, to_do, whose) = match finding {
        Finding::CriticalStops { app, .. } => (
            format!("critical_stops:{app}"),
            of_stops(report, std::slice::from_ref(app)),
            Whose::Apps(vec![app.clone()]),
        ),
        Finding::Stops { apps, .. } => ("stops".to_owned(), of_stops(report, apps), Whose::Apps(apps.clone())),
        Finding::Leaves { class, .. } => {
            let apps = tally.leaving_apps.get(class).into_iter().flatten().cloned().collect();
            (format!("leaves:{class}"), Remedy::KeepAtHome, Whose::Apps(apps))
        }
        Finding::Dimmed { site, .. } => {
            let apps = report.work.before.iter().map(|work| work.app.clone()).collect();
            (format!("dimmed:{site}"), Remedy::SecureEnergy, Whose::At { site: site.clone(), apps })
        }
        Finding::Overloaded { deployment, .. } => {
            let whose = served(std::slice::from_ref(deployment));
            (format!("overloaded:{deployment}"), Remedy::AddCapacity, whose)
        }
        Finding::CapacityUnknown { deployments } => {
            ("capacity_unknown".to_owned(), Remedy::DeclareCapacity, served(deployments))
        }
        Finding::NotDetected { deployment, .. } => {
            let apps = Whose::Apps(failing(report, deployment));
            (format!("not_detected:{deployment}"), Remedy::WatchAnswers, apps)
        }
        Finding::NotInTime { apps } => ("not_in_time".to_owned(), Remedy::PrepareFallback, Whose::Apps(apps.clone())),
        _ => return of_the_drill(finding),
    };
    Some(Ask::of(key, to_do, whose))
}

/// What whoever runs the drill is to do.
fn of_the_drill(finding: &Finding) -> Option<Ask> {
    let (key, to_do) = match finding {
        Finding::WithoutWorld { .. } => ("without_world".to_owned(), Remedy::KeepSnapshots),
        Finding::NotHeld { measure } => (format!("not_held:{}", measure.margin()), Remedy::DecideMargin),
        Finding::NotMeasured { measure } => (format!("not_measured:{}", measure.margin()), Remedy::Measure),
        // The time-outs are the installation's own.
        Finding::FailsSlowly { deployment, .. } => (format!("fails_slowly:{deployment}"), Remedy::ShortenWait),
        _ => return None,
    };
    Some(Ask::of(key, to_do, Whose::Drill))
}

/// By why requests go nowhere: for want of something, or for what is left is forbidden.
fn of_stops(report: &Report, apps: &[AppId]) -> Remedy {
    let of_app = || report.stopped.iter().filter(|it| apps.contains(&it.app));
    let is_want = |it: &&super::report::Stopped| matches!(it.reason, Stop::NoAlternative | Stop::Gone);
    match (of_app().any(|it| is_want(&it)), of_app().any(|it| !is_want(&it))) {
        (true, true) => Remedy::FindAndPermit,
        (false, true) => Remedy::PermitFallback,
        _ => Remedy::FindFallback,
    }
}

/// Those whose requests move to deployments, the most of them first; where none move, those who use them.
fn users(report: &Report, deployments: &[DeploymentId]) -> Vec<AppId> {
    let mut moving: BTreeMap<&AppId, u64> = BTreeMap::new();
    for it in report.moves.iter().filter(|it| deployments.contains(&it.to)) {
        *moving.entry(&it.app).or_default() += it.requests;
    }
    if moving.is_empty() {
        let works = report.work.after.iter().filter(|work| deployments.contains(&work.deployment));
        works.for_each(|work| *moving.entry(&work.app).or_default() += work.tokens());
    }
    most_first(moving)
}

fn failing(report: &Report, deployment: &DeploymentId) -> Vec<AppId> {
    let of = report.failures.iter().filter(|it| it.deployment == *deployment).flat_map(|it| &it.apps);
    most_first(of.map(|it| (&it.app, it.requests)).collect())
}

fn most_first(apps: BTreeMap<&AppId, u64>) -> Vec<AppId> {
    let mut apps: Vec<_> = apps.into_iter().collect();
    apps.sort_by_key(|(_, requests)| Reverse(*requests));
    apps.into_iter().map(|(app, _)| app.clone()).collect()
}
