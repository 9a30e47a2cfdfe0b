//! How much more the deployments that are left would have to do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use realm::world::{Deployment, Provider};
use realm::{DeploymentId, UnixMs};

use super::report::TargetLoad;
use crate::erlang::erlang_c;
use crate::figure::index;
use crate::median::Median;
use crate::request::Answered;

const HOUR_MS: u64 = 3_600_000;
const HOUR_S: f64 = 3_600.0;

/// Load by deployment and hour, before and after, and what was observed of each deployment.
#[derive(Debug, Default)]
pub(super) struct Loads {
    before: HashMap<(DeploymentId, u64), Load>,
    after: HashMap<(DeploymentId, u64), Load>,
    observed: BTreeMap<DeploymentId, Observed>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Load {
    requests: u64,
    tokens: u64,
}

/// What answers of a deployment were like.
#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) took: Median,
    tokens: u128,
}

impl Loads {
    /// An answer where it was given.
    pub(super) fn before(&mut self, at: UnixMs, answered: &Answered) {
        add(&mut self.before, &answered.deployment, at, answered);
        let observed = self.observed.entry(answered.deployment.clone()).or_default();
        observed.took.add(answered.took_ms);
        observed.tokens += u128::from(answered.tokens.total());
    }

    /// The same answer where it would be given.
    pub(super) fn after(&mut self, at: UnixMs, answered: &Answered, to: &DeploymentId) {
        add(&mut self.after, to, at, answered);
    }

    /// The median of a deployment's answers, in milliseconds; none where it gave none.
    pub(super) fn median_ms(&self, deployment: &DeploymentId) -> Option<u64> {
        self.observed.get(deployment)?.took.median_ms()
    }

    /// Deployments that answer after, in order.
    pub(super) fn targets(&self) -> BTreeSet<DeploymentId> {
        self.after.keys().map(|(deployment, _)| deployment.clone()).collect()
    }

    /// What a deployment has to do in the hour in which it has most, as far as it is declared and was observed.
    pub(super) fn target(&self, id: &DeploymentId, declared: Option<(&Deployment, &Provider)>) -> TargetLoad {
        let hours = self.after.iter().filter(|((deployment, _), _)| deployment == id);
        let busiest = hours.max_by_key(|((_, hour), load)| (load.tokens, load.requests, std::cmp::Reverse(*hour)));
        let (hour, after) = busiest.map_or((0, Load::default()), |((_, hour), load)| (*hour, *load));
        let before = self.before.get(&(id.clone(), hour)).copied().unwrap_or_default();
        let sum = |loads: &HashMap<(DeploymentId, u64), Load>| {
            loads.iter().filter(|((deployment, _), _)| deployment == id).map(|(_, load)| load.requests).sum()
        };
        let capacity = declared.and_then(|(deployment, _)| deployment.capacity.tokens_per_s);
        let queue = self.queue(id, declared, after);
        TargetLoad {
            deployment: id.clone(),
            requests_before: sum(&self.before),
            requests_after: sum(&self.after),
            busiest_hour: UnixMs(hour * HOUR_MS),
            tokens_per_s_before: index(before.tokens as f64 / HOUR_S),
            tokens_per_s_after: index(after.tokens as f64 / HOUR_S),
            capacity_tokens_per_s: capacity,
            servers: queue.map(|(servers, _)| servers),
            load_erlang: queue.map(|(_, load)| index(load)),
            wait_probability: queue.map(|(servers, load)| index(erlang_c(servers, load))),
            median_ms: self.median_ms(id),
        }
    }

    /// Servers and offered load. A server is one of the requests that the provider takes at the same time; where it does
    /// not say how many, one stream at the observed speed within the declared tokens per second. Service times are the
    /// observed ones; none where nothing was observed or declared.
    fn queue(
        &self,
        id: &DeploymentId,
        declared: Option<(&Deployment, &Provider)>,
        busiest: Load,
    ) -> Option<(u32, f64)> {
        let (deployment, provider) = declared?;
        let observed = self.observed.get(id)?;
        let service_s = observed.took.mean_ms()? / 1_000.0;
        let arrivals_per_s = busiest.requests as f64 / HOUR_S;
        let by_speed = || {
            let per_request_s = observed.tokens as f64 / observed.took.count() as f64 / service_s;
            let streams = deployment.capacity.tokens_per_s? as f64 / per_request_s;
            // Answers faster than a clock can tell say nothing of speed.
            (streams >= 1.0).then(|| streams.min(f64::from(SERVERS_MAX)) as u64)
        };
        let servers = provider.concurrency.or_else(by_speed)?;
        Some((u32::try_from(servers).unwrap_or(SERVERS_MAX).min(SERVERS_MAX), arrivals_per_s * service_s))
    }
}

/// More places than any deployment has; the formula takes a step for each.
const SERVERS_MAX: u32 = 1_000_000;

fn add(loads: &mut HashMap<(DeploymentId, u64), Load>, to: &DeploymentId, at: UnixMs, answered: &Answered) {
    let load = loads.entry((to.clone(), at.0 / HOUR_MS)).or_default();
    load.requests += 1;
    load.tokens = load.tokens.saturating_add(answered.tokens.total());
}
