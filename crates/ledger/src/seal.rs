//! Sealed segments: how the frames of a full segment are compressed. Pure: bytes in, bytes out.
//!
//! A sealed file is a sequence of zstd frames, one per run of entries with the same `index / 256`, and at its end the
//! seek table that the zstd project defines (a skippable frame), so that `zstd -d` restores the segment without its
//! zero tail and one entry can be read without unpacking the rest. The first frame also holds the segment's header.

use std::io;

const TABLE_MAGIC: u32 = 0x184D_2A5E;
const FOOTER_MAGIC: u32 = 0x8F92_EAB1;
const FOOTER: usize = 9;
/// The lightest of zstd's levels proper: on a gateway's records it packs as well as level 3, for a fifth less time.
const LEVEL: i32 = 1;
/// The longest run: 256 frames of the longest entry, and a header.
const RUN_BYTES_MAX: usize = 256 * crate::frame::length(crate::tile::ENTRY_BYTES_MAX) + crate::segment::HEADER;

/// The stored and the unpacked length of each run, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<(u32, u32)>);

/// Why bytes are no sealed segment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(&'static str);

/// Compresses runs and reads them back, with tables that are made once.
pub(crate) struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
    decompressor: zstd::bulk::Decompressor<'static>,
}

/// Restores one run.
pub(crate) fn unpack_run(stored: &[u8]) -> Result<Vec<u8>, Error> {
    zstd::bulk::decompress(stored, RUN_BYTES_MAX).map_err(|_| Error("a compressed run is damaged"))
}

/// Restores a whole segment: its header and frames, without the zero tail.
///
/// # Errors
/// Every byte must belong to a run or to the table, and lengths must agree.
pub fn unpack(stored: &[u8]) -> Result<Vec<u8>, Error> {
    let table = Table::of(stored)?;
    let mut raw = Vec::new();
    for (at, stored_length, length) in table.runs() {
        let run = unpack_run(&stored[at as usize..at as usize + stored_length as usize])?;
        if run.len() != length as usize {
            return Err(Error("a compressed run has another length than the table says"));
        }
        raw.extend_from_slice(&run);
    }
    Ok(raw)
}

// === impl Packer ===

impl Packer {
    pub(crate) fn new() -> io::Result<Self> {
        let (compressor, decompressor) = (zstd::bulk::Compressor::new(LEVEL)?, zstd::bulk::Decompressor::new()?);
        Ok(Self { compressor, decompressor })
    }

    /// Compresses one run, and makes sure that it unpacks to what was packed: the raw bytes go once this is kept.
    pub(crate) fn pack(&mut self, run: &[u8]) -> io::Result<Vec<u8>> {
        let stored = self.compressor.compress(run)?;
        match self.decompressor.decompress(&stored, run.len())? == run {
            true => Ok(stored),
            false => Err(io::Error::other("a run does not unpack to what was packed")),
        }
    }
}

// === impl Table ===

impl Table {
    /// How many bytes at the end of a file tell where its table starts.
    pub(crate) const FOOTER: usize = FOOTER;

    pub(crate) fn push(&mut self, stored: usize, raw: usize) {
        self.0.push((stored as u32, raw as u32));
    }

    /// Writes the table with its frame and footer.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = TABLE_MAGIC.to_le_bytes().to_vec();
        bytes.extend_from_slice(&((self.0.len() * 8 + FOOTER) as u32).to_le_bytes());
        for (stored, raw) in &self.0 {
            bytes.extend_from_slice(&stored.to_le_bytes());
            bytes.extend_from_slice(&raw.to_le_bytes());
        }
        bytes.extend_from_slice(&(self.0.len() as u32).to_le_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&FOOTER_MAGIC.to_le_bytes());
        bytes
    }

    /// Returns how many bytes the table takes, from the file's last `FOOTER` bytes.
    pub(crate) fn length(footer: &[u8]) -> Result<usize, Error> {
        let count = (footer.len() == FOOTER && footer[4] == 0 && number(footer, 5) == FOOTER_MAGIC)
            .then(|| number(footer, 0) as usize);
        let length = count.and_then(|count| count.checked_mul(8)?.checked_add(8 + FOOTER));
        length.ok_or(Error("the seek table at the end is damaged"))
    }

    /// Reads the table from its own bytes.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = Error("the seek table at the end is damaged");
        if bytes.len() < 8 + FOOTER || !(bytes.len() - FOOTER).is_multiple_of(8) {
            return Err(damaged);
        }
        let pairs = bytes[8..bytes.len() - FOOTER].as_chunks::<8>().0;
        let table = Self(pairs.iter().map(|pair| (number(pair, 0), number(pair, 4))).collect());
        if table.encode() == bytes { Ok(table) } else { Err(damaged) }
    }

    /// Reads the table of a whole sealed file and checks that the runs fill the rest.
    fn of(stored: &[u8]) -> Result<Self, Error> {
        let damaged = Error("the seek table at the end is damaged");
        let footer = stored.len().checked_sub(FOOTER).ok_or(damaged.clone())?;
        let length = Self::length(&stored[footer..])?;
        let start = stored.len().checked_sub(length).ok_or(damaged)?;
        let table = Self::decode(&stored[start..])?;
        if table.end() == start as u64 { Ok(table) } else { Err(Error("the runs do not fill the file")) }
    }

    /// Lists the runs: offset, stored length, unpacked length.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (u64, u32, u32)> {
        self.0.iter().scan(0u64, |at, (stored, raw)| {
            let start = *at;
            *at += u64::from(*stored);
            Some((start, *stored, *raw))
        })
    }

    /// Returns where the runs end and the table starts.
    pub(crate) fn end(&self) -> u64 {
        self.0.iter().map(|(stored, _)| u64::from(*stored)).sum()
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(runs: &[&[u8]]) -> Vec<u8> {
        let (mut bytes, mut table) = (Vec::new(), Table::default());
        let mut packer = Packer::new().unwrap();
        for run in runs {
            let stored = packer.pack(run).unwrap();
            table.push(stored.len(), run.len());
            bytes.extend(stored);
        }
        bytes.extend(table.encode());
        bytes
    }

    #[test]
    fn unpacks_what_was_packed_and_any_zstd_decoder_does() {
        let runs = [vec![b'a'; 5000], b"header and frames".to_vec(), (0..255).collect()];
        let stored = sealed(&runs.each_ref().map(Vec::as_slice));
        assert_eq!(unpack(&stored).unwrap(), runs.concat());
        assert_eq!(zstd::stream::decode_all(stored.as_slice()).unwrap(), runs.concat());
    }

    #[test]
    fn a_damaged_table_or_length_is_an_error() {
        let stored = sealed(&[b"one run of bytes", b"another run of bytes"]);
        for cut in 0..stored.len() {
            assert!(unpack(&stored[..cut]).is_err(), "cut at {cut}");
        }
        let table = stored.len() - (8 + 16 + FOOTER);
        for at in table..stored.len() {
            let mut bad = stored.clone();
            bad[at] ^= 0x10;
            assert!(unpack(&bad).is_err(), "byte {at}");
        }
    }
}
