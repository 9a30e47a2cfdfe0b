//! Offline verification: recomputes everything from the entries and believes no stored hash.
//!
//! Every byte of every file is covered: entries by the root, roots by signatures, tiles by comparison, padding and
//! unwritten space by being zero, compressed files by a hash in the log; a file that should not be there is a failure.
//! Blocking and single-threaded; needs no runtime, no store and no running log.

mod data_dir;
mod keychain;
mod log_dir;
mod published;
mod recompute;
mod remember;
mod segments;
mod source;
mod tiles;

use std::{fmt, io};

pub use data_dir::{keys_beside, logs};
pub use log_dir::{entries, log_dir};
pub use published::published;
pub use remember::{Remember, RememberError};
pub use source::{Directory, Source};

use crate::checkpoint::Keys;
use crate::note::{Note, Verified};
use crate::types::{EntryIndex, Hash, Origin, TreeSize};

/// What to believe and how to look.
#[derive(Default)]
pub struct Options<'a> {
    /// The keys to believe. Rotations in the log are followed from them.
    pub keys: Keys,
    /// The heads seen before: the log must still contain them.
    pub remembered: Option<&'a Remember>,
    /// The log is being written meanwhile: what lies beyond its checkpoint is looked at but may be incomplete.
    pub live: bool,
    /// Told, now and then, how many entries are done.
    pub progress: Option<&'a dyn Fn(TreeSize)>,
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whose log.
    pub origin: Origin,
    /// How many entries the checkpoint covers.
    pub size: TreeSize,
    /// The recomputed root over them, equal to the signed one.
    pub root: Hash,
    /// The signed checkpoint.
    pub checkpoint: Note,
    /// The log's signatures on it.
    pub signers: Vec<Verified>,
    /// The known witnesses' cosignatures on it.
    pub witnesses: Vec<Verified>,
    /// How many signatures are of unknown keys; always 0 for a log's own directory.
    pub unknown_signatures: usize,
    /// Entries that are stored but not covered by the checkpoint yet: checked, not proved.
    pub uncovered: u64,
    /// Entries removed under a policy that the log states: only their hashes are left.
    pub pruned: u64,
    /// The remembered size that this log was found to continue.
    pub remembered: Option<TreeSize>,
    /// Files read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Where and why verification failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the log.
    pub path: String,
    /// Where in it.
    pub byte_offset: Option<u64>,
    /// The entry concerned, or the first of several.
    pub index: Option<EntryIndex>,
    /// What is wrong.
    pub what: String,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The log is not what it claims to be.
    #[error("{0}")]
    Found(Box<Finding>),
    /// A file could not be read, so nothing can be said.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

// === impl Finding ===

impl Finding {
    pub(crate) fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), byte_offset: None, index: None, what: what.into() }
    }

    pub(crate) fn at(mut self, byte_offset: u64) -> Self {
        self.byte_offset = Some(byte_offset);
        self
    }

    pub(crate) fn entry(mut self, index: EntryIndex) -> Self {
        self.index = Some(index);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(at) = self.byte_offset {
            write!(f, ", byte {at}")?;
        }
        if let Some(index) = self.index {
            write!(f, ", entry {index}")?;
        }
        write!(f, ": {}", self.what)
    }
}

// === impl Failure ===

impl Failure {
    /// Borrows the finding, if that is what it is.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Found(finding) => Some(finding),
            Self::Io { .. } => None,
        }
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::Found(Box::new(finding))
    }
}
