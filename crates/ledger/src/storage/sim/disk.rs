//! The state of a simulated disk: what reads see, what would survive a crash, and what goes wrong next.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::{Fault, Lies};

const SECTOR: usize = 512;

pub(super) struct Disk {
    random: u64,
    pub(super) calls: u64,
    pub(super) plan: BTreeMap<u64, Fault>,
    pub(super) lies: Lies,
    pub(super) capacity: u64,
    /// Grows with every crash: files opened before are gone.
    pub(super) life: u64,
    pub(super) dead: bool,
    pub(super) quiet: bool,
    failing: bool,
    flip: bool,
    /// The capacity to return to when a full disk is healed.
    room: Option<u64>,
    inodes: BTreeMap<u64, Inode>,
    next_inode: u64,
    /// Names as calls see them, and as they are on the disk.
    names: BTreeMap<PathBuf, u64>,
    durable: BTreeMap<PathBuf, u64>,
    /// Changes of names since their directories were synced, in order.
    pending: Vec<Change>,
    pub(super) locks: BTreeSet<PathBuf>,
    /// What was ever renamed to each file name.
    pub(super) history: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Default)]
pub(super) struct Inode {
    /// What reads show.
    cache: Vec<u8>,
    /// What is on the disk.
    disk: Vec<u8>,
    /// Writes that are not on the disk, in order.
    dirty: Vec<(usize, Vec<u8>)>,
}

enum Change {
    Create(PathBuf, u64),
    Rename(PathBuf, PathBuf, u64),
    Remove(PathBuf),
}

/// What happens around a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Normal,
    Fail,
    FailLate,
}

fn failed() -> io::Error {
    io::Error::other("simulated input/output error")
}

// === impl Disk ===

impl Disk {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: seed,
            calls: 0,
            plan: BTreeMap::new(),
            lies: Lies::default(),
            capacity: u64::MAX,
            life: 0,
            dead: false,
            quiet: false,
            failing: false,
            flip: false,
            room: None,
            inodes: BTreeMap::new(),
            next_inode: 0,
            names: BTreeMap::new(),
            durable: BTreeMap::new(),
            pending: Vec::new(),
            locks: BTreeSet::new(),
            history: Vec::new(),
        }
    }

    /// Splitmix64: all the randomness there is.
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.random() % bound.max(1) as u64) as usize
    }

    fn course(&mut self) -> Course {
        if self.quiet {
            return Course::Normal;
        }
        self.calls += 1;
        let fault = self.plan.remove(&(self.calls - 1));
        match fault {
            Some(Fault::FailAlways) => self.failing = true,
            Some(Fault::Flip) => self.flip = true,
            Some(Fault::Full) => {
                self.room.get_or_insert(self.capacity);
                self.capacity = self.used();
            }
            _ => {}
        }
        if self.dead || self.failing {
            return Course::Fail;
        }
        match fault {
            Some(Fault::Fail) => Course::Fail,
            Some(Fault::FailLate) => Course::FailLate,
            Some(Fault::Crash) => {
                self.dead = true;
                if self.below(2) == 0 { Course::Fail } else { Course::FailLate }
            }
            _ => Course::Normal,
        }
    }

    /// Runs a call that has no partial effect.
    pub(super) fn call<T>(&mut self, run: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<T> {
        match self.course() {
            Course::Normal => run(self),
            Course::Fail => Err(failed()),
            Course::FailLate => run(self).and(Err(failed())),
        }
    }

    pub(super) fn heal(&mut self) {
        self.plan.clear();
        self.failing = false;
        self.flip = false;
        if let Some(room) = self.room.take() {
            self.capacity = room;
        }
    }

    pub(super) fn used(&self) -> u64 {
        self.names.values().map(|inode| self.inode(*inode).length()).sum()
    }

    pub(super) fn inode(&self, inode: u64) -> &Inode {
        &self.inodes[&inode]
    }

    fn inode_mut(&mut self, inode: u64) -> &mut Inode {
        self.inodes.get_mut(&inode).expect("inodes stay until the crash after they lost their last name")
    }

    // === content ===

    pub(super) fn read(&mut self, inode: u64, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let from = offset as usize;
        let found = self.inode(inode).cache.get(from..from + bytes.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        bytes.copy_from_slice(found);
        if !bytes.is_empty() && !self.quiet && std::mem::take(&mut self.flip) {
            let bit = self.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        Ok(())
    }

    pub(super) fn write_call(&mut self, inode: u64, bytes: &[u8], offset: u64) -> io::Result<()> {
        let (course, offset) = (self.course(), offset as usize);
        let grown = (offset + bytes.len()).saturating_sub(self.inode(inode).cache.len()) as u64;
        if course != Course::Fail && grown > 0 && self.used() + grown > self.capacity {
            return Err(io::ErrorKind::StorageFull.into());
        }
        match course {
            Course::Normal => self.inode_mut(inode).write(offset, bytes),
            Course::FailLate => {
                self.inode_mut(inode).write(offset, bytes);
                return Err(failed());
            }
            Course::Fail => {
                let part = self.below(bytes.len() + 1);
                if !self.dead && !self.failing && part > 0 {
                    self.inode_mut(inode).write(offset, &bytes[..part]);
                }
                return Err(failed());
            }
        }
        Ok(())
    }

    pub(super) fn sync_call(&mut self, inode: u64) -> io::Result<()> {
        let course = self.course();
        if course == Course::Fail {
            // The kernel may drop what it could not write, and show it nevertheless until it is evicted.
            if !self.dead && !self.failing && self.below(2) == 0 {
                self.lose(inode);
            }
            return Err(failed());
        }
        if !self.lies.sync_data {
            self.inode_mut(inode).sync();
        }
        if course == Course::FailLate { Err(failed()) } else { Ok(()) }
    }

    /// Lets each unsynced sector meet its own fate, in memory unnoticed.
    fn lose(&mut self, inode: u64) {
        let mut file = std::mem::take(self.inode_mut(inode));
        let fate = self.below(3);
        let keep_length = fate > 0 && self.below(2) == 0;
        if keep_length && file.disk.len() < file.cache.len() {
            file.disk.resize(file.cache.len(), 0);
        }
        for (offset, bytes) in std::mem::take(&mut file.dirty) {
            let mut at = 0;
            while at < bytes.len() {
                let sector = (SECTOR - (offset + at) % SECTOR).min(bytes.len() - at);
                let kept = match (fate, self.below(4)) {
                    (0, _) | (2, 0) => 0,
                    (1, _) | (2, 1 | 2) => sector,
                    _ => self.below(sector + 1),
                };
                file.apply(offset + at, &bytes[at..at + kept]);
                at += sector;
            }
        }
        self.inodes.insert(inode, file);
    }

    pub(super) fn drop_cache(&mut self, inode: u64) {
        if !self.lies.drop_cache {
            self.inode_mut(inode).drop_cache();
        }
    }

    pub(super) fn put(&mut self, path: &Path, bytes: Vec<u8>) {
        let inode = self.next_inode;
        self.next_inode += 1;
        self.inodes.insert(inode, Inode { cache: bytes.clone(), disk: bytes, dirty: Vec::new() });
        self.names.insert(path.to_owned(), inode);
        self.durable.insert(path.to_owned(), inode);
    }

    // === names ===

    pub(super) fn create(&mut self, path: &Path, len: u64) -> io::Result<u64> {
        let replaced = self.names.get(path).map_or(0, |inode| self.inode(*inode).length());
        let room = self.capacity.saturating_add(replaced).saturating_sub(self.used());
        let (len, full) = (len.min(room), len > room);
        let inode = self.next_inode;
        self.next_inode += 1;
        let zeros = vec![0; len as usize];
        let dirty = if len > 0 { vec![(0, zeros.clone())] } else { Vec::new() };
        self.inodes.insert(inode, Inode { cache: zeros, disk: Vec::new(), dirty });
        self.names.insert(path.to_owned(), inode);
        self.pending.push(Change::Create(path.to_owned(), inode));
        // As a disk does it: what fitted stays, under its name.
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(inode) }
    }

    pub(super) fn find(&self, path: &Path) -> io::Result<u64> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let inode = self.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), inode);
        self.pending.push(Change::Rename(from.to_owned(), to.to_owned(), inode));
        let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".log") {
            let seen = self.inode(inode).cache.clone();
            self.history.push((name, seen));
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        // An empty directory leaves nothing behind here.
        self.names.remove(path).ok_or(io::ErrorKind::NotFound)?;
        self.pending.push(Change::Remove(path.to_owned()));
        Ok(())
    }

    pub(super) fn list(&self, dir: &Path) -> Vec<String> {
        let below = self.names.keys().filter_map(|path| path.strip_prefix(dir).ok());
        let names: BTreeSet<String> =
            below.filter_map(|rest| Some(rest.iter().next()?.to_string_lossy().into_owned())).collect();
        names.into_iter().collect()
    }

    pub(super) fn sync_dir(&mut self, dir: &Path) {
        if self.lies.sync_dir {
            return;
        }
        let touches = |path: &Path| path.parent() == Some(dir);
        let pending = std::mem::take(&mut self.pending);
        for change in pending {
            let synced = match &change {
                Change::Create(path, _) | Change::Remove(path) => touches(path),
                Change::Rename(from, to, _) => touches(from) || touches(to),
            };
            if synced {
                self.persist(change);
            } else {
                self.pending.push(change);
            }
        }
    }

    fn persist(&mut self, change: Change) {
        match change {
            Change::Create(path, inode) => {
                self.durable.insert(path, inode);
            }
            Change::Rename(from, to, inode) => {
                self.durable.remove(&from);
                self.durable.insert(to, inode);
            }
            Change::Remove(path) => {
                self.durable.remove(&path);
            }
        }
    }

    pub(super) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.names.iter().map(|(path, inode)| (path.clone(), self.inode(*inode).cache.clone())).collect()
    }

    pub(super) fn synced_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.durable.iter().map(|(path, inode)| (path.clone(), self.inode(*inode).disk.clone())).collect()
    }

    // === crash ===

    pub(super) fn crash(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        // A journal keeps a prefix; a file system without one keeps what it likes.
        let (in_order, kept) = (self.below(3) > 0, self.below(pending.len() + 1));
        for (number, change) in pending.into_iter().enumerate() {
            if if in_order { number < kept } else { self.below(2) == 0 } {
                self.persist(change);
            }
        }
        self.names = self.durable.clone();
        let alive: BTreeSet<u64> = self.names.values().copied().collect();
        self.inodes.retain(|inode, _| alive.contains(inode));
        let dirty: Vec<u64> = self.inodes.iter().filter(|(_, file)| file.is_dirty()).map(|(inode, _)| *inode).collect();
        for inode in dirty {
            self.lose(inode);
        }
        for file in self.inodes.values_mut() {
            file.cache.clone_from(&file.disk);
        }
        self.heal();
        self.locks.clear();
        self.dead = false;
        self.life += 1;
    }
}

// === impl Inode ===

impl Inode {
    pub(super) fn length(&self) -> u64 {
        self.cache.len() as u64
    }

    fn is_dirty(&self) -> bool {
        !self.dirty.is_empty() || self.cache != self.disk
    }

    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.cache.len() < end {
            self.cache.resize(end, 0);
        }
        self.cache[offset..end].copy_from_slice(bytes);
        self.dirty.push((offset, bytes.to_vec()));
    }

    fn sync(&mut self) {
        if !self.dirty.is_empty() && self.disk.len() < self.cache.len() {
            self.disk.resize(self.cache.len(), 0);
        }
        for (offset, bytes) in std::mem::take(&mut self.dirty) {
            self.apply(offset, &bytes);
        }
    }

    /// Puts bytes on the disk, growing the file there up to their end.
    fn apply(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if bytes.is_empty() {
            return;
        }
        if self.disk.len() < end {
            self.disk.resize(end, 0);
        }
        self.disk[offset..end].copy_from_slice(bytes);
    }

    fn drop_cache(&mut self) {
        self.cache.clone_from(&self.disk);
        for (offset, bytes) in self.dirty.clone() {
            let end = offset + bytes.len();
            if self.cache.len() < end {
                self.cache.resize(end, 0);
            }
            self.cache[offset..end].copy_from_slice(&bytes);
        }
    }
}
