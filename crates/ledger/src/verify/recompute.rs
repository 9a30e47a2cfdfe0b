//! The recomputation that every form of a log goes through: entries in, report or finding out.

use std::collections::BTreeMap;

use super::keychain::Keychain;
use super::source::Counted;
use super::tiles::Tiles;
use super::{Failure, Finding, Options, Report};
use crate::checkpoint::{self, Checkpoint, Signed};
use crate::layout::{CHECKPOINT, TileId};
use crate::note;
use crate::system::{self, System};
use crate::tile::Edge;
use crate::tree::{empty_root, leaf_hash};
use crate::types::{EntryIndex, Hash, TreeSize};

/// How often progress is told.
const PROGRESS_ENTRIES: u64 = 1 << 14;

/// What the log says of a sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    pub(super) stated_at: EntryIndex,
    pub(super) end: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// The recomputation under way.
pub(super) struct Recompute<'a> {
    source: &'a Counted<'a>,
    options: &'a Options<'a>,
    tiles: Tiles<'a>,
    /// What the checkpoint claims; believed only by `finish`.
    pub(super) head: Checkpoint,
    note: Vec<u8>,
    keychain: Keychain,
    edge: Edge,
    root_at_head: Hash,
    /// The first entry of the log's own that cannot be right.
    complaint: Option<Finding>,
    remembered: Option<(TreeSize, Hash)>,
    /// The last statement about each sealed segment, by first entry.
    pub(super) seals: BTreeMap<u64, Seal>,
    /// The first entry that the log's stated policies keep.
    pub(super) kept_from: u64,
}

// === impl Recompute ===

impl<'a> Recompute<'a> {
    /// Reads the checkpoint and rejects it at once if a known key's signature is wrong.
    pub(super) fn start(source: &'a Counted<'a>, options: &'a Options<'a>) -> Result<Start<'a>, Failure> {
        let note = source.need(CHECKPOINT)?;
        let keychain = Keychain::new(&options.keys);
        let wrong = |error: checkpoint::Error| checkpoint_finding(&note, &error);
        let parsed = note::Note::parse(&note).map_err(|error| wrong(error.into()))?;
        let head = Checkpoint::parse(parsed.text()).map_err(wrong)?;
        if !keychain.knows(head.origin.as_str()) {
            return Err(wrong(checkpoint::Error::Unsigned(head.origin)).into());
        }
        match keychain.open(&note) {
            // Perhaps a key that the log has yet to introduce signed it.
            Ok(_) | Err(checkpoint::Error::Unsigned(_)) => (),
            Err(error) => return Err(wrong(error).into()),
        }
        Ok(Start { source, options, head, note, keychain })
    }

    pub(super) fn size(&self) -> TreeSize {
        self.edge.size()
    }

    /// Takes the next entry.
    pub(super) fn push(&mut self, entry: &[u8]) -> Result<(), Failure> {
        let index = self.edge.size().next_index();
        self.push_leaf(leaf_hash(entry))?;
        if system::is_system(entry)
            && let Some(system) = system::parse(entry)
        {
            self.learn(index, system);
        }
        Ok(())
    }

    /// Takes the next entry of which only the hash is left.
    pub(super) fn push_leaf(&mut self, leaf: Hash) -> Result<(), Failure> {
        let mut full = Vec::new();
        self.edge.push(leaf, |tile| full.push(tile));
        for tile in full {
            self.tiles.check(&tile)?;
        }
        let size = self.edge.size();
        if size == self.head.size {
            self.root_at_head = self.edge.root();
        }
        if self.remembered.is_some_and(|(seen, _)| seen == size) {
            self.compare_remembered(self.edge.root())?;
        }
        if size.0.is_multiple_of(PROGRESS_ENTRIES)
            && let Some(progress) = self.options.progress
        {
            progress(size);
        }
        Ok(())
    }

    /// Notes what the log says of itself. A complaint waits until the entries are known to be the signed ones.
    fn learn(&mut self, index: EntryIndex, system: System) {
        let covered = self.head.size.contains(index);
        let complaint = match system {
            System::Opened { origin, .. } | System::Restored { origin, .. } if origin != self.head.origin.as_str() => {
                Err("the log calls itself otherwise in this entry")
            }
            System::KeyRotated { old, new, note } if covered => self.keychain.rotate(&old, &new, &note),
            System::Pruned { minimum, .. } if covered => {
                self.kept_from = self.kept_from.max(minimum);
                Ok(())
            }
            System::Sealed { first, end, bytes, sha256 } => {
                self.seals.insert(first, Seal { stated_at: index, end, bytes, sha256 });
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(what) = complaint {
            self.complaint.get_or_insert_with(|| Finding::new(CHECKPOINT, what).entry(index));
        }
    }

    fn compare_remembered(&self, root: Hash) -> Result<(), Failure> {
        match self.remembered {
            Some((size, seen)) if seen != root => {
                let what = format!("fork: at size {size} this log has root {root}, but {seen} was seen before");
                Err(Finding::new(CHECKPOINT, what).into())
            }
            _ => Ok(()),
        }
    }

    /// Compares the right edge, the root and the signatures.
    pub(super) fn finish(mut self, pruned: u64, strict: bool) -> Result<Report, Failure> {
        let size = self.edge.size();
        if size < self.head.size {
            let what = format!("the checkpoint covers {} entries, and the log holds {size}", self.head.size);
            return Err(Finding::new(CHECKPOINT, what).into());
        }
        for tile in self.edge.partials() {
            self.tiles.check(&tile)?;
        }
        self.tiles.finish()?;
        if self.root_at_head != self.head.root {
            let what = format!(
                "the first {} entries hash to {}, and the checkpoint says {}",
                self.head.size, self.root_at_head, self.head.root
            );
            return Err(Finding::new(CHECKPOINT, what).into());
        }
        if let Some(complaint) = self.complaint {
            return Err(complaint.into());
        }
        let (signed, unknown) =
            self.keychain.open(&self.note).map_err(|error| checkpoint_finding(&self.note, &error))?;
        if strict && unknown > 0 {
            return Err(
                Finding::new(CHECKPOINT, "a signature is by a key that was not given: it proves nothing").into()
            );
        }
        Ok(self.report(signed, unknown, pruned))
    }

    fn report(self, signed: Signed, unknown_signatures: usize, pruned: u64) -> Report {
        Report {
            origin: signed.checkpoint.origin,
            size: signed.checkpoint.size,
            root: signed.checkpoint.root,
            checkpoint: signed.note,
            signers: signed.log,
            witnesses: signed.witnesses,
            unknown_signatures,
            uncovered: self.edge.size().0 - signed.checkpoint.size.0,
            pruned,
            remembered: self.remembered.map(|(size, _)| size),
            files: self.source.files.get(),
            bytes: self.source.bytes.get(),
        }
    }
}

/// A checkpoint that was read and not yet believed.
pub(super) struct Start<'a> {
    source: &'a Counted<'a>,
    options: &'a Options<'a>,
    pub(super) head: Checkpoint,
    note: Vec<u8>,
    keychain: Keychain,
}

// === impl Start ===

impl<'a> Start<'a> {
    /// Goes on with the tiles that are there, if that is known.
    pub(super) fn with(self, tiles: Option<Vec<TileId>>) -> Result<Recompute<'a>, Failure> {
        let tiles = Tiles::new(self.source, tiles, self.options.live.then_some(self.head.size));
        tiles.require(self.head.size)?;
        let remembered = self.options.remembered.and_then(|remembered| remembered.head(&self.head.origin));
        if let Some((seen, _)) = remembered.filter(|(seen, _)| *seen > self.head.size) {
            let what =
                format!("rolled back: the checkpoint covers {} entries, but {seen} were seen before", self.head.size);
            return Err(Finding::new(CHECKPOINT, what).into());
        }
        let Self { source, options, head, note, keychain } = self;
        let recompute = Recompute {
            source,
            options,
            tiles,
            head,
            note,
            keychain,
            edge: Edge::new(),
            root_at_head: empty_root(),
            complaint: None,
            remembered,
            seals: BTreeMap::new(),
            kept_from: 0,
        };
        if remembered.is_some_and(|(seen, _)| seen == TreeSize::ZERO) {
            recompute.compare_remembered(empty_root())?;
        }
        Ok(recompute)
    }
}

/// Says where in the checkpoint's file the error lies, as far as that can be known.
fn checkpoint_finding(bytes: &[u8], error: &checkpoint::Error) -> Finding {
    let finding = Finding::new(CHECKPOINT, error.to_string());
    let line_start = |line: usize| {
        let before = bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
        before.map(<[u8]>::len).sum::<usize>() as u64
    };
    let text_lines = || {
        let split = bytes.windows(2).rposition(|pair| pair == b"\n\n").unwrap_or(0);
        bytes[..split].iter().filter(|byte| **byte == b'\n').count() + 2
    };
    match error {
        checkpoint::Error::Line(line) => finding.at(line_start(*line)),
        checkpoint::Error::Note(note::Error::NotText(at)) => finding.at(*at as u64),
        checkpoint::Error::Note(note::Error::SignatureLine(line)) => finding.at(line_start(text_lines() + line)),
        checkpoint::Error::Note(_) | checkpoint::Error::Unsigned(_) => finding,
    }
}
