//! A request that the program itself lost: a panic in its life. It ends as any other does, as far as it can: counted,
//! its intents closed in the ledger, its reservation settled, its client told.

use std::future::Future;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use http::HeaderMap;
use hyper::body::Incoming;
use realm::DeploymentId;
use realm::record::{Attempt, End, EnergyFigure, Estimate, Tokens};
use wire::openai::Endpoint;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::open;
use crate::pipeline::client::Client;
use crate::pipeline::finish;
use crate::pipeline::outcome::{self, Ending};
use crate::pipeline::respond::{self, Told};
use crate::pipeline::settle::Charge;
use crate::pipeline::{Life, Trail, restore, run};

/// An attempt whose intent is durable: what is needed to close it, whatever happens to the attempt.
pub(crate) struct Begun {
    intent: u64,
    deployment: DeploymentId,
    est: Estimate,
    open: open::Place,
}

/// Work that panicked.
#[derive(Debug)]
pub(super) struct Panicked;

impl Begun {
    pub(super) fn new(intent: u64, place: &Place, est: Estimate, open: open::Place) -> Self {
        Self { intent, deployment: place.id.clone(), est, open }
    }

    fn attempt(&self) -> Attempt {
        let error = Some(Code::Internal.as_str().to_owned());
        Attempt {
            intent: self.intent,
            deployment: self.deployment.clone(),
            status: None,
            error,
            took_ms: 0,
            resumed_from: None,
            feigned: false,
        }
    }
}

/// Runs work to its end or its panic. It is never polled again after one. The work stays where it is: a future that is
/// moved into another takes its room twice, and a life is large.
pub(super) async fn caught<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Result<T, Panicked> {
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(polled) => polled.map(Ok),
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

/// Runs a whole life; a panic outside of what `lost` can end is counted at least.
pub(super) async fn counted(
    shared: Arc<Shared>,
    peer: IpAddr,
    endpoint: Endpoint,
    headers: HeaderMap,
    body: Incoming,
    client: Client,
) {
    if caught(pin!(run(&shared, peer, endpoint, headers, body, client))).await.is_err() {
        shared.metrics.request(None, None, Code::Internal.as_str());
    }
}

/// Ends a request whose life panicked.
pub(super) async fn lost(mut life: Life<'_>, client: &mut Client) {
    let refused = Refused::new(Code::Internal, "the request was lost");
    let (Some(last), Some(route)) = (life.begun.last(), life.route.clone()) else {
        return finish::refused(life, refused, client).await;
    };
    // What recovery would charge: the bytes may have left.
    let est = last.est;
    let mut receipt = None;
    if !life.closed {
        let mut trail = Trail::new(route, bytes::Bytes::new());
        trail.open = Some(last.open);
        trail.attempts = life.begun.iter().map(Begun::attempt).collect();
        let tokens = Tokens { input: est.tokens, output: 0, estimated: true };
        let charge = Charge { tokens, cost: est.cost_nano, estimated: true, energy: EnergyFigure::Unknown };
        let code = Some(Code::Internal);
        let ending = Ending { end: End::Error, code, charge, model: None, mac: None, first: None };
        receipt = outcome::outcome(&mut life, &mut trail, ending).await.ok();
    }
    life.charge(est.tokens, est.cost_nano);
    let receipt = receipt.map(|index| (life.shared.journal.log_id(), index));
    if client.is_streaming() {
        let last = restore::cut(&refused, &life.accepted.id, receipt);
        client.send(last, life.shared.settings.client_idle).await;
    } else {
        let told = Told { ids: life.accepted.ids(), receipt, attempts: life.begun.len(), ..Told::default() };
        client.answer(respond::refusal(&refused, &told));
    }
    life.count(None, Some(Code::Internal));
}
