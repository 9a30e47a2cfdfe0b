//! JSON values one after another, with anything or nothing between them.

use crate::sse::TooLong;

/// Finds where values end, for any chunking. Checks nothing else: what is no JSON comes out up to its line end.
#[derive(Debug)]
pub(super) struct Values {
    value: Vec<u8>,
    depth: usize,
    in_string: bool,
    escaped: bool,
    bytes_max: usize,
}

impl Values {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { value: Vec::new(), depth: 0, in_string: false, escaped: false, bytes_max }
    }

    /// Takes the next bytes and hands out each value that they complete.
    pub(super) fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), TooLong> {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.value.is_empty() && from == at && self.depth == 0 && b" \t\r\n,".contains(byte) {
                from = at + 1;
                continue;
            }
            if self.ends(*byte) {
                self.keep(&bytes[from..=at])?;
                each(&self.value);
                self.value.clear();
                from = at + 1;
            }
        }
        self.keep(&bytes[from..])
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.value.len() + bytes.len() > self.bytes_max {
            return Err(TooLong { bytes_max: self.bytes_max });
        }
        self.value.extend_from_slice(bytes);
        Ok(())
    }

    /// Whether a value ends with this byte.
    fn ends(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' if self.depth > 0 => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            b'\n' => return self.depth == 0,
            _ => {}
        }
        false
    }
}
