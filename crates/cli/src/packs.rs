//! Law packs: those that come with the program, and a realm's own.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::Result;
use include_dir::{Dir, include_dir};
use policy::pack::Folder;
use realm::load::PackSource;

use crate::ended::unreadable;

static PACKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// A pack's file is text that people wrote.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Packs inside the binary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BuiltIn;

/// The packs that a realm finds: its own, in `packs/` of its directory, before those inside the binary.
#[derive(Debug, Clone)]
pub(crate) struct Near(pub(crate) PathBuf);

impl PackSource for BuiltIn {
    fn ids(&self) -> Vec<String> {
        PACKS.dirs().map(|dir| dir.path().to_string_lossy().into_owned()).collect()
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let Some(dir) = PACKS.get_dir(id) else { return Vec::new() };
        let inner = dir.dirs().flat_map(Dir::files);
        let named = dir.files().chain(inner).filter_map(|file| {
            let name = file.path().strip_prefix(dir.path()).ok()?.to_string_lossy().into_owned();
            Some((name, Cow::Borrowed(file.contents())))
        });
        named.collect()
    }
}

impl Near {
    /// Where the realm's own pack of that name lies, if it has one.
    pub(crate) fn own(&self, id: &str) -> Option<PathBuf> {
        let own = self.0.join("packs").join(id);
        (!id.contains(['/', '\\']) && own.join("pack.toml").is_file()).then_some(own)
    }
}

impl PackSource for Near {
    fn ids(&self) -> Vec<String> {
        let mut ids = BuiltIn.ids();
        let own = std::fs::read_dir(self.0.join("packs")).into_iter().flatten().flatten();
        ids.extend(own.filter_map(|entry| entry.file_name().into_string().ok()).filter(|id| self.own(id).is_some()));
        ids.sort();
        ids.dedup();
        ids
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let Some(own) = self.own(id) else { return BuiltIn.files(id) };
        let folder = folder(&own).unwrap_or_else(|error| {
            tracing::warn!(pack = id, %error, "a pack of the realm cannot be read");
            Folder::default()
        });
        folder.files.into_iter().map(|(name, bytes)| (name, Cow::Owned(bytes))).collect()
    }
}

/// A folder of a disk, with the folder `cases` in it.
pub(crate) fn folder(dir: &Path) -> Result<Folder> {
    let full = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let id = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut folder = Folder { id, ..Folder::default() };
    for below in ["", "cases"] {
        let Ok(entries) = std::fs::read_dir(dir.join(below)) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let wanted = [".toml", ".cedar", ".ftl"].iter().any(|end| name.ends_with(end)) && !name.starts_with('.');
            if !wanted {
                continue;
            }
            let bytes = realm::regular::read(&entry.path(), FILE_BYTES_MAX)
                .map_err(|error| unreadable(&entry.path(), &std::io::Error::other(error)))?;
            folder.files.insert(if below.is_empty() { name } else { format!("{below}/{name}") }, bytes);
        }
    }
    Ok(folder)
}
