//! What the shape of a failure costs before the fall-back answers: from declared time-outs, and from when a server leaves a
//! failing deployment alone.

use std::collections::{BTreeMap, HashMap};

use realm::world::{BREAKER_FAILURES, Protocol, Provider, RETRY_AFTER_MAX_S};
use realm::{AppId, DeploymentId};
use rust_decimal::Decimal;
use serde::Serialize;

use super::report::Verdict;
use crate::request::{Answered, Request};
use crate::scenario::{Failing, Shape};

const HOUR_MS: u64 = 3_600_000;
const HOUR_S: f64 = 3_600.0;

/// How a deployment fails, and what that costs until something else answers at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Which.
    pub deployment: DeploymentId,
    /// How it fails.
    #[serde(flatten)]
    pub failing: Failing,
    /// By what the gateway notices it: `status`, `time`; `nothing`: requests go on being answered, wrongly.
    pub noticed_by: Noticed,
    /// How long a request that is sent there waits before the next deployment is asked, in milliseconds; none: unknown, or
    /// nothing ends it.
    pub wait_ms: Option<u64>,
    /// Whether it may also be less: the realm declares how long is waited, not how soon the answer is there.
    pub wait_is_most: bool,
    /// How that is to the latency that was written down before; none where nothing was.
    pub within_latency: Option<Verdict>,
    /// Its requests in the busiest hour.
    pub busiest_requests: u64,
    /// Of these, how many wait so before each server leaves it alone, at most; none: unknown.
    pub waiting_requests: Option<u64>,
    /// How many milliseconds after the first of them it is left alone, in that hour, at most; none: it is not, or unknown.
    pub left_alone_after_ms: Option<u64>,
    /// Whose requests.
    pub apps: Vec<FailingApp>,
}

/// By what a failure is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noticed {
    /// By what it says, or by the connection that is not there.
    Status,
    /// Only by the time that is over.
    Time,
    /// By nothing that a gateway looks at.
    Nothing,
}

/// One app's requests to what fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailingApp {
    /// Which.
    pub app: AppId,
    /// Answered there then.
    pub requests: u64,
    /// Of them, those that another deployment could answer.
    pub moved: u64,
    /// Whether its route goes on after a failed attempt. Else the first requests end with the failure itself, until it is left
    /// alone.
    pub fails_over: bool,
}

/// What fails, and how.
type Of = (DeploymentId, Failing);
/// By app and whether its route goes on after a failure: requests, and those that go elsewhere.
type ByApp = BTreeMap<(AppId, bool), (u64, u64)>;

/// Requests to what fails, while they are counted.
#[derive(Debug, Default)]
pub(super) struct Failures {
    apps: BTreeMap<Of, ByApp>,
    hours: HashMap<(DeploymentId, Failing, u64), u64>,
}

impl Failures {
    /// A request that was answered there, and whether it goes elsewhere.
    pub(super) fn see(
        &mut self,
        request: &Request,
        (answered, failing): (&Answered, Failing),
        fails_over: bool,
        moved: bool,
    ) {
        let from = &answered.deployment;
        let of = self.apps.entry((from.clone(), failing)).or_default();
        let (requests, elsewhere) = of.entry((request.facts.app.clone(), fails_over)).or_default();
        *requests += 1;
        *elsewhere += u64::from(moved);
        *self.hours.entry((from.clone(), failing, request.at.0 / HOUR_MS)).or_default() += 1;
    }

    /// What was counted, by what is declared of each provider and the latency that was expected at most.
    pub(super) fn finish<'w>(
        &self,
        declared: impl Fn(&DeploymentId) -> Option<&'w Provider>,
        latency_ms_max: Option<Decimal>,
    ) -> Vec<Failure> {
        let one = |((deployment, failing), apps): (&Of, &ByApp)| {
            let hours = self.hours.iter().filter(|((id, how, _), _)| (id, how) == (deployment, failing));
            let busiest_requests = hours.map(|(_, requests)| *requests).max().unwrap_or_default();
            let wait = declared(deployment).and_then(|provider| wait(provider, failing.shape));
            let alone = wait.and_then(|(wait_ms, _)| left_alone(*failing, busiest_requests, wait_ms));
            let app = |((app, fails_over), (requests, moved)): (&(AppId, bool), &(u64, u64))| FailingApp {
                app: app.clone(),
                requests: *requests,
                moved: *moved,
                fails_over: *fails_over,
            };
            Failure {
                deployment: deployment.clone(),
                failing: *failing,
                noticed_by: noticed(failing.shape),
                wait_ms: wait.map(|(wait_ms, _)| wait_ms),
                wait_is_most: wait.is_some_and(|(_, is_most)| is_most),
                within_latency: latency_ms_max.map(|most| within(wait, most)),
                busiest_requests,
                waiting_requests: wait.map(|_| alone.map_or(busiest_requests, |(requests, _)| requests)),
                left_alone_after_ms: alone.map(|(_, ms)| ms),
                apps: apps.iter().map(app).collect(),
            }
        };
        self.apps.iter().map(one).collect()
    }
}

fn noticed(shape: Shape) -> Noticed {
    match shape {
        Shape::Silent | Shape::SlowDrip => Noticed::Time,
        Shape::WrongAnswer => Noticed::Nothing,
        _ => Noticed::Status,
    }
}

/// How long one request waits there, in milliseconds, and whether that is a bound only.
fn wait(provider: &Provider, shape: Shape) -> Option<(u64, bool)> {
    if provider.protocol == Protocol::Embedded {
        return None;
    }
    let timeouts = provider.timeouts;
    match shape {
        Shape::Refused => Some((timeouts.connect_ms, true)),
        Shape::Unauthorized | Shape::Forbidden | Shape::RateLimited | Shape::ServerError => {
            Some((timeouts.first_byte_ms, true))
        }
        Shape::Silent => Some((timeouts.first_byte_ms, false)),
        Shape::SlowDrip => Some((timeouts.total_ms, false)),
        Shape::WrongAnswer => None,
    }
}

fn within(wait: Option<(u64, bool)>, most: Decimal) -> Verdict {
    match wait {
        Some((wait_ms, _)) if Decimal::from(wait_ms) <= most => Verdict::Held,
        Some((_, false)) => Verdict::NotHeld,
        _ => Verdict::Unknown,
    }
}

/// How many requests of the hour wait until a server leaves the deployment alone, and after how many milliseconds that is;
/// none where so few do not make it.
///
/// A failure is known only when its wait is over: what comes meanwhile waits too.
fn left_alone(failing: Failing, requests: u64, wait_ms: u64) -> Option<(u64, u64)> {
    let per_s = requests as f64 / HOUR_S;
    // Who is told when to come again does not come before.
    let asked = failing.retry_after_s.is_some_and(|seconds| seconds.min(RETRY_AFTER_MAX_S) > 0);
    let failures = if failing.shape == Shape::RateLimited && asked { 1 } else { u64::from(BREAKER_FAILURES) };
    if requests < failures {
        return None;
    }
    let meanwhile = (per_s * wait_ms as f64 / 1_000.0).floor() as u64;
    let apart_ms = ((failures - 1) as f64 / per_s * 1_000.0).round() as u64;
    Some(((failures + meanwhile).min(requests), apart_ms + wait_ms))
}

#[cfg(test)]
mod tests {
    use super::{Failing, Shape, left_alone};

    #[test]
    fn what_comes_while_the_first_ones_wait_waits_too() {
        let silent = Failing { shape: Shape::Silent, retry_after_s: None };
        // One a second, each for a minute: five fail by the 64th second, sixty more have come.
        assert_eq!(left_alone(silent, 3_600, 60_000), Some((65, 64_000)));
        assert_eq!(left_alone(silent, 4, 60_000), None, "five in a row do not come in an hour");
        let asked = Failing { shape: Shape::RateLimited, retry_after_s: Some(30) };
        assert_eq!(left_alone(asked, 36, 1_000), Some((1, 1_000)), "the first is told when to come again");
        let plain = Failing { shape: Shape::RateLimited, retry_after_s: None };
        assert_eq!(left_alone(plain, 36, 1_000), Some((5, 401_000)));
    }
}
