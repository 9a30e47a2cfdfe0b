//! Archived snapshots of the realm: their files, and what is not the same in two of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use realm::record::Change;

use crate::desk::Desk;
use crate::trouble::Trouble;

/// Bytes of a file that are compared.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The files of a snapshot.
pub type Files = BTreeMap<PathBuf, String>;

/// A file that is not the same: its path, its text before and after; empty where there is none.
pub type Changed = (PathBuf, String, String);

impl Desk<'_> {
    /// The files of an archived snapshot. A name that is no hash leads nowhere.
    ///
    /// # Errors
    /// There is none of that name here.
    pub async fn archived(&self, id: &str) -> Result<Files, Trouble> {
        let is_hash = id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hash {
            return Err(Trouble::NotFound);
        }
        let root = self.parts.data.join("snapshots").join(id);
        let read = tokio::task::spawn_blocking(move || {
            let mut files = Files::new();
            collect(&root, Path::new(""), &mut files).map(|()| files)
        });
        read.await?.map_err(|_| Trouble::NotFound)
    }

    /// When which snapshot began to decide, the youngest first, each with the entry that says so.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn loads(&self, most: usize) -> Result<Vec<(u64, Change)>, Trouble> {
        let known = self.ledger(move |index| {
            let is_load = |(_, change): &&(u64, Change)| matches!(change.what.as_str(), "realm.load" | "serve.start");
            index.changes().filter(is_load).take(most).cloned().collect::<Vec<_>>()
        });
        Ok(known.await?.value)
    }
}

fn collect(root: &Path, below: &Path, into: &mut Files) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        // Snapshots hold plain files and folders only; nothing else is followed.
        let kind = entry.file_type()?;
        let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        if kind.is_dir() && plain {
            collect(root, &path, into)?;
        } else if kind.is_file() && plain {
            let bytes =
                if entry.metadata()?.len() > FILE_BYTES_MAX { Vec::new() } else { std::fs::read(entry.path())? };
            into.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

/// Each file that is not the same.
pub fn changed(before: &Files, after: &Files) -> Vec<Changed> {
    let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let text = |files: &Files, path: &PathBuf| files.get(path).cloned().unwrap_or_default();
    let changed = paths.into_iter().filter(|path| before.get(*path) != after.get(*path));
    changed.map(|path| (path.clone(), text(before, path), text(after, path))).collect()
}
