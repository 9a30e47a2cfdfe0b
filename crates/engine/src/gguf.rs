//! GGUF headers, read before anything is loaded.
//!
//! The reader is total: any bytes give a [`Header`] or an [`Error`], never a panic, with memory
//! bounded by the limits below and time by the length of the header. What it accepts is what
//! llama.cpp needs to be safe from the file: every count, length, type and offset is checked
//! against the file's size before C++ sees it.

mod facts;
mod reader;
mod tensor;

pub use facts::{Header, POOLING_NONE, POOLING_RANK, Shape};
pub use tensor::TensorType;

use std::fs::OpenOptions;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use facts::Facts;
use reader::{Cursor, Value};
use rustix::fs::OFlags;
use tensor::Tensor;

const MAGIC: [u8; 4] = *b"GGUF";
/// Real files have a few dozen keys and at most a few thousand tensors.
const KEYS_MAX: u64 = 4096;
const TENSORS_MAX: u64 = 65_536;
const ALIGNMENT_DEFAULT: u64 = 32;
const ALIGNMENT_MAX: u64 = 1 << 20;

/// Why a file is not a usable GGUF model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Cannot be opened or read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Some other kind of file.
    #[error("not a GGUF file (it starts with {0:02x?} instead of \"GGUF\")")]
    Magic([u8; 4]),
    /// A format version that is not read.
    #[error("GGUF version {0} is not supported (2 and 3 are)")]
    Version(u32),
    /// Ends in the middle of the header or of the weights.
    #[error("the file is cut off: {what} needs {needed} bytes, {left} are left")]
    CutOff {
        /// What was being read.
        what: String,
        /// How many bytes it needs.
        needed: u64,
        /// How many there are.
        left: u64,
    },
    /// A count or length above what any real model has.
    #[error("{what} is {found}, more than the {limit} allowed")]
    TooMuch {
        /// Of what.
        what: String,
        /// As the file says.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// A value that makes no sense where it stands.
    #[error("{0}")]
    Invalid(String),
}

/// Reads and checks the header of the model at `path`.
///
/// # Errors
/// When the file cannot be read, or is no usable GGUF model.
pub fn read_file(path: &Path) -> Result<Header, Error> {
    // Opening a pipe would wait for somebody who writes.
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("this is no regular file").into());
    }
    let size = about.len();
    read(BufReader::with_capacity(1 << 16, file), size)
}

/// Reads and checks a header from `input`, which is the start of a file of `size` bytes.
///
/// # Errors
/// As [`read_file`].
pub fn read(input: impl Read, size: u64) -> Result<Header, Error> {
    let mut cursor = Cursor::new(input, size);
    let magic: [u8; 4] = cursor.array("magic number")?;
    if magic != MAGIC {
        return Err(Error::Magic(magic));
    }
    let version = cursor.u32("version")?;
    if !(2..=3).contains(&version) {
        return Err(Error::Version(version));
    }
    let tensors = at_most("number of tensors", cursor.u64("number of tensors")?, TENSORS_MAX)?;
    let keys = at_most("number of keys", cursor.u64("number of keys")?, KEYS_MAX)?;
    let mut facts = Facts::default();
    for _ in 0..keys {
        let key = cursor.key()?;
        let wanted = Facts::wants(&key);
        let value = cursor.value(&key, wanted)?;
        facts.put(key, value)?;
    }
    let alignment = alignment(&facts)?;
    let list = read_tensors(&mut cursor, tensors, alignment)?;
    let data_start = cursor.position().next_multiple_of(alignment);
    check_extents(&list, data_start, size)?;
    facts.into_header(version, size, &list)
}

fn read_tensors<R: Read>(cursor: &mut Cursor<R>, count: u64, alignment: u64) -> Result<Vec<Tensor>, Error> {
    let mut list = Vec::new();
    let mut names = std::collections::HashSet::new();
    for _ in 0..count {
        let tensor = Tensor::read(cursor, alignment)?;
        if !names.insert(tensor.name.clone()) {
            return Err(Error::Invalid(format!("tensor `{}` occurs twice", tensor.name)));
        }
        list.push(tensor);
    }
    Ok(list)
}

fn alignment(facts: &Facts) -> Result<u64, Error> {
    match facts.get("general.alignment") {
        None => Ok(ALIGNMENT_DEFAULT),
        Some(Value::Unsigned(n)) if n.is_power_of_two() && (8..=ALIGNMENT_MAX).contains(n) => Ok(*n),
        Some(other) => {
            Err(Error::Invalid(format!("general.alignment is {other}, not a power of two from 8 to {ALIGNMENT_MAX}")))
        }
    }
}

/// Every tensor lies inside the file.
fn check_extents(list: &[Tensor], data_start: u64, size: u64) -> Result<(), Error> {
    for tensor in list {
        let end = tensor.offset.checked_add(tensor.bytes).and_then(|n| n.checked_add(data_start));
        if end.is_none_or(|end| end > size) {
            return Err(Error::CutOff {
                what: format!("tensor `{}`", tensor.name),
                needed: tensor.bytes,
                left: size.saturating_sub(data_start).saturating_sub(tensor.offset),
            });
        }
    }
    Ok(())
}

fn at_most(what: &str, found: u64, limit: u64) -> Result<u64, Error> {
    if found > limit {
        return Err(Error::TooMuch { what: what.into(), found, limit });
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
