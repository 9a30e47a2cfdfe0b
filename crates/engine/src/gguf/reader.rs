//! A cursor that never reads past what the file can hold.

use std::fmt;
use std::io::Read;

use super::{Error, at_most};

const KEY_BYTES_MAX: u64 = 1024;
/// A chat template is the longest string that is kept.
const TEXT_BYTES_MAX: u64 = 1 << 20;
/// The whole header: vocabularies of the largest models take some 20 MB.
const HEADER_BYTES_MAX: u64 = 256 << 20;
/// Arrays that are kept (tags, head counts per layer) are short.
const KEPT_ITEMS_MAX: u64 = 1024;

/// A metadata value, as far as it is of interest.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    List(Vec<Value>),
    /// Checked and left behind; only the number of an array's items is known.
    Skipped(u64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(n) => write!(f, "{n}"),
            Self::Signed(n) => write!(f, "{n}"),
            Self::Float(x) => write!(f, "{x}"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Text(s) => write!(f, "\"{}\"", s.chars().take(60).collect::<String>()),
            Self::List(items) => write!(f, "a list of {}", items.len()),
            Self::Skipped(n) => write!(f, "a list of {n}"),
        }
    }
}

const TYPE_TEXT: u32 = 8;
const TYPE_ARRAY: u32 = 9;

/// Bytes of a fixed-size metadata type.
fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// Reads little-endian values and knows how much of the file is left.
pub(super) struct Cursor<R> {
    input: R,
    position: u64,
    size: u64,
}

impl<R: Read> Cursor<R> {
    pub(super) fn new(input: R, size: u64) -> Self {
        Self { input, position: 0, size }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Refuses to go on unless `bytes` more are there.
    fn need(&self, what: &str, bytes: u64) -> Result<(), Error> {
        let left = self.size - self.position;
        if bytes > left {
            return Err(Error::CutOff { what: what.into(), needed: bytes, left });
        }
        at_most("header length in bytes", self.position.saturating_add(bytes), HEADER_BYTES_MAX)?;
        Ok(())
    }

    pub(super) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Error> {
        self.need(what, N as u64)?;
        let mut out = [0; N];
        self.input.read_exact(&mut out)?;
        self.position += N as u64;
        Ok(out)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, Error> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn skip(&mut self, what: &str, bytes: u64) -> Result<(), Error> {
        self.need(what, bytes)?;
        let skipped = std::io::copy(&mut (&mut self.input).take(bytes), &mut std::io::sink())?;
        self.position += skipped;
        if skipped < bytes {
            return Err(Error::CutOff { what: what.into(), needed: bytes, left: skipped });
        }
        Ok(())
    }

    pub(super) fn text(&mut self, what: &str, limit: u64) -> Result<String, Error> {
        let len = self.u64(what)?;
        self.need(what, len)?;
        at_most(&format!("length of {what}"), len, limit)?;
        let len = usize::try_from(len).map_err(|_| Error::Invalid(format!("{what} is too long")))?;
        let mut out = vec![0; len];
        self.input.read_exact(&mut out)?;
        self.position += len as u64;
        String::from_utf8(out).map_err(|_| Error::Invalid(format!("{what} is not UTF-8")))
    }

    pub(super) fn key(&mut self) -> Result<String, Error> {
        self.text("a key", KEY_BYTES_MAX)
    }

    /// Reads the value of `key`; keeps it only if `wanted`.
    pub(super) fn value(&mut self, key: &str, wanted: bool) -> Result<Value, Error> {
        let kind = self.u32(key)?;
        match kind {
            TYPE_TEXT if wanted => Ok(Value::Text(self.text(key, TEXT_BYTES_MAX)?)),
            TYPE_TEXT => {
                let len = self.u64(key)?;
                self.skip(key, len)?;
                Ok(Value::Skipped(1))
            }
            TYPE_ARRAY => self.list(key, wanted),
            other => self.scalar(key, other),
        }
    }

    fn list(&mut self, key: &str, wanted: bool) -> Result<Value, Error> {
        let kind = self.u32(key)?;
        let count = self.u64(key)?;
        if wanted && count <= KEPT_ITEMS_MAX {
            return (0..count).map(|_| self.item(key, kind)).collect::<Result<_, _>>().map(Value::List);
        }
        if kind == TYPE_TEXT {
            // Each string takes at least its length field, so the file bounds this loop.
            self.need(key, count.saturating_mul(8))?;
            for _ in 0..count {
                let len = self.u64(key)?;
                self.skip(key, len)?;
            }
        } else {
            let width = width(kind).ok_or_else(|| unknown(key, kind))?;
            self.skip(key, count.saturating_mul(width))?;
        }
        Ok(Value::Skipped(count))
    }

    fn item(&mut self, key: &str, kind: u32) -> Result<Value, Error> {
        if kind == TYPE_TEXT {
            return Ok(Value::Text(self.text(key, KEY_BYTES_MAX)?));
        }
        self.scalar(key, kind)
    }

    fn scalar(&mut self, key: &str, kind: u32) -> Result<Value, Error> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(u8::from_le_bytes(self.array(key)?))),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array(key)?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array(key)?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.array(key)?))),
            4 => Value::Unsigned(u64::from(self.u32(key)?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.array(key)?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array(key)?))),
            7 => Value::Bool(self.array::<1>(key)? != [0]),
            10 => Value::Unsigned(self.u64(key)?),
            11 => Value::Signed(i64::from_le_bytes(self.array(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.array(key)?)),
            other => return Err(unknown(key, other)),
        })
    }
}

fn unknown(key: &str, kind: u32) -> Error {
    Error::Invalid(format!("key `{key}` has the unknown type {kind}"))
}
