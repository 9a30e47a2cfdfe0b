//! A copy of a log as of one published checkpoint, taken from its files, also while somebody writes them.
//!
//! What is copied ends with the checkpoint: its entries, its tiles, nothing after. Whatever moves under the copy (a
//! segment compressed, a tile completed) begins it again; nothing is held up.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::checkpoint::{self, Keys, Signed};
use crate::frame::{self, Found};
use crate::layout::{self, CHECKPOINT, TileId};
use crate::segment::{self, Form, HEADER, Header};
use crate::tile::{self, Tile};
use crate::types::{EntryIndex, TreeSize};

/// How often a copy is begun again because the log moved under it.
const TRIES: usize = 20;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The system refused.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The published checkpoint is not to be believed.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
    /// What the checkpoint covers is not there.
    #[error("{path}: {what}", path = .path.display())]
    Damaged {
        /// Where.
        path: PathBuf,
        /// What is wrong there.
        what: String,
    },
}

/// Copies the log in `from` to the new directory `to`, as far as the checkpoint that is published now; returns that.
///
/// # Errors
/// What is there is read, not verified: verify the copy.
pub fn copy_published(from: &Path, to: &Path, keys: &Keys) -> Result<Signed, CopyError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match copy_once(from, to, keys) {
            Err(CopyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                fs::remove_dir_all(to).or_else(gone).map_err(at(to))?;
            }
            other => return other,
        }
    }
}

fn copy_once(from: &Path, to: &Path, keys: &Keys) -> Result<Signed, CopyError> {
    // Segments are listed first: whatever is compressed by then is stated under the checkpoint that is read next.
    let segments = list(&from.join(segment::DIRECTORY))?;
    let path = from.join(CHECKPOINT);
    let note = fs::read(&path).map_err(at(&path))?;
    let signed = Signed::open(&note, keys)?;
    let size = signed.checkpoint.size;
    let mut end = segments.keys().next().copied().unwrap_or_default();
    let firsts: Vec<u64> = segments.keys().copied().chain([u64::MAX]).collect();
    for ((first, form), bounds) in segments.iter().zip(firsts.windows(2)).filter(|((first, _), _)| **first < size.0) {
        let name = Path::new(segment::DIRECTORY).join(segment::file_name(EntryIndex(*first), *form));
        let (source, target) = (from.join(&name), to.join(&name));
        if bounds[1] <= size.0 {
            put(&target, &fs::read(&source).map_err(at(&source))?, None)?;
            end = bounds[1];
        } else {
            end = copy_last(&source, &target, &Header::new(&signed.checkpoint.origin, EntryIndex(*first)), size)?;
        }
    }
    if end < size.0 {
        // A segment was begun since they were listed.
        return Err(CopyError::Io { path: from.join(segment::DIRECTORY), source: io::ErrorKind::NotFound.into() });
    }
    layout::tiles(size).try_for_each(|id| put(&to.join(id.to_string()), &read_tile(from, id)?.encode(), None))?;
    put(&to.join(CHECKPOINT), &note, None)?;
    for dir in [to.join(segment::DIRECTORY), to.to_owned()] {
        File::open(&dir).and_then(|dir| dir.sync_all()).map_err(at(&dir))?;
    }
    Ok(signed)
}

/// The segments that are there; where both forms are, sealing goes on and the raw one counts.
fn list(dir: &Path) -> Result<BTreeMap<u64, Form>, CopyError> {
    let mut forms = BTreeMap::<u64, Form>::new();
    for entry in fs::read_dir(dir).map_err(at(dir))? {
        let name = entry.map_err(at(dir))?.file_name();
        if let Some((first, form)) = name.to_str().and_then(segment::parse_file_name) {
            let known = forms.entry(first.0).or_insert(form);
            *known = (*known).min(form);
        }
    }
    Ok(forms)
}

/// Copies the segment in which the checkpoint ends, without what comes after; returns where it ends.
fn copy_last(source: &Path, target: &Path, header: &Header, size: TreeSize) -> Result<u64, CopyError> {
    let bytes = fs::read(source).map_err(at(source))?;
    let (mut end, mut next) = (HEADER.min(bytes.len()), header.first.0);
    while next < size.0 {
        match frame::read(&bytes[end..], header.seed()) {
            Found::Frame(frame, length) if frame.index == next => {
                end += length;
                next += 1;
            }
            // Full: the rest is in a segment begun since they were listed.
            Found::Nothing | Found::Short(_) => break,
            _ => {
                let what = format!("entry {next} is missing, and a checkpoint of {size} is published");
                return Err(CopyError::Damaged { path: source.to_owned(), what });
            }
        }
    }
    put(target, &bytes[..end], Some(bytes.len() as u64))?;
    Ok(next)
}

/// Reads a published tile from a log's directory; a partial one may have given way to the full one.
///
/// # Errors
/// If there is neither, or what is there is no tile of that width.
pub fn read_tile(dir: &Path, id: TileId) -> Result<Tile, CopyError> {
    let path = dir.join(id.to_string());
    let (path, found, bytes) = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !id.is_full() => {
            let full = dir.join(id.to_full().to_string());
            let bytes = fs::read(&full).map_err(at(&full))?;
            (full, id.to_full(), bytes)
        }
        other => {
            let bytes = other.map_err(at(&path))?;
            (path, id, bytes)
        }
    };
    let damaged = |what: String| CopyError::Damaged { path: path.clone(), what };
    let tile = tile::decode(found, &bytes).map_err(|error| damaged(error.to_string()))?;
    tile.narrowed(id.width).ok_or_else(|| damaged("the tile is too narrow".to_owned()))
}

/// Writes a file and its directory, durably; with a length, zeros up to it.
fn put(path: &Path, bytes: &[u8], length: Option<u64>) -> Result<(), CopyError> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        if let Some(length) = length {
            file.set_len(length)?;
        }
        file.sync_all()
    };
    // Not found here is the target's trouble, and no reason to begin again.
    write().map_err(|source| CopyError::Io { path: path.to_owned(), source: io::Error::other(source) })
}

fn gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let path = path.to_owned();
    move |source| CopyError::Io { path, source }
}
