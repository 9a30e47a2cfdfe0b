//! What the log asks of a disk: a dozen verbs, so that a simulator can stand in for it.
//!
//! The contract that the log is proved against: a write is durable only after `sync_data` of its file returned; a name
//! (created, renamed, removed) only after `sync_dir` of its directory; a rename is atomic; bytes outside a write keep
//! their value even if it tears. Any call may fail, and may have taken effect although it failed.

mod disk;
pub mod sim;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub use disk::Disk;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The process's umask decides.
    Shared,
    /// The owner alone (0600), from the first instant.
    Private,
}

/// Keeps a lock until dropped.
pub trait Lease: Send + Sync {}

/// A tree of files.
pub trait Storage: Send + Sync + 'static {
    /// Creates a file of `len` written zeros, replacing any of that name. Neither content nor name is durable yet.
    ///
    /// # Errors
    /// Whatever the system says; the file may exist nevertheless.
    fn create(&self, path: &Path, len: u64, access: Access) -> io::Result<Arc<dyn File>>;
    /// Opens an existing file.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>>;
    /// Gives a file another name, in another directory of the same file system too, replacing any of that name.
    ///
    /// # Errors
    /// Whatever the system says; the name may have changed nevertheless.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file or an empty directory.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Lists the names in a directory; none if it does not exist.
    ///
    /// # Errors
    /// Whatever the system says.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Makes a directory and its parents, durably.
    ///
    /// # Errors
    /// Whatever the system says.
    fn make_dir(&self, dir: &Path) -> io::Result<()>;
    /// Makes the names in a directory durable.
    ///
    /// # Errors
    /// After an error nothing is known about them.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Takes an exclusive lock, `None` if another holder has it.
    ///
    /// # Errors
    /// Whatever the system says.
    fn lock(&self, path: &Path, holder: &str) -> io::Result<Option<Box<dyn Lease>>>;
    /// Returns how many bytes can still be written below `dir`.
    ///
    /// # Errors
    /// Whatever the system says.
    fn free_bytes(&self, dir: &Path) -> io::Result<u64>;
}

/// An open file.
pub trait File: Send + Sync {
    /// Returns the length.
    ///
    /// # Errors
    /// Whatever the system says.
    fn length(&self) -> io::Result<u64>;
    /// Fills `bytes` from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof` if the file ends before.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()>;
    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// Any part may have been written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes the content durable.
    ///
    /// # Errors
    /// After an error the content on the disk is unknown, and reads may show what is not on it.
    fn sync_data(&self) -> io::Result<()>;
    /// Asks the system to begin taking the content to the disk, so that a later sync waits less. Makes nothing durable.
    ///
    /// # Errors
    /// Whatever the system says.
    fn begin_sync(&self) -> io::Result<()> {
        Ok(())
    }
    /// Makes later reads come from the disk instead of memory, as far as the system allows.
    ///
    /// # Errors
    /// Whatever the system says.
    fn drop_cache(&self) -> io::Result<()>;
}

/// How often what looks damaged is read before it is believed to be.
pub(crate) const READINGS: usize = 4;

/// Reads a whole small file, `None` if it does not exist.
pub(crate) fn read_all(storage: &dyn Storage, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match storage.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_at(&mut bytes, 0)?;
    Ok(Some(bytes))
}

/// Reads a whole small file until `parse` makes sense of it: a bit may flip on the way. `None` if there is no file;
/// `Some(None)` if no reading makes sense.
pub(crate) fn read_sound<T>(
    storage: &dyn Storage,
    path: &Path,
    parse: impl Fn(&[u8]) -> Option<T>,
) -> io::Result<Option<Option<T>>> {
    for _ in 0..READINGS {
        let Some(bytes) = read_all(storage, path)? else {
            return Ok(None);
        };
        if let Some(parsed) = parse(&bytes) {
            return Ok(Some(Some(parsed)));
        }
    }
    Ok(Some(None))
}

/// Puts `bytes` at `path`, whole or not at all, durably; `staging` is a name nobody else uses.
pub(crate) fn replace(
    storage: &dyn Storage,
    staging: &Path,
    path: &Path,
    bytes: &[u8],
    access: Access,
) -> io::Result<()> {
    let file = storage.create(staging, 0, access)?;
    file.write_at(bytes, 0)?;
    file.sync_data()?;
    storage.rename(staging, path)?;
    path.parent().map_or(Ok(()), |dir| storage.sync_dir(dir))
}

/// Removes a file; that it is gone already is as good.
pub(crate) fn remove_if_there(storage: &dyn Storage, path: &Path) -> io::Result<()> {
    match storage.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
