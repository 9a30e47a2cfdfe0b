//! Reading files by name from folders that others can write.
//!
//! What lies under a name may be a pipe, whose opening waits for ever, or a device. So a file is opened without waiting,
//! and what was opened is looked at, not the name: nobody can change it between the two.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// A pipe, a device, a socket or a folder.
    #[error("this is no regular file: expected one, not a pipe, device, socket or folder")]
    NotRegular,
    /// It has more bytes than its reader takes.
    #[error("it is larger than the {most} bytes that are read")]
    TooLarge {
        /// How many are taken.
        most: u64,
    },
    /// It is missing, or this user may not read it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Opens a regular file.
///
/// # Errors
/// If it is something else, or cannot be opened.
pub fn open(path: &Path) -> Result<File, Unread> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(Unread::NotRegular) }
}

/// Reads a regular file of at most so many bytes.
///
/// # Errors
/// If it is something else, longer, or cannot be read.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let file = open(path)?;
    if file.metadata()?.len() > most {
        return Err(Unread::TooLarge { most });
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(Unread::TooLarge { most }) } else { Ok(bytes) }
}
