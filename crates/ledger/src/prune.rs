//! Removing old entries, only by a policy that the log itself states. Hashes stay, so every root can still be checked.

use crate::context::Context;
use crate::error::{At, Error};
use crate::segment::{self, Form};
use crate::storage::{self, Access};
use crate::system::System;
use crate::types::EntryIndex;

/// Returns the first index that was kept, 0 unless something was pruned.
pub(crate) fn minimum(context: &Context) -> Result<u64, Error> {
    let path = context.paths.minimum();
    // Every digit string is a number: only two equal readings are believed.
    let again = storage::read_all(&*context.storage, &path).at(&path)?;
    let parse = |bytes: &[u8]| {
        let number = std::str::from_utf8(bytes).ok()?.trim_end().parse::<u64>().ok();
        number.filter(|_| again.as_deref() == Some(bytes))
    };
    let found = storage::read_sound(&*context.storage, &path, parse).at(&path)?;
    found.map_or(Ok(0), |found| found.ok_or_else(|| Error::damaged(&path, 0, "this is no entry index")))
}

/// Returns the greatest segment boundary up to `wanted` below which everything is sealed and published.
pub(crate) fn boundary(context: &Context, wanted: EntryIndex, published: u64) -> EntryIndex {
    let extents = context.catalog.all();
    let prunable = |extent: &&crate::catalog::Extent| {
        extent.form == Form::Sealed && extent.end <= wanted.0 && extent.end <= published
    };
    let last = extents.iter().take_while(prunable).last();
    EntryIndex(last.map_or(context.catalog.minimum(), |extent| extent.end))
}

/// Makes the entry that states what is removed and why.
pub(crate) fn entry(context: &Context, minimum: EntryIndex, policy: &str) -> System {
    System::Pruned { minimum: minimum.0, policy: policy.to_owned(), at_ms: context.now_ms() }
}

/// Removes the segments below `minimum`, whose entry in the log must be durable.
pub(crate) fn remove_below(context: &Context, minimum: EntryIndex) -> Result<(), Error> {
    let (staging, path) = (context.paths.staging("minimum"), context.paths.minimum());
    let text = format!("{minimum}\n");
    storage::replace(&*context.storage, &staging, &path, text.as_bytes(), Access::Shared).at(&path)?;
    for extent in context.catalog.all().iter().filter(|extent| extent.end <= minimum.0) {
        let path = segment::path(&context.options.dir, EntryIndex(extent.first), extent.form);
        context.catalog.remove(extent.first);
        storage::remove_if_there(&*context.storage, &path).at(&path)?;
    }
    let dir = context.paths.segments();
    context.storage.sync_dir(&dir).at(&dir)
}
