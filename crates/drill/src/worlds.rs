//! The worlds in which requests were decided.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::{SnapshotId, UnixMs};

/// Where snapshots are kept.
pub trait Archive: Send + Sync {
    /// The rules of a snapshot, compiled; none where it is not kept or cannot be read.
    fn world(&self, snapshot: SnapshotId) -> Option<Arc<Compiled>>;
}

impl Archive for HashMap<SnapshotId, Arc<Compiled>> {
    fn world(&self, snapshot: SnapshotId) -> Option<Arc<Compiled>> {
        self.get(&snapshot).cloned()
    }
}

impl<A: Archive + ?Sized> Archive for &A {
    fn world(&self, snapshot: SnapshotId) -> Option<Arc<Compiled>> {
        A::world(self, snapshot)
    }
}

impl<A: Archive + ?Sized> Archive for Arc<A> {
    fn world(&self, snapshot: SnapshotId) -> Option<Arc<Compiled>> {
        A::world(self, snapshot)
    }
}

/// The worlds of the snapshots met so far; each is read once.
pub struct Worlds<'a> {
    archive: Box<dyn Archive + 'a>,
    known: BTreeMap<SnapshotId, Option<Arc<Compiled>>>,
    /// When each decided a request last, to the quarter of an hour: the youngest says what is so now.
    seen: BTreeMap<SnapshotId, u64>,
    /// The date of the quarter of an hour asked for last: no zone changes its date within one.
    last: Option<(SnapshotId, u64, Date)>,
}

const QUARTER_MS: u64 = 900_000;

impl<'a> Worlds<'a> {
    /// None met yet.
    pub fn new(archive: impl Archive + 'a) -> Self {
        Self { archive: Box::new(archive), known: BTreeMap::new(), seen: BTreeMap::new(), last: None }
    }

    /// The world of a snapshot.
    pub(crate) fn of(&mut self, snapshot: SnapshotId) -> Option<Arc<Compiled>> {
        self.known.entry(snapshot).or_insert_with(|| self.archive.world(snapshot)).clone()
    }

    /// The date at a moment, as a world's rules saw it.
    pub(crate) fn date(&mut self, snapshot: SnapshotId, world: &Compiled, at: UnixMs) -> Date {
        let quarter = at.0 / QUARTER_MS;
        if let Some((of, same, date)) = self.last
            && (of, same) == (snapshot, quarter)
        {
            return date;
        }
        self.decided(snapshot, at);
        let date = at.date_in(&world.world().head.timezone);
        self.last = Some((snapshot, quarter, date));
        date
    }

    /// The world of a snapshot that decided a request at a moment, where nobody may ask for the date.
    pub(crate) fn deciding(&mut self, snapshot: SnapshotId, at: UnixMs) -> Option<Arc<Compiled>> {
        self.decided(snapshot, at);
        self.of(snapshot)
    }

    fn decided(&mut self, snapshot: SnapshotId, at: UnixMs) {
        let seen = self.seen.entry(snapshot).or_default();
        *seen = (at.0 / QUARTER_MS).max(*seen);
    }

    /// The snapshots that could be read, with their worlds.
    pub(crate) fn found(&self) -> BTreeMap<SnapshotId, Arc<Compiled>> {
        self.known.iter().filter_map(|(id, world)| Some((*id, world.clone()?))).collect()
    }

    /// The snapshots that decided requests, the one that did so last before the others.
    pub(crate) fn youngest_first(&self) -> Vec<SnapshotId> {
        let mut seen: Vec<_> = self.seen.iter().map(|(id, quarter)| (*quarter, *id)).collect();
        seen.sort_unstable_by_key(|it| std::cmp::Reverse(*it));
        seen.into_iter().map(|(_, id)| id).collect()
    }

    /// The snapshots that records name and nobody kept.
    pub(crate) fn missing(&self) -> Vec<SnapshotId> {
        self.known.iter().filter(|(_, world)| world.is_none()).map(|(id, _)| *id).collect()
    }
}
