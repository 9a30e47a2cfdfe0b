//! What ends an attempt from our side, and whether one can begin at all.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use realm::Jurisdiction;
use tokio::sync::watch;

use crate::code::Code;
use crate::cut::{CutOff, Whose};
use crate::epoch::{Epoch, Place};
use crate::error::Refused;
use crate::feign::Feigned;
use crate::gateway::{Shared, Signal};
use crate::pipeline::Life;
use crate::pipeline::accept::Accepted;
use crate::pipeline::authenticate::{Caller, standing};
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::upstream::{Breaker, Provider};

/// Comes back when the attempt must end: something of it was revoked, or the gateway goes down.
pub(crate) async fn interruption(
    shared: &Arc<Shared>,
    subject: Subject<'_>,
    place: &Place,
    signal: &mut watch::Receiver<Signal>,
) -> Failure {
    loop {
        let now = *signal.borrow_and_update();
        if now.cut {
            return Failure::interrupted(Refused::shutting_down(), true);
        }
        if let Some(failure) = revoked(shared, subject, place) {
            return failure;
        }
        if signal.changed().await.is_err() {
            // The gateway owns the sender and outlives its requests.
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the live set forbids an attempt, whatever was decided before.
pub(crate) fn revoked(shared: &Arc<Shared>, subject: Subject<'_>, place: &Place) -> Option<Failure> {
    let (live, caller) = (shared.live.load(), subject.caller);
    if let Some(refused) = standing(&live, &caller.key, caller.app, shared) {
        return Some(Failure::interrupted(refused, true));
    }
    let suspended = &live.suspended;
    if suspended.deployments.contains(&place.id) || suspended.providers.contains(&place.provider_id) {
        let words = "the deployment was suspended";
        return Some(Failure::interrupted(Refused::new(Code::NoDeploymentAvailable, words), false));
    }
    let (cut, now) = (live.cut.as_deref()?, shared.now());
    cut.takes(&place.id, subject.whose(), subject.epoch.world(), now).then(|| Failure::cut_off(cut.left_s(now)))
}

/// Whose attempt it is, as far as the live set may forbid it.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    caller: &'a Caller<'a>,
    accepted: &'a Accepted,
    user_in: Option<&'a Jurisdiction>,
    epoch: &'a Epoch,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(
        caller: &'a Caller<'a>,
        accepted: &'a Accepted,
        user_in: &'a Option<Jurisdiction>,
        epoch: &'a Epoch,
    ) -> Self {
        Self { caller, accepted, user_in: user_in.as_ref(), epoch }
    }

    pub(crate) fn whose(&self) -> Whose<'a> {
        Whose { app: &self.caller.app.id, request: &self.accepted.id, user_in: self.user_in }
    }
}

/// Why a permitted deployment cannot be tried now.
pub(crate) enum NotNow {
    /// It is suspended, or left alone; in so many seconds it may be another matter.
    Away(u64),
    /// A drill has cut it off, for so many seconds at most.
    CutOff(u64),
}

/// An attempt that runs: counted where it runs, until dropped.
pub(crate) struct Running {
    /// Where it runs; none of one that a drill feigns, which runs nowhere.
    place: Option<Arc<Place>>,
    /// What it is the one to try that had failed.
    tries: Option<Arc<Breaker>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(place) = &self.place {
            place.running.fetch_sub(1, Ordering::Relaxed);
        }
        if let Some(breaker) = &self.tries {
            // A verdict was noted before, or there is none.
            breaker.released();
        }
    }
}

/// What it takes to try a deployment.
pub(crate) struct Available {
    pub(crate) provider: Arc<Provider>,
    pub(crate) running: Running,
    /// A drill has it fail: no byte goes there.
    pub(crate) feigned: Option<Arc<Feigned>>,
}

/// Through whom a permitted deployment can be tried now; if not, in how many seconds it may be.
pub(crate) fn available(shared: &Arc<Shared>, subject: Subject<'_>, place: &Arc<Place>) -> Result<Available, NotNow> {
    if let Some(failure) = revoked(shared, subject, place) {
        return match (failure.code, failure.retry_after_s) {
            (Code::CutOff, left_s) => feigned(shared, place).ok_or(NotNow::CutOff(left_s.unwrap_or(1))),
            _ => Err(NotNow::Away(60)),
        };
    }
    let provider = place.provider.clone().ok_or(NotNow::Away(60))?;
    let now = shared.now();
    let seconds = |wait: Duration| NotNow::Away(wait.as_secs().max(1));
    if let Some(wait) = place.law.wait(now) {
        return Err(seconds(wait));
    }
    let tries = place.breaker.admit(now).map_err(seconds)?;
    place.running.fetch_add(1, Ordering::Relaxed);
    let tries = tries.then(|| place.breaker.clone());
    Ok(Available { provider, running: Running { place: Some(place.clone()), tries }, feigned: None })
}

/// What a drill cuts off and has fail in some way is tried as anything else is, by what the drill itself knows of it; none
/// where it is to count as not available.
fn feigned(shared: &Arc<Shared>, place: &Arc<Place>) -> Option<Available> {
    let feigned = shared.live.load().cut.as_ref()?.feigned.clone()?;
    let (provider, breaker) = (place.provider.clone()?, feigned.breaker(&place.id));
    let tries = breaker.admit(shared.now()).ok()?.then_some(breaker);
    Some(Available { provider, running: Running { place: None, tries }, feigned: Some(feigned) })
}

/// An attempt that a drill has fail: waits for as long as its shape says, and connects to nothing. It ends at once where the
/// drill does, the client leaves, or something else is revoked.
pub(crate) async fn feign(life: &mut Life<'_>, place: &Place, feigned: &Feigned, client: &mut Client) -> Failure {
    let provider = life.epoch.world().providers.get(&place.provider_id);
    let wait = feigned.wait(provider.map(|it| it.timeouts).unwrap_or_default());
    let subject = Subject::of(&life.caller, life.accepted, &life.user_in, life.epoch);
    tokio::select! {
        biased;
        failure = freed(life.shared, subject, place, &mut life.signal) => failure.unwrap_or_else(|| feigned.failure(&place.id)),
        () = client.gone() => Failure { may_have_cost: false, ..Failure::client_closed() },
        () = tokio::time::sleep(wait) => feigned.failure(&place.id),
    }
}

/// Comes back when a drill no longer takes the deployment away, or with what else ends the attempt.
async fn freed(
    shared: &Arc<Shared>,
    subject: Subject<'_>,
    place: &Place,
    signal: &mut watch::Receiver<Signal>,
) -> Option<Failure> {
    loop {
        if signal.borrow_and_update().cut {
            return Some(Failure::interrupted(Refused::shutting_down(), true));
        }
        match revoked(shared, subject, place) {
            Some(failure) if failure.code == Code::CutOff => {}
            other => return other,
        }
        if signal.changed().await.is_err() {
            // The gateway owns the sender and outlives its requests.
            std::future::pending::<()>().await;
        }
    }
}

impl Life<'_> {
    /// What the guardrails of a drill want to know; of one that came before the drill, only that it was cut off.
    pub(super) fn fared(&mut self, code: Option<Code>) {
        let met = || self.shared.live.load().cut.clone().filter(|_| code == Some(Code::CutOff));
        let spared = |cut: &Arc<CutOff>| cut.spared.contains(&self.caller.app.id);
        if let Some(cut) = self.drill.take().or_else(met).filter(|cut| !spared(cut)) {
            cut.tally.note(self.shared.now(), code, self.accepted.started.elapsed());
        }
    }
}
