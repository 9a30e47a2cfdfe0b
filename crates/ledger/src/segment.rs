//! A segment: the file that holds a run of entries. Names, header, and a strict reader for whoever checks a log.
//!
//! ```text
//! 0  8 bytes  "FHLEDGER"
//! 8  u32      version, 1
//! 12 u32      0
//! 16 u64      index of the first entry
//! 24 32 bytes SHA-256 of the log's origin
//! 56 u32      0
//! 60 u32      CRC-32C of the 60 bytes before
//! 64          frames, then zeros to the end of the file
//! ```

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::frame::{self, Found};
use crate::types::{EntryIndex, Origin};

/// Bytes before the first frame.
pub const HEADER: usize = 64;
/// The directory of segments within a log's directory.
pub const DIRECTORY: &str = "segments";

const MAGIC: &[u8; 8] = b"FHLEDGER";
const VERSION: u32 = 1;

/// Which log a segment belongs to and where in it it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The index of the first entry.
    pub first: EntryIndex,
    /// SHA-256 of the log's origin.
    pub log: [u8; 32],
}

/// How a segment is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As written: frames, then zeros.
    Raw,
    /// Full, compressed, its hash in the log.
    Sealed,
}

/// A segment's bytes, taken apart.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// What it says of itself.
    pub header: Header,
    /// Its entries, in order from `header.first` on.
    pub entries: Vec<&'a [u8]>,
}

/// Where and why bytes are no segment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {what}")]
pub struct Error {
    /// The offset within the segment.
    pub at: u64,
    /// What is wrong there.
    pub what: &'static str,
}

/// Reads a whole segment strictly: header, every frame, and zeros up to the end.
///
/// # Errors
/// Names the first byte that is not as the format wants it.
pub fn parse(bytes: &[u8]) -> Result<Segment<'_>, Error> {
    let header = Header::parse(bytes)?;
    let seed = header.seed();
    let mut entries = Vec::new();
    let mut at = HEADER;
    loop {
        let wrong = |what| Error { at: at as u64, what };
        match frame::read(&bytes[at..], seed) {
            Found::Frame(frame, length) => {
                if frame.index != header.first.0 + entries.len() as u64 {
                    return Err(wrong("the entry has another index than its place says"));
                }
                entries.push(frame.entry);
                at += length;
            }
            Found::Nothing | Found::Short(_) => break,
            Found::Bad(what) => return Err(wrong(what)),
        }
    }
    match bytes[at..].iter().position(|byte| *byte != 0) {
        Some(beyond) => Err(Error { at: (at + beyond) as u64, what: "the unwritten rest of the segment is not zero" }),
        None => Ok(Segment { header, entries }),
    }
}

/// Returns the file name of a segment.
pub fn file_name(first: EntryIndex, form: Form) -> String {
    let extension = match form {
        Form::Raw => "log",
        Form::Sealed => "zst",
    };
    format!("{:020}.{extension}", first.0)
}

/// Reads a file name as `file_name` writes it; `None` for every other name.
pub fn parse_file_name(name: &str) -> Option<(EntryIndex, Form)> {
    let (digits, extension) = name.split_once('.')?;
    let form = match extension {
        "log" => Form::Raw,
        "zst" => Form::Sealed,
        _ => return None,
    };
    let canonical = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    canonical.then(|| digits.parse().ok())?.map(|first| (EntryIndex(first), form))
}

/// Returns the path of a segment of the log in `dir`.
pub fn path(dir: &Path, first: EntryIndex, form: Form) -> PathBuf {
    dir.join(DIRECTORY).join(file_name(first, form))
}

// === impl Header ===

impl Header {
    /// Makes the header of the segment of `origin` that starts at `first`.
    pub fn new(origin: &Origin, first: EntryIndex) -> Self {
        Self { first, log: Sha256::digest(origin.as_str()).into() }
    }

    /// Writes the header.
    pub fn encode(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first.0.to_le_bytes());
        bytes[24..56].copy_from_slice(&self.log);
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header.
    ///
    /// # Errors
    /// Every byte must be as `encode` writes it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |what| Error { at: 0, what };
        let bytes: &[u8; HEADER] = bytes.first_chunk().ok_or(wrong("the header of the segment is cut off"))?;
        let mut first = [0; 8];
        first.copy_from_slice(&bytes[16..24]);
        let mut log = [0; 32];
        log.copy_from_slice(&bytes[24..56]);
        let header = Self { first: EntryIndex(u64::from_le_bytes(first)), log };
        if header.encode() != *bytes {
            return Err(wrong("the header of the segment is damaged or of an unknown version"));
        }
        Ok(header)
    }

    /// Returns what the checksums of this segment's frames start from.
    pub fn seed(&self) -> u32 {
        crc32c::crc32c(&self.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(entries: &[&[u8]], tail: usize) -> Vec<u8> {
        let header = Header::new(&Origin::new("example.test/log").unwrap(), EntryIndex(40));
        let mut bytes = header.encode().to_vec();
        for (n, entry) in entries.iter().enumerate() {
            let start = bytes.len();
            frame::reserve(&mut bytes, entry);
            frame::finish(&mut bytes[start..], header.seed(), 40 + n as u64, n as u32);
        }
        bytes.resize(bytes.len() + tail, 0);
        bytes
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let good = segment(&[b"one", b"two and a half", b"three"], 50);
        assert_eq!(parse(&good).unwrap().entries, [b"one".as_slice(), b"two and a half", b"three"]);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&bad).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn names_read_back() {
        for form in [Form::Raw, Form::Sealed] {
            assert_eq!(parse_file_name(&file_name(EntryIndex(1234), form)), Some((EntryIndex(1234), form)));
        }
        for name in ["12.log", "00000000000000000012.tmp", "00000000000000000012", "+0000000000000000012.log"] {
            assert_eq!(parse_file_name(name), None, "{name}");
        }
    }
}
