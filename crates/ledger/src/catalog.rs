//! Which segments exist and where in them the entries lie: shared by the writer, the sealer and every reader.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::layout::TILE_WIDTH;
use crate::segment::{self, Form};

/// The segments of a log, by first index.
#[derive(Debug, Default)]
pub(crate) struct Catalog(Mutex<BTreeMap<u64, Extent>>);

/// One segment.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    pub(crate) first: u64,
    /// The index after the last durable entry.
    pub(crate) end: u64,
    pub(crate) form: Form,
    /// Where the used part of the stored file ends.
    pub(crate) stored_end: u64,
    /// Where each run of entries with one `index / 256` starts in the stored file; `None` until somebody needs it.
    pub(crate) runs: Option<Arc<Vec<u64>>>,
}

/// Where the run that holds an entry lies in its stored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) first: u64,
    pub(crate) from: u64,
    pub(crate) until: u64,
}

// === impl Catalog ===

impl Catalog {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Extent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reset(&self, extents: impl IntoIterator<Item = Extent>) {
        *self.lock() = extents.into_iter().map(|extent| (extent.first, extent)).collect();
    }

    pub(crate) fn insert(&self, extent: Extent) {
        self.lock().insert(extent.first, extent);
    }

    /// Returns the segment that holds an entry.
    pub(crate) fn find(&self, index: u64) -> Option<Extent> {
        let extents = self.lock();
        let (_, extent) = extents.range(..=index).next_back()?;
        (index < extent.end).then(|| extent.clone())
    }

    pub(crate) fn all(&self) -> Vec<Extent> {
        self.lock().values().cloned().collect()
    }

    /// Returns the first index that is still stored.
    pub(crate) fn minimum(&self) -> u64 {
        self.lock().keys().next().copied().unwrap_or(0)
    }

    /// Changes a segment in place; that it is gone is none of the caller's business.
    pub(crate) fn update(&self, first: u64, change: impl FnOnce(&mut Extent)) {
        if let Some(extent) = self.lock().get_mut(&first) {
            change(extent);
        }
    }

    pub(crate) fn remove(&self, first: u64) {
        self.lock().remove(&first);
    }
}

// === impl Extent ===

impl Extent {
    /// Makes the entry of a segment that holds nothing yet.
    pub(crate) fn empty(first: u64) -> Self {
        let stored_end = segment::HEADER as u64;
        Self { first, end: first, form: Form::Raw, stored_end, runs: Some(Arc::default()) }
    }

    /// Notes that the entry `end` lies at `stored_end` and takes `length` bytes.
    pub(crate) fn push(&mut self, length: u64) {
        if let Some(runs) = &mut self.runs
            && (self.end == self.first || self.end.is_multiple_of(TILE_WIDTH))
        {
            Arc::make_mut(runs).push(self.stored_end);
        }
        self.end += 1;
        self.stored_end += length;
    }

    /// Returns the first index of the run that holds `index`.
    pub(crate) fn run_start(&self, index: u64) -> u64 {
        (index / TILE_WIDTH * TILE_WIDTH).max(self.first)
    }

    /// Returns the place of the run that holds `index`; `None` until the runs are known.
    pub(crate) fn place(&self, index: u64) -> Option<Place> {
        let runs = self.runs.as_ref()?;
        let number = (index / TILE_WIDTH - self.first / TILE_WIDTH) as usize;
        let from = *runs.get(number)?;
        let until = runs.get(number + 1).copied().unwrap_or(self.stored_end);
        Some(Place { first: self.run_start(index), from, until })
    }
}
