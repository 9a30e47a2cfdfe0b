//! A drill in shadow as the gateway sees it: of which requests the fallback is asked too, within which bounds, and what
//! was counted.
//!
//! Nothing here is on the way of a request that is not in the sample, and nothing ever holds one up: what there is no room
//! or money for is not mirrored, and counted.

mod budget;
pub(crate) mod compare;
pub(crate) mod heard;
mod words;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realm::draw::{is_among, mix, number};
use realm::mirrored::{Agreement, Fate, Mirrored};
use realm::{AppId, DeploymentId, UnixMs, World};

use wire::openai::LimitName;

use crate::cut::{CutOff, Whose};
pub use budget::Budget;

/// Answers that are held at a time, for each mirror that may run: a client may read slowly.
const HELD_PER_MIRROR: usize = 4;

/// A drill in shadow that is on.
#[derive(Debug)]
pub struct Shadow {
    /// What it would take away from whom, until when; it takes nothing. Its tally is of the clients' own requests.
    pub cut: Arc<CutOff>,
    /// Of how many requests in a hundred the fallback is asked too.
    pub percent: u8,
    /// With this, requests are drawn into the sample, and draw among targets of the same priority.
    pub seed: u64,
    /// Its bounds.
    pub bounds: Bounds,
    /// What goes on while it is on, whatever is read anew.
    pub run: Arc<Run>,
}

/// What the mirrors of one server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Mirrors at a time.
    pub concurrency: usize,
    /// Bytes of an answer that are held to be compared.
    pub answer_bytes: usize,
    /// How long a mirror may take.
    pub timeout: Duration,
}

/// What is spent, runs and was counted.
#[derive(Debug, Default)]
pub struct Run {
    /// Its tokens and money.
    pub budget: Budget,
    counted: Mutex<Mirrored>,
    mirrors: AtomicUsize,
    held: AtomicUsize,
    /// Deployments that said that they take only the newer name of a limit.
    newer: Mutex<HashSet<DeploymentId>>,
}

/// One of a bounded number of places, until dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    run: Arc<Run>,
    of: fn(&Run) -> &AtomicUsize,
}

impl Drop for Slot {
    fn drop(&mut self) {
        (self.of)(&self.run).fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shadow {
    /// Why a request that a deployment answered is not mirrored, as far as that can be told before its answer; room to
    /// hold its answer where nothing speaks against it.
    pub(crate) fn concerns(
        &self,
        deployment: &DeploymentId,
        whose: Whose<'_>,
        (world, now): (&World, UnixMs),
    ) -> Result<Slot, Fate> {
        if self.cut.spared.contains(whose.app) {
            return Err(Fate::Excluded);
        }
        if !is_among(number(whose.request), &format!("shadow {}", self.seed), self.percent) {
            return Err(Fate::NotSampled);
        }
        if !self.cut.takes(deployment, whose, world, now) {
            return Err(Fate::Unconcerned);
        }
        let most = self.bounds.concurrency.saturating_mul(HELD_PER_MIRROR);
        Slot::take(&self.run, |run| &run.held, most).ok_or(Fate::Busy)
    }

    /// Room for one mirror more.
    pub(crate) fn mirror(&self) -> Option<Slot> {
        Slot::take(&self.run, |run| &run.mirrors, self.bounds.concurrency)
    }

    /// The number by which a request draws among targets of the same priority: as a desk drill of this seed draws.
    pub(crate) fn draw(&self, request: &str) -> u64 {
        mix(number(request) ^ self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

impl Run {
    /// What was counted until now.
    pub fn counted(&self) -> Mirrored {
        self.table().clone()
    }

    /// Adds what was counted before: by this server, before it was started again.
    pub fn go_on_from(&self, before: &Mirrored) {
        self.table().add(before);
    }

    /// Counts a request.
    pub(crate) fn count(&self, app: &AppId, fate: Fate) {
        self.table().apps.entry(app.clone()).or_default().fates.count(fate);
    }

    /// Counts a mirror that is over.
    pub(crate) fn compared(&self, app: &AppId, fallback: &DeploymentId, counted: &Agreement) {
        let mut table = self.table();
        let of = table.apps.entry(app.clone()).or_default();
        of.fallbacks.entry(fallback.clone()).or_default().add(counted);
    }

    /// How a deployment wants the limit of an answer to be named.
    pub(crate) fn limit_name(&self, deployment: &DeploymentId) -> LimitName {
        match self.newer().contains(deployment) {
            true => LimitName::Newer,
            false => LimitName::Older,
        }
    }

    /// A deployment said that it takes only the newer name.
    pub(crate) fn takes_newer(&self, deployment: &DeploymentId) {
        self.newer().insert(deployment.clone());
    }

    fn newer(&self) -> MutexGuard<'_, HashSet<DeploymentId>> {
        self.newer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn table(&self) -> MutexGuard<'_, Mirrored> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn take(run: &Arc<Run>, of: fn(&Run) -> &AtomicUsize, most: usize) -> Option<Self> {
        let one_more = |taken: usize| (taken < most).then_some(taken + 1);
        of(run).fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Self { run: Arc::clone(run), of })
    }
}

#[cfg(test)]
mod slots {
    use super::{Run, Slot};
    use std::sync::Arc;

    #[test]
    fn a_place_is_free_again_once_it_is_left() {
        let run = Arc::new(Run::default());
        let take = || Slot::take(&run, |run| &run.mirrors, 2);
        let (one, two) = (take(), take());
        assert!(one.is_some() && two.is_some() && take().is_none());
        drop(one);
        assert!(take().is_some());
    }
}
