//! Checkpoints (C2SP tlog-checkpoint): what a log, and its witnesses, sign.

use std::fmt;

use crate::layout::parse_decimal;
use crate::note::{self, Note, SecretKey, Verified, VerifierKey};
use crate::types::{Hash, Origin, TreeSize};

/// The head of a log's tree at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log.
    pub origin: Origin,
    /// How many entries.
    pub size: TreeSize,
    /// The root over them.
    pub root: Hash,
    /// Lines of other programs, kept on reading and never written by this one.
    pub extensions: Vec<String>,
}

/// A checkpoint whose log's signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The note as received.
    pub note: Note,
    /// The log's own signatures.
    pub log: Vec<Verified>,
    /// The known witnesses' cosignatures.
    pub witnesses: Vec<Verified>,
    /// How many signature lines are of unknown keys.
    pub unknown: usize,
}

/// The keys that a verifier believes.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Keys of logs; each signs only the origin that it is named after.
    pub logs: Vec<VerifierKey>,
    /// Keys of witnesses.
    pub witnesses: Vec<VerifierKey>,
}

/// Why a checkpoint is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The note itself is not.
    #[error(transparent)]
    Note(#[from] note::Error),
    /// The text has not the lines of a checkpoint.
    #[error("line {0} of the checkpoint is malformed")]
    Line(usize),
    /// No known key of that log signed.
    #[error("no known key of the log `{0}` signed the checkpoint")]
    Unsigned(Origin),
}

// === impl Checkpoint ===

impl Checkpoint {
    /// Names a head.
    pub const fn new(origin: Origin, size: TreeSize, root: Hash) -> Self {
        Self { origin, size, root, extensions: Vec::new() }
    }

    /// Reads the text of a note as a checkpoint.
    ///
    /// # Errors
    /// Names the first line that is not as the format wants it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(Error::Line(1))?.split('\n').collect();
        if let Some(empty) = lines.iter().position(|line| line.is_empty()) {
            return Err(Error::Line(empty + 1));
        }
        let origin = Origin::foreign(lines[0]).map_err(|_| Error::Line(1))?;
        let size = lines.get(1).and_then(|line| parse_decimal(line)).ok_or(Error::Line(2))?;
        let root = lines.get(2).and_then(|line| Hash::from_base64(line)).ok_or(Error::Line(3))?;
        let extensions = lines[3..].iter().map(ToString::to_string).collect();
        Ok(Self { origin, size: TreeSize(size), root, extensions })
    }

    /// Signs the checkpoint.
    ///
    /// # Errors
    /// Only an origin that cannot stand in a note.
    pub fn sign(&self, key: &SecretKey) -> Result<Note, note::Error> {
        let text = self.to_string();
        let signature = key.sign(&text, 0);
        Note::new(&text, vec![signature])
    }
}

impl fmt::Display for Checkpoint {
    /// Writes the text to sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

// === impl Signed ===

impl Signed {
    /// Reads a signed checkpoint and checks every signature of a known key.
    ///
    /// # Errors
    /// One key of the log itself must have signed; a bad signature of any known key condemns the checkpoint.
    pub fn open(bytes: &[u8], keys: &Keys) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        let own = keys.logs.iter().filter(|key| key.name() == checkpoint.origin.as_str());
        let log_keys: Vec<VerifierKey> = own.cloned().collect();
        if log_keys.is_empty() {
            return Err(Error::Unsigned(checkpoint.origin));
        }
        let log = note.verify(&log_keys).map_err(|error| match error {
            note::Error::NoKnownKey => Error::Unsigned(checkpoint.origin.clone()),
            other => other.into(),
        })?;
        let witnesses = match note.verify(&keys.witnesses) {
            Ok(witnesses) => witnesses,
            Err(note::Error::NoKnownKey) => Vec::new(),
            Err(other) => return Err(other.into()),
        };
        let known: Vec<VerifierKey> = log_keys.iter().chain(&keys.witnesses).cloned().collect();
        let unknown = note.unknown(&known).count();
        Ok(Self { checkpoint, note, log, witnesses, unknown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Algorithm;

    fn key(name: &str, algorithm: Algorithm, seed: u8) -> SecretKey {
        SecretKey::from_seed(name, algorithm, &[seed; 32]).unwrap()
    }

    fn head() -> Checkpoint {
        Checkpoint::new(Origin::new("log.test/a").unwrap(), TreeSize(20_852_163), Hash([7; 32]))
    }

    #[test]
    fn reads_what_it_writes_and_tolerates_extensions() {
        let mut checkpoint = head();
        assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint.clone()));
        checkpoint.extensions = vec!["more".into(), "and more".into()];
        assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
        let root = Hash([7; 32]).to_base64();
        for (text, line) in [
            (String::new(), 1),
            ("o\n".into(), 2),
            ("o\n01\n".into(), 2),
            ("o\n+1\n".into(), 2),
            ("o\n1\n".into(), 3),
            (format!("o\n1\n{}\n", &root[..43]), 3),
            (format!("\n1\n{root}\n"), 1),
            (format!("o\n1\n{root}\n\nx\n"), 4),
            (format!("o\n1\n{root}"), 1),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(Error::Line(line)), "{text:?}");
        }
    }

    #[test]
    fn believes_only_a_key_of_the_log_named_after_it() {
        let log = key("log.test/a", Algorithm::Ed25519, 1);
        let witness = key("w.test", Algorithm::CosignatureV1, 2);
        let stranger = key("log.test/b", Algorithm::Ed25519, 3);
        let mut note = head().sign(&log).unwrap();
        note.add(witness.sign(note.text(), 1_700_000_000));
        note.add(stranger.sign(note.text(), 0));
        let bytes = note.to_string().into_bytes();
        let keys = |logs: &[&SecretKey], witnesses: &[&SecretKey]| Keys {
            logs: logs.iter().map(|key| key.verifier().clone()).collect(),
            witnesses: witnesses.iter().map(|key| key.verifier().clone()).collect(),
        };
        let signed = Signed::open(&bytes, &keys(&[&log], &[&witness])).unwrap();
        assert_eq!((signed.log.len(), signed.witnesses.len(), signed.unknown), (1, 1, 1));
        assert_eq!(signed.witnesses[0].time_s, Some(1_700_000_000));
        let unsigned = Err(Error::Unsigned(head().origin));
        assert_eq!(Signed::open(&bytes, &keys(&[&stranger], &[&witness])), unsigned);
        assert_eq!(Signed::open(&bytes, &keys(&[], &[&log])), unsigned);
    }
}
