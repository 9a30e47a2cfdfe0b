//! One log on one simulated disk, with everything that was promised about it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::checkpoint::{Checkpoint, Keys};
use ledger::note::{Algorithm, Note, SecretKey};
use ledger::storage::sim::Sim;
use ledger::tree::{Tree, leaf_hash};
use ledger::{Core, EntryIndex, Error, Hash, KeySource, Options, Origin, Recovery, TreeSize, verify};

pub(super) const ORIGIN: &str = "sim.example/log";

/// A broken promise, in words.
pub(super) type Broken = String;

pub(super) struct World {
    pub(super) sim: Sim,
    pub(super) options: Options,
    /// What `append` acknowledged.
    pub(super) acknowledged: BTreeMap<u64, Vec<u8>>,
    /// Every entry that was ever offered.
    offered: BTreeSet<Vec<u8>>,
    next_entry: u64,
}

pub(super) fn options(segment_bytes: u64) -> Options {
    let mut options = Options::new(Path::new("/data"), "log", Origin::new(ORIGIN).unwrap());
    options.segment_bytes = segment_bytes;
    options
}

/// A directory for a moment, in memory where the machine has such: hundreds of small logs are copied out to be verified,
/// and of that most would be the work of the file system.
fn in_memory() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

pub(super) fn key() -> KeySource {
    KeySource::Given(SecretKey::from_seed(ORIGIN, Algorithm::Ed25519, &[7; 32]).unwrap())
}

pub(super) fn open(sim: &Sim, options: &Options) -> Result<(Core, Recovery), Error> {
    Core::open(Arc::new(sim.clone()), options.clone(), key(), Arc::new(|| 1_000))
}

// === impl World ===

impl World {
    pub(super) fn new(seed: u64, segment_bytes: u64) -> Self {
        Self {
            sim: Sim::new(seed),
            options: options(segment_bytes),
            acknowledged: BTreeMap::new(),
            offered: BTreeSet::new(),
            next_entry: 0,
        }
    }

    /// Recovers until it works, as a supervisor would: a lost machine is started again, a failing disk is replaced.
    pub(super) fn open(&mut self) -> Result<Core, Broken> {
        for attempt in 0..12 {
            match open(&self.sim, &self.options) {
                Ok((core, _)) => return Ok(core),
                Err(error) if error.is_fatal() => return Err(format!("recovery needs a person: {error}")),
                Err(_) if self.sim.is_dead() => self.sim.crash(),
                Err(_) if attempt >= 3 => self.sim.heal(),
                Err(_) => {}
            }
        }
        Err("recovery does not succeed on a healed disk".to_owned())
    }

    /// Appends a batch of new entries of the given lengths; reports whether it was acknowledged.
    pub(super) fn append(&mut self, core: &mut Core, lengths: &[usize]) -> Result<(), Error> {
        let entries: Vec<Vec<u8>> = lengths.iter().map(|length| self.entry(*length)).collect();
        self.offered.extend(entries.iter().cloned());
        let first = core.append(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        self.acknowledged.extend((first.0..).zip(entries));
        Ok(())
    }

    /// Makes an entry like no other.
    fn entry(&mut self, length: usize) -> Vec<u8> {
        self.next_entry += 1;
        let mut entry = format!("entry {}:", self.next_entry).into_bytes();
        let filler = (self.next_entry.wrapping_mul(0x9E37_79B9) % 251) as u8;
        entry.resize(length.max(entry.len()), filler);
        entry
    }

    /// Checks every promise against what the recovered log holds: (i) to (iv) of the storage tests.
    pub(super) fn check(&self, core: &Core) -> Result<(), Broken> {
        self.sim.set_quiet(true);
        let checked = self.check_entries(core);
        self.sim.set_quiet(false);
        checked
    }

    fn check_entries(&self, core: &Core) -> Result<(), Broken> {
        let mut entries = BTreeMap::new();
        for item in core.scan(EntryIndex(0)) {
            let (index, entry) = item.map_err(|error| format!("an entry cannot be read: {error}"))?;
            entries.insert(index.0, entry);
        }
        if entries.len() as u64 != core.size().0 {
            return Err(format!("{} entries are read of {}", entries.len(), core.size()));
        }
        for (index, entry) in &self.acknowledged {
            if entries.get(index) != Some(entry) {
                return Err(format!("(i) entry {index} was acknowledged and is not there"));
            }
        }
        let mut seen = BTreeSet::new();
        for (index, entry) in &entries {
            let own = ledger::system::is_system(entry);
            if !own && (!self.offered.contains(entry) || !seen.insert(entry)) {
                return Err(format!("(iv) entry {index} was never offered like this, or stands twice"));
            }
        }
        self.check_signed(&entries)?;
        self.check_partials()?;
        let published = core.published().map_or(TreeSize::ZERO, |head| head.size);
        if published != core.size() {
            return Err(format!("recovery published {published} of {} entries", core.size()));
        }
        Ok(())
    }

    /// Checks (ii) and (iii): every checkpoint that anybody could have seen, and every signed head.
    fn check_signed(&self, entries: &BTreeMap<u64, Vec<u8>>) -> Result<(), Broken> {
        let mut roots: BTreeMap<u64, Hash> = BTreeMap::new();
        for name in ["head", "checkpoint"] {
            for bytes in self.sim.history(name) {
                let note = Note::parse(&bytes).map_err(|error| format!("a torn note became visible: {error}"))?;
                let signed = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
                if *roots.entry(signed.size.0).or_insert(signed.root) != signed.root {
                    return Err(format!("(iii) two roots were signed for size {}", signed.size));
                }
            }
        }
        let mut tree = Tree::new();
        for (size, root) in roots {
            while tree.size().0 < size {
                let index = tree.size().0;
                let entry = entries.get(&index).ok_or(format!("(ii) size {size} was signed; entry {index} is gone"))?;
                tree.push(leaf_hash(entry));
            }
            if tree.root() != root {
                return Err(format!("(ii) the root signed for size {size} is not the recovered one"));
            }
        }
        Ok(())
    }

    /// Checks that no partial tile is left beside the full one.
    fn check_partials(&self) -> Result<(), Broken> {
        let files = self.sim.files();
        let full = |path: &Path| path.parent().map(|dir| dir.with_extension(""));
        let of_tile = |path: &&PathBuf| path.parent().is_some_and(|dir| dir.extension().is_some_and(|end| end == "p"));
        match files.keys().filter(of_tile).find(|path| full(path).is_some_and(|full| files.contains_key(&full))) {
            Some(path) => Err(format!("{} is left beside the full tile", path.display())),
            None => Ok(()),
        }
    }

    /// Checks (v): recovering once more changes nothing.
    pub(super) fn check_idempotent(&mut self) -> Result<(), Broken> {
        self.sim.heal();
        let before = self.published_files();
        let core = self.open()?;
        drop(core);
        let after = self.published_files();
        let changed = before.iter().find(|(path, bytes)| after.get(*path) != Some(bytes));
        match changed.map(|(path, _)| path).or(after.keys().find(|path| !before.contains_key(*path))) {
            Some(path) => Err(format!("(v) a second recovery changed {}", path.display())),
            None => Ok(()),
        }
    }

    /// Checks that whoever trusts nothing finds nothing to complain about in the recovered directory.
    pub(super) fn check_verifies(&self) -> Result<(), Broken> {
        let copy = in_memory().unwrap();
        for (path, bytes) in self.sim.files().iter().filter(|(path, _)| path.starts_with("/data/ledger/log")) {
            let path = copy.path().join(path.strip_prefix("/data").unwrap());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let KeySource::Given(secret) = key() else { unreachable!("the key of these tests is given") };
        let keys = Keys { logs: vec![secret.verifier().clone()], witnesses: Vec::new() };
        let options = verify::Options { keys, ..verify::Options::default() };
        let verified = verify::log_dir(&copy.path().join("ledger/log"), &options);
        verified.map(drop).map_err(|failure| format!("verification fails: {failure}"))
    }

    /// Every file but those in preparation.
    pub(super) fn published_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = self.sim.files();
        files.retain(|path, _| path.extension().is_none_or(|extension| extension != "tmp"));
        files
    }
}
