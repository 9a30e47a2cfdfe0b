//! Walks the frames of a segment file through a window, so that a segment need not fit in memory.

use std::io;

use crate::frame::{self, Found};
use crate::segment::{self, Header};
use crate::storage::File;

const WINDOW: u64 = 1 << 20;

/// A position in a segment file.
pub(crate) struct Walk<'a> {
    file: &'a dyn File,
    length: u64,
    seed: u32,
    at: u64,
    window: Vec<u8>,
    window_at: u64,
}

/// Reads and checks the header of a segment file.
pub(crate) fn header(file: &dyn File) -> io::Result<Result<Header, segment::Error>> {
    let mut bytes = [0; segment::HEADER];
    match file.read_at(&mut bytes, 0) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(Header::parse(&bytes)),
    }
}

// === impl Walk ===

impl<'a> Walk<'a> {
    /// Starts at the first frame.
    pub(crate) fn new(file: &'a dyn File, header: &Header) -> io::Result<Self> {
        let length = file.length()?;
        let at = segment::HEADER as u64;
        Ok(Self { file, length, seed: header.seed(), at, window: Vec::new(), window_at: 0 })
    }

    /// Returns where the next frame would start.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// Reads what lies here and steps over it if it is a frame. Never answers `Short`.
    pub(crate) fn step(&mut self) -> io::Result<Found<'_>> {
        if self.at + frame::HEADER as u64 > self.length {
            return Ok(Found::Nothing);
        }
        self.fill(frame::HEADER)?;
        if let Found::Short(needed) = frame::read(self.rest(frame::HEADER), self.seed) {
            if self.at + needed as u64 > self.length {
                return Ok(Found::Bad("the entry would run past the end of the segment"));
            }
            self.fill(needed)?;
        }
        let from = (self.at - self.window_at) as usize;
        let found = frame::read(&self.window[from..], self.seed);
        if let Found::Frame(_, length) = found {
            self.at += length as u64;
        }
        Ok(found)
    }

    /// Finds the first byte from here on that is not zero.
    pub(crate) fn nonzero(&mut self) -> io::Result<Option<u64>> {
        let mut at = self.at;
        let mut bytes = vec![0; WINDOW.min(self.length.saturating_sub(at)) as usize];
        while at < self.length {
            let part = &mut bytes[..WINDOW.min(self.length - at) as usize];
            self.file.read_at(part, at)?;
            // Whole words first: this runs over tens of megabytes at every start.
            if part.as_chunks::<64>().0.iter().any(|chunk| *chunk != [0; 64])
                || part.as_chunks::<64>().1.iter().any(|byte| *byte != 0)
            {
                let beyond = part.iter().position(|byte| *byte != 0).unwrap_or_default();
                return Ok(Some(at + beyond as u64));
            }
            at += part.len() as u64;
        }
        Ok(None)
    }

    fn rest(&self, length: usize) -> &[u8] {
        let from = (self.at - self.window_at) as usize;
        &self.window[from..from + length]
    }

    fn fill(&mut self, needed: usize) -> io::Result<()> {
        let have = self.window_at + self.window.len() as u64;
        if self.at >= self.window_at && self.at + needed as u64 <= have {
            return Ok(());
        }
        let length = WINDOW.max(needed as u64).min(self.length - self.at);
        self.window.resize(length as usize, 0);
        self.window_at = self.at;
        self.file.read_at(&mut self.window, self.at)
    }
}
