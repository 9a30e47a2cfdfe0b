//! The ledger's own entries: what it says about itself, in the log, under the signature.
//!
//! They are the only entries whose bytes this crate reads, and only these: everything else stays bytes. All begin with
//! [`PREFIX`], which `append` refuses from callers.

use serde::{Deserialize, Serialize};

use crate::types::EntryIndex;

/// How every entry of the ledger's own begins.
pub const PREFIX: &str = r#"{"v":1,"t":"ledger."#;

/// One of the ledger's own entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t")]
pub enum System {
    /// The first entry of a new log.
    #[serde(rename = "ledger.opened")]
    Opened {
        /// The log's name.
        origin: String,
        /// The key that signs its checkpoints, as a verifier key.
        key: String,
        /// When, in Unix milliseconds.
        at_ms: u64,
    },
    /// The first entry of a log that goes on where another one was lost or rolled back.
    #[serde(rename = "ledger.restored")]
    Restored {
        /// The log's name.
        origin: String,
        /// The key that signs its checkpoints, as a verifier key.
        key: String,
        /// When, in Unix milliseconds.
        at_ms: u64,
        /// The last known checkpoint of the log before it, as a signed note.
        checkpoint: String,
    },
    /// A full segment was compressed. If a segment is sealed twice, the last such entry counts.
    #[serde(rename = "ledger.sealed")]
    Sealed {
        /// The segment's first entry.
        first: u64,
        /// The index after its last entry.
        end: u64,
        /// How long the stored file is.
        bytes: u64,
        /// SHA-256 of the stored file, in hexadecimal.
        sha256: String,
    },
    /// Checkpoints after this entry are signed by another key.
    #[serde(rename = "ledger.key_rotated")]
    KeyRotated {
        /// The key so far.
        old: String,
        /// The key from now on.
        new: String,
        /// Both keys as a note, signed by both.
        note: String,
    },
    /// Entries were removed under a stated policy; their hashes stay.
    #[serde(rename = "ledger.pruned")]
    Pruned {
        /// The first index that is kept.
        minimum: u64,
        /// The policy that allows it, in the operator's words.
        policy: String,
        /// When, in Unix milliseconds.
        at_ms: u64,
    },
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u8,
    #[serde(flatten)]
    system: T,
}

/// Reports whether an entry is one of the ledger's own.
pub fn is_system(entry: &[u8]) -> bool {
    entry.starts_with(PREFIX.as_bytes())
}

/// Reads one of the ledger's own entries; `None` for every other entry, and for kinds that a later version added.
pub fn parse(entry: &[u8]) -> Option<System> {
    let versioned: Versioned<System> = is_system(entry).then(|| serde_json::from_slice(entry).ok())??;
    Some(versioned.system)
}

// === impl System ===

impl System {
    /// Writes the entry.
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(&Versioned { v: 1, system: self }).expect("numbers and strings are always JSON")
    }

    /// Makes the entry about a sealed file.
    pub(crate) fn sealed(first: EntryIndex, end: EntryIndex, bytes: u64, sha256: [u8; 32]) -> Self {
        Self::Sealed { first: first.0, end: end.0, bytes, sha256: hex::encode(sha256) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_and_bears_the_prefix() {
        let text = || "x".to_owned();
        let kinds = [
            System::Opened { origin: text(), key: text(), at_ms: 1 },
            System::Restored { origin: text(), key: text(), at_ms: 1, checkpoint: "a\n\n— b".to_owned() },
            System::sealed(EntryIndex(0), EntryIndex(9), 77, [3; 32]),
            System::KeyRotated { old: text(), new: text(), note: text() },
            System::Pruned { minimum: 9, policy: text(), at_ms: 1 },
        ];
        for system in kinds {
            let entry = system.encode();
            assert!(is_system(&entry), "{}", String::from_utf8_lossy(&entry));
            assert_eq!(parse(&entry), Some(system));
        }
        assert_eq!(
            String::from_utf8(System::sealed(EntryIndex(0), EntryIndex(9), 77, [0; 32]).encode()).unwrap(),
            format!(r#"{{"v":1,"t":"ledger.sealed","first":0,"end":9,"bytes":77,"sha256":"{}"}}"#, "0".repeat(64)),
        );
        assert_eq!(parse(br#"{"v":1,"t":"ledger.unheard_of"}"#), None);
        assert!(!is_system(br#"{"v":1,"t":"intent"}"#));
    }
}
