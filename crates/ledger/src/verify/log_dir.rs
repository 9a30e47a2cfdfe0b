//! Verifies a log's own directory, as the log writes it.

use std::collections::BTreeMap;
use std::path::Path;

use super::recompute::{Recompute, Seal};
use super::segments::{SealedFile, Segments};
use super::source::{Counted, Directory};
use super::{Failure, Finding, Options, Report};
use crate::layout::{CHECKPOINT, TILE_WIDTH, TileId};
use crate::tile;
use crate::types::{EntryIndex, Hash, Origin};

/// Verifies the directory of one log: every byte of every file in it.
///
/// # Errors
/// Names the first thing that is wrong and where, or the file that could not be read.
pub fn log_dir(dir: &Path, options: &Options<'_>) -> Result<Report, Failure> {
    let directory = Directory::new(dir);
    let source = Counted::new(&directory);
    let start = Recompute::start(&source, options)?;
    let (segments, tiles) = classify(&source)?;
    let origin = start.head.origin.clone();
    let covered = start.head.size.next_index();
    let mut recompute = start.with(Some(tiles.clone()))?;
    let pruned = segments.first().unwrap_or_default();
    push_pruned(&source, pruned, &tiles, &mut recompute)?;
    let sealed = segments.walk(&source, &origin, options.live.then_some(covered), |entry| recompute.push(entry))?;
    check_seals(&sealed, &recompute.seals)?;
    if pruned.0 > recompute.kept_from {
        let what = format!("the first {pruned} entries are missing, and no stated policy says so");
        return Err(Finding::new(CHECKPOINT, what).entry(EntryIndex(recompute.kept_from)).into());
    }
    recompute.finish(pruned.0, true)
}

/// Shows every stored entry of a log's directory with its index, in order, having checked frames and places only.
///
/// # Errors
/// Names the first thing that is wrong and where, the callback's own failure, or the file that could not be read.
pub fn entries(
    dir: &Path,
    origin: &Origin,
    mut each: impl FnMut(EntryIndex, &[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let directory = Directory::new(dir);
    let source = Counted::new(&directory);
    let (segments, _) = classify(&source)?;
    let mut next = segments.first().unwrap_or_default();
    segments.walk(&source, origin, None, |entry| {
        let index = next;
        next.0 += 1;
        each(index, entry)
    })?;
    Ok(())
}

/// Sorts what is there; a file that the log does not write is a finding.
fn classify(source: &Counted<'_>) -> Result<(Segments, Vec<TileId>), Failure> {
    let (mut segments, mut tiles) = (Segments::default(), Vec::new());
    for path in source.list()?.unwrap_or_default() {
        if path == CHECKPOINT || segments.take(&path) {
            continue;
        }
        match TileId::parse(&path) {
            Some(id) => tiles.push(id),
            None => return Err(Finding::new(path, "this file does not belong to a log").into()),
        }
    }
    Ok((segments, tiles))
}

/// Takes the hashes of pruned entries from the tiles. That they are the right ones, the signed root tells.
fn push_pruned(
    source: &Counted<'_>,
    until: EntryIndex,
    tiles: &[TileId],
    recompute: &mut Recompute<'_>,
) -> Result<(), Failure> {
    for number in 0..until.0.div_ceil(TILE_WIDTH) {
        let needed = (until.0 - number * TILE_WIDTH).min(TILE_WIDTH);
        let wide = tiles.iter().filter(|id| id.level == 0 && id.number == number && u64::from(id.width) >= needed);
        let id = wide.max_by_key(|id| id.width).copied();
        let full = TileId { level: 0, number, width: TILE_WIDTH as u16 };
        let id = id.ok_or_else(|| Finding::new(full.to_string(), "the tile is missing").entry(full.first_entry(0)))?;
        let path = id.to_string();
        let bytes = source.need(&path)?;
        let tile = tile::decode(id, &bytes).map_err(|error| Finding::new(path, error.to_string()))?;
        let hashes: &[Hash] = &tile.hashes[..needed as usize];
        hashes.iter().try_for_each(|leaf| recompute.push_leaf(*leaf))?;
    }
    Ok(())
}

/// Compares every sealed file with what the log last stated about it.
fn check_seals(sealed: &BTreeMap<u64, SealedFile>, seals: &BTreeMap<u64, Seal>) -> Result<(), Failure> {
    for (first, file) in sealed {
        let finding = |what: String| Finding::new(&file.path, what).entry(EntryIndex(*first));
        let seal = seals.get(first).ok_or_else(|| finding("the log does not state the hash of this file".into()))?;
        let stated = (seal.end, seal.bytes, seal.sha256.as_str());
        if stated != (file.end, file.bytes, file.sha256.as_str()) {
            let what = format!("the file's hash, length or last entry is not what entry {} states", seal.stated_at);
            return Err(finding(what).into());
        }
    }
    Ok(())
}
