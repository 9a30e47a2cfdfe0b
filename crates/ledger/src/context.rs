//! What the parts of one open log share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::Catalog;
use crate::health::Meters;
use crate::keys::Keyring;
use crate::options::{Clock, Options, Paths};
use crate::storage::{File, Storage};

/// A segment file in preparation, and its path.
pub(crate) type Spare = (Arc<dyn File>, PathBuf);

/// What the parts of one open log share.
pub(crate) struct Context {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) options: Options,
    pub(crate) paths: Paths,
    pub(crate) clock: Clock,
    pub(crate) catalog: Catalog,
    pub(crate) meters: Meters,
    /// A zero-filled segment file, ready to be named, and what it is called until then.
    spare: Mutex<Option<Spare>>,
    /// How many spares were finished: two names take turns, so that the next one never takes the name of one that was
    /// taken and is not yet renamed.
    spares: AtomicU64,
    /// Whether the last look found too little room for a spare.
    short_of_room: AtomicBool,
    keys: Mutex<Option<Arc<Keyring>>>,
    /// One of sealing, pruning and rotating at a time.
    pub(crate) upkeep: Mutex<()>,
}

// === impl Context ===

impl Context {
    pub(crate) fn new(storage: Arc<dyn Storage>, options: Options, clock: Clock) -> Self {
        let paths = options.paths();
        let (catalog, meters) = (Catalog::default(), Meters::default());
        let (spare, keys, upkeep) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (spares, short_of_room) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { storage, options, paths, clock, catalog, meters, spare, spares, short_of_room, keys, upkeep }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    /// Returns the keys, which `set_keys` stored before anything else ran.
    pub(crate) fn keys(&self) -> Arc<Keyring> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.as_ref().expect("a log loads its keys before it is recovered"))
    }

    pub(crate) fn set_keys(&self, keys: Keyring) {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
    }

    /// The path of the next spare while it is prepared.
    pub(crate) fn next_spare_path(&self) -> PathBuf {
        let turn = self.spares.load(Ordering::Relaxed) % 2;
        self.paths.staging(if turn == 0 { "spare" } else { "spare2" })
    }

    pub(crate) fn take_spare(&self) -> Option<Spare> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn put_spare(&self, spare: Option<Spare>) {
        self.spares.fetch_add(u64::from(spare.is_some()), Ordering::Relaxed);
        *self.spare.lock().unwrap_or_else(PoisonError::into_inner) = spare;
    }

    pub(crate) fn has_spare(&self) -> bool {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether somebody should prepare a spare now, and not at the next look around.
    pub(crate) fn wants_spare(&self) -> bool {
        !self.short_of_room.load(Ordering::Relaxed) && !self.has_spare()
    }

    pub(crate) fn set_short_of_room(&self, short: bool) {
        self.short_of_room.store(short, Ordering::Relaxed);
    }
}
