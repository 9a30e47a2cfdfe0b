//! Going on with a log whose last signed head was lost: a person says which size they stand for.
//!
//! The head lies outside the log's directory so that an older copy of the directory is noticed. Without it nothing here
//! can tell a log from an older copy of itself, so nothing here decides that: whoever knows how far the log was (from a
//! receipt, a witness, another machine) names the size.

use std::path::PathBuf;
use std::sync::Arc;

use crate::context::Context;
use crate::error::{At, Error};
use crate::keys;
use crate::options::Options;
use crate::publish::{self, Published};
use crate::storage::{self, Access, Storage};
use crate::types::TreeSize;

/// Why a checkpoint is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The log cannot be read or is being written.
    #[error(transparent)]
    Log(#[from] Error),
    /// Nothing was lost.
    #[error("{path} is there: nothing has to be accepted", path = .0.display())]
    NotMissing(PathBuf),
    /// There is no checkpoint to go on from.
    #[error("{path} is missing too: nothing that was signed is left, so restore a backup", path = .0.display())]
    NothingSigned(PathBuf),
    /// The log is at another size than the one named.
    #[error("the published checkpoint covers {found} entries and not {named}")]
    OtherSize {
        /// What the checkpoint says.
        found: TreeSize,
        /// What the caller said.
        named: TreeSize,
    },
}

/// Takes the published checkpoint, if it covers `named` entries, for the last signed head that is missing. Whether the
/// entries lead to it is checked when the log is next opened. Blocking.
///
/// # Errors
/// Unless the head is missing, the log is not being written, and the size is the one named.
pub fn accept_head(storage: Arc<dyn Storage>, options: Options, named: TreeSize) -> Result<Published, AcceptError> {
    let context = Context::new(storage, options, Arc::new(|| 0));
    let lock = context.paths.lock();
    let holder = format!("{}\n", std::process::id());
    let lease = context.storage.lock(&lock, &holder).at(&lock)?.ok_or(Error::Locked(lock))?;
    let head = context.paths.head();
    if storage::read_all(&*context.storage, &head).at(&head)?.is_some() {
        return Err(AcceptError::NotMissing(head));
    }
    keys::load_stored(&context)?;
    let path = context.paths.checkpoint();
    let published = publish::load(&context, &path)?.ok_or(AcceptError::NothingSigned(path))?;
    if published.size != named {
        return Err(AcceptError::OtherSize { found: published.size, named });
    }
    let staging = context.paths.staging("head");
    storage::replace(&*context.storage, &staging, &head, published.note.as_bytes(), Access::Shared).at(&head)?;
    drop(lease);
    Ok(published)
}
