//! Somebody at work: who, where, on what, when. What pages and programs ask for and change goes through here.

mod again;
mod approvals;
mod change;
mod content;
pub mod drills;
pub mod obligations;
mod people;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use drill::report::Exposure as Report;
use drill::{Archive, Key, keys};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{EntryIndex, Log};
use policy::explain::Matrix;
use realm::load::{NoPacks, PackSource};
use realm::snapshot::Snapshot;
use realm::world::App;
use realm::{AppId, UnixMs, World};
use store::content::Contents;
use store::{KeyInfo, Scope, Store};
use tokio::sync::OnceCell;

use crate::around::Around;
use crate::belong;
use crate::exposed::Exposed;
use crate::follow::{Followed, Known};
use crate::foresight::Foresights;
use crate::guest::Guest;
use crate::index::{Index, RuleUse, Seen};
use crate::password::Gate;
use crate::replay::Replays;
use crate::rights::Right;
use crate::trouble::Trouble;

pub use content::Content;
pub use people::{NAME_CHARS_MAX, is_name};

/// What desks stand on; one of it for the pages and the API.
#[derive(Clone)]
pub struct Parts {
    /// Keys, suspensions, accounts and sessions.
    pub store: Store,
    /// The log that is written now.
    pub log: Log,
    /// Its name in receipts.
    pub log_id: String,
    /// The data directory, for archived snapshots and the log's public key.
    pub data: PathBuf,
    /// What is known of the ledger.
    pub index: Followed<Index>,
    /// What this month's traffic depends on.
    pub exposed: Followed<Exposed>,
    /// What is kept of prompts and answers, once somebody asked for it.
    pub contents: Arc<OnceCell<Contents>>,
    /// Where worlds of snapshots that decided are kept.
    pub archive: Arc<dyn Archive>,
    /// The packs that a drill may switch on.
    pub packs: Arc<dyn PackSource + Send + Sync>,
    /// Where scenarios of drills lie ready; none: nowhere.
    pub scenarios: Option<PathBuf>,
    /// Desk drills that were asked for.
    pub replays: Replays,
    /// Plans and forecasts that were asked for.
    pub foresights: Foresights,
    /// Lets few passwords be hashed at a time.
    pub hashing: Arc<Gate>,
    /// Lets few tables of rights be made at a time.
    pub tables: Arc<Gate>,
}

impl Parts {
    /// Puts them together; nothing of the ledger is read yet. Worlds of snapshots that decided come from an archive.
    pub fn new(store: Store, log: Log, log_id: String, data: PathBuf, archive: Arc<dyn Archive>) -> Self {
        let index = Followed::new(log.clone(), Index::new(TimeZone::UTC));
        let exposed = Followed::new(log.clone(), Exposed::new(archive.clone()));
        Self {
            store,
            log,
            log_id,
            data,
            index,
            exposed,
            contents: Arc::default(),
            archive,
            packs: Arc::new(NoPacks),
            scenarios: None,
            replays: Replays::default(),
            foresights: Foresights::default(),
            hashing: Arc::default(),
            tables: Arc::default(),
        }
    }
}

/// Somebody at work.
pub struct Desk<'a> {
    /// What there is.
    pub parts: &'a Parts,
    /// What runs around it.
    pub around: &'a dyn Around,
    /// The realm that decides, as of the beginning.
    pub snapshot: Arc<Snapshot>,
    /// Who.
    pub guest: Guest,
    /// When.
    pub now: UnixMs,
    /// By which way they came, as records of changes say it.
    pub way: &'static str,
}

impl Desk<'_> {
    /// The realm that decides.
    pub fn world(&self) -> &World {
        &self.snapshot.world
    }

    /// Whether the guest may.
    pub fn may(&self, right: Right) -> bool {
        right.has(self.guest.role)
    }

    /// Whose records the answer may be of.
    pub fn seen(&self) -> Seen {
        self.guest.seen(&self.snapshot.world)
    }

    /// Whether it is of the deployment as a whole: aggregates only.
    pub fn is_whole(&self) -> bool {
        self.guest.scope == Scope::Whole
    }

    /// The apps that the answer may be of.
    pub fn apps(&self) -> impl Iterator<Item = &App> {
        let scope = &self.guest.scope;
        let own = move |app: &&App| match scope {
            Scope::Whole => true,
            Scope::Organisation(id) => app.organisation == *id,
        };
        self.snapshot.world.apps.values().filter(own)
    }

    /// An app that the answer may be of.
    ///
    /// # Errors
    /// There is none of that id, or it is another organisation's: which of both is not told.
    pub fn app(&self, id: &str) -> Result<&App, Trouble> {
        self.apps().find(|app| app.id.as_str() == id).ok_or(Trouble::NotFound)
    }

    /// Today, in the realm's time zone.
    pub fn today(&self) -> Date {
        self.now.date_in(&self.world().head.timezone)
    }

    /// The first of this month.
    pub fn month(&self) -> Date {
        self.today().first_of_month()
    }

    /// Deployments that fit what is said of them, of their model and of where they are; none where nothing is said.
    pub fn deployments_of(
        &self,
        deployment: Option<&str>,
        model: Option<&str>,
        provider: Option<&str>,
        jurisdiction: Option<&str>,
    ) -> Option<BTreeSet<String>> {
        if [deployment, model, provider, jurisdiction].iter().all(Option::is_none) {
            return None;
        }
        let fits = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
        let all = self.world().deployments.values().filter(|it| {
            fits(model, it.model.as_str())
                && fits(provider, it.provider.as_str())
                && fits(jurisdiction, it.host.as_str())
        });
        let mut found: BTreeSet<String> = all.map(|it| it.id.to_string()).collect();
        if let Some(id) = deployment {
            // One that is in the realm no more is still in the records.
            let gone = [model, provider, jurisdiction].iter().all(Option::is_none);
            found = if gone || found.contains(id) { [id.to_owned()].into() } else { BTreeSet::new() };
        }
        Some(found)
    }

    /// Deployments whose use needs something, as the realm in force says it.
    pub fn deployments_needing(&self, key: &Key) -> BTreeSet<String> {
        let all = self.world().deployments.keys();
        all.filter(|id| keys(self.world(), id).contains(key)).map(ToString::to_string).collect()
    }

    /// As records of changes name the guest.
    pub fn by(&self) -> String {
        format!("{}, by {}", self.guest.person, self.way)
    }

    /// Reads the ledger on, and shows what is known of it. Soon after a start that may be a part only.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn ledger<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Index) -> T + Send + 'static,
    ) -> Result<Known<T>, Trouble> {
        self.parts.index.read(self.world().head.timezone.clone(), read).await
    }

    /// What this month's traffic depends on, as far as it may be told here; none where nothing was asked yet.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn exposure(&self) -> Result<Known<Option<Report>>, Trouble> {
        let (scope, month) = (self.guest.scope.clone(), self.month());
        let zone = self.world().head.timezone.clone();
        self.parts.exposed.read(zone, move |exposed| exposed.report(month, &scope)).await
    }

    /// What each rule decided, in the order asked for.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn rule_uses(&self, ids: impl Iterator<Item = String>) -> Result<Known<Vec<RuleUse>>, Trouble> {
        let (ids, seen): (Vec<String>, Seen) = (ids.collect(), self.seen());
        self.ledger(move |index| ids.iter().map(|id| index.rule_use(id, &seen)).collect()).await
    }

    /// Reads one entry of the ledger; none where there is none, or where it belongs to another organisation.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn entry(&self, index: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let log = self.parts.log.clone();
        let bytes = tokio::task::spawn_blocking(move || log.read(EntryIndex(index))).await??;
        Ok(bytes.filter(|bytes| belong::entry(bytes, self.world()).is_open_to(&self.guest.scope)))
    }

    /// Who of some apps may send what where, today. Many questions to the rules, so they are asked beside the threads that
    /// serve, one such table at a time.
    ///
    /// # Errors
    /// Too many wait for theirs.
    pub async fn matrix(&self, apps: BTreeSet<AppId>) -> Result<Matrix, Trouble> {
        let (compiled, date) = (self.around.compiled(), self.today());
        let made = self.parts.tables.pass(move || Matrix::of_those(&compiled, date, |app| apps.contains(app)));
        made.await.ok_or(Trouble::Busy)
    }

    /// The proof that an entry is in the log, in the form of C2SP tlog-proof.
    ///
    /// # Errors
    /// There is no such entry here, or no checkpoint covers it yet.
    pub async fn receipt(&self, index: u64) -> Result<String, Trouble> {
        let log = self.parts.log.clone();
        if !log.head().durable.contains(EntryIndex(index)) || self.entry(index).await?.is_none() {
            return Err(Trouble::NotFound);
        }
        let made = tokio::task::spawn_blocking(move || log.receipt(EntryIndex(index))).await?;
        match made {
            Err(ledger::Error::NotPublished(_)) => Err(Trouble::NotYet),
            other => Ok(other?.to_string()),
        }
    }

    /// Keys of the apps that the answer is of.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn keys(&self) -> Result<Vec<KeyInfo>, Trouble> {
        let all = self.parts.store.keys().await?;
        Ok(all.into_iter().filter(|key| self.app(key.app.as_str()).is_ok()).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of that id, or it is of another organisation.
    pub async fn key(&self, id: &str) -> Result<KeyInfo, Trouble> {
        self.keys().await?.into_iter().find(|key| key.id.0 == id).ok_or(Trouble::NotFound)
    }
}
