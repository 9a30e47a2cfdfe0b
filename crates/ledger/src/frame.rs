//! How one entry lies in a segment. Pure: bytes in, bytes out.
//!
//! ```text
//! 0  u32  CRC-32C of the rest of the frame, seeded with the segment's identity
//! 4  u32  length of the entry, 1 to 65,535
//! 8  u64  index of the entry
//! 16 u32  how many frames before this one belong to the same write
//! 20      the entry, then zeros up to a multiple of 4
//! ```
//! All numbers are little-endian. The seed makes a frame of another segment or log invalid here; the index makes a
//! misplaced one visible; the position within its write tells a torn tail from damage in the middle: whatever follows
//! a hole and belongs to a *later* write proves that the hole was durable once.

/// Bytes before the entry.
pub const HEADER: usize = 20;

/// One entry as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its index.
    pub index: u64,
    /// How many frames before it belong to the same write.
    pub back: u32,
    /// Its bytes.
    pub entry: &'a [u8],
}

/// What lies at a place in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// A valid frame, and how many bytes it takes.
    Frame(Frame<'a>, usize),
    /// Zeros where a header would be: no frame was written here.
    Nothing,
    /// Bytes that are no valid frame.
    Bad(&'static str),
    /// The frame needs more bytes than given: so many.
    Short(usize),
}

/// Returns how many bytes an entry takes as a frame.
pub const fn length(entry: usize) -> usize {
    (HEADER + entry + 3) & !3
}

/// Adds a frame whose index is not known yet; `finish` completes it.
pub fn reserve(bytes: &mut Vec<u8>, entry: &[u8]) {
    let end = bytes.len() + length(entry.len());
    let mut header = [0; HEADER];
    header[4..8].copy_from_slice(&(entry.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(entry);
    bytes.resize(end, 0);
}

/// Completes a reserved frame in place.
pub fn finish(frame: &mut [u8], seed: u32, index: u64, back: u32) {
    frame[8..16].copy_from_slice(&index.to_le_bytes());
    frame[16..20].copy_from_slice(&back.to_le_bytes());
    let crc = crc32c::crc32c_append(seed, &frame[4..]);
    frame[..4].copy_from_slice(&crc.to_le_bytes());
}

/// Reads what lies at the start of `bytes`.
pub fn read(bytes: &[u8], seed: u32) -> Found<'_> {
    let Some((header, _)) = bytes.split_first_chunk::<HEADER>() else {
        return Found::Short(HEADER);
    };
    if *header == [0; HEADER] {
        return Found::Nothing;
    }
    let entry = number(header, 4) as usize;
    if entry == 0 || entry > crate::tile::ENTRY_BYTES_MAX {
        return Found::Bad("the length of the entry is impossible");
    }
    let length = length(entry);
    let Some(frame) = bytes.get(..length) else {
        return Found::Short(length);
    };
    if crc32c::crc32c_append(seed, &frame[4..]) != number(header, 0) {
        return Found::Bad("the checksum of the entry does not match");
    }
    if frame[HEADER + entry..].iter().any(|byte| *byte != 0) {
        return Found::Bad("the padding of the entry is not zero");
    }
    let index = u64::from(number(header, 8)) | u64::from(number(header, 12)) << 32;
    Found::Frame(Frame { index, back: number(header, 16), entry: &frame[HEADER..HEADER + entry] }, length)
}

/// Walks frames that are known to be whole, without checking them again.
pub fn entries(mut frames: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let header = frames.first_chunk::<HEADER>()?;
        let entry = number(header, 4) as usize;
        let found = frames.get(HEADER..HEADER + entry)?;
        frames = frames.get(length(entry)..)?;
        Some(found)
    })
}

/// Finds valid frames anywhere in damaged bytes.
pub fn salvage(bytes: &[u8], seed: u32) -> impl Iterator<Item = (usize, Frame<'_>)> {
    (0..bytes.len()).step_by(4).filter_map(move |at| match read(&bytes[at..], seed) {
        Found::Frame(frame, _) => Some((at, frame)),
        _ => None,
    })
}

fn number(header: &[u8; HEADER], at: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    u32::from_le_bytes(bytes)
}

// === impl Frame ===

impl Frame<'_> {
    /// Returns the index at which the write that holds this frame began.
    pub const fn write_start(&self) -> u64 {
        self.index.saturating_sub(self.back as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(entry: &[u8], seed: u32, index: u64, back: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        reserve(&mut bytes, entry);
        finish(&mut bytes, seed, index, back);
        bytes
    }

    proptest! {
        #[test]
        fn reads_back_and_notices_every_flipped_bit(
            entry in proptest::collection::vec(any::<u8>(), 1..200),
            index: u64, back: u32, seed: u32, flip: prop::sample::Index,
        ) {
            let mut bytes = frame(&entry, seed, index, back);
            let expected = Frame { index, back, entry: &entry };
            prop_assert_eq!(read(&bytes, seed), Found::Frame(expected, bytes.len()));
            prop_assert_eq!(entries(&bytes).collect::<Vec<_>>(), vec![entry.as_slice()]);
            prop_assert!(!matches!(read(&bytes, seed ^ 1), Found::Frame(..)));
            let bit = flip.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!matches!(read(&bytes, seed), Found::Frame(..)), "bit {bit} was not noticed");
        }

        #[test]
        fn salvages_what_follows_a_hole(garbage in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut bytes = garbage.clone();
            bytes.resize(garbage.len().next_multiple_of(4), 0xff);
            let hole = bytes.len();
            bytes.extend(frame(b"later", 7, 12, 2));
            let found: Vec<_> = salvage(&bytes, 7).collect();
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].0, hole);
            prop_assert_eq!(found[0].1.write_start(), 10);
        }
    }
}
