//! Where a mirror goes: whom its request would be sent to if the cut were real.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use policy::{Decision, ObligationKind};
use realm::DeploymentId;
use realm::mirrored::Fate;

use crate::epoch::Place;
use crate::gateway::Shared;
use crate::pipeline::accept::Asked;
use crate::pipeline::classify::Facts;
use crate::pipeline::interruption::{Subject, revoked};
use crate::pipeline::{Life, decide};
use crate::shadow::Shadow;
use crate::upstream::{Guest, Provider};

/// Where a mirror goes.
pub(super) struct Fallback {
    pub(super) place: Arc<Place>,
    pub(super) provider: Arc<Provider>,
    pub(super) decision: Arc<Decision>,
    pub(super) guest: Guest,
}

/// The first deployment that the route would try if the cut were real: permitted, there, and with a place to spare.
pub(super) fn fallback(
    life: &Life<'_>,
    asked: &Asked<'_>,
    facts: &Facts<'_>,
    shadow: &Shadow,
) -> Result<Fallback, Fate> {
    let (shared, epoch) = (life.shared, life.epoch);
    let subject = Subject::of(&life.caller, life.accepted, &life.user_in, epoch);
    let live = shared.live.load();
    let running = |id: &DeploymentId| epoch.places.get(id).map_or(0, |place| place.running.load(Ordering::Relaxed));
    let known = |id: &DeploymentId, suite: &str| live.known(id, suite);
    let within = (epoch.world(), asked.route, life.caller.app);
    let targets = policy::chosen(within, shadow.draw(&life.accepted.id), running, &known);
    let mut why = Fate::NoFallback;
    for target in targets.into_iter().filter(|target| asked.wants(epoch, &target.deployment)) {
        let Some(place) = epoch.places.get(&target.deployment) else { continue };
        if shadow.cut.takes(&place.id, subject.whose(), epoch.world(), shared.now()) {
            continue;
        }
        let decision = decide::decide(epoch, &life.caller, facts, place);
        if !may_be_mirrored(&decision) {
            continue;
        }
        match guest(shared, subject, place) {
            Ok((provider, guest)) => return Ok(Fallback { place: place.clone(), provider, decision, guest }),
            // What else there is would be asked for want of this one.
            Err(fate) => why = fate,
        }
    }
    Err(why)
}

/// A machine repeats it: nobody can agree to that, nor be told of it as of a request that somebody made.
fn may_be_mirrored(decision: &Decision) -> bool {
    let needs_people = |kind| matches!(kind, ObligationKind::Approval | ObligationKind::Notify);
    decision.is_permit() && !decision.obligations.iter().any(|owed| needs_people(owed.kind))
}

/// Through whom a deployment can be asked beside its own traffic. It is not the mirror that tries what had failed.
fn guest(shared: &Arc<Shared>, subject: Subject<'_>, place: &Arc<Place>) -> Result<(Arc<Provider>, Guest), Fate> {
    let now = shared.now();
    let rests = place.law.wait(now).is_some() || !place.breaker.is_well(now);
    if rests || revoked(shared, subject, place).is_some() {
        return Err(Fate::Unavailable);
    }
    let provider = place.provider.clone().ok_or(Fate::Unavailable)?;
    let guest = provider.guest().map_err(|_| Fate::Busy)?;
    Ok((provider, guest))
}
