//! What of a running gateway its owner may look at.

use std::sync::Arc;

use policy::Compiled;
use realm::DeploymentId;
use realm::snapshot::Snapshot;

use crate::edge::Annex;
use crate::gateway::Gateway;

/// How a deployment does, as its traffic tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceState {
    /// Which one.
    pub deployment: DeploymentId,
    /// Why nothing can be sent there whatever its traffic says: a credential that is missing, say.
    pub trouble: Option<String>,
    /// For how long it is left alone after failures.
    pub wait_ms: Option<u64>,
    /// For how long its operator is left alone, for it refuses for reasons of law.
    pub law_wait_ms: Option<u64>,
    /// Attempts that run there now.
    pub running: usize,
}

impl Gateway {
    /// Lets somebody answer below `/console`. The first stays.
    pub fn annex(&self, annex: Arc<dyn Annex>) {
        drop(self.0.annex.set(annex));
    }

    /// The realm that decides.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.epoch.load().snapshot.clone()
    }

    /// Its rules.
    pub fn compiled(&self) -> Arc<Compiled> {
        self.0.epoch.load().memo.compiled().clone()
    }

    /// How each deployment does, by id.
    pub fn places(&self) -> Vec<PlaceState> {
        let (now, epoch) = (self.0.now(), self.0.epoch.load());
        let ms = |wait: std::time::Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let mut places: Vec<PlaceState> = epoch
            .places
            .values()
            .map(|place| PlaceState {
                deployment: place.id.clone(),
                trouble: match &place.provider {
                    Some(provider) => provider.trouble().map(|why| why.to_string()),
                    None => Some("its surroundings do not allow it: see the warnings".to_owned()),
                },
                wait_ms: place.breaker.wait(now).map(ms),
                law_wait_ms: place.law.wait(now).map(ms),
                running: place.running.load(std::sync::atomic::Ordering::Relaxed),
            })
            .collect();
        places.sort_by(|a, b| a.deployment.cmp(&b.deployment));
        places
    }
}
