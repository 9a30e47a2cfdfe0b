//! Worlds in which requests were decided, each read once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use drill::{Archive, Request};
use policy::Compiled;
use realm::{OrganisationId, SnapshotId};

/// Worlds that were asked for.
pub(crate) struct Worlds {
    archive: Arc<dyn Archive>,
    known: Mutex<BTreeMap<SnapshotId, Option<Arc<Compiled>>>>,
}

impl Worlds {
    pub(crate) fn new(archive: Arc<dyn Archive>) -> Self {
        Self { archive, known: Mutex::default() }
    }

    /// Whose the app of a request was, as the realm says that decided it.
    pub(crate) fn owner(&self, request: &Request) -> Option<OrganisationId> {
        let world = self.world(request.facts.snapshot)?;
        world.world().apps.get(&request.facts.app).map(|app| app.organisation.clone())
    }
}

impl Archive for Worlds {
    fn world(&self, snapshot: SnapshotId) -> Option<Arc<Compiled>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(snapshot).or_insert_with(|| self.archive.world(snapshot)).clone()
    }
}
