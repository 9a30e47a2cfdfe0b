//! The ledger's small vocabulary. An index is 0-based, a size is a count; they meet only in named conversions.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The 0-based position of an entry in its log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryIndex(pub u64);

/// How many entries a tree holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeSize(pub u64);

/// A SHA-256 hash of an RFC 6962 tree.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// The name of a log: unique, stable, written in every checkpoint; also its key's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Why a text cannot name a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot name a log: it must be non-empty, without white space, `+` or control characters")]
pub struct OriginError(String);

// === impl EntryIndex ===

impl EntryIndex {
    /// Returns the size of the smallest tree that holds this entry.
    pub const fn size_including(self) -> TreeSize {
        TreeSize(self.0 + 1)
    }
}

impl fmt::Display for EntryIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// === impl TreeSize ===

impl TreeSize {
    /// The size of the empty tree.
    pub const ZERO: Self = Self(0);

    /// Returns the index that the next entry gets.
    pub const fn next_index(self) -> EntryIndex {
        EntryIndex(self.0)
    }

    /// Reports whether a tree of this size holds `index`.
    pub const fn contains(self, index: EntryIndex) -> bool {
        index.0 < self.0
    }
}

impl fmt::Display for TreeSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// === impl Hash ===

impl Hash {
    /// Bytes in a hash.
    pub const LEN: usize = 32;

    /// Reads the canonical standard base64 of a hash.
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Writes the hash in standard base64.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

// === impl Origin ===

impl Origin {
    /// Accepts a name that can stand in a checkpoint and in a key.
    ///
    /// # Errors
    /// Refuses the empty name, white space, `+` and control characters.
    pub fn new(name: impl Into<String>) -> Result<Self, OriginError> {
        let name = name.into();
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.contains(bad) {
            return Err(OriginError(name));
        }
        Ok(Self(name))
    }

    /// Accepts whatever a checkpoint's first line may hold: other programs name their logs more freely.
    ///
    /// # Errors
    /// Refuses the empty name and control characters.
    pub fn foreign(name: impl Into<String>) -> Result<Self, OriginError> {
        let name = name.into();
        if name.is_empty() || name.contains(char::is_control) {
            return Err(OriginError(name));
        }
        Ok(Self(name))
    }

    /// Borrows the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
