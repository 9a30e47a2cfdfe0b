//! How a log is set up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::segment;
use crate::tile::ENTRY_BYTES_MAX;
use crate::types::Origin;

/// Tells the time in Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How a log is set up. `new` gives working values for everything but the names.
#[derive(Clone, Debug)]
pub struct Options {
    /// The published directory: segments, tiles, checkpoint, nothing else.
    pub dir: PathBuf,
    /// The private directory on the same file system: lock, key, last signed head, files in preparation.
    pub state_dir: PathBuf,
    /// The log's name.
    pub origin: Origin,
    /// How long a segment file is.
    pub segment_bytes: u64,
    /// How long a durable entry waits at most before a checkpoint covers it, in milliseconds.
    pub publish_ms: u64,
    /// How many entries may wait for the disk before `append` answers `Busy`.
    pub queue: usize,
    /// Whether full segments are compressed.
    pub seal: bool,
    /// The last known checkpoint of the log that this new one goes on from, as a signed note.
    pub restored_from: Option<String>,
    /// From how many days of remaining disk space on `health` warns.
    pub space_warn_days: f64,
}

/// The names of files in the two directories.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    pub(crate) dir: PathBuf,
    pub(crate) state: PathBuf,
}

// === impl Options ===

impl Options {
    /// Places the log `log_id` below a data directory: `ledger/<log_id>` and, beside it, `ledger-state/<log_id>`.
    pub fn new(data: &Path, log_id: &str, origin: Origin) -> Self {
        Self {
            dir: data.join("ledger").join(log_id),
            state_dir: data.join("ledger-state").join(log_id),
            origin,
            segment_bytes: 64 << 20,
            publish_ms: 500,
            queue: 16_384,
            seal: true,
            restored_from: None,
            space_warn_days: 14.0,
        }
    }

    /// Returns the longest entry that fits a segment and a bundle.
    pub fn entry_bytes_max(&self) -> usize {
        let room = usize::try_from(self.segment_bytes).unwrap_or(usize::MAX);
        room.saturating_sub(segment::HEADER + crate::frame::length(0)).min(ENTRY_BYTES_MAX)
    }

    pub(crate) fn paths(&self) -> Paths {
        Paths { dir: self.dir.clone(), state: self.state_dir.clone() }
    }
}

// === impl Paths ===

impl Paths {
    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.dir.join(crate::layout::CHECKPOINT)
    }

    pub(crate) fn segments(&self) -> PathBuf {
        self.dir.join(segment::DIRECTORY)
    }

    /// The last signed checkpoint: what a new signature is compared with.
    pub(crate) fn head(&self) -> PathBuf {
        self.state.join("head")
    }

    /// The first index that pruning kept.
    pub(crate) fn minimum(&self) -> PathBuf {
        self.state.join("minimum")
    }

    /// Bytes that recovery cut off, kept for whoever wants to know.
    pub(crate) fn torn(&self) -> PathBuf {
        self.state.join("torn")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }

    /// A file in preparation; each `name` has one user at a time.
    pub(crate) fn staging(&self, name: &str) -> PathBuf {
        self.state.join(format!("{name}.tmp"))
    }
}
