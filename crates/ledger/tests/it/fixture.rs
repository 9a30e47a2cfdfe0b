//! Small logs on a real disk, and logs in memory that a test can forge.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::checkpoint::{Checkpoint, Keys};
use ledger::layout::{BundleId, CHECKPOINT, TILE_WIDTH, TileId};
use ledger::note::{Algorithm, Note, SecretKey, VerifierKey};
use ledger::storage::Disk;
use ledger::tile::{Edge, encode_bundle};
use ledger::tree::leaf_hash;
use ledger::verify::{self, Failure, Finding, Options, Report, Source};
use ledger::{Core, EntryIndex, Hash, KeySource, Origin, TreeSize};

pub(crate) const ORIGIN: &str = "log.test/a";

/// A log on disk, written by the writer itself, with segments so small that several are sealed.
pub(crate) struct Written {
    pub(crate) data: tempfile::TempDir,
    pub(crate) core: Core,
    segment_bytes: u64,
}

/// A published log in memory.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) can_list: bool,
}

pub(crate) fn origin() -> Origin {
    Origin::new(ORIGIN).unwrap()
}

pub(crate) fn log_key() -> SecretKey {
    SecretKey::from_seed(ORIGIN, Algorithm::Ed25519, &[1; 32]).unwrap()
}

pub(crate) fn witness_key(n: u8) -> SecretKey {
    SecretKey::from_seed(&format!("witness.test/{n}"), Algorithm::CosignatureV1, &[100 + n; 32]).unwrap()
}

pub(crate) fn keys_of(key: &VerifierKey) -> Keys {
    Keys { logs: vec![key.clone()], witnesses: Vec::new() }
}

pub(crate) fn options<'a>() -> Options<'a> {
    Options { keys: keys_of(log_key().verifier()), ..Options::default() }
}

pub(crate) fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

/// The finding of a failed verification.
pub(crate) fn finding(result: Result<Report, Failure>) -> Finding {
    match result {
        Err(Failure::Found(finding)) => *finding,
        other => panic!("a finding was expected: {other:?}"),
    }
}

// === impl Written ===

impl Written {
    pub(crate) fn new() -> Self {
        Self::with_segments_of(4096)
    }

    pub(crate) fn with_segments_of(segment_bytes: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let core = Self::open(data.path(), segment_bytes);
        Self { data, core, segment_bytes }
    }

    fn open(data: &Path, segment_bytes: u64) -> Core {
        let mut options = ledger::Options::new(data, "a", origin());
        options.segment_bytes = segment_bytes;
        let clock: ledger::Clock = Arc::new(|| 1_700_000_000_000);
        let key = KeySource::Stored { seed_if_new: [1; 32] };
        Core::open(Arc::new(Disk), options, key, clock).unwrap().0
    }

    /// Stops and starts the log.
    pub(crate) fn reopen(self) -> Self {
        let Self { data, core, segment_bytes } = self;
        drop(core);
        let core = Self::open(data.path(), segment_bytes);
        Self { data, core, segment_bytes }
    }

    /// Appends `count` entries in several batches.
    pub(crate) fn append(&mut self, count: u64) {
        let entries: Vec<Vec<u8>> = (0..count).map(entry).collect();
        for batch in entries.chunks(7.max(entries.len() / 100)) {
            let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
            self.core.append(&batch).unwrap();
        }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.data.path().join("ledger").join("a")
    }

    pub(crate) fn note(&self) -> Note {
        Note::parse(&std::fs::read(self.dir().join(CHECKPOINT)).unwrap()).unwrap()
    }

    pub(crate) fn verify(&self) -> Result<Report, Failure> {
        verify::log_dir(&self.dir(), &options())
    }

    pub(crate) fn files(&self) -> Vec<String> {
        verify::Directory::new(self.dir()).list().unwrap().unwrap()
    }
}

// === impl Published ===

impl Published {
    pub(crate) fn of(entries: &[Vec<u8>]) -> Self {
        let mut files = BTreeMap::new();
        let mut edge = Edge::new();
        for entry in entries {
            edge.push(leaf_hash(entry), |tile| drop(files.insert(tile.id.to_string(), tile.encode())));
        }
        files.extend(edge.partials().map(|tile| (tile.id.to_string(), tile.encode())));
        for (number, chunk) in entries.chunks(TILE_WIDTH as usize).enumerate() {
            let id = BundleId { number: number as u64, width: chunk.len() as u16 };
            files.insert(id.to_string(), encode_bundle(chunk.iter().map(Vec::as_slice)).unwrap());
        }
        let mut published = Self { files, can_list: true };
        published.sign(edge.size(), edge.root());
        published
    }

    pub(crate) fn numbered(count: u64) -> Self {
        Self::of(&(0..count).map(entry).collect::<Vec<_>>())
    }

    pub(crate) fn sign(&mut self, size: TreeSize, root: Hash) {
        let note = Checkpoint::new(origin(), size, root).sign(&log_key()).unwrap();
        self.files.insert(CHECKPOINT.to_owned(), note.to_string().into_bytes());
    }

    pub(crate) fn note(&self) -> Note {
        Note::parse(&self.files[CHECKPOINT]).unwrap()
    }

    pub(crate) fn verify(&self) -> Result<Report, Failure> {
        verify::published(self, &options())
    }

    /// Replaces one hash of a tile.
    pub(crate) fn forge_hash(&mut self, tile: TileId, position: usize, hash: Hash) {
        let bytes = self.files.get_mut(&tile.to_string()).unwrap();
        bytes[position * 32..(position + 1) * 32].copy_from_slice(&hash.0);
    }

    /// Turns every bit of one hash of a tile.
    pub(crate) fn spoil_hash(&mut self, tile: TileId, position: usize) {
        let bytes = self.files.get_mut(&tile.to_string()).unwrap();
        bytes[position * 32..(position + 1) * 32].iter_mut().for_each(|byte| *byte = !*byte);
    }

    /// Replaces an entry in its bundle by one of the same length.
    pub(crate) fn forge_entry(&mut self, index: EntryIndex, size: TreeSize) -> Vec<u8> {
        let bundle = BundleId::holding(index, size).unwrap();
        let bytes = &self.files[&bundle.to_string()];
        let mut entries: Vec<Vec<u8>> =
            ledger::tile::decode_bundle(bytes).unwrap().into_iter().map(<[u8]>::to_vec).collect();
        let forged = &mut entries[(index.0 % TILE_WIDTH) as usize];
        forged[0] ^= 0x20;
        let forged = forged.clone();
        let bytes = encode_bundle(entries.iter().map(Vec::as_slice)).unwrap();
        self.files.insert(bundle.to_string(), bytes);
        forged
    }
}

impl Source for Published {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.get(path).cloned())
    }

    fn list(&self) -> Result<Option<Vec<String>>, Failure> {
        Ok(self.can_list.then(|| self.files.keys().cloned().collect()))
    }
}
