//! Receipts (C2SP tlog-proof): everything that proves, offline, that a log holds an entry.
//!
//! The optional `extra` line carries the entry itself. The format lends it to whatever the verifier needs to compute
//! the record's hash and forbids to trust it: here it is believed only because its hash is then proved.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{self, Keys, Signed};
use crate::layout::parse_decimal;
use crate::note::{NOTE_BYTES_MAX, Note};
use crate::proof::{self, PROOF_HASHES_MAX};
use crate::tile::ENTRY_BYTES_MAX;
use crate::tree::leaf_hash;
use crate::types::{EntryIndex, Hash};

/// The media type that receipts are served with.
pub const MEDIA_TYPE: &str = "text/plain; charset=utf-8";
/// The usual extension of a receipt's file.
pub const FILE_EXTENSION: &str = "tlog-proof";

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A receipt as read or made: well formed, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The entry, or whatever another program put there.
    pub extra: Option<Vec<u8>>,
    /// Where in the log.
    pub index: EntryIndex,
    /// From the entry's sibling up to the root's child.
    pub proof: Vec<Hash>,
    /// The signed checkpoint that the proof leads to.
    pub checkpoint: Note,
}

/// A receipt that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The entry whose inclusion is proved.
    pub entry: Vec<u8>,
    /// Where in the log.
    pub index: EntryIndex,
    /// The log's head, who signed and who witnessed it.
    pub signed: Signed,
}

/// Why a text is no receipt, or a receipt does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than any receipt needs to be.
    #[error("the receipt is too long")]
    TooLong,
    /// A line is not as the format wants it.
    #[error("line {0} of the receipt is malformed")]
    Line(usize),
    /// The checkpoint is not to be believed.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
    /// The entry is not where the receipt says.
    #[error(transparent)]
    Proof(#[from] proof::Error),
    /// Neither the receipt nor the caller has the entry.
    #[error("the receipt does not carry the entry: give it as well")]
    NoEntry,
    /// The receipt carries another entry than the one given.
    #[error("the receipt carries another entry than the one given")]
    OtherEntry,
}

// === impl Receipt ===

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// Names the first line that is not as the format wants it; nothing is verified here.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > NOTE_BYTES_MAX + 2 * ENTRY_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Error::Line(1))?;
        let (head, note) = text.split_once("\n\n").ok_or(Error::Line(1))?;
        let mut lines = head.split('\n').enumerate().map(|(n, line)| (n + 1, line)).peekable();
        lines.next_if(|(_, line)| *line == HEADER).ok_or(Error::Line(1))?;
        let extra = match lines.next_if(|(_, line)| line.starts_with("extra ")) {
            Some((n, line)) => Some(STANDARD.decode(&line["extra ".len()..]).map_err(|_| Error::Line(n))?),
            None => None,
        };
        let (n, line) = lines.next().ok_or(Error::Line(2))?;
        let index = line.strip_prefix("index ").and_then(parse_decimal).ok_or(Error::Line(n))?;
        let proof = lines
            .take(PROOF_HASHES_MAX + 1)
            .map(|(n, line)| Hash::from_base64(line).ok_or(Error::Line(n)))
            .collect::<Result<Vec<_>, _>>()?;
        if proof.len() > PROOF_HASHES_MAX {
            return Err(Error::TooLong);
        }
        let checkpoint = Note::parse(note.as_bytes()).map_err(checkpoint::Error::from)?;
        Ok(Self { extra, index: EntryIndex(index), proof, checkpoint })
    }

    /// Proves the entry from the receipt and the keys alone.
    ///
    /// `entry` is needed if the receipt does not carry it; if both are there they must be the same.
    ///
    /// # Errors
    /// The checkpoint must be signed by a known key of its log and the proof lead from the entry to its root.
    pub fn verify(&self, entry: Option<&[u8]>, keys: &Keys) -> Result<Verified, Error> {
        let signed = Signed::open(self.checkpoint.to_string().as_bytes(), keys)?;
        let entry = match (entry, &self.extra) {
            (Some(given), Some(carried)) if given != carried => return Err(Error::OtherEntry),
            (Some(given), _) => given,
            (None, Some(carried)) => carried,
            (None, None) => return Err(Error::NoEntry),
        };
        let head = &signed.checkpoint;
        proof::verify_inclusion(leaf_hash(entry), self.index, head.size, &self.proof, head.root)?;
        Ok(Verified { entry: entry.to_vec(), index: self.index, signed })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::note::{Algorithm, SecretKey};
    use crate::proof::{LeafNodes, inclusion};
    use crate::tree::root_of;
    use crate::types::{Origin, TreeSize};

    fn receipt(count: u64, index: u64) -> (Receipt, Keys) {
        let log = SecretKey::from_seed("log.test/a", Algorithm::Ed25519, &[1; 32]).unwrap();
        let entries: Vec<String> = (0..count).map(|n| format!("entry {n}")).collect();
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        let (size, index) = (TreeSize(count), EntryIndex(index));
        let proof = inclusion(&mut LeafNodes(&leaves), index, size).unwrap().unwrap();
        let head = Checkpoint::new(Origin::new("log.test/a").unwrap(), size, root_of(&leaves));
        let extra = Some(entries[index.0 as usize].clone().into_bytes());
        let keys = Keys { logs: vec![log.verifier().clone()], witnesses: Vec::new() };
        (Receipt { extra, index, proof, checkpoint: head.sign(&log).unwrap() }, keys)
    }

    #[test]
    fn reads_what_it_writes_in_the_shape_of_the_specification() {
        let (receipt, keys) = receipt(11, 6);
        let text = receipt.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra ZW50cnkgNg==\nindex 6\n"), "{text}");
        assert_eq!(text.lines().count(), 3 + 4 + 1 + 3 + 1 + 1);
        let read = Receipt::parse(text.as_bytes()).unwrap();
        assert_eq!(read, receipt);
        let verified = read.verify(None, &keys).unwrap();
        assert_eq!((verified.entry.as_slice(), verified.index), (b"entry 6".as_slice(), EntryIndex(6)));
        let single = super::tests::receipt(1, 0).0;
        assert_eq!(Receipt::parse(single.to_string().as_bytes()), Ok(single));
    }

    #[test]
    fn the_entry_may_come_from_outside() {
        let (mut receipt, keys) = receipt(11, 6);
        assert_eq!(receipt.verify(Some(b"entry 7"), &keys), Err(Error::OtherEntry));
        receipt.extra = None;
        assert_eq!(receipt.verify(None, &keys), Err(Error::NoEntry));
        assert!(receipt.verify(Some(b"entry 6"), &keys).is_ok());
        assert_eq!(receipt.verify(Some(b"entry 7"), &keys), Err(Error::Proof(proof::Error::Root)));
        assert_eq!(Receipt::parse(receipt.to_string().as_bytes()), Ok(receipt));
    }

    #[test]
    fn refuses_malformed_lines() {
        let text = receipt(11, 6).0.to_string();
        for (from, to, line) in [
            ("@v1", "@v2", 1),
            ("extra Z", "extra  Z", 2),
            ("index 6", "index 06", 3),
            ("index 6", "index -6", 3),
            ("index 6\n", "", 3),
            ("index 6\n", "index 6\nAAAA\n", 4),
        ] {
            assert_eq!(Receipt::parse(text.replacen(from, to, 1).as_bytes()), Err(Error::Line(line)), "{to:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn no_flipped_bit_passes(count in 1u64..40, which: prop::sample::Index, at: prop::sample::Index, bit in 0u8..8) {
            let (receipt, keys) = receipt(count, which.index(count as usize) as u64);
            let mut bytes = receipt.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let verified = Receipt::parse(&bytes).and_then(|receipt| receipt.verify(None, &keys));
            prop_assert!(verified.is_err(), "byte {at}");
        }
    }
}
