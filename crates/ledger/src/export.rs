//! Writes a log in its published form as a directory of files that any static web server can serve.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::checkpoint::{self, Checkpoint};
use crate::layout::{BundleId, CHECKPOINT, TILE_WIDTH};
use crate::note::Note;
use crate::tile::{self, Edge, Tile};
use crate::tree::leaf_hash;
use crate::types::{EntryIndex, Hash, TreeSize};

/// Writes one published directory: entries in order, then `finish`, which writes the checkpoint last.
pub struct Exporter {
    out: PathBuf,
    note: Note,
    head: Checkpoint,
    edge: Edge,
    bundle: Vec<u8>,
    made: BTreeSet<PathBuf>,
}

/// Why a log could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something is there already; what is exported must be complete and nothing else.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// The note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
    /// An entry is missing: the published form has no place for a pruned log.
    #[error("entry {expected} is missing; the next one there is {found}")]
    Missing {
        /// The index that should come next.
        expected: EntryIndex,
        /// The index that came.
        found: EntryIndex,
    },
    /// The entries end before the checkpoint's size.
    #[error("the checkpoint covers {covered} entries, and only {found} are there")]
    TooFew {
        /// The checkpoint's size.
        covered: TreeSize,
        /// The entries seen.
        found: TreeSize,
    },
    /// The entries are not the ones that the checkpoint covers.
    #[error("the entries hash to {found}, and the checkpoint says {signed}")]
    Root {
        /// The checkpoint's root.
        signed: Hash,
        /// The entries' root.
        found: Hash,
    },
    /// An entry is longer than a bundle can carry.
    #[error(transparent)]
    Entry(#[from] tile::Error),
}

// === impl Exporter ===

impl Exporter {
    /// Starts in a directory that is new or empty. Entries beyond the checkpoint are left out.
    ///
    /// # Errors
    /// The directory must be writable and empty, the note a checkpoint.
    pub fn new(out: &Path, note: Note) -> Result<Self, Error> {
        let failed = |source| Error::Io { path: out.to_owned(), source };
        std::fs::create_dir_all(out).map_err(failed)?;
        if std::fs::read_dir(out).map_err(failed)?.next().is_some() {
            return Err(Error::NotEmpty(out.to_owned()));
        }
        let head = Checkpoint::parse(note.text())?;
        let (edge, bundle, made) = (Edge::new(), Vec::new(), BTreeSet::new());
        Ok(Self { out: out.to_owned(), note, head, edge, bundle, made })
    }

    /// Takes the next entry; reports whether more are wanted.
    ///
    /// # Errors
    /// It must be the next one.
    pub fn push(&mut self, index: EntryIndex, entry: &[u8]) -> Result<bool, Error> {
        let expected = self.edge.size().next_index();
        if self.edge.size() == self.head.size {
            return Ok(false);
        }
        if index != expected {
            return Err(Error::Missing { expected, found: index });
        }
        tile::push_entry(&mut self.bundle, entry)?;
        let mut full = Vec::new();
        self.edge.push(leaf_hash(entry), |tile| full.push(tile));
        for tile in full {
            self.write_tile(&tile)?;
        }
        let size = self.edge.size();
        if size.0.is_multiple_of(TILE_WIDTH) {
            self.write_bundle(TILE_WIDTH as u16)?;
        }
        Ok(size < self.head.size)
    }

    /// Writes what is partial and the checkpoint.
    ///
    /// # Errors
    /// The entries must be exactly those that the checkpoint covers.
    pub fn finish(mut self) -> Result<Checkpoint, Error> {
        let (found, covered) = (self.edge.size(), self.head.size);
        if found < covered {
            return Err(Error::TooFew { covered, found });
        }
        if self.edge.root() != self.head.root {
            return Err(Error::Root { signed: self.head.root, found: self.edge.root() });
        }
        let partials: Vec<Tile> = self.edge.partials().collect();
        for tile in &partials {
            self.write_tile(tile)?;
        }
        let rest = (found.0 % TILE_WIDTH) as u16;
        if rest > 0 {
            self.write_bundle(rest)?;
        }
        let note = self.note.to_string();
        self.write(CHECKPOINT, note.as_bytes())?;
        Ok(self.head)
    }

    fn write_tile(&mut self, tile: &Tile) -> Result<(), Error> {
        self.write(&tile.id.to_string(), &tile.encode())
    }

    fn write_bundle(&mut self, width: u16) -> Result<(), Error> {
        let number = (self.edge.size().0 - 1) / TILE_WIDTH;
        let bytes = std::mem::take(&mut self.bundle);
        self.write(&BundleId { number, width }.to_string(), &bytes)
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.out.join(path);
        let write = || -> io::Result<()> {
            if let Some(dir) = path.parent().filter(|dir| !self.made.contains(*dir)) {
                std::fs::create_dir_all(dir)?;
            }
            std::fs::write(&path, bytes)
        };
        write().map_err(|source| Error::Io { path: path.clone(), source })?;
        self.made.extend(path.parent().map(Path::to_owned));
        Ok(())
    }
}

/// Writes the published form of the log whose entries `entries` gives in order, up to the signed checkpoint.
///
/// # Errors
/// Whatever `entries` says, converted, or why the export is not complete.
pub fn published<E: From<Error>>(
    out: &Path,
    note: Note,
    entries: impl IntoIterator<Item = Result<(EntryIndex, Vec<u8>), E>>,
) -> Result<Checkpoint, E> {
    let mut exporter = Exporter::new(out, note)?;
    for entry in entries {
        let (index, entry) = entry?;
        if !exporter.push(index, &entry)? {
            break;
        }
    }
    Ok(exporter.finish()?)
}
