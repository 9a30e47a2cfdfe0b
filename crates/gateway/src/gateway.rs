//! The gateway as a whole: what it is made of, and what its owner may do with it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use realm::record::{Change, Record};
use realm::{Clock, UnixMs};
use tokio::sync::watch;

use crate::approval::Tickets;
use crate::content::{ContentIn, Exchange};
use crate::database::Database;
use crate::detect::Detectors;
use crate::edge::Annex;
use crate::epoch::{Epoch, Ruled};
use crate::journal::{Journal, JournalError};
use crate::limits::{Counters, Month};
use crate::live::Live;
use crate::metrics::Metrics;
use crate::open::OpenIntents;
use crate::peers::Peers;
use crate::recover;
use crate::settings::Settings;
use crate::tasks::Tasks;
use crate::trace::{Story, TraceIn};
use crate::usage;

/// What a gateway is made of.
pub struct Parts {
    /// The realm to serve.
    pub ruled: Ruled,
    /// Keys, suspensions and record secrets.
    pub live: Live,
    /// The ledger.
    pub journal: Arc<dyn Journal>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Where draws and request ids begin: random in service, fixed in tests.
    pub seed: u64,
    /// Bounds.
    pub settings: Settings,
    /// The page at `/`, as HTML.
    pub page: Arc<str>,
    /// Where prompts and answers go that are to be kept; without it none is.
    pub content: Option<ContentIn>,
    /// Where the stories of requests go that are traced; without it none is.
    pub traces: Option<TraceIn>,
}

/// A running gateway. Clones share it.
#[derive(Clone)]
pub struct Gateway(pub(crate) Arc<Shared>);

/// What recovery found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// Requests that had no outcome and now end as `unknown`.
    pub closed: usize,
    /// Charges of this month that were counted again.
    pub charged: usize,
}

/// Whether traffic is taken, and what somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Readiness {
    /// Whether traffic is taken.
    pub ready: bool,
    /// Why not: stable words, then details.
    pub reasons: Vec<String>,
    /// What is wrong without stopping everything: a deployment whose credential is missing, a realm that was refused.
    pub warnings: Vec<String>,
    /// The snapshot that decides.
    pub snapshot: String,
}

pub(crate) struct Shared {
    pub(crate) epoch: ArcSwap<Epoch>,
    pub(crate) live: ArcSwap<Live>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) page: Arc<str>,
    content: Option<ContentIn>,
    pub(crate) traces: Option<TraceIn>,
    /// Who answers below `/console` and `/api/v1`, where somebody does.
    pub(crate) annex: OnceLock<Arc<dyn Annex>>,
    /// Who keeps tickets of requests that wait for people, where somebody does.
    pub(crate) tickets: OnceLock<Arc<dyn Tickets>>,
    pub(crate) counters: Counters,
    /// Where others share the limits.
    pub(crate) database: Option<Database>,
    /// What somebody beside the gateway has to say on `/readyz`, by what it is about.
    notices: Mutex<BTreeMap<String, String>>,
    pub(crate) open: OpenIntents,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) peers: Mutex<Peers>,
    pub(crate) detectors: Detectors,
    /// Requests.
    pub(crate) tasks: Tasks,
    /// Client connections.
    pub(crate) connections: Tasks,
    /// Connections to providers: nobody waits for these.
    drivers: Tasks,
    /// Moves whenever something was revoked, and when everything must end: for requests.
    pub(crate) signal: watch::Sender<Signal>,
    /// True once no more requests are taken: for connections.
    pub(crate) draining: watch::Sender<bool>,
    draws: AtomicU64,
    /// Whether records are stamped as sample traffic now.
    simulated: AtomicBool,
}

/// What running requests must look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signal {
    /// How often `Live` was replaced.
    pub(crate) live: u64,
    /// The time that draining may take is over.
    pub(crate) cut: bool,
}

impl Gateway {
    /// Puts the parts together. Call `recover` before serving.
    pub fn new(parts: Parts) -> Self {
        let database = parts.settings.shared_key_cache.map(Database::new);
        let leasing = database.as_ref().map(|database| database.wake.clone());
        let (counters, drivers) = (Counters::new(leasing), Tasks::default());
        let epoch = Epoch::new(parts.ruled, &counters, (&drivers, &parts.clock), None);
        let open = OpenIntents::starting_at(parts.journal.head());
        let peers = Mutex::new(Peers::new(parts.settings.failed_authentications_per_min));
        let simulated = AtomicBool::new(parts.settings.simulated);
        let gateway = Self(Arc::new(Shared {
            simulated,
            epoch: ArcSwap::from_pointee(epoch),
            live: ArcSwap::from_pointee(parts.live),
            journal: parts.journal,
            clock: parts.clock,
            settings: parts.settings,
            page: parts.page,
            content: parts.content,
            traces: parts.traces,
            annex: OnceLock::new(),
            tickets: OnceLock::new(),
            counters,
            database,
            notices: Mutex::default(),
            open,
            metrics: Arc::default(),
            peers,
            detectors: Detectors::standard(),
            tasks: Tasks::default(),
            connections: Tasks::default(),
            drivers,
            signal: watch::channel(Signal::default()).0,
            draining: watch::channel(false).0,
            draws: AtomicU64::new(parts.seed),
        }));
        let shared = &gateway.0;
        shared.shut_what_is_cut(&shared.epoch.load(), shared.live.load().cut.as_ref());
        gateway
    }

    /// Closes what a crash left open, and rebuilds the counters from the ledger.
    ///
    /// # Errors
    /// If the ledger cannot be read or written.
    pub async fn recover(&self) -> Result<Recovered, JournalError> {
        let shared = &self.0;
        let (journal, now) = (shared.journal.as_ref(), shared.clock.now());
        let closed = recover::close_orphans(journal, now).await?;
        let epoch = shared.epoch.load();
        let zone = &epoch.world().head.timezone;
        let mut fold = usage::Fold::new(zone.clone(), now);
        let from = usage::first_of_month(journal, zone, now).await?;
        journal.scan(from, &mut |index, entry| fold.see(index, entry))?;
        let used = fold.finish(now);
        let charged = used.spent.len();
        restore(&epoch, used, Month::of(now.date_in(zone)));
        if let Some(last) = journal.head().checked_sub(1) {
            shared.open.saw(last);
        }
        Ok(Recovered { closed, charged })
    }

    /// Serves another realm from now on. Requests that run keep theirs.
    pub fn reload(&self, ruled: Ruled) {
        let shared = &self.0;
        let with = (&shared.drivers, &shared.clock);
        let epoch = Epoch::new(ruled, &shared.counters, with, Some(&shared.epoch.load()));
        // Before it is used: nothing may go in between to what is cut off.
        shared.shut_what_is_cut(&epoch, shared.live.load().cut.as_ref());
        shared.epoch.store(Arc::new(epoch));
        self.realm_accepted();
    }

    /// Notes that a changed realm was refused for so many problems: readiness and metrics say so until a good one is
    /// loaded. What is told is since when the realm that is served is not the one that lies there.
    pub fn realm_refused(&self, problems: usize) {
        let metrics = &self.0.metrics;
        if metrics.realm_refused_problems.get() == 0 {
            metrics.realm_refused_since_s.set(i64::try_from(self.0.now().0 / 1_000).unwrap_or(i64::MAX));
        }
        metrics.realm_refused_problems.set(i64::try_from(problems.max(1)).unwrap_or(i64::MAX));
    }

    /// Notes that what lies there is what is served, also where a change was taken back.
    pub fn realm_accepted(&self) {
        self.0.metrics.realm_refused_problems.set(0);
        self.0.metrics.realm_refused_since_s.set(0);
    }

    /// What is wrong beside the gateway, or no longer is: a warning of `/readyz`, in the log too when it comes and goes.
    pub fn notice(&self, about: &str, words: Option<String>) {
        let mut notices = self.0.notices.lock().unwrap_or_else(PoisonError::into_inner);
        match words {
            None if notices.remove(about).is_some() => tracing::info!("{about}: well again"),
            None => {}
            Some(words) if notices.get(about) == Some(&words) => {}
            Some(words) => {
                tracing::warn!("{about}: {words}");
                notices.insert(about.to_owned(), words);
            }
        }
    }

    /// Replaces keys, suspensions and what a drill cuts off. What was revoked sees no further attempt, and open streams
    /// of it end.
    pub fn refresh_live(&self, live: Live) {
        let (shared, cut) = (&self.0, live.cut.clone());
        shared.live.store(Arc::new(live));
        shared.signal.send_modify(|signal| signal.live += 1);
        // After requests were told: they then know why their connections end.
        shared.shut_what_is_cut(&shared.epoch.load(), cut.as_ref());
    }

    /// Appends a change to the ledger; comes back when it is durable, with its index.
    ///
    /// # Errors
    /// If the ledger cannot write.
    pub async fn record_change(&self, change: Change) -> Result<u64, JournalError> {
        let index = self.0.journal.append(Record::Change(change).to_bytes()).await?;
        self.0.open.saw(index);
        Ok(index)
    }

    /// Takes no more requests and waits for those that run; what still runs after so long is cut, with its outcome.
    /// Tells whether everything ended by itself.
    pub async fn drain(&self, at_most: Duration) -> bool {
        /// For outcomes of what is cut.
        const LAST_WORDS: Duration = Duration::from_secs(2);
        self.0.draining.send_replace(true);
        let all = self.0.tasks.wait(at_most).await;
        self.0.signal.send_modify(|signal| signal.cut = true);
        self.0.tasks.wait(LAST_WORDS).await;
        self.0.connections.wait(LAST_WORDS).await;
        all
    }

    /// Stamps the records of requests from now on as sample traffic, or no more.
    pub fn simulate(&self, simulated: bool) {
        self.0.simulated.store(simulated, Ordering::Relaxed);
    }

    /// Whether traffic is taken, and why not.
    pub fn ready(&self) -> Readiness {
        self.0.ready()
    }

    /// What is counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }
}

/// Puts what was used back into the counters. What belongs to an app or route that is no more is passed over.
fn restore(epoch: &Epoch, used: usage::Usage, month: Month) {
    for ((app, route), spent) in used.spent {
        if let Some(app) = epoch.apps.get(&app) {
            app.app.restore(month, spent, []);
            app.organisation.restore(month, spent, []);
        }
        if let Some(route) = epoch.routes.get(&route) {
            route.limited.restore(month, spent, []);
        }
    }
    let mut recent: HashMap<_, Vec<_>> = HashMap::new();
    for (at, app, route, tokens) in used.recent {
        recent.entry((app, route)).or_default().push((at, tokens));
    }
    for ((app, route), requests) in recent {
        if let Some(app) = epoch.apps.get(&app) {
            app.app.restore(month, realm::Nano::ZERO, requests.iter().copied());
            app.organisation.restore(month, realm::Nano::ZERO, requests.iter().copied());
        }
        if let Some(route) = epoch.routes.get(&route) {
            route.limited.restore(month, realm::Nano::ZERO, requests);
        }
    }
}

impl Shared {
    /// The time of day.
    pub(crate) fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// Whether records are stamped as sample traffic now.
    pub(crate) fn is_simulated(&self) -> bool {
        self.simulated.load(Ordering::Relaxed)
    }

    /// A number that no other call of this process gets.
    pub(crate) fn draw(&self) -> u64 {
        // SplitMix64: a bijection of a counter.
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = self.draws.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Hands over what is to be kept, without waiting for it.
    pub(crate) fn keep(&self, exchange: Exchange) {
        if self.content.as_ref().is_none_or(|content| !content.put(exchange)) {
            self.metrics.content_lost.add(1);
        }
    }

    /// Hands a request's story over, without waiting for it.
    pub(crate) fn tell(&self, story: Story) {
        let sampled = story.context.sampled;
        if self.traces.as_ref().is_none_or(|traces| !traces.put(story)) && sampled {
            self.metrics.traces_lost.add(1);
        }
    }

    /// Whether no more requests are taken.
    pub(crate) fn draining(&self) -> bool {
        *self.draining.borrow()
    }

    pub(crate) fn ready(&self) -> Readiness {
        let (epoch, health) = (self.epoch.load(), self.journal.health());
        let mut reasons = Vec::new();
        if let Some(trouble) = health.trouble {
            reasons.push(format!("ledger_unavailable: {trouble}"));
        }
        if self.draining() {
            reasons.push("shutting_down".to_owned());
        }
        let mut warnings = epoch.problems.clone();
        if let Some(database) = &self.database {
            database.tell(self.now(), !self.leases().is_empty(), &mut reasons, &mut warnings);
        }
        warnings.extend(health.warning);
        let notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        warnings.extend(notices.iter().map(|(about, words)| format!("{about}: {words}")));
        drop(notices);
        let (problems, since_s) = (&self.metrics.realm_refused_problems, &self.metrics.realm_refused_since_s);
        let (problems, since) = (problems.get(), UnixMs(since_s.get().unsigned_abs() * 1_000));
        if problems > 0 {
            warnings.push(format!(
                "realm: the changed realm is refused since {since} ({problems} problems); the one before keeps serving"
            ));
        }
        epoch.places.values().for_each(|place| place.warn(self.now(), &mut warnings));
        warnings.sort();
        warnings.dedup();
        Readiness { ready: reasons.is_empty(), reasons, warnings, snapshot: epoch.snapshot.id.to_string() }
    }
}
