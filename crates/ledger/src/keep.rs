//! Housekeeping off the path of requests: full segments are compressed, and the hash of the result goes into the log.
//!
//! The raw file goes only when the sealed one was read back from the disk and its entry in the log is durable.

use std::sync::atomic::Ordering;

use sha2::{Digest, Sha256};

use crate::catalog::Extent;
use crate::context::Context;
use crate::error::{At, Error};
use crate::read;
use crate::seal::{self, Table};
use crate::segment::{self, Form, Header};
use crate::storage::{self, Access, File};
use crate::system::System;
use crate::types::{EntryIndex, TreeSize};

/// A compressed segment that stands beside its raw form.
pub(crate) struct Sealed {
    extent: Extent,
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
    let staging = context.paths.staging("seal");
    let file = storage.create(&staging, 0, Access::Shared).at(&staging)?;
    let Some(sealed) = write(context, &*file, extent, stop)? else {
        return Ok(None);
    };
    file.sync_data().at(&staging)?;
    file.drop_cache().at(&staging)?;
    if hash(&*file).at(&staging)? != sealed.sha256 {
        return Err(Error::storage(&staging, std::io::Error::other("the disk does not give back what was written")));
    }
    let path = segment::path(&context.options.dir, EntryIndex(extent.first), Form::Sealed);
    storage.rename(&staging, &path).at(&path)?;
    let dir = context.paths.segments();
    storage.sync_dir(&dir).at(&dir)?;
    Ok(Some(sealed))
}

/// Removes the raw form, once the entry about the sealed one is durable.
pub(crate) fn finish(context: &Context, sealed: Sealed) -> Result<(), Error> {
    let first = sealed.extent.first;
    context.catalog.insert(sealed.extent);
    let path = segment::path(&context.options.dir, EntryIndex(first), Form::Raw);
    storage::remove_if_there(&*context.storage, &path).at(&path)?;
    let dir = context.paths.segments();
    context.storage.sync_dir(&dir).at(&dir)
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
        let stored = seal::pack(&raw).at(&staging)?;
        if seal::unpack_run(&stored).ok().as_ref() != Some(&raw) {
            return Err(Error::storage(&staging, std::io::Error::other("a run does not unpack to what was packed")));
        }
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
    Ok(Some(Sealed { extent, sha256: hasher.finalize().into() }))
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
    pub(crate) fn entry(&self, context: &Context) -> Result<System, Error> {
        let (first, end) = (EntryIndex(self.extent.first), EntryIndex(self.extent.end));
        let path = segment::path(&context.options.dir, first, Form::Sealed);
        let length = context.storage.open(&path).and_then(|file| file.length()).at(&path)?;
        Ok(System::sealed(first, end, length, self.sha256))
    }
}
