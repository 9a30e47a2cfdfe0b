//! Housekeeping off the path of requests: full segments are compressed, and the hash of the result goes into the log.
//!
//! The sealed file gets its name only when it was read back from the disk and a published checkpoint covers the entry
//! with its hash; the raw one goes after that. So whoever checks the directory at any moment finds every file proved.

use std::sync::atomic::Ordering;

use sha2::{Digest, Sha256};

use crate::catalog::Extent;
use crate::context::Context;
use crate::error::{At, Error};
use crate::read;
use crate::seal::{Packer, Table};
use crate::segment::{self, Form, Header};
use crate::storage::{self, Access, File};
use crate::system::System;
use crate::types::{EntryIndex, TreeSize};

/// A compressed segment in preparation.
pub(crate) struct Sealed {
    extent: Extent,
    /// The length of the file.
    bytes: u64,
    sha256: [u8; 32],
}

/// Compresses the oldest full segment that a checkpoint covers wholly; `None` if there is none, or `stop` said so.
pub(crate) fn seal_next(
    context: &Context,
    published: TreeSize,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Sealed>, Error> {
    let extents = context.catalog.all();
    let (_, full) = extents.split_last().unzip();
    let mut raw = full.unwrap_or_default().iter().filter(|extent| extent.form == Form::Raw);
    let Some(extent) = raw.next().filter(|extent| extent.end <= published.0) else {
        return Ok(None);
    };
    let storage = &*context.storage;
    discard_unfinished(context, extent)?;
    let staging = context.paths.staging("seal");
    let file = storage.create(&staging, 0, Access::Shared).at(&staging)?;
    let written = write(context, &*file, extent, stop);
    if written.is_err() {
        // A part of it must not keep the room; the first error is the one to tell.
        let _ = storage::remove_if_there(storage, &staging);
    }
    let Some(sealed) = written? else {
        return Ok(None);
    };
    file.sync_data().at(&staging)?;
    file.drop_cache().at(&staging)?;
    if hash(&*file).at(&staging)? != sealed.sha256 {
        return Err(Error::storage(&staging, std::io::Error::other("the disk does not give back what was written")));
    }
    Ok(Some(sealed))
}

/// Removes a sealed file that a crash left beside its raw form: it is made again, and stated again.
fn discard_unfinished(context: &Context, extent: &Extent) -> Result<(), Error> {
    let path = segment::path(&context.options.dir, EntryIndex(extent.first), Form::Sealed);
    match context.storage.open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map(drop).at(&path)?,
    }
    context.storage.remove(&path).at(&path)?;
    let dir = context.paths.segments();
    context.storage.sync_dir(&dir).at(&dir)
}

/// Puts the sealed file in the place of the raw one, once a published checkpoint covers the entry about it.
pub(crate) fn finish(context: &Context, sealed: Sealed) -> Result<(), Error> {
    let (storage, dir) = (&*context.storage, context.paths.segments());
    let first = EntryIndex(sealed.extent.first);
    let path = segment::path(&context.options.dir, first, Form::Sealed);
    storage.rename(&context.paths.staging("seal"), &path).at(&path)?;
    storage.sync_dir(&dir).at(&dir)?;
    context.catalog.insert(sealed.extent);
    let path = segment::path(&context.options.dir, first, Form::Raw);
    storage::remove_if_there(storage, &path).at(&path)?;
    storage.sync_dir(&dir).at(&dir)
}

/// Writes the runs of a segment and their table.
fn write(
    context: &Context,
    file: &dyn File,
    extent: &Extent,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Sealed>, Error> {
    let staging = context.paths.staging("seal");
    let (mut table, mut hasher, mut runs) = (Table::default(), Sha256::new(), Vec::new());
    let (mut at, mut next, mut raw_bytes) = (0, extent.first, 0);
    let mut packer = Packer::new().at(&staging)?;
    while next < extent.end {
        if stop() {
            return Ok(None);
        }
        let missing = || Error::damaged(&context.paths.segments(), 0, format!("entry {next} is missing"));
        let run = read::run_at(context, next)?.ok_or_else(missing)?;
        let mut raw = Vec::new();
        if next == extent.first {
            raw.extend_from_slice(&Header::new(&context.options.origin, EntryIndex(next)).encode());
        }
        raw.extend_from_slice(&run.frames);
        let stored = packer.pack(&raw).at(&staging)?;
        file.write_at(&stored, at).at(&staging)?;
        hasher.update(&stored);
        table.push(stored.len(), raw.len());
        runs.push(at);
        at += stored.len() as u64;
        raw_bytes += raw.len() as u64;
        next += run.entries().count() as u64;
    }
    let end = table.encode();
    file.write_at(&end, at).at(&staging)?;
    hasher.update(&end);
    context.meters.sealed_raw_bytes.fetch_add(raw_bytes, Ordering::Relaxed);
    context.meters.sealed_stored_bytes.fetch_add(at, Ordering::Relaxed);
    let extent = Extent { form: Form::Sealed, stored_end: at, runs: Some(runs.into()), ..extent.clone() };
    let bytes = at + end.len() as u64;
    Ok(Some(Sealed { extent, bytes, sha256: hasher.finalize().into() }))
}

fn hash(file: &dyn File) -> std::io::Result<[u8; 32]> {
    let length = file.length()?;
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; length.min(1 << 20) as usize];
    let mut at = 0;
    while at < length {
        let part = (length - at).min(bytes.len() as u64) as usize;
        file.read_at(&mut bytes[..part], at)?;
        hasher.update(&bytes[..part]);
        at += part as u64;
    }
    Ok(hasher.finalize().into())
}

// === impl Sealed ===

impl Sealed {
    /// Makes the entry that states the hash of the file.
    pub(crate) fn entry(&self) -> System {
        let (first, end) = (EntryIndex(self.extent.first), EntryIndex(self.extent.end));
        System::sealed(first, end, self.bytes, self.sha256)
    }
}
