//! What ends a mirror before its answer does: nobody waits for one, and it never stands in anybody's way.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::gateway::{Shared, Signal};
use crate::shadow::Shadow;
use crate::upstream::Guest;

/// Holds a mirror.
pub(crate) struct Leash {
    shared: Arc<Shared>,
    drill: Arc<str>,
    deadline: Instant,
    draining: watch::Receiver<bool>,
    signal: watch::Receiver<Signal>,
    guest: Guest,
    overdue: bool,
}

impl Leash {
    pub(crate) fn new(shared: &Arc<Shared>, shadow: &Shadow, guest: Guest) -> Self {
        Self {
            shared: shared.clone(),
            drill: shadow.cut.drill.clone(),
            deadline: Instant::now() + shadow.bounds.timeout,
            draining: shared.draining.subscribe(),
            signal: shared.signal.subscribe(),
            guest,
            overdue: false,
        }
    }

    /// Whether it was pulled because the mirror's time was over.
    pub(crate) fn is_overdue(&self) -> bool {
        self.overdue
    }

    /// Comes back when the mirror must end: its time is over, its drill or the server ends, or a request of a client wants
    /// its place at the provider.
    pub(crate) async fn pulled(&mut self) {
        let over = async {
            loop {
                self.signal.borrow_and_update();
                let on = {
                    let live = self.shared.live.load();
                    live.shadow.as_ref().is_some_and(|it| it.cut.drill == self.drill)
                };
                // Without a sender the gateway is gone.
                if !on || self.signal.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = sleep_until(self.deadline) => self.overdue = true,
            _ = self.draining.wait_for(|draining| *draining) => {}
            () = self.guest.wanted_away() => {}
            () = over => {}
        }
    }
}
