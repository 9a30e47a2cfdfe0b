//! The end of the log: where it is, and what to do with a write that a crash tore.

use std::path::Path;

use super::Recovery;
use crate::catalog::Extent;
use crate::commit::Tail;
use crate::context::Context;
use crate::error::{At, Error};
use crate::frame::{self, Found};
use crate::segment::{self, Form, Header};
use crate::storage::{self, Access, File};
use crate::tree::leaf_hash;
use crate::types::{EntryIndex, Hash, TreeSize};
use crate::walk::{self, Walk};

/// How often a segment is read before two readings must have agreed.
const PASSES_MAX: usize = 6;

/// One reading of the last segment.
struct Pass {
    extent: Extent,
    /// Leaf hashes of the entries that are not signed.
    leaves: Vec<Hash>,
    hole: Option<Hole>,
}

/// Bytes that are neither a frame nor zero, where the next frame would be or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    at: u64,
    what: &'static str,
}

/// Reads the last segment, cuts off a torn write at its end, and says where the next entry goes.
pub(super) fn read(
    context: &Context,
    last: &Extent,
    signed: TreeSize,
    report: &mut Recovery,
) -> Result<(Tail, Extent, Vec<Hash>), Error> {
    let first = EntryIndex(last.first);
    let path = segment::path(&context.options.dir, first, Form::Raw);
    let file = context.storage.open(&path).at(&path)?;
    let header = Header::new(&context.options.origin, first);
    let mut pass = agreed(&*file, &path, &header, signed)?;
    if let Some(hole) = pass.hole {
        if pass.extent.end < signed.0 {
            return Err(Error::damaged(&path, hole.at, hole.what));
        }
        report.torn_bytes = cut(context, &*file, &path, &pass, hole)?;
        pass = agreed(&*file, &path, &header, signed)?;
        if let Some(hole) = pass.hole {
            // The zeros did not reach the disk: that is a storage error, and recovery starts again.
            return Err(Error::storage(&path, std::io::Error::other(format!("byte {} stays as it was", hole.at))));
        }
    }
    let limit = file.length().at(&path)?;
    let tail = Tail { file, header, at: pass.extent.stored_end, limit, next: pass.extent.end };
    Ok((tail, pass.extent, pass.leaves))
}

/// Reads until two readings agree, if the first one found anything wrong: a bit may flip on the way from the disk, and
/// what is cut off is gone.
fn agreed(file: &dyn File, path: &Path, header: &Header, signed: TreeSize) -> Result<Pass, Error> {
    let mut before: Option<Pass> = None;
    for number in 1..=PASSES_MAX {
        file.sync_data().at(path)?;
        file.drop_cache().at(path)?;
        let same =
            |pass: &Pass| before.as_ref().is_some_and(|old| (old.hole, old.extent.end) == (pass.hole, pass.extent.end));
        let pass = match walk::header(file).at(path)? {
            Ok(found) if found == *header => one_pass(file, path, header, signed)?,
            Ok(_) => return Err(Error::damaged(path, 0, "the segment is of another log or place")),
            Err(error) if number >= storage::READINGS => return Err(Error::damaged(path, error.at, error.what)),
            Err(_) => continue,
        };
        if pass.hole.is_none() || same(&pass) {
            return Ok(pass);
        }
        before = Some(pass);
    }
    Err(Error::storage(path, std::io::Error::other("every reading of the segment gives another content")))
}

fn one_pass(file: &dyn File, path: &Path, header: &Header, signed: TreeSize) -> Result<Pass, Error> {
    let mut extent = Extent::empty(header.first.0);
    let mut leaves = Vec::new();
    let mut walk = Walk::new(file, header).at(path)?;
    let what = loop {
        let at = walk.at();
        match walk.step().at(path)? {
            Found::Frame(frame, length) if frame.index == extent.end => {
                if frame.index >= signed.0 {
                    leaves.push(leaf_hash(frame.entry));
                }
                extent.push(length as u64);
            }
            Found::Frame(..) => {
                let hole = Some(Hole { at, what: "an entry has another index than its place says" });
                return Ok(Pass { extent, leaves, hole });
            }
            Found::Bad(what) => break Some(what),
            Found::Nothing | Found::Short(_) => break None,
        }
    };
    let at = match what {
        Some(_) => Some(walk.at()),
        None => walk.nonzero().at(path)?,
    };
    let hole = at.map(|at| Hole { at, what: what.unwrap_or("bytes after the last entry are not zero") });
    Ok(Pass { extent, leaves, hole })
}

/// Zeroes what follows the last whole entry, if it can only be the remains of one write that was never durable.
fn cut(context: &Context, file: &dyn File, path: &Path, pass: &Pass, hole: Hole) -> Result<u64, Error> {
    let from = pass.extent.stored_end;
    let length = file.length().at(path)?.saturating_sub(from);
    let mut rest = vec![0; usize::try_from(length).map_err(|_| Error::damaged(path, hole.at, "the file is too long"))?];
    file.read_at(&mut rest, from).at(path)?;
    let seed = Header::new(&context.options.origin, EntryIndex(pass.extent.first)).seed();
    // A write starts only after the one before is durable. Whatever belongs to a later write than the hole proves that
    // the hole was durable, and perhaps acknowledged: not for a program to cut off.
    let later = frame::salvage(&rest, seed).find(|(_, frame)| frame.write_start() > pass.extent.end);
    if later.is_some() {
        return Err(Error::damaged(path, hole.at, hole.what));
    }
    let Some(last) = rest.iter().rposition(|byte| *byte != 0) else {
        return Ok(0);
    };
    rest.truncate(last + 1);
    let (staging, torn) = (context.paths.staging("torn"), context.paths.torn());
    storage::replace(&*context.storage, &staging, &torn, &rest, Access::Private).at(&torn)?;
    file.write_at(&vec![0; rest.len()], from).at(path)?;
    file.sync_data().at(path)?;
    Ok(rest.len() as u64)
}
