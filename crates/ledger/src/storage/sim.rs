//! A disk that lies by seed: the contract of [`Storage`](super::Storage) and nothing more.
//!
//! What was not synced may be lost, kept, reordered or torn at a crash, sector by sector and name by name; any call can
//! fail, fail after it took effect, or tear; a failed sync may throw dirty pages away while reads still show them; a
//! bit may flip on the way from the disk. In memory and deterministic: one seed, one history.

mod disk;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Access, File, Lease, Storage};
use disk::Disk;

/// A handle on a simulated disk.
#[derive(Clone)]
pub struct Sim(Arc<Mutex<Disk>>);

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call fails. A write may be torn, a sync may lose what it was to keep.
    Fail,
    /// The call takes effect and fails nevertheless.
    FailLate,
    /// Every call fails from here on, until `heal`.
    FailAlways,
    /// The disk is full from here on, until `heal`.
    Full,
    /// The next read has one wrong bit.
    Flip,
    /// Power is lost: every call fails until `crash` was called.
    Crash,
}

/// What a deliberately wrong disk leaves out: tests must notice each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lies {
    /// `sync_data` does nothing.
    pub sync_data: bool,
    /// `sync_dir` does nothing.
    pub sync_dir: bool,
    /// `drop_cache` does nothing.
    pub drop_cache: bool,
}

struct OpenFile {
    disk: Sim,
    inode: u64,
    life: u64,
}

struct Locked {
    disk: Sim,
    path: PathBuf,
    life: u64,
}

impl Lease for Locked {}

// === impl Sim ===

impl Sim {
    /// Starts with an empty, honest disk.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Disk::new(seed))))
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the disk lie.
    pub fn set_lies(&self, lies: Lies) {
        self.lock().lies = lies;
    }

    /// Plans a fault for the call after `calls` more.
    pub fn fail_after(&self, calls: u64, fault: Fault) {
        let mut disk = self.lock();
        let at = disk.calls + calls;
        disk.plan.insert(at, fault);
    }

    /// Makes calls succeed uncounted, whatever is planned, while somebody only looks.
    pub fn set_quiet(&self, quiet: bool) {
        self.lock().quiet = quiet;
    }

    /// Returns how many calls were made.
    pub fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// Ends every fault, planned ones too.
    pub fn heal(&self) {
        self.lock().heal();
    }

    /// Limits how many bytes fit.
    pub fn set_capacity(&self, bytes: u64) {
        self.lock().capacity = bytes;
    }

    /// Returns how many bytes its files take.
    pub fn used_bytes(&self) -> u64 {
        self.lock().used()
    }

    /// Loses power and starts again: what was not synced meets its fate; open files and locks are gone.
    pub fn crash(&self) {
        self.lock().crash();
    }

    /// Reports whether power was lost.
    pub fn is_dead(&self) -> bool {
        self.lock().dead
    }

    /// Returns every file with its content, as reads see it.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.lock().files()
    }

    /// Returns what lies on the disk itself: durable names with synced content, and nothing that merely may survive.
    pub fn synced_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.lock().synced_files()
    }

    /// Replaces a file's content, durably: damage, or an older copy put back.
    pub fn put(&self, path: &Path, bytes: Vec<u8>) {
        self.lock().put(path, bytes);
    }

    /// Returns every content that ever stood under a file name, in order: whatever the world could have seen.
    pub fn history(&self, name: &str) -> Vec<Vec<u8>> {
        self.lock().history.iter().filter(|(seen, _)| seen == name).map(|(_, bytes)| bytes.clone()).collect()
    }
}

impl Storage for Sim {
    fn create(&self, path: &Path, len: u64, _: Access) -> io::Result<Arc<dyn File>> {
        let mut disk = self.lock();
        let life = disk.life;
        let inode = disk.call(|disk| disk.create(path, len))?;
        Ok(Arc::new(OpenFile { disk: self.clone(), inode, life }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut disk = self.lock();
        let life = disk.life;
        let inode = disk.call(|disk| disk.find(path))?;
        Ok(Arc::new(OpenFile { disk: self.clone(), inode, life }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.lock().call(|disk| disk.rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.lock().call(|disk| disk.remove(path))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.lock().call(|disk| Ok(disk.list(dir)))
    }

    fn make_dir(&self, _: &Path) -> io::Result<()> {
        // Directories come with their files; that the call can fail is what matters.
        self.lock().call(|_| Ok(()))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.lock().call(|disk| {
            disk.sync_dir(dir);
            Ok(())
        })
    }

    fn lock(&self, path: &Path, _: &str) -> io::Result<Option<Box<dyn Lease>>> {
        let mut disk = Self::lock(self);
        let life = disk.life;
        let taken = disk.call(|disk| Ok(disk.locks.insert(path.to_owned())))?;
        let lease = Locked { disk: self.clone(), path: path.to_owned(), life };
        Ok(taken.then(|| Box::new(lease) as Box<dyn Lease>))
    }

    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        self.lock().call(|disk| Ok(disk.capacity.saturating_sub(disk.used())))
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let mut disk = self.disk.lock();
        if disk.life == self.life {
            disk.locks.remove(&self.path);
        }
    }
}

// === impl OpenFile ===

impl OpenFile {
    fn call<T>(&self, run: impl FnOnce(&mut Disk) -> io::Result<T>) -> io::Result<T> {
        let mut disk = self.disk.lock();
        if disk.life != self.life {
            return Err(io::Error::other("the file was opened before the crash"));
        }
        disk.call(run)
    }
}

impl File for OpenFile {
    fn length(&self) -> io::Result<u64> {
        self.call(|disk| Ok(disk.inode(self.inode).length()))
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.call(|disk| disk.read(self.inode, bytes, offset))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut disk = self.disk.lock();
        if disk.life != self.life {
            return Err(io::Error::other("the file was opened before the crash"));
        }
        disk.write_call(self.inode, bytes, offset)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.disk.lock();
        if disk.life != self.life {
            return Err(io::Error::other("the file was opened before the crash"));
        }
        disk.sync_call(self.inode)
    }

    fn drop_cache(&self) -> io::Result<()> {
        self.call(|disk| {
            disk.drop_cache(self.inode);
            Ok(())
        })
    }
}
