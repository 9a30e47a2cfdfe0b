//! Starting: everything that must hold before the first request.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use console::Guard;
use gateway::{Drilled, Gateway, Journal as _, Key, Live, LogJournal, Parts, Ruled, Secret, Settings, Suspended};
use ledger::{KeySource, Log, Options, Origin};
use realm::record::Change;
use realm::snapshot::Snapshot;
use realm::{Clock, World};
use store::Store;

use super::anew::Anew;
use super::console::mount;
use super::content::{QUEUE_BYTES, Sealing};
use super::drills::Drills;
use super::engines::Engines;
use super::exempting::Exempting;
use super::shared::{self, Shared, Sharing};
use super::tickets::Kept;
use super::traces::Traces;
use super::watch::fingerprint;
use super::witnessing::Witnessing;
use crate::clock::{SystemClock, now};
use crate::data::DataDir;
use crate::lang::{Lang, tell};
use crate::realms::{self, Checked};

/// What to start.
pub(crate) struct Plan {
    pub(crate) data: DataDir,
    /// The data directory's claim, made before anything was written there.
    pub(crate) claim: std::fs::File,
    pub(crate) realm_dir: PathBuf,
    pub(crate) lang: Lang,
    pub(crate) settings: Settings,
    pub(crate) engine_threads: Option<u32>,
    /// The page at `/`.
    pub(crate) page: Arc<str>,
    /// The collector that is told how requests went, and the share of traces that it gets.
    pub(crate) collector: Option<(String, f64)>,
    /// How the way to the console's readers is kept.
    pub(crate) guard: Guard,
    /// Where others serve beside it.
    pub(crate) sharing: Option<Sharing>,
    /// How to ask for another beginning, in a demo.
    pub(crate) anew: Option<Anew>,
}

/// Everything that runs.
pub(crate) struct Assembled {
    pub(crate) gateway: Gateway,
    pub(crate) store: Store,
    /// Where others serve beside it.
    pub(crate) shared: Option<Shared>,
    pub(crate) journal: LogJournal,
    pub(crate) engines: Engines,
    /// What seals content that is to be kept.
    pub(crate) sealing: Sealing,
    /// What has the log's head cosigned.
    pub(crate) witnessing: Witnessing,
    /// What exports traces, where they are.
    pub(crate) traces: Option<Traces>,
    /// The live drill that is on.
    pub(crate) drills: Drills,
    /// Who is exempt from what, as the ledger was told.
    pub(crate) exempting: Exempting,
    /// How to ask for another beginning, in a demo.
    pub(crate) anew: Option<Anew>,
    pub(crate) data: DataDir,
    pub(crate) realm_dir: PathBuf,
    pub(crate) lang: Lang,
    /// The store's state that the gateway knows.
    pub(crate) generation: u64,
    /// The realm that is in use.
    pub(crate) snapshot: Arc<Snapshot>,
    /// How its files looked before they were read.
    pub(crate) seen: u64,
    /// Whether the last change of its files was refused.
    pub(crate) refused: bool,
    /// Keeps every other process from serving this data directory.
    pub(crate) _claim: std::fs::File,
}

/// Starts everything; nothing is served yet.
pub(crate) async fn assemble(plan: Plan) -> Result<Assembled> {
    let Plan { data, claim, realm_dir, lang, settings, engine_threads, page, collector, guard, sharing, anew } = plan;
    // Before it is read: what changes from here on is seen as a change.
    let seen = fingerprint(&realm_dir);
    let checked = realms::open(&realm_dir)?;
    // First: it gives back the room of what was in preparation, which the others may need.
    let journal = open_log(&data, &checked).await?;
    checked.snapshot.archive(&data.snapshots()).with_context(|| tell("realm-not-archived", &[]))?;
    let (store, live, known) = shared::open(&data, sharing.as_ref(), &checked.snapshot.world).await?;
    let mut engines = Engines::new(&data, engine_threads)?;
    let sockets = engines.follow(&checked.snapshot.world, &realm_dir, &data)?;
    let (traces_in, queued) = collector
        .map(|(url, share)| (gateway::trace_queue(share), url))
        .map_or((None, None), |((into, out), url)| (Some(into), Some((url, out))));
    let mut drills = Drills::default();
    let drilled = drills.take_up(&live.open, &checked.snapshot.world);
    let (content_in, content_out) = gateway::content_queue(QUEUE_BYTES);
    let gateway = Gateway::new(Parts {
        ruled: ruled(&checked, sockets, &realm_dir),
        live: gateway_live(&live, drilled),
        journal: Arc::new(journal.clone()),
        clock: Arc::new(SystemClock),
        seed: seed()?,
        settings: Settings { shared_key_cache: sharing.as_ref().map(|sharing| sharing.key_cache), ..settings },
        page,
        content: Some(content_in),
        traces: traces_in,
    });
    drills.tell(&gateway);
    gateway.keep_tickets(Arc::new(Kept(store.clone())));
    let traces = queued.map(|(url, out)| Traces::start(out, &url, Arc::clone(gateway.metrics()))).transpose()?;
    let sealing = Sealing::start(&data, &store, content_out, &gateway, Arc::clone(&checked.snapshot)).await?;
    recover(&gateway).await?;
    let witnessing = Witnessing::start(&data, journal.log_id(), &gateway, Arc::clone(&checked.snapshot))?;
    let shared = shared::begin(known.zip(sharing), &gateway, &store, &journal).await?;
    let assembled = Assembled {
        gateway,
        store,
        shared,
        journal,
        engines,
        sealing,
        witnessing,
        traces,
        drills,
        exempting: Exempting::new(),
        anew,
        data,
        realm_dir,
        lang,
        generation: live.generation,
        snapshot: checked.snapshot,
        seen,
        refused: false,
        _claim: claim,
    };
    begun(assembled, guard).await
}

/// Opens the console and says in the ledger that serving begins.
async fn begun(assembled: Assembled, guard: Guard) -> Result<Assembled> {
    mount(&assembled, guard);
    assembled.change("serve.start", format!("version {}", env!("CARGO_PKG_VERSION"))).await?;
    Ok(assembled)
}

/// Closes what a crash left open.
async fn recover(gateway: &Gateway) -> Result<()> {
    let recovered = gateway.recover().await.with_context(|| tell("ledger-not-recovered", &[]))?;
    if recovered.closed > 0 {
        tracing::warn!(requests = recovered.closed, "requests that a crash cut off were closed as unknown");
    }
    Ok(())
}

impl Assembled {
    /// Leaves a record of something that this process did.
    pub(crate) async fn change(&self, what: &str, note: String) -> Result<()> {
        let change = Change {
            at: now(),
            what: what.to_owned(),
            subject: format!("snapshot:{}", self.snapshot.id),
            by: "serve".to_owned(),
            note: Some(note),
            id: None,
        };
        self.gateway.record_change(change).await.with_context(|| tell("ledger-change-unrecorded", &[]))?;
        Ok(())
    }
}

/// A checked realm as the gateway takes it.
pub(crate) fn ruled(checked: &Checked, engines: HashMap<realm::DeploymentId, PathBuf>, realm_dir: &Path) -> Ruled {
    Ruled {
        snapshot: Arc::clone(&checked.snapshot),
        compiled: Arc::clone(&checked.compiled),
        engines,
        realm_dir: realm_dir.to_owned(),
    }
}

/// What the store decides; makes record secrets for apps that have none.
pub(crate) async fn live_of(store: &Store, world: &World) -> Result<store::Live> {
    for app in world.apps.keys() {
        store.record_secret(app, now()).await?;
    }
    Ok(store.live().await?)
}

/// The same as the gateway takes it.
pub(crate) fn gateway_live(live: &store::Live, drilled: Drilled) -> Live {
    let key = |key: &store::Key| Key { id: key.id.0.as_str().into(), app: key.app.clone(), expires: key.expires };
    let suspended = Suspended {
        apps: live.suspended.apps.clone(),
        providers: live.suspended.providers.clone(),
        deployments: live.suspended.deployments.clone(),
    };
    let mut known: HashMap<_, HashMap<_, _>> = HashMap::new();
    for it in &live.known {
        known.entry(it.deployment.clone()).or_default().insert(it.suite.clone(), it.low_ppm);
    }
    Live {
        known,
        keys: live.keys.iter().map(|(hash, found)| (*hash, key(found))).collect(),
        suspended,
        secrets: live.secrets.iter().map(|(app, secret)| (app.clone(), Secret::new(secret.0))).collect(),
        cut: drilled.cut,
        shadow: drilled.shadow,
    }
}

async fn open_log(data: &DataDir, checked: &Checked) -> Result<LogJournal> {
    let id = data.log_id_or_new()?;
    let head = &checked.snapshot.world.head;
    let origin = Origin::new(format!("freehold/{}/{id}", slug(&head.name)))
        .map_err(|error| anyhow::anyhow!(tell("ledger-unnameable", &[("why", error.to_string())])))?;
    let mut options = Options::new(data.path(), &id, origin);
    options.publish_ms = head.ledger.publish_ms;
    options.restored_from = std::fs::read_to_string(data.path().join("restored-from")).ok();
    let mut seed_if_new = [0u8; 32];
    getrandom::fill(&mut seed_if_new).map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
    let opened = tokio::task::spawn_blocking(move || {
        let clock: ledger::Clock = Arc::new(|| SystemClock.now().0);
        let storage = Arc::new(ledger::storage::Disk);
        Log::open(storage, options, KeySource::Stored { seed_if_new }, clock)
    });
    let (log, recovery) = opened.await?.with_context(|| tell("ledger-cannot-open", &[("log", id.clone())]))?;
    tracing::info!(
        log = id,
        entries = log.head().durable.0,
        new = recovery.created,
        torn_bytes = recovery.torn_bytes,
        rebuilt_tiles = recovery.rebuilt_tiles,
        "the ledger is open"
    );
    Ok(LogJournal::new(id, log))
}

/// The realm's name as part of an origin: the log keeps the name of its first day if the realm is renamed.
fn slug(name: &str) -> String {
    let words = name.to_lowercase();
    let parts: Vec<String> =
        words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if parts.is_empty() { "realm".to_owned() } else { parts.join("-") }
}

fn seed() -> Result<u64> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
    Ok(u64::from_ne_bytes(bytes))
}
