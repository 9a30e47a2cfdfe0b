//! What can go wrong with a log, sorted by what the process must do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::types::{EntryIndex, Hash, TreeSize};

/// Why the log refused or failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Storage failed a moment ago; nothing is acknowledged or signed until recovery has re-read it.
    #[error("the log is not writable: {0}")]
    Unavailable(Arc<str>),
    /// As many entries wait as the options allow.
    #[error("the queue of the log is full")]
    Busy,
    /// The log was closed.
    #[error("the log is closed")]
    Closed,
    /// An entry is empty or longer than the format carries.
    #[error("an entry must have 1 to {max} bytes and has {found}")]
    EntryLength {
        /// The longest entry that this log takes.
        max: usize,
        /// The length offered.
        found: usize,
    },
    /// The entry begins like the ledger's own ones.
    #[error("entries that begin with `{}` are the ledger's own", crate::system::PREFIX)]
    Reserved,
    /// Another process holds the log.
    #[error("another process writes this log: {0} is locked")]
    Locked(PathBuf),
    /// A storage call failed.
    #[error("{path}: {source}", path = path.display())]
    Storage {
        /// What was being read or written.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The directory holds less than was signed: an old copy was put back.
    #[error("the log holds {found} entries but {signed} were signed: an older copy of the directory was restored")]
    RolledBack {
        /// The size of the last signed head.
        signed: TreeSize,
        /// The size that the directory holds.
        found: TreeSize,
    },
    /// The last signed head is gone: whether the directory is an older copy cannot be told.
    #[error(
        "{head} is missing, so nobody can tell whether this log of {found} entries was rolled back: put the file back, \
         restore a backup, or, if you know from a receipt or a witness that the log had no more, say so with \
         `freehold ledger accept-head`",
        head = head.display()
    )]
    HeadMissing {
        /// The file that should hold it.
        head: PathBuf,
        /// How many entries the published checkpoint covers, or the directory holds.
        found: TreeSize,
    },
    /// The directory's content differs from what was signed.
    #[error("the first {size} entries hash to {found} but {signed} was signed")]
    Diverged {
        /// The size of the last signed head.
        size: TreeSize,
        /// The root that was signed.
        signed: Hash,
        /// The root of what the directory holds.
        found: Hash,
    },
    /// Bytes that were durable are damaged.
    #[error("{path} is damaged at byte {at}: {what}", path = path.display())]
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// The offset within it.
        at: u64,
        /// What is wrong there.
        what: Arc<str>,
    },
    /// The signing key or a signed text cannot be used.
    #[error("{0}")]
    Key(Arc<str>),
    /// No published checkpoint covers the entry yet.
    #[error("entry {0} is not covered by a published checkpoint")]
    NotPublished(EntryIndex),
}

// === impl Error ===

impl Error {
    /// Reports whether trying again can help without a person: storage trouble and overload pass.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Busy | Self::Storage { .. } | Self::NotPublished(_))
    }

    /// Reports whether the log must not be written again until a person has looked at it.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::RolledBack { .. }
                | Self::HeadMissing { .. }
                | Self::Diverged { .. }
                | Self::Damaged { .. }
                | Self::Key(_)
        )
    }

    pub(crate) fn storage(path: &Path, source: io::Error) -> Self {
        Self::Storage { path: path.to_owned(), source: Arc::new(source) }
    }

    pub(crate) fn damaged(path: &Path, at: u64, what: impl Into<Arc<str>>) -> Self {
        Self::Damaged { path: path.to_owned(), at, what: what.into() }
    }

    /// What a caller is told while the log is down for this reason.
    pub(crate) fn as_refusal(&self) -> Self {
        if self.is_fatal() || matches!(self, Self::Closed) {
            self.clone()
        } else {
            Self::Unavailable(self.to_string().into())
        }
    }
}

/// Attaches the path to a storage call's error.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::storage(path, source))
    }
}
