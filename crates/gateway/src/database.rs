//! What a gateway knows of the database that it shares with others: whether it answers, until when its keys may be
//! believed, and what is leased there.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use realm::UnixMs;
use tokio::sync::{Notify, watch};

use crate::code::Code;
use crate::epoch::Epoch;
use crate::error::Refused;
use crate::gateway::{Gateway, Shared};
use crate::limits::lease::Grant;
use crate::limits::{Held, LeaseAsk, Limited, Month};
use crate::metrics::Count;

/// How old the database's last word may be for an unknown key to be called wrong.
const FRESH_MS: u64 = 1_000;

/// The shared database as the gateway sees it.
#[derive(Debug)]
pub(crate) struct Database {
    key_cache_ms: u64,
    /// When the keys in memory were last those of the database.
    confirmed_ms: AtomicU64,
    /// When the leases end.
    leased_until_ms: AtomicU64,
    asked_ms: AtomicU64,
    /// Why it does not answer, and since when.
    trouble: Mutex<Option<(String, UnixMs)>>,
    pub(crate) wake: Arc<Notify>,
    renewals: watch::Sender<u64>,
    renewed: Count,
    failed: Count,
}

impl Database {
    pub(crate) fn new(key_cache: Duration) -> Self {
        Self {
            key_cache_ms: u64::try_from(key_cache.as_millis()).unwrap_or(u64::MAX),
            confirmed_ms: AtomicU64::new(0),
            leased_until_ms: AtomicU64::new(0),
            asked_ms: AtomicU64::new(0),
            trouble: Mutex::new(None),
            wake: Arc::default(),
            renewals: watch::channel(0).0,
            renewed: Count::default(),
            failed: Count::default(),
        }
    }

    fn keys_until(&self) -> UnixMs {
        UnixMs(self.confirmed_ms.load(Ordering::Relaxed).saturating_add(self.key_cache_ms))
    }

    fn has_heard(&self) -> bool {
        self.confirmed_ms.load(Ordering::Relaxed) > 0
    }

    fn trouble(&self) -> Option<(String, UnixMs)> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn answers(&self) -> bool {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Why a key cannot be judged, known or not; none where it can.
    pub(crate) fn keys_unavailable(&self, known: bool, now: UnixMs) -> Option<Refused> {
        let good = match known {
            true => now < self.keys_until(),
            false => self.answers() && now.since(UnixMs(self.confirmed_ms.load(Ordering::Relaxed))) <= FRESH_MS,
        };
        let words = "the database that knows the API keys does not answer, and the key is not among those remembered";
        (!good).then(|| Refused::new(Code::KeysUnavailable, words).retry_after(1))
    }

    /// Tells of each renewal from now on.
    pub(crate) fn renewals(&self) -> watch::Receiver<u64> {
        self.renewals.subscribe()
    }

    /// What `/readyz` says: reasons not to take traffic, or what somebody should look at.
    pub(crate) fn tell(&self, now: UnixMs, limited: bool, reasons: &mut Vec<String>, warnings: &mut Vec<String>) {
        let leased_until = UnixMs(self.leased_until_ms.load(Ordering::Relaxed));
        let (keys_until, lapsed) = (self.keys_until(), limited && now >= leased_until);
        if now >= keys_until {
            let why =
                if self.has_heard() { "the remembered API keys are too old to be believed" } else { "none is known" };
            reasons.push(format!("keys_unavailable: {why}"));
        }
        if lapsed {
            reasons.push("limits_unavailable: no lease of the shared limits is in force".to_owned());
        }
        if let Some((why, since)) = self.trouble() {
            let leases = if lapsed { "no lease is in force".to_owned() } else { format!("leases end {leased_until}") };
            let keys = if self.has_heard() { format!("keys are believed until {keys_until}; ") } else { String::new() };
            warnings.push(format!("database: does not answer since {since} ({why}); {keys}{leases}"));
        }
    }
}

impl Gateway {
    /// Notes that the keys in memory are those of the database at a moment.
    pub fn database_answered(&self, at: UnixMs) {
        if let Some(database) = &self.0.database {
            database.confirmed_ms.fetch_max(at.0, Ordering::Relaxed);
            *database.trouble.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Notes that keys come from a copy of the database as it was then.
    pub fn keys_remembered(&self, at: UnixMs) {
        if let Some(database) = &self.0.database {
            database.confirmed_ms.fetch_max(at.0, Ordering::Relaxed);
        }
    }

    /// Notes that the database does not answer.
    pub fn database_silent(&self, why: &str) {
        let Some(database) = &self.0.database else { return };
        let now = self.0.now();
        let mut trouble = database.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let since = trouble.as_ref().map_or(now, |(_, since)| *since);
        *trouble = Some((why.to_owned(), since));
    }

    /// Waits until a share runs low.
    pub async fn lease_wanted(&self) {
        match &self.0.database {
            Some(database) => database.wake.notified().await,
            None => std::future::pending().await,
        }
    }

    /// What to ask the database for, lowering every share to what is offered. Followed by `leases_granted` or
    /// `leases_failed`.
    pub fn lease_asks(&self, lease_ms: u64) -> Vec<LeaseAsk> {
        let shared = &self.0;
        let Some(database) = &shared.database else { return Vec::new() };
        let (epoch, now) = (shared.epoch.load(), shared.now());
        let passed_ms = now.since(UnixMs(database.asked_ms.swap(now.0, Ordering::Relaxed)));
        let moment = (now, Month::of(now.date_in(&epoch.world().head.timezone)));
        let mut asks = Vec::new();
        each_scope(&epoch, |name, limited| limited.ask(&name, moment, (passed_ms, lease_ms), &mut asks));
        asks
    }

    /// Takes over what was granted, in the order of the question; to be spent before a moment fixed before it.
    pub fn leases_granted(&self, asks: &[LeaseAsk], grants: &[Grant], until: UnixMs) {
        let Some(database) = &self.0.database else { return };
        for (ask, grant) in asks.iter().zip(grants) {
            ask.take_over(grant, until);
        }
        database.leased_until_ms.store(until.0, Ordering::Relaxed);
        database.renewed.add(1);
        database.renewals.send_modify(|count| *count += 1);
    }

    /// Notes that nothing was heard: what is leased may be spent until it ends.
    pub fn leases_failed(&self) {
        if let Some(database) = &self.0.database {
            database.failed.add(1);
            database.renewals.send_modify(|count| *count += 1);
        }
    }

    /// Ends every lease: whatever the clock says, they were granted too long ago.
    pub fn leases_lapsed(&self) {
        if let Some(database) = &self.0.database {
            database.leased_until_ms.store(0, Ordering::Relaxed);
            each_scope(&self.0.epoch.load(), |_, limited| limited.lapse());
        }
    }
}

impl Shared {
    /// What is leased now.
    pub(crate) fn leases(&self) -> Vec<Held> {
        let (now, mut held) = (self.now(), Vec::new());
        if self.database.is_some() {
            each_scope(&self.epoch.load(), |name, limited| limited.held(&name, now, &mut held));
        }
        held
    }

    /// The Prometheus text of the database and its leases; nothing where there is none.
    pub(crate) fn database_metrics(&self) -> String {
        let Some(database) = &self.database else { return String::new() };
        let mut out = String::new();
        let mut single = |name: &str, kind: &str, help: &str, value: u64| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        };
        let up = u64::from(database.answers());
        single("freehold_database_up", "gauge", "Whether the shared database answers.", up);
        let (renewed, failed) = (database.renewed.get(), database.failed.get());
        single("freehold_lease_renewals_total", "counter", "Renewals of leases.", renewed);
        single("freehold_lease_failures_total", "counter", "Renewals that were not answered.", failed);
        let held = self.leases();
        let mut series = |name: &str, help: &str, value: fn(&Held) -> i64| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
            for held in &held {
                let (scope, kind) = (&held.scope, held.kind.as_str());
                let _ = writeln!(out, "{name}{{scope=\"{scope}\",limit=\"{kind}\"}} {}", value(held));
            }
        };
        series("freehold_lease_granted", "What this gateway may have used in all, by limit.", |held| held.granted);
        series("freehold_lease_remaining", "What is left of it.", |held| held.remaining);
        out
    }
}

/// Every scope that an epoch limits, by name; an organisation of several apps once.
fn each_scope(epoch: &Epoch, mut each: impl FnMut(String, &Limited)) {
    let mut organisations = std::collections::HashSet::new();
    let mut apps: Vec<_> = epoch.apps.iter().collect();
    apps.sort_by_key(|(id, _)| *id);
    for (id, app) in apps {
        each(format!("app:{id}"), &app.app);
        let organisation = epoch.world().apps.get(id).map(|app| &app.organisation);
        if let Some(organisation) = organisation.filter(|id| organisations.insert(*id)) {
            each(format!("organisation:{organisation}"), &app.organisation);
        }
    }
    let mut routes: Vec<_> = epoch.routes.iter().collect();
    routes.sort_by_key(|(id, _)| *id);
    for (id, route) in routes {
        each(format!("route:{id}"), &route.limited);
    }
}
