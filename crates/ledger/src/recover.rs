//! From whatever a crash or an error left to a log that can be written: the same code at every start, and in the
//! process after every storage error.
//!
//! What it re-reads: the last signed head and its signature; the segment names, which must follow one another; every
//! checksum of the last segment and its zero tail, from the disk; the checksum and leaf hash of every entry past the
//! signed size, and of the up to 255 before it; the tiles of the right edge, whose root must be the signed one (if they
//! do not give it, the tiles below them, then every entry). What it leaves to `verify`: entries and full tiles that the signed root covers already.
//!
//! A torn write at the end is cut off: zeroed, and read again. Damage anywhere before it stops the log.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Extent;
use crate::commit::{self, Batch, Tail, Writer};
use crate::context::Context;
use crate::core::Core;
use crate::error::{At, Error};
use crate::layout::TileId;
use crate::publish::{self, Published, Publisher};
use crate::read;
use crate::segment::{self, Form};
use crate::storage;
use crate::system::System;
use crate::tile::{self, Edge, Tile};
use crate::tree::{leaf_hash, root_of};
use crate::types::{EntryIndex, Hash, TreeSize};

mod tail;

/// What recovery found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Whether the log was made just now.
    pub created: bool,
    /// How many entries the log holds.
    pub size: TreeSize,
    /// How many of them were signed before.
    pub signed: TreeSize,
    /// How many bytes of a torn write were cut off.
    pub torn_bytes: u64,
    /// Whether tiles of the right edge were missing or wrong and had to be made again.
    pub rebuilt_tiles: bool,
}

/// Brings a log into the state in which it can be written, publishing what was durable and not yet published.
pub(crate) fn recover(context: &Arc<Context>) -> Result<(Core, Recovery), Error> {
    let mut report = Recovery::default();
    // Before anything needs room.
    remove_leftovers(context)?;
    make_dirs(context)?;
    let head = signed_head(context)?;
    let signed = head.as_ref().map_or(TreeSize::ZERO, |head| head.size);
    report.signed = signed;
    let (tail, leaves) = match find_segments(context)?.split_last() {
        Some((last, full)) => read_segments(context, full, last, signed, &mut report)?,
        None if signed == TreeSize::ZERO => {
            report.created = true;
            context.catalog.reset([]);
            (commit::create_segment(context, EntryIndex(0))?, Vec::new())
        }
        None => return Err(Error::RolledBack { signed, found: TreeSize::ZERO }),
    };
    // The first head is durable before anybody may append: only the log's own first entry can lie there without one.
    if signed == TreeSize::ZERO && tail.next > 1 {
        return Err(Error::HeadMissing { head: context.paths.head(), found: TreeSize(tail.next) });
    }
    if tail.next < signed.0 {
        return Err(Error::RolledBack { signed, found: TreeSize(tail.next) });
    }
    let mut publisher = resume(context, head, &mut report)?;
    leaves.into_iter().for_each(|leaf| publisher.absorb_leaf(leaf));
    let mut writer = Writer::new(Arc::clone(context), tail);
    if writer.size() == TreeSize::ZERO {
        let mut batch = Batch::default();
        batch.push(&birth(context).encode());
        writer.append(&mut batch)?;
        publisher.absorb(batch.bytes());
    }
    publisher.publish()?;
    publisher.repair_partials()?;
    report.size = writer.size();
    Ok((Core::new(Arc::clone(context), writer, publisher), report))
}

/// Removes what was in preparation when the log stopped: none of it has a name in the log, and it may be large.
pub(crate) fn remove_leftovers(context: &Context) -> Result<(), Error> {
    context.put_spare(None);
    for name in ["spare", "spare2", "segment", "seal"] {
        let path = context.paths.staging(name);
        storage::remove_if_there(&*context.storage, &path).at(&path)?;
    }
    Ok(())
}

/// Makes the directories, and names in them that an interrupted call may have left undurable.
fn make_dirs(context: &Context) -> Result<(), Error> {
    let dirs = [context.paths.state.clone(), context.paths.dir.clone(), context.paths.segments()];
    for dir in &dirs {
        context.storage.make_dir(dir).at(dir)?;
        context.storage.sync_dir(dir).at(dir)?;
    }
    Ok(())
}

/// Returns the greater of the signed head and the published checkpoint. They differ after a crash between the two, or
/// if the private directory is an older copy. The head is written first: a checkpoint without one is never a crash's.
fn signed_head(context: &Context) -> Result<Option<Published>, Error> {
    let private = publish::load(context, &context.paths.head())?;
    let public = match publish::load(context, &context.paths.checkpoint()) {
        // The public copy is made again from the private one.
        Err(Error::Key(_)) if private.is_some() => None,
        other => other?,
    };
    match (private, public) {
        (Some(private), Some(public)) if private.size == public.size && private.root != public.root => {
            Err(Error::Diverged { size: private.size, signed: private.root, found: public.root })
        }
        (Some(private), Some(public)) if public.size > private.size => Ok(Some(public)),
        (None, Some(public)) => Err(Error::HeadMissing { head: context.paths.head(), found: public.size }),
        (private, public) => Ok(private.or(public)),
    }
}

fn birth(context: &Context) -> System {
    let keys = context.keys();
    let (origin, key) = (context.options.origin.to_string(), keys.secret.verifier().to_string());
    let at_ms = context.now_ms();
    match context.options.restored_from.clone() {
        Some(checkpoint) => System::Restored { origin, key, at_ms, checkpoint },
        None => System::Opened { origin, key, at_ms },
    }
}

// === segments ===

/// Lists the segments in order. Where both forms exist, sealing was interrupted and the raw one counts.
fn find_segments(context: &Context) -> Result<Vec<Extent>, Error> {
    let dir = context.paths.segments();
    let names = context.storage.list(&dir).at(&dir)?;
    let mut forms = BTreeMap::<EntryIndex, Form>::new();
    for (first, form) in names.iter().filter_map(|name| segment::parse_file_name(name)) {
        let known = forms.entry(first).or_insert(form);
        *known = (*known).min(form);
    }
    let minimum = crate::prune::minimum(context)?;
    let firsts: Vec<u64> = forms.keys().map(|first| first.0).chain([u64::MAX]).collect();
    let extents = forms.values().zip(firsts.windows(2)).map(|(form, bounds)| Extent {
        form: *form,
        end: bounds[1],
        runs: None,
        ..Extent::empty(bounds[0])
    });
    let extents: Vec<Extent> = extents.filter(|extent| extent.end > minimum).collect();
    if let Some(extent) = extents.first().filter(|extent| extent.first > minimum) {
        let path = segment::path(&context.options.dir, EntryIndex(extent.first), extent.form);
        return Err(Error::damaged(&path, 0, "the segment before this one is missing"));
    }
    Ok(extents)
}

/// Reads everything past the signed size, and the last segment whole; returns the end of the log and the leaf hashes
/// of what is not signed.
fn read_segments(
    context: &Context,
    full: &[Extent],
    last: &Extent,
    signed: TreeSize,
    report: &mut Recovery,
) -> Result<(Tail, Vec<Hash>), Error> {
    if last.form == Form::Sealed {
        let path = segment::path(&context.options.dir, EntryIndex(last.first), last.form);
        return Err(Error::damaged(&path, 0, "the segment after this sealed one is missing"));
    }
    context.catalog.reset(full.iter().cloned());
    let mut leaves = Vec::new();
    for extent in full.iter().filter(|extent| extent.end > signed.0) {
        if extent.form == Form::Raw {
            settle(context, extent)?;
        }
        leaves.extend(leaves_between(context, extent.first.max(signed.0), extent.end)?);
    }
    let (tail, extent, rest) = tail::read(context, last, signed, report)?;
    context.catalog.insert(extent);
    leaves.extend(rest);
    Ok((tail, leaves))
}

/// Hashes the entries of a range from what the segments hold.
fn leaves_between(context: &Context, from: u64, until: u64) -> Result<Vec<Hash>, Error> {
    let mut leaves = Vec::new();
    let mut next = from;
    while next < until {
        let missing = || Error::damaged(&context.paths.segments(), 0, format!("entry {next} is missing"));
        let run = read::run_at(context, next)?.ok_or_else(missing)?;
        let before = leaves.len();
        let (skip, most) = ((next - run.first) as usize, (until - next) as usize);
        leaves.extend(run.entries().skip(skip).take(most).map(leaf_hash));
        next += (leaves.len() - before) as u64;
    }
    Ok(leaves)
}

/// Makes later reads show what is on the disk: an earlier sync may have failed and left memory ahead of it.
fn settle(context: &Context, extent: &Extent) -> Result<(), Error> {
    let path = segment::path(&context.options.dir, EntryIndex(extent.first), extent.form);
    let file = context.storage.open(&path).at(&path)?;
    file.sync_data().at(&path)?;
    file.drop_cache().at(&path)
}

// === tree ===

/// Resumes the tree at the signed size, from the cheapest source that gives the signed root, and finishes an
/// interrupted publication.
fn resume(context: &Arc<Context>, head: Option<Published>, report: &mut Recovery) -> Result<Publisher, Error> {
    let context = Arc::clone(context);
    let Some(head) = head.map(Arc::new) else {
        return Ok(Publisher::new(context, Edge::new(), None));
    };
    let stored = Edge::resume(head.size, |id| read_tile(&context, id)).ok();
    let stored = stored.filter(|edge| edge.root() == head.root && entries_agree(&context, edge));
    let mut full = Vec::new();
    let edge = match stored {
        Some(edge) => edge,
        None => {
            report.rebuilt_tiles = true;
            let rebuilt = Edge::resume(head.size, |id| rebuild_tile(&context, id)).ok();
            match rebuilt.filter(|edge| edge.root() == head.root) {
                Some(edge) => edge,
                None => rebuild_edge(&context, head.size, &mut full)?,
            }
        }
    };
    if edge.root() != head.root {
        return Err(Error::Diverged { size: head.size, signed: head.root, found: edge.root() });
    }
    let mut publisher = Publisher::new(Arc::clone(&context), edge, Some(Arc::clone(&head)));
    publisher.rewrite(full);
    if report.rebuilt_tiles {
        publisher.write_tiles()?;
    }
    publisher.repair_partials()?;
    let is_stored = |path: &PathBuf| -> Result<bool, Error> {
        Ok(storage::read_all(&*context.storage, path).at(path)?.as_deref() == Some(head.note.as_bytes()))
    };
    if !is_stored(&context.paths.head())? {
        publisher.put_head(&head)?;
    }
    if !is_stored(&context.paths.checkpoint())? {
        publisher.put_checkpoint()?;
    }
    Ok(publisher)
}

/// Compares the last entries that are signed with their hashes: tiles may be right and the segments of another history.
fn entries_agree(context: &Context, edge: &Edge) -> bool {
    let Some(last) = edge.partials().find(|tile| tile.id.level == 0) else {
        return true;
    };
    let first = last.id.first_entry(0).0;
    let from = first.max(context.catalog.minimum());
    let leaves = leaves_between(context, from, edge.size().0);
    leaves.is_ok_and(|leaves| leaves == last.hashes[(from - first) as usize..])
}

fn read_tile(context: &Context, id: TileId) -> Result<Tile, Error> {
    let path = context.options.dir.join(id.to_string());
    let bytes = storage::read_all(&*context.storage, &path).at(&path)?.unwrap_or_default();
    tile::decode(id, &bytes).map_err(|error| Error::damaged(&path, 0, error.to_string()))
}

/// Makes a partial tile from what lies below it: entries, or full tiles.
fn rebuild_tile(context: &Context, id: TileId) -> Result<Tile, Error> {
    let Some(below) = id.level.checked_sub(1) else {
        let first = id.first_entry(0).0;
        return Ok(Tile { id, hashes: leaves_between(context, first, first + u64::from(id.width))? });
    };
    let roots = (0..u64::from(id.width)).map(|position| {
        let child = TileId { level: below, number: id.number * 256 + position, width: 256 };
        Ok(root_of(&read_tile(context, child)?.hashes))
    });
    Ok(Tile { id, hashes: roots.collect::<Result<_, Error>>()? })
}

/// Makes the tree from every entry.
fn rebuild_edge(context: &Arc<Context>, size: TreeSize, full: &mut Vec<Tile>) -> Result<Edge, Error> {
    let mut edge = Edge::new();
    for item in read::Scan::new(Arc::clone(context), EntryIndex(0)).take(size.0 as usize) {
        let (index, entry) = item?;
        if index != edge.size().next_index() {
            let what = format!("entry {} is missing", edge.size());
            return Err(Error::damaged(&context.paths.segments(), 0, what));
        }
        edge.push(leaf_hash(&entry), |tile| full.push(tile));
    }
    Ok(edge)
}
