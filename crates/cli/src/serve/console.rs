//! The console beside the gateway: it sees the gateway through its own small window.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use console::{Around, Console, Guard, Parts, PlaceState, Ready};
use gateway::{Annex, Gateway, Journal, Wait};
use http::{Request, Response};
use policy::Compiled;
use realm::snapshot::Snapshot;

use super::assemble::Assembled;
use crate::clock::SystemClock;

/// The console, as the gateway hands requests to it.
struct Beside(Console);

/// The gateway, as the console sees it.
struct Seen<'a>(&'a Gateway);

/// Lets the console answer below `/console`.
pub(super) fn mount(assembled: &Assembled, guard: Guard) {
    let console = Console::new(Parts {
        store: assembled.store.clone(),
        log: assembled.journal.log().clone(),
        log_id: assembled.journal.log_id().to_owned(),
        data: std::path::absolute(assembled.data.path()).unwrap_or_else(|_| assembled.data.path().to_owned()),
        program: std::env::args().next().unwrap_or_else(|| "freehold".to_owned()),
        clock: Arc::new(SystemClock),
        guard,
    });
    assembled.gateway.annex(Arc::new(Beside(console)));
}

impl Annex for Beside {
    fn answer<'a>(&'a self, gateway: &'a Gateway, peer: IpAddr, request: Request<Bytes>) -> Wait<'a, Response<Bytes>> {
        Box::pin(async move { self.0.answer(&Seen(gateway), peer, request).await })
    }
}

impl Around for Seen<'_> {
    fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot()
    }

    fn compiled(&self) -> Arc<Compiled> {
        self.0.compiled()
    }

    fn ready(&self) -> Ready {
        let gateway::Readiness { reasons, warnings, .. } = self.0.ready();
        Ready { reasons, warnings }
    }

    fn places(&self) -> Vec<PlaceState> {
        let state = |place: gateway::PlaceState| PlaceState {
            deployment: place.deployment,
            trouble: place.trouble,
            wait_ms: place.wait_ms,
            law_wait_ms: place.law_wait_ms,
            running: place.running,
        };
        self.0.places().into_iter().map(state).collect()
    }
}
