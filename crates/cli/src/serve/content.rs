//! Sealing what is to be kept, beside the requests: they hand it over and go on.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use gateway::{ContentOut, Exchange, Gateway, Tasks};
use realm::World;
use realm::snapshot::Snapshot;
use store::Store;
use store::content::{Contents, Keeper, Parts, ToKeep};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now;
use crate::data::DataDir;

/// Bytes that may wait to be sealed.
pub(crate) const QUEUE_BYTES: usize = 128 << 20;
/// Exchanges sealed in one transaction.
const BATCH: usize = 64;
/// How often it is looked for what is too old.
const TEND: Duration = Duration::from_secs(60);
/// How long the end waits for what is still to be sealed.
const LAST: Duration = Duration::from_secs(10);

/// The task that seals, from outside.
pub(crate) struct Sealing {
    tasks: Tasks,
    world: watch::Sender<Arc<Snapshot>>,
    stop: watch::Sender<bool>,
}

/// The task itself.
struct Sealer {
    keeper: Keeper,
    out: ContentOut,
    gateway: Gateway,
    world: watch::Receiver<Arc<Snapshot>>,
}

impl Sealing {
    /// Starts it.
    pub(crate) async fn start(
        data: &DataDir,
        store: &Store,
        out: ContentOut,
        gateway: &Gateway,
        snapshot: Arc<Snapshot>,
    ) -> Result<Self> {
        let contents = Contents::open(&data.contents()).await?;
        let ((world, see_world), (stop, stopped)) = (watch::channel(snapshot), watch::channel(false));
        let keeper = Keeper::new(store.clone(), contents);
        let tasks = Tasks::default();
        tasks.spawn(Sealer { keeper, out, gateway: gateway.clone(), world: see_world }.run(stopped));
        Ok(Self { tasks, world, stop })
    }

    /// Another realm says for how long content is kept.
    pub(crate) fn follow(&self, snapshot: Arc<Snapshot>) {
        self.world.send_replace(snapshot);
    }

    /// Seals what waits, and ends. To be called once no request runs any more.
    pub(crate) async fn finish(&self) {
        self.stop.send_replace(true);
        if !self.tasks.wait(LAST).await {
            tracing::warn!("some content could not be sealed in time and is lost; its records are in the ledger");
        }
    }
}

impl Sealer {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut tend = interval(TEND);
        tend.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                taken = self.out.take(BATCH) => match taken.as_slice() {
                    [] => return,
                    taken => self.keep(taken).await,
                },
                _ = tend.tick() => self.tend().await,
                () = told_to_stop(&mut stopped) => break,
            }
        }
        self.out.close();
        loop {
            let taken = self.out.take(BATCH).await;
            if taken.is_empty() {
                return;
            }
            self.keep(&taken).await;
        }
    }

    async fn keep(&mut self, exchanges: &[Exchange]) {
        let answers: Vec<Vec<u8>> = exchanges.iter().map(|exchange| exchange.answer.concat()).collect();
        let wanted: Vec<ToKeep<'_>> =
            exchanges.iter().zip(&answers).map(|(exchange, answer)| to_keep(exchange, answer)).collect();
        let (kept, errors) = self.keeper.keep(&wanted, now()).await;
        let metrics = self.gateway.metrics();
        metrics.content_kept.add(kept);
        metrics.content_lost.add(wanted.len() as u64 - kept);
        for error in errors {
            tracing::error!(%error, "content could not be sealed and is lost; its record is in the ledger");
        }
    }

    /// Destroys what is older than its organisation keeps it, and forgets keys that are not to be used again.
    async fn tend(&mut self) {
        let snapshot = self.world.borrow().clone();
        let days = |organisation: &str| days(&snapshot.world, organisation);
        let tended = async {
            self.keeper.let_go(now()).await?;
            self.keeper.expire(days, now()).await
        };
        match tended.await {
            Ok(expired) if expired.items + expired.keys > 0 => {
                tracing::info!(items = expired.items, keys = expired.keys, "content whose days are over was destroyed");
            }
            Ok(_) => {}
            Err(error @ store::Error::NotScrubbed) => tracing::warn!(%error, "keys were destroyed; it is tried again"),
            Err(error) => tracing::error!(%error, "old content could not be destroyed; it is tried again"),
        }
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // An error is a `Sealing` that is gone: then nobody would end it otherwise.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn to_keep<'a>(exchange: &'a Exchange, answer: &'a [u8]) -> ToKeep<'a> {
    let (as_, at) = (&*exchange.kept_as, exchange.at);
    let parts = Parts { at, status: exchange.status, request: &exchange.request, answer, cut: exchange.cut };
    let (app, organisation, public) = (&as_.app, &as_.organisation, &*as_.key);
    ToKeep { app, organisation, public, days: as_.days, req: &exchange.req, parts }
}

/// For how many days an organisation keeps content, if the realm still says so.
fn days(world: &World, organisation: &str) -> Option<u64> {
    let content = world.organisations.get(organisation)?.content.as_ref()?;
    Some(content.days.unwrap_or(world.head.content_days))
}
