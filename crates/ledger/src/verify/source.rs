//! Where a log's files come from.

use std::io;
use std::path::{Path, PathBuf};

use super::{Failure, Finding};

/// A log's files by path, wherever they lie.
pub trait Source {
    /// Reads a whole file; `None` if there is none.
    ///
    /// # Errors
    /// Whatever the system or the network says.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Lists every file, so that strays are found; `None` if this source cannot list.
    ///
    /// # Errors
    /// Whatever the system says.
    fn list(&self) -> Result<Option<Vec<String>>, Failure> {
        Ok(None)
    }
}

/// The files below a directory.
#[derive(Clone, Debug)]
pub struct Directory(PathBuf);

/// Counts what is read.
pub(super) struct Counted<'a> {
    source: &'a dyn Source,
    pub(super) files: std::cell::Cell<u64>,
    pub(super) bytes: std::cell::Cell<u64>,
}

// === impl Directory ===

impl Directory {
    /// Reads below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    fn walk(&self, dir: &Path, prefix: &str, files: &mut Vec<String>) -> Result<(), Failure> {
        let failed = |source| Failure::Io { path: dir.display().to_string(), source };
        for entry in std::fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let shown = format!("{prefix}{}", name.to_string_lossy());
            let kind = entry.file_type().map_err(failed)?;
            if name.to_str().is_none() {
                return Err(Finding::new(shown, "this name is not text").into());
            }
            if kind.is_dir() {
                // One without a file in it would not be noticed by its files.
                if !of_a_log(&shown) {
                    return Err(Finding::new(shown, "this directory does not belong to a log").into());
                }
                self.walk(&entry.path(), &format!("{shown}/"), files)?;
            } else if kind.is_file() {
                files.push(shown);
            } else {
                return Err(Finding::new(shown, "this is neither a file nor a directory").into());
            }
        }
        Ok(())
    }
}

/// Whether a directory may lie in a log: `segments`, `tile`, and below that `entries`, levels and parts of numbers.
fn of_a_log(path: &str) -> bool {
    let digits = |name: &str| !name.is_empty() && name.len() <= 3 && name.bytes().all(|byte| byte.is_ascii_digit());
    let number = |name: &str| digits(name.strip_prefix('x').unwrap_or(name).trim_end_matches(".p"));
    match path.split_once('/') {
        None => matches!(path, "segments" | "tile"),
        Some(("tile", below)) => below.split('/').all(|name| name == "entries" || number(name)),
        Some(_) => false,
    }
}

impl Source for Directory {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self) -> Result<Option<Vec<String>>, Failure> {
        let mut files = Vec::new();
        self.walk(&self.0, "", &mut files)?;
        files.sort_unstable();
        Ok(Some(files))
    }
}

// === impl Counted ===

impl<'a> Counted<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Self {
        Self { source, files: Default::default(), bytes: Default::default() }
    }

    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = self.source.read(path).map_err(|source| Failure::Io { path: path.to_owned(), source })?;
        if let Some(bytes) = &bytes {
            self.files.set(self.files.get() + 1);
            self.bytes.set(self.bytes.get() + bytes.len() as u64);
        }
        Ok(bytes)
    }

    pub(super) fn need(&self, path: &str) -> Result<Vec<u8>, Failure> {
        Ok(self.read(path)?.ok_or_else(|| Finding::new(path, "the file is missing"))?)
    }

    pub(super) fn list(&self) -> Result<Option<Vec<String>>, Failure> {
        self.source.list()
    }
}
