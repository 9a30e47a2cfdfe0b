//! The body of `add-checkpoint`.

use std::fmt;

use crate::checkpoint::{self, Checkpoint};
use crate::layout::parse_decimal;
use crate::note::{NOTE_BYTES_MAX, Note};
use crate::types::{Hash, TreeSize};

/// The most proof lines that a request may have.
pub(super) const PROOF_LINES_MAX: usize = 63;
/// The longest request.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + 4096;

/// What a log asks its witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The size that the witness cosigned last.
    pub old: TreeSize,
    /// That the new tree continues the old one.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: Note,
    /// What its text says, not yet believed.
    pub checkpoint: Checkpoint,
}

/// Why bytes are no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line before the checkpoint is not as the protocol wants it.
    #[error("line {0} of the request is malformed")]
    Line(usize),
    /// The request exceeds the limits.
    #[error("the request is too long")]
    TooLong,
    /// The checkpoint is not one.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
}

// === impl Request ===

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// Names the first line that is not as the protocol wants it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Error::Line(1))?;
        let (head, note) = text.split_once("\n\n").ok_or(Error::Line(1))?;
        let mut lines = head.split('\n');
        let old =
            lines.next().and_then(|line| line.strip_prefix("old ")).and_then(parse_decimal).ok_or(Error::Line(1))?;
        let mut proof = Vec::new();
        for (n, line) in lines.enumerate() {
            if n == PROOF_LINES_MAX {
                return Err(Error::TooLong);
            }
            proof.push(Hash::from_base64(line).ok_or(Error::Line(n + 2))?);
        }
        let note = Note::parse(note.as_bytes()).map_err(checkpoint::Error::from)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { old: TreeSize(old), proof, note, checkpoint })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.note)
    }
}
