//! Reading entries back, from raw and sealed segments alike.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use crate::catalog::{Extent, Place};
use crate::context::Context;
use crate::error::{At, Error};
use crate::frame::{self, Found};
use crate::seal::{self, Table};
use crate::segment::{self, Form, Header};
use crate::storage::{self, File};
use crate::types::EntryIndex;
use crate::walk::Walk;

/// The durable entries from an index on, in order. Blocking; ends at the durable size of the moment it gets there.
pub struct Scan {
    context: Arc<Context>,
    next: u64,
    run: VecDeque<Vec<u8>>,
    failed: bool,
}

/// The checked frames of a run.
pub(crate) struct Run {
    /// The index of the first entry.
    pub(crate) first: u64,
    pub(crate) frames: Vec<u8>,
}

/// Reads the run that holds `index`; `None` if the entry is not stored.
pub(crate) fn run_at(context: &Context, index: u64) -> Result<Option<Run>, Error> {
    // A bit may flip on the way, and a segment may be sealed while it is read: look again before complaining.
    let mut found = try_run_at(context, index);
    for _ in 1..storage::READINGS {
        if matches!(found, Err(Error::Damaged { .. } | Error::Storage { .. })) {
            found = try_run_at(context, index);
        }
    }
    found
}

/// Reads one entry; `None` if it is not stored.
pub(crate) fn entry_at(context: &Context, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let run = run_at(context, index)?;
    Ok(run.and_then(|run| run.entries().nth((index - run.first) as usize).map(<[u8]>::to_vec)))
}

fn try_run_at(context: &Context, index: u64) -> Result<Option<Run>, Error> {
    let Some(mut extent) = context.catalog.find(index) else {
        return Ok(None);
    };
    let path = segment::path(&context.options.dir, EntryIndex(extent.first), extent.form);
    let file = context.storage.open(&path).at(&path)?;
    if extent.runs.is_none() {
        extent = with_runs(context, &*file, &extent)?;
        let found = extent.clone();
        context.catalog.update(extent.first, |known| {
            if known.form == found.form && known.end == found.end {
                *known = found;
            }
        });
    }
    let damaged = |at: u64, what: &str| Error::damaged(&path, at, what);
    let place = extent.place(index).ok_or_else(|| damaged(0, "an entry is not where the catalogue says"))?;
    let frames =
        run_bytes(&*file, &extent, place).at(&path)?.map_err(|error| damaged(place.from, &error.to_string()))?;
    let seed = Header::new(&context.options.origin, EntryIndex(extent.first)).seed();
    let (mut at, mut next) = (0, place.first);
    while at < frames.len() {
        match frame::read(&frames[at..], seed) {
            Found::Frame(frame, length) if frame.index == next => {
                at += length;
                next += 1;
            }
            _ => return Err(damaged(place.from + at as u64, "an entry does not match its checksum or index")),
        }
    }
    // Callers go on after the last entry of the run: one that does not even hold `index` would keep them here for ever.
    if next <= index {
        return Err(damaged(place.from, "an entry is missing"));
    }
    Ok(Some(Run { first: place.first, frames }))
}

/// Reads the frames of a run, unpacked.
fn run_bytes(file: &dyn File, extent: &Extent, place: Place) -> io::Result<Result<Vec<u8>, seal::Error>> {
    let mut stored = vec![0; (place.until - place.from) as usize];
    file.read_at(&mut stored, place.from)?;
    if extent.form == Form::Raw {
        return Ok(Ok(stored));
    }
    Ok(seal::unpack_run(&stored).map(|mut raw| {
        if place.first == extent.first {
            raw.drain(..segment::HEADER.min(raw.len()));
        }
        raw
    }))
}

/// Completes the catalogue's knowledge of a segment: where its runs start, and where the last one ends.
fn with_runs(context: &Context, file: &dyn File, extent: &Extent) -> Result<Extent, Error> {
    let path = segment::path(&context.options.dir, EntryIndex(extent.first), extent.form);
    if extent.form == Form::Sealed {
        let table = sealed_table(file).at(&path)?.map_err(|error| Error::damaged(&path, 0, error.to_string()))?;
        let runs = Some(Arc::new(table.runs().map(|(at, ..)| at).collect()));
        return Ok(Extent { runs, stored_end: table.end(), ..extent.clone() });
    }
    let header = Header::new(&context.options.origin, EntryIndex(extent.first));
    let mut walk = Walk::new(file, &header).at(&path)?;
    let mut known = Extent::empty(extent.first);
    while known.end < extent.end {
        match walk.step().at(&path)? {
            Found::Frame(_, length) => known.push(length as u64),
            _ => return Err(Error::damaged(&path, walk.at(), "an entry is missing")),
        }
    }
    Ok(known)
}

/// Reads the seek table of a sealed file.
pub(crate) fn sealed_table(file: &dyn File) -> io::Result<Result<Table, seal::Error>> {
    let length = file.length()?;
    let mut footer = [0; Table::FOOTER];
    file.read_at(&mut footer, length.saturating_sub(Table::FOOTER as u64))?;
    let table = match Table::length(&footer) {
        Ok(table) => table as u64,
        Err(error) => return Ok(Err(error)),
    };
    let mut bytes = vec![0; table.min(length) as usize];
    file.read_at(&mut bytes, length.saturating_sub(table))?;
    Ok(Table::decode(&bytes))
}

// === impl Run ===

impl Run {
    pub(crate) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        frame::entries(&self.frames)
    }
}

// === impl Scan ===

impl Scan {
    pub(crate) fn new(context: Arc<Context>, from: EntryIndex) -> Self {
        // What was pruned is not there to be read; a scan starts at the first index that is.
        let next = from.0.max(context.catalog.minimum());
        Self { context, next, run: VecDeque::new(), failed: false }
    }
}

impl Iterator for Scan {
    type Item = Result<(EntryIndex, Vec<u8>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.run.is_empty() {
            match run_at(&self.context, self.next) {
                Ok(None) => return None,
                Ok(Some(run)) => {
                    let skip = (self.next - run.first) as usize;
                    self.run = run.entries().skip(skip).map(<[u8]>::to_vec).collect();
                }
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        let entry = self.run.pop_front()?;
        let index = EntryIndex(self.next);
        self.next += 1;
        Some(Ok((index, entry)))
    }
}
