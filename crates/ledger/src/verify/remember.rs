//! The heads that a verifier has seen: what makes a rollback or a fork visible the next time.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use crate::checkpoint::Checkpoint;
use crate::note::Note;
use crate::types::{Hash, Origin, TreeSize};

const HEADER: &str = "ledger remembered checkpoints v1";

/// The last signed checkpoint seen of each log. As a file: a header, then per log `note <bytes>` and the note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remember(BTreeMap<Origin, (Checkpoint, Note)>);

/// Why a file does not tell what was seen.
#[derive(Debug, thiserror::Error)]
pub enum RememberError {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is damaged; a verifier must not go on as if it had seen nothing.
    #[error("the file of remembered checkpoints is damaged at byte {0}")]
    Damaged(usize),
}

// === impl Remember ===

impl Remember {
    /// Reads a file; one that does not exist remembers nothing.
    ///
    /// # Errors
    /// A file that is there must be whole.
    pub fn load(path: &Path) -> Result<Self, RememberError> {
        match std::fs::read(path) {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// Names the first byte that is not as it should be.
    pub fn parse(bytes: &[u8]) -> Result<Self, RememberError> {
        let mut remembered = Self::default();
        let line_at = |at: usize| {
            let end = bytes[at..].iter().position(|byte| *byte == b'\n').ok_or(RememberError::Damaged(at))?;
            let text = std::str::from_utf8(&bytes[at..at + end]).map_err(|_| RememberError::Damaged(at))?;
            Ok::<_, RememberError>((text, at + end + 1))
        };
        let (header, mut at) = line_at(0)?;
        if header != HEADER {
            return Err(RememberError::Damaged(0));
        }
        while at < bytes.len() {
            let damaged = || RememberError::Damaged(at);
            let (line, start) = line_at(at)?;
            let length = line.strip_prefix("note ").and_then(crate::layout::parse_decimal).ok_or_else(damaged)?;
            let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length)).ok_or_else(damaged)?;
            let note = Note::parse(bytes.get(start..end).ok_or_else(damaged)?).map_err(|_| damaged())?;
            remembered.update(&note).ok_or_else(damaged)?;
            at = end;
        }
        Ok(remembered)
    }

    /// Returns the head seen of a log.
    pub fn head(&self, origin: &Origin) -> Option<(TreeSize, Hash)> {
        self.0.get(origin).map(|(checkpoint, _)| (checkpoint.size, checkpoint.root))
    }

    /// Returns the signed checkpoint seen of a log: with a later contradicting one, the proof of a fork.
    pub fn note(&self, origin: &Origin) -> Option<&Note> {
        self.0.get(origin).map(|(_, note)| note)
    }

    /// Lists the logs seen.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.0.keys()
    }

    /// Takes the checkpoint of a verified log; `None` if the note's text is no checkpoint.
    pub fn update(&mut self, note: &Note) -> Option<()> {
        let checkpoint = Checkpoint::parse(note.text()).ok()?;
        self.0.insert(checkpoint.origin.clone(), (checkpoint, note.clone()));
        Some(())
    }

    /// Writes the file: beside, synced, then renamed.
    ///
    /// # Errors
    /// Whatever the system says; the old file is then still whole.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        write_atomically(path, self.to_string().as_bytes())
    }
}

impl std::fmt::Display for Remember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{HEADER}")?;
        self.0.values().try_for_each(|(_, note)| {
            let note = note.to_string();
            write!(f, "note {}\n{note}", note.len())
        })
    }
}

/// Replaces a small file so that a crash leaves the old or the new one, durably.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".tmp");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{Algorithm, SecretKey};

    fn note(origin: &str, size: u64) -> Note {
        let key = SecretKey::from_seed(origin, Algorithm::Ed25519, &[4; 32]).unwrap();
        Checkpoint::new(Origin::new(origin).unwrap(), TreeSize(size), Hash([1; 32])).sign(&key).unwrap()
    }

    #[test]
    fn reads_back_and_notices_damage() {
        let mut remembered = Remember::default();
        remembered.update(&note("log.test/b", 3)).unwrap();
        remembered.update(&note("log.test/a", 7)).unwrap();
        remembered.update(&note("log.test/b", 9)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seen");
        assert_eq!(Remember::load(&path).unwrap(), Remember::default());
        remembered.save(&path).unwrap();
        let read = Remember::load(&path).unwrap();
        assert_eq!(read, remembered);
        let origin = Origin::new("log.test/b").unwrap();
        assert_eq!(read.head(&origin), Some((TreeSize(9), Hash([1; 32]))));
        assert_eq!(read.note(&origin), Some(&note("log.test/b", 9)));
        let bytes = std::fs::read(&path).unwrap();
        for end in (0..bytes.len()).filter(|end| *end != HEADER.len() + 1) {
            let whole_notes = Remember::parse(&bytes[..end]).is_ok_and(|read| read.0.len() == 1);
            assert!(whole_notes || Remember::parse(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(Remember::parse(&[bytes.as_slice(), b"x"].concat()).is_err());
    }
}
