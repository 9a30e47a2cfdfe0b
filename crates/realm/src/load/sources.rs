use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files of a realm as values: paths relative to its directory, with `/` between names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceSet {
    /// Bytes by path.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

impl SourceSet {
    /// Adds a file.
    pub fn insert(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.as_ref().to_owned(), bytes.into());
    }
}

/// Packs that come with the program, for realms that have none of the same name in their own `packs/`.
pub trait PackSource {
    /// The ids of the packs there are.
    fn ids(&self) -> Vec<String>;

    /// The files of a pack by their names in its folder: `pack.toml`, `*.cedar`, texts, catalogue and cases.
    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)>;
}

/// No packs but the realm's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPacks;

impl PackSource for NoPacks {
    fn ids(&self) -> Vec<String> {
        Vec::new()
    }

    fn files(&self, _id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        Vec::new()
    }
}
