//! What of a directory belongs to the realm in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::sources::SourceSet;
use super::text::MESSAGES;
use crate::regular::{self, Unread};

/// Folders at the top that hold formats of their own.
const OTHER_FORMATS: [&str; 7] = ["drills", "cases", "evals", "packs", "plan", "plans", "forecast"];
/// Where rules are read.
const POLICIES: &str = "policies";
const FILE_BYTES_MAX: u64 = 4 << 20;
const FILES_MAX: usize = 2_000;
const DEPTH_MAX: usize = 16;

/// Reads every `*.toml` of a realm and every `*.cedar` below `policies/`.
pub(super) fn realm(root: &Path, problems: &mut Vec<Diagnostic>) -> SourceSet {
    let mut folder = Folder { root, canonical: root.canonicalize().ok(), problems, found: SourceSet::default() };
    folder.walk(Path::new(""), 0);
    folder.found
}

/// Reads a pack that lies in the realm's own `packs/`.
pub(super) fn own_pack(root: &Path, id: &str, problems: &mut Vec<Diagnostic>) -> Option<SourceSet> {
    let below = Path::new("packs").join(id);
    if !root.join(&below).is_dir() {
        return None;
    }
    let mut folder = Folder { root, canonical: root.canonicalize().ok(), problems, found: SourceSet::default() };
    folder.walk_flat(&below);
    Some(folder.found)
}

/// The ids of the packs in the realm's own `packs/`.
pub(super) fn own_packs(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join("packs")) else { return Vec::new() };
    let names = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    names.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Whether a path is of a file that makes up a realm or a pack of it.
pub(super) fn belongs(path: &Path) -> bool {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let Some(name) = names.last().filter(|_| !names.iter().any(|name| name.starts_with('.'))) else { return false };
    match names[0].as_ref() {
        "packs" => names.len() == 3 && is_of_pack(name),
        top if names.len() > 1 && OTHER_FORMATS.contains(&top) => false,
        _ => name.ends_with(".toml") || (name.ends_with(".cedar") && path.starts_with(POLICIES)),
    }
}

/// What of a pack decides or is shown. Its `cases/` are for whoever writes it.
fn is_of_pack(name: &str) -> bool {
    matches!(name, "pack.toml" | "catalogue.toml" | "en.ftl" | "ru.ftl") || name.ends_with(".cedar")
}

struct Folder<'a> {
    root: &'a Path,
    canonical: Option<PathBuf>,
    problems: &'a mut Vec<Diagnostic>,
    found: SourceSet,
}

impl Folder<'_> {
    fn walk(&mut self, below: &Path, depth: usize) {
        for (path, is_folder) in self.entries(below) {
            let other = depth == 0 && OTHER_FORMATS.iter().any(|name| path == Path::new(name));
            if is_folder && other {
                continue;
            }
            if is_folder && depth == DEPTH_MAX {
                self.report("realm.too_deep", &path, &DEPTH_MAX.to_string());
            } else if is_folder {
                self.walk(&path, depth + 1);
            } else if belongs(&path) {
                self.take(&path);
            }
        }
    }

    fn walk_flat(&mut self, below: &Path) {
        for (path, is_folder) in self.entries(below) {
            if !is_folder && belongs(&path) {
                self.take(&path);
            }
        }
    }

    /// Entries in the order of their names, and whether each is a folder. Hidden ones are not the realm's.
    fn entries(&mut self, below: &Path) -> Vec<(PathBuf, bool)> {
        let listed = fs::read_dir(self.root.join(below)).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                let folder = if below.as_os_str().is_empty() { self.root } else { below };
                self.report("realm.unreadable", folder, &error.to_string());
                return Vec::new();
            }
        };
        let mut kept = Vec::new();
        for entry in entries {
            let path = below.join(entry.file_name());
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            match self.kind(&path) {
                Ok(Some(is_folder)) => kept.push((path, is_folder)),
                Ok(None) => {}
                Err(error) => self.report("realm.unreadable", &path, &error.to_string()),
            }
        }
        kept.sort();
        kept
    }

    /// Whether a path is a folder; none where it is a link that must not be followed.
    fn kind(&mut self, path: &Path) -> io::Result<Option<bool>> {
        let full = self.root.join(path);
        let kind = fs::symlink_metadata(&full)?.file_type();
        if !kind.is_symlink() {
            return Ok(Some(kind.is_dir()));
        }
        let target = full.canonicalize()?;
        let inside = self.canonical.as_ref().is_some_and(|root| target.starts_with(root));
        // A folder that is linked to would be read twice, or without end.
        if inside && target.is_file() {
            return Ok(Some(false));
        }
        let shown = fs::read_link(&full)?;
        self.report("realm.link_outside", path, &shown.to_string_lossy());
        Ok(None)
    }

    fn take(&mut self, path: &Path) {
        if self.found.files.len() == FILES_MAX {
            return self.report("realm.too_many_files", path, &FILES_MAX.to_string());
        }
        match regular::read(&self.root.join(path), FILE_BYTES_MAX) {
            Ok(bytes) => self.found.insert(path, bytes),
            Err(Unread::NotRegular) => self.report("realm.not_a_file", path, ""),
            Err(Unread::TooLarge { most }) => self.report("realm.file_too_large", path, &(most >> 20).to_string()),
            Err(Unread::Io(error)) => self.report("realm.unreadable", path, &error.to_string()),
        }
    }

    fn report(&mut self, code: &'static str, path: &Path, why: &str) {
        self.problems.push(Diagnostic::error(code, &MESSAGES).arg("why", why).in_file(path));
    }
}

/// Whether a file named by the realm is missing on this machine.
pub(super) fn is_missing(root: &Path, named: &Path) -> bool {
    !root.join(named).is_file()
}
