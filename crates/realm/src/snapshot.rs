//! A realm as it was checked, named by the hash of its files and kept beside the ledger.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::load::SourceSet;
use crate::{SnapshotId, World, regular};

/// More than a file of a realm may have.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// A checked realm: what it says, and the files it was read from.
#[derive(Debug)]
pub struct Snapshot {
    /// The SHA-256 of the files.
    pub id: SnapshotId,
    /// What they say.
    pub world: World,
    /// The files of the realm and of the packs it names, sorted by path.
    pub files: Vec<(PathBuf, Vec<u8>)>,
}

impl Snapshot {
    /// Names a world by the files it was read from.
    pub fn new(world: World, sources: SourceSet) -> Self {
        let files: Vec<_> = sources.files.into_iter().collect();
        Self { id: id_of(&files), world, files }
    }

    /// Keeps the files in `<snapshots>/<id>/` and says where. Doing it again changes nothing.
    ///
    /// They appear all at once: written and synced under another name first, then renamed.
    pub fn archive(&self, snapshots: &Path) -> io::Result<PathBuf> {
        let kept = snapshots.join(self.id.to_string());
        if kept.exists() {
            return self.verify(&kept).map(|()| kept);
        }
        fs::create_dir_all(snapshots)?;
        if let Some(above) = snapshots.parent().filter(|above| !above.as_os_str().is_empty()) {
            File::open(above)?.sync_all()?;
        }
        let partial = snapshots.join(format!(".{}.{}", self.id, std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        for (path, bytes) in &self.files {
            write_synced(&partial, path, bytes)?;
        }
        sync_folders(&partial)?;
        if let Err(error) = fs::rename(&partial, &kept) {
            fs::remove_dir_all(&partial)?;
            // Another process may have kept the same snapshot meanwhile.
            return if kept.exists() { self.verify(&kept).map(|()| kept) } else { Err(error) };
        }
        File::open(snapshots)?.sync_all()?;
        Ok(kept)
    }

    fn verify(&self, kept: &Path) -> io::Result<()> {
        if holds(kept, self.id)? {
            return Ok(());
        }
        let message = format!("{} does not hold the files its name stands for", kept.display());
        Err(io::Error::new(io::ErrorKind::InvalidData, message))
    }
}

/// Whether a directory holds the files that an id stands for, and nothing else.
///
/// # Errors
/// If they cannot be read.
pub fn holds(kept: &Path, id: SnapshotId) -> io::Result<bool> {
    let mut files = Vec::new();
    collect(kept, Path::new(""), &mut files)?;
    files.sort();
    Ok(id_of(&files) == id)
}

/// The hash of files: each path and content with its length before it, so that no two sets read alike.
pub fn id_of(files: &[(PathBuf, Vec<u8>)]) -> SnapshotId {
    let mut hash = Sha256::new();
    hash.update(b"freehold snapshot 1\n");
    for (path, bytes) in files {
        let path = path.to_string_lossy();
        for part in [path.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    SnapshotId(hash.finalize().into())
}

fn write_synced(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}

fn collect(root: &Path, below: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push((path, regular::read(&entry.path(), FILE_BYTES_MAX).map_err(io::Error::other)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::id_of;

    fn files(all: &[(&str, &str)]) -> Vec<(PathBuf, Vec<u8>)> {
        all.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn every_byte_and_every_border_counts() {
        let sets = [
            files(&[]),
            files(&[("a", "")]),
            files(&[("a", "b")]),
            files(&[("ab", "")]),
            files(&[("a", "b"), ("c", "d")]),
            files(&[("a", "bc"), ("c", "d")]),
            files(&[("a", "b"), ("cd", "")]),
        ];
        for (place, one) in sets.iter().enumerate() {
            assert!(sets[..place].iter().all(|other| id_of(other) != id_of(one)), "{one:?}");
        }
        // Fixed for ever: records name snapshots by it.
        assert_eq!(id_of(&sets[2]).short(), "f9787bf7f633");
    }
}
