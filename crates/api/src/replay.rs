//! Desk drills that somebody asks for here: the ledger's requests decided again, beside the threads that serve, one drill
//! at a time for each organisation, and what came of the last ones.
//!
//! Somebody of one organisation replays its requests only; whoever looks at the whole, all of them, and no app is named.

mod told;
mod work;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use drill::Scenario;
use realm::UnixMs;
use realm::load::Diagnostic;
use sha2::{Digest, Sha256};
use store::Scope;

use crate::desk::Desk;
pub use told::Told;

/// Bytes of a scenario.
pub const SCENARIO_BYTES_MAX: usize = 64 << 10;
/// Entries that a drill reads, the youngest: more is work for the command line.
const ENTRIES_MAX: u64 = 2_000_000;
/// Drills that are kept for each organisation, and for the whole.
const KEPT_MAX: usize = 20;
/// Drills under way at a time, of all organisations together.
const RUNNING_MAX: usize = 2;

/// The drills that were asked for since the program began.
#[derive(Clone, Default)]
pub struct Replays(Arc<Mutex<Vec<Arc<Replay>>>>);

/// One of them.
pub struct Replay {
    /// Made of what it is of: the same scenario over the same records has the same.
    pub id: String,
    /// Whose requests it replays.
    pub scope: Scope,
    /// Who asked for it first.
    pub by: String,
    /// When.
    pub at: UnixMs,
    /// The scenario's title.
    pub title: String,
    /// The scenario as a file.
    pub text: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// The log that is replayed.
    pub log: String,
    /// The first of its entries that is, and how many there were.
    pub entries: (u64, u64),
    seen: AtomicU64,
    came: OnceLock<Came>,
}

/// What came of a drill.
pub enum Came {
    /// What it says.
    Told(Box<Told>),
    /// Names of the scenario that nothing has, each with its place.
    Wrong(Vec<Diagnostic>),
    /// The ledger cannot be read, or the work died.
    Lost,
}

/// Why nothing is replayed.
#[derive(Debug)]
pub enum NoReplay {
    /// The scenario cannot be meant.
    Wrong(Vec<Diagnostic>),
    /// It is longer than [`SCENARIO_BYTES_MAX`].
    TooLong,
    /// It names an app that is not here.
    NoApp(String),
    /// It names apps, and of the whole none is.
    OfTheWhole,
    /// One is under way.
    Busy,
}

impl Replay {
    /// Entries that were read until now.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    /// What came of it; none yet where it is under way.
    pub fn came(&self) -> Option<&Came> {
        self.came.get()
    }

    /// What it says.
    pub fn told(&self) -> Option<&Told> {
        match self.came() {
            Some(Came::Told(told)) => Some(told),
            _ => None,
        }
    }

    fn end(&self, came: Came) {
        // Only its worker says what came of it.
        let _ = self.came.set(came);
    }
}

impl Replays {
    /// Those of a scope, the youngest first.
    pub fn of(&self, scope: &Scope) -> Vec<Arc<Replay>> {
        self.all().iter().rev().filter(|it| it.scope == *scope).cloned().collect()
    }

    /// One of a scope.
    pub fn find(&self, scope: &Scope, id: &str) -> Option<Arc<Replay>> {
        self.all().iter().find(|it| it.id == id && it.scope == *scope).cloned()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Replay>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a drill in; gives the one that is there where it is the same, and tells whether it is new.
    fn admit(&self, replay: Replay) -> Result<(Arc<Replay>, bool), NoReplay> {
        let mut all = self.all();
        let same = |it: &&Arc<Replay>| it.id == replay.id && it.scope == replay.scope;
        if let Some(found) = all.iter().find(same)
            && !matches!(found.came(), Some(Came::Lost))
        {
            return Ok((Arc::clone(found), false));
        }
        let running: Vec<&Scope> = all.iter().filter(|it| it.came().is_none()).map(|it| &it.scope).collect();
        if running.len() >= RUNNING_MAX || running.contains(&&replay.scope) {
            return Err(NoReplay::Busy);
        }
        all.retain(|it| it.id != replay.id || it.scope != replay.scope);
        let replay = Arc::new(replay);
        all.push(Arc::clone(&replay));
        if all.iter().filter(|it| it.scope == replay.scope).count() > KEPT_MAX
            && let Some(oldest) = all.iter().position(|it| it.scope == replay.scope)
        {
            all.remove(oldest);
        }
        Ok((replay, true))
    }
}

impl Desk<'_> {
    /// Begins a desk drill over the requests that may be looked at from here; one that was done over the same records is
    /// not done again.
    ///
    /// # Errors
    /// Why there is none.
    pub fn replay(&self, text: &str) -> Result<Arc<Replay>, NoReplay> {
        if text.len() > SCENARIO_BYTES_MAX {
            return Err(NoReplay::TooLong);
        }
        let scenario = Scenario::parse(Path::new("drill.toml"), text).map_err(NoReplay::Wrong)?;
        self.names_own_apps(&scenario)?;
        let (replay, is_new) = self.parts.replays.admit(self.asked(&scenario, text))?;
        if is_new {
            work::begin(self, scenario, Arc::clone(&replay));
        }
        Ok(replay)
    }

    /// Whether a scenario names no app but those that may be looked at from here; none at all of the whole.
    ///
    /// # Errors
    /// It does.
    pub fn names_own_apps(&self, scenario: &Scenario) -> Result<(), NoReplay> {
        let named: BTreeSet<_> = scenario.traffic.apps.iter().chain(&scenario.guardrails.exclude_apps).collect();
        if self.is_whole() && !scenario.traffic.apps.is_empty() {
            return Err(NoReplay::OfTheWhole);
        }
        let foreign = named.into_iter().find(|app| self.app(app.as_str()).is_err());
        foreign.map_or(Ok(()), |app| Err(NoReplay::NoApp(app.to_string())))
    }

    fn asked(&self, scenario: &Scenario, text: &str) -> Replay {
        let size = self.parts.log.head().durable.0;
        let scope = self.guest.scope.clone();
        let sha256 = hex::encode(Sha256::digest(text));
        let of =
            format!("{}\n{sha256}\n{}\n{size}\n{}", crate::guest::word(&scope), self.parts.log_id, self.snapshot.id);
        Replay {
            id: hex::encode(&Sha256::digest(of)[..6]),
            scope,
            by: self.guest.person.clone(),
            at: self.now,
            title: scenario.title.clone(),
            text: text.to_owned(),
            sha256,
            log: self.parts.log_id.clone(),
            entries: (size.saturating_sub(ENTRIES_MAX), size),
            seen: AtomicU64::new(0),
            came: OnceLock::new(),
        }
    }
}
