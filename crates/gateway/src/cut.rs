//! A live drill as the gateway sees it: what is taken away from whom, until when, and how requests fare meanwhile.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realm::draw::{is_among, number};
use realm::{AppId, DeploymentId, Jurisdiction, UnixMs, World};

use crate::code::Code;
use crate::feign::Feigned;

/// Requests that are remembered for the guardrails; at more in the window, the youngest of it.
const ENDED_MAX: usize = 16_384;

/// A live drill in force.
#[derive(Debug, Default)]
pub struct CutOff {
    /// Its id.
    pub drill: Arc<str>,
    /// When it ends, whoever comes or does not come to end it.
    pub until: UnixMs,
    /// Of how many requests in a hundred the deployments are taken away.
    pub percent: u8,
    /// What is taken away.
    pub from: HashMap<DeploymentId, Whom>,
    /// Apps that are left alone.
    pub spared: HashSet<AppId>,
    /// How it fails, where it is to fail in some way; else it counts as not available, and nothing is attempted.
    pub feigned: Option<Arc<Feigned>>,
    /// How requests fare meanwhile.
    pub tally: Arc<Tally>,
}

/// From whom a deployment is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whom {
    /// From everybody.
    pub everybody: bool,
    /// From users in these places, and from organisations there whose users' place is not known.
    pub users: Vec<Jurisdiction>,
}

/// Whose request it is.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) app: &'a AppId,
    /// Our name of the request.
    pub(crate) request: &'a str,
    pub(crate) user_in: Option<&'a Jurisdiction>,
}

/// How requests of the last minutes ended.
#[derive(Debug, Default)]
pub struct Tally(Mutex<VecDeque<Ended>>);

#[derive(Debug, Clone, Copy)]
struct Ended {
    at: UnixMs,
    /// None where it failed; one that a rule or the client itself ended took as long as it took.
    took_ms: Option<u64>,
}

/// What a window of time was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fared {
    /// Requests that ended in it.
    pub requests: u64,
    /// Those that failed with status 500 or above, for their cut too.
    pub failed: u64,
    /// The median of the others, in milliseconds.
    pub median_ms: Option<u64>,
}

impl CutOff {
    /// Whether a deployment is taken away from a request now.
    pub(crate) fn takes(&self, deployment: &DeploymentId, whose: Whose<'_>, world: &World, now: UnixMs) -> bool {
        let concerns = |whom: &Whom| whom.everybody || concerns(&whom.users, whose, world);
        self.reaches(whose.app, whose.request, now) && self.from.get(deployment).is_some_and(concerns)
    }

    /// Whether it may be taken away from a request of which nobody remembers where its user is.
    pub(crate) fn may_take(&self, deployment: &DeploymentId, (app, request): (&AppId, &str), now: UnixMs) -> bool {
        self.reaches(app, request, now) && self.from.contains_key(deployment)
    }

    fn reaches(&self, app: &AppId, request: &str, now: UnixMs) -> bool {
        now < self.until && !self.spared.contains(app) && is_among(number(request), &self.drill, self.percent)
    }

    /// Whether a deployment is taken away from every request there can be: then no byte has a reason to go there.
    pub(crate) fn is_whole(&self, deployment: &DeploymentId) -> bool {
        let everybody = self.from.get(deployment).is_some_and(|whom| whom.everybody);
        self.percent >= 100 && self.spared.is_empty() && everybody
    }

    /// For how many seconds it may last.
    pub(crate) fn left_s(&self, now: UnixMs) -> u64 {
        self.until.since(now).div_ceil(1_000).max(1)
    }
}

fn concerns(places: &[Jurisdiction], whose: Whose<'_>, world: &World) -> bool {
    if places.is_empty() {
        return false;
    }
    let customer = world.customer_in(whose.app, whose.user_in);
    customer.map(|place| world.expand(place)).is_some_and(|among| places.iter().any(|place| among.contains(place)))
}

impl Tally {
    /// Notes a request that has ended.
    pub(crate) fn note(&self, at: UnixMs, code: Option<Code>, took: Duration) {
        let failed = code.is_some_and(|code| code.status().as_u16() >= 500);
        let took_ms = (!failed).then(|| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let mut ended = self.ended();
        if ended.len() >= ENDED_MAX {
            ended.pop_front();
        }
        ended.push_back(Ended { at, took_ms });
    }

    /// How the requests fared that ended after a moment.
    pub fn since(&self, since: UnixMs) -> Fared {
        let ended = self.ended();
        let window: Vec<Ended> = ended.iter().rev().take_while(|it| it.at > since).copied().collect();
        drop(ended);
        let mut took_ms: Vec<u64> = window.iter().filter_map(|it| it.took_ms).collect();
        took_ms.sort_unstable();
        let median_ms = took_ms.get(took_ms.len().saturating_sub(1) / 2).copied();
        Fared { requests: window.len() as u64, failed: (window.len() - took_ms.len()) as u64, median_ms }
    }

    fn ended(&self) -> MutexGuard<'_, VecDeque<Ended>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_forgets_what_is_older_and_the_table_is_bounded() {
        let tally = Tally::default();
        assert_eq!(tally.since(UnixMs(0)), Fared::default());
        for (at, code, ms) in [
            (1, None, 9_000),
            (5, Some(Code::CutOff), 1),
            (6, None, 30),
            (7, Some(Code::PolicyDenied), 10),
            (8, None, 20),
        ] {
            tally.note(UnixMs(at), code, Duration::from_millis(ms));
        }
        assert_eq!(tally.since(UnixMs(4)), Fared { requests: 4, failed: 1, median_ms: Some(20) });
        for at in 0..20_000 {
            tally.note(UnixMs(100 + at), None, Duration::ZERO);
        }
        assert!(tally.since(UnixMs(0)).requests <= ENDED_MAX as u64);
    }
}
