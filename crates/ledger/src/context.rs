//! What the parts of one open log share.

use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::Catalog;
use crate::health::Meters;
use crate::keys::Keyring;
use crate::options::{Clock, Options, Paths};
use crate::storage::{File, Storage};

/// What the parts of one open log share.
pub(crate) struct Context {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) options: Options,
    pub(crate) paths: Paths,
    pub(crate) clock: Clock,
    pub(crate) catalog: Catalog,
    pub(crate) meters: Meters,
    /// A zero-filled segment file, ready to be named.
    spare: Mutex<Option<Arc<dyn File>>>,
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
        Self { storage, options, paths, clock, catalog, meters, spare, keys, upkeep }
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

    pub(crate) fn take_spare(&self) -> Option<Arc<dyn File>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn put_spare(&self, file: Option<Arc<dyn File>>) {
        *self.spare.lock().unwrap_or_else(PoisonError::into_inner) = file;
    }

    pub(crate) fn has_spare(&self) -> bool {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
