//! Serving beside others: a store that may be away, keys that are remembered, shares of limits that are leased.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use gateway::{Gateway, Journal as _, LogJournal};
use realm::{UnixMs, World};
use store::{DatabaseUrl, Live, Store};
use tokio::sync::watch;
use tokio::time::timeout;

use super::assemble::{Assembled, live_of};
use super::key_cache::KeyCache;
use super::leases::Leases;
use super::outbox::{relay, relay_at_start};
use super::requests::carry_out;
use super::watch::put_in_force;
use crate::clock::now;
use crate::data::DataDir;
use crate::lang::tell;

/// How long the database may take for a look at what changed.
const ANSWER_WAIT: Duration = Duration::from_millis(1_500);
/// How often the remembered keys are written anew where nothing changed.
const KEEP_EVERY_MS: u64 = 60_000;

/// How to share.
#[derive(Debug, Clone)]
pub(crate) struct Sharing {
    pub(crate) url: DatabaseUrl,
    /// How long keys are believed while the database is away.
    pub(crate) key_cache: Duration,
    pub(crate) lease: Duration,
}

/// What sharing needs while it serves.
pub(crate) struct Shared {
    cache: KeyCache,
    key_cache: Duration,
    leases: Leases,
    renewing: gateway::Tasks,
    stop: watch::Sender<bool>,
    kept_at: UnixMs,
    silent: bool,
}

/// What is known of keys at start.
pub(crate) struct Known {
    live: Live,
    /// Of when it is, where the database said so or had said so once.
    as_of: Option<UnixMs>,
    from_cache: bool,
    cache: KeyCache,
}

/// Opens the store that is served, its own or a shared one, and reads what it says of keys.
pub(super) async fn open(
    data: &DataDir,
    sharing: Option<&Sharing>,
    world: &World,
) -> Result<(Store, Live, Option<Known>)> {
    let Some(sharing) = sharing else {
        let store = Store::open(&data.store()).await?;
        let live = live_of(&store, world).await?;
        return Ok((store, live, None));
    };
    let store = Store::lazily(&sharing.url);
    let known = Known::at_start(&store, data, world).await?;
    Ok((store, known.live.clone(), Some(known)))
}

/// Begins to share, where that is asked for, and carries waiting changes into the ledger.
pub(super) async fn begin(
    known: Option<(Known, Sharing)>,
    gateway: &Gateway,
    store: &Store,
    journal: &LogJournal,
) -> Result<Option<Shared>> {
    let Some((known, sharing)) = known else {
        relay_at_start(store, gateway, journal).await?;
        return Ok(None);
    };
    let shared = known.begin(gateway, store, journal.log_id(), &sharing).await?;
    if let Err(error) = relay_at_start(store, gateway, journal).await {
        tracing::warn!("changes wait in the shared store: {error:#}");
    }
    Ok(Some(shared))
}

impl Known {
    /// By the database; where it does not answer, as it was remembered; else nothing.
    async fn at_start(store: &Store, data: &DataDir, world: &World) -> Result<Self> {
        let cache = KeyCache::of(data.path())?;
        let asked = now();
        let answered = async {
            store.prepare().await?;
            live_of(store, world).await
        };
        let error = match timeout(3 * ANSWER_WAIT, answered).await.context("it took too long") {
            Ok(Ok(live)) => return Ok(Self { live, as_of: Some(asked), from_cache: false, cache }),
            Ok(Err(error)) | Err(error) => error,
        };
        tracing::error!("{}", tell("database-away", &[("why", format!("{error:#}"))]));
        let (live, as_of) = match cache.load() {
            Ok(Some((live, as_of))) => (live, Some(as_of)),
            Ok(None) => (Live::default(), None),
            Err(error) => {
                tracing::error!("{}", tell("key-cache-refused", &[("why", format!("{error:#}"))]));
                (Live::default(), None)
            }
        };
        // No state of the database: the first that it tells is taken over.
        Ok(Self { live: Live { generation: u64::MAX, ..live }, as_of, from_cache: true, cache })
    }

    /// Tells the gateway how old its keys are, leases what it may spend, and goes on doing so.
    async fn begin(self, gateway: &Gateway, store: &Store, log: &str, sharing: &Sharing) -> Result<Shared> {
        if let Some(as_of) = self.as_of {
            match self.from_cache {
                true => gateway.keys_remembered(as_of),
                false => gateway.database_answered(as_of),
            }
        }
        if self.from_cache {
            gateway.database_silent("not since this server started");
        }
        let leases = Leases {
            gateway: gateway.clone(),
            store: store.clone(),
            log: log.to_owned(),
            session: session()?,
            begun: Arc::new(AtomicBool::new(false)),
            lease: sharing.lease,
        };
        if let Err(error) = leases.renew().await {
            tracing::warn!("nothing is leased of the shared limits yet: {error:#}");
        }
        let (stop, stopped) = watch::channel(false);
        let renewing = gateway::Tasks::default();
        renewing.spawn(leases.clone().run(stopped));
        let (cache, key_cache) = (self.cache, sharing.key_cache);
        let mut shared =
            Shared { cache, key_cache, leases, renewing, stop, kept_at: UnixMs(0), silent: self.from_cache };
        if let (Some(as_of), false) = (self.as_of, self.from_cache) {
            shared.keep(&self.live, as_of);
        }
        Ok(shared)
    }
}

impl Shared {
    fn keep(&mut self, live: &Live, as_of: UnixMs) {
        match self.cache.keep(live, as_of) {
            Ok(()) => self.kept_at = as_of,
            Err(error) => tracing::error!("{}", tell("key-cache-unwritten", &[("why", format!("{error:#}"))])),
        }
    }

    fn due(&self, at: UnixMs) -> bool {
        let often = u64::try_from(self.key_cache.as_millis() / 4).unwrap_or(u64::MAX).clamp(500, KEEP_EVERY_MS);
        at.since(self.kept_at) >= often
    }

    /// Says what was used and gives the rest back.
    pub(crate) async fn end(self) {
        self.stop.send_replace(true);
        // A renewal under way would lease anew what is given back here.
        self.renewing.wait(2 * ANSWER_WAIT).await;
        if let Err(error) = self.leases.give_back().await {
            tracing::warn!("what was leased counts as used until this server starts again: {error:#}");
        }
    }
}

/// Follows the shared store: keys and suspensions as they stand, requests, changes for the ledger.
pub(super) async fn follow(assembled: &mut Assembled) {
    let asked = now();
    let told = timeout(ANSWER_WAIT, look(assembled)).await.context("it took too long");
    if let Ok(Err(error)) | Err(error) = told {
        assembled.gateway.database_silent(&format!("{error:#}"));
        let shared = assembled.shared.as_mut();
        if shared.is_some_and(|shared| !std::mem::replace(&mut shared.silent, true)) {
            tracing::error!("{}", tell("database-away", &[("why", format!("{error:#}"))]));
        }
        return;
    }
    assembled.gateway.database_answered(asked);
    if let Some(shared) = &mut assembled.shared
        && std::mem::take(&mut shared.silent)
    {
        tracing::info!("the database answers again");
    }
    let log = assembled.journal.log_id().to_owned();
    let step = async {
        carry_out(assembled).await?;
        relay(&assembled.store, &assembled.gateway, &log).await
    };
    if let Err(error) = step.await {
        tracing::error!("the store cannot be followed: {error:#}");
    }
}

/// Takes over what changed, and remembers it.
async fn look(assembled: &mut Assembled) -> Result<()> {
    let asked = now();
    assembled.store.prepare().await?;
    let moved = assembled.store.generation().await? != assembled.generation;
    let due = assembled.shared.as_ref().is_some_and(|shared| shared.due(asked));
    if moved || due {
        let live = live_of(&assembled.store, &assembled.snapshot.world).await?;
        if moved {
            put_in_force(assembled, &live).await;
        }
        if let Some(shared) = &mut assembled.shared {
            shared.keep(&live, asked);
        }
    }
    Ok(())
}

fn session() -> Result<String> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
    Ok(hex::encode(bytes))
}
