//! The plain form of what is sealed: a head in JSON, then the bytes of the request and of the answer as they were.

use realm::UnixMs;
use serde::{Deserialize, Serialize};

/// What a client sent and was told.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// When the request ended.
    pub at: UnixMs,
    /// The status that the client was told.
    pub status: u16,
    /// The body that it sent.
    pub request: &'a [u8],
    /// The body that it got, a stream's parts joined.
    pub answer: &'a [u8],
    /// Whether the answer's end is missing.
    pub cut: bool,
}

/// The same, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// When the request ended.
    pub at: UnixMs,
    /// The status that the client was told.
    pub status: u16,
    /// The body that it sent.
    pub request: Vec<u8>,
    /// The body that it got.
    pub answer: Vec<u8>,
    /// Whether the answer's end is missing.
    pub cut: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    v: u8,
    at: UnixMs,
    status: u16,
    request_bytes: usize,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

impl Parts<'_> {
    /// The bytes to seal.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { at, status, cut, .. } = *self;
        let head = Head { v: 1, at, status, request_bytes: self.request.len(), cut };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut bytes = Vec::with_capacity(head.len() + 1 + self.request.len() + self.answer.len());
        bytes.extend_from_slice(&head);
        // JSON written here holds no line end of its own.
        bytes.push(b'\n');
        bytes.extend_from_slice(self.request);
        bytes.extend_from_slice(self.answer);
        bytes
    }
}

impl Item {
    /// Reads them back; none where a later version wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|b| *b == b'\n')?;
        let Head { v, at, status, request_bytes, cut } = serde_json::from_slice(&bytes[..end]).ok()?;
        let (request, answer) = bytes[end + 1..].split_at_checked(request_bytes)?;
        (v == 1).then(|| Self { at, status, request: request.to_vec(), answer: answer.to_vec(), cut })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_byte_for_byte() {
        let (request, answer) = (&b"{\n\"a\":\xff}"[..], &b"data: x\n\n"[..]);
        let parts = Parts { at: UnixMs(7), status: 200, request, answer, cut: true };
        let item = Item::from_bytes(&parts.to_bytes()).unwrap();
        assert_eq!((item.request.as_slice(), item.answer.as_slice()), (request, answer));
        assert_eq!((item.at, item.status, item.cut), (UnixMs(7), 200, true));
        assert_eq!(Item::from_bytes(b"{\"v\":2}\n"), None);
        assert_eq!(Item::from_bytes(b"{\"v\":1,\"at\":1,\"status\":200,\"request_bytes\":9}\nshort"), None);
    }
}
