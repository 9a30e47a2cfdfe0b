//! What witnesses cosigned, kept beside the log by whoever asks them. Receipts carry it where it covers their entry.

use std::path::Path;

use crate::checkpoint::{Keys, Signed};
use crate::note::VerifierKey;
use crate::types::{Origin, TreeSize};
use crate::verify::{Remember, RememberError};

/// The name of the file in a log's state directory: a `Remember`.
pub const FILE: &str = "witnessed";

/// The checkpoint that witnesses cosigned: of this log, signed by one of its keys, and no greater than `at_most`, so
/// that its tiles are there. `None` where there is none.
///
/// # Errors
/// A file that is there must be whole.
pub fn load(
    state: &Path,
    origin: &Origin,
    keys: &[VerifierKey],
    at_most: TreeSize,
) -> Result<Option<Signed>, RememberError> {
    let seen = Remember::load(&state.join(FILE))?;
    let keys = Keys { logs: keys.to_vec(), witnesses: Vec::new() };
    let note = seen.note(origin).and_then(|note| Signed::open(note.to_string().as_bytes(), &keys).ok());
    Ok(note.filter(|signed| signed.checkpoint.origin == *origin && signed.checkpoint.size <= at_most))
}
