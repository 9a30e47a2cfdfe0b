//! What ends an attempt from our side, and whether one can begin at all.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::gateway::{Shared, Signal};
use crate::pipeline::authenticate::{Caller, standing};
use crate::pipeline::failure::Failure;
use crate::upstream::Provider;

/// Comes back when the attempt must end: something of it was revoked, or the gateway goes down.
pub(crate) async fn interruption(
    shared: &Arc<Shared>,
    caller: &Caller<'_>,
    place: &Place,
    signal: &mut watch::Receiver<Signal>,
) -> Failure {
    loop {
        let now = *signal.borrow_and_update();
        if now.cut {
            return Failure::interrupted(Refused::shutting_down(), true);
        }
        if let Some(failure) = revoked(shared, caller, place) {
            return failure;
        }
        if signal.changed().await.is_err() {
            // The gateway owns the sender and outlives its requests.
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the live set forbids an attempt, whatever was decided before.
fn revoked(shared: &Arc<Shared>, caller: &Caller<'_>, place: &Place) -> Option<Failure> {
    let live = shared.live.load();
    if let Some(refused) = standing(&live, &caller.key, caller.app, shared) {
        return Some(Failure::interrupted(refused, true));
    }
    let suspended = &live.suspended;
    let out = suspended.deployments.contains(&place.id) || suspended.providers.contains(&place.provider_id);
    out.then(|| {
        let words = "the deployment was suspended";
        Failure::interrupted(Refused::new(Code::NoDeploymentAvailable, words), false)
    })
}

/// An attempt that runs: counted where it runs, until dropped.
pub(crate) struct Running {
    place: Arc<Place>,
    /// It is the one that tries a deployment which had failed.
    tries: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.place.running.fetch_sub(1, Ordering::Relaxed);
        if self.tries {
            // A verdict was noted before, or there is none.
            self.place.breaker.released();
        }
    }
}

/// Through whom a permitted deployment can be tried now; if not, in how many seconds it may be.
pub(crate) fn available(
    shared: &Arc<Shared>,
    caller: &Caller<'_>,
    place: &Arc<Place>,
) -> Result<(Arc<Provider>, Running), u64> {
    let Some(provider) = place.provider.clone().filter(|_| revoked(shared, caller, place).is_none()) else {
        return Err(60);
    };
    let now = shared.now();
    let seconds = |wait: Duration| wait.as_secs().max(1);
    if let Some(wait) = place.law.wait(now) {
        return Err(seconds(wait));
    }
    let tries = place.breaker.admit(now).map_err(seconds)?;
    place.running.fetch_add(1, Ordering::Relaxed);
    Ok((provider, Running { place: place.clone(), tries }))
}
