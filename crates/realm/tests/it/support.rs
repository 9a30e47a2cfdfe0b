use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use realm::load::{Lang, Loaded, PackSource, load, render};

/// The day on which these tests happen.
pub fn today() -> Date {
    date(2026, 11, 1)
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The packs of the repository, as the program carries them.
pub struct RepositoryPacks;

impl PackSource for RepositoryPacks {
    fn ids(&self) -> Vec<String> {
        let entries = fs::read_dir(root().join("packs")).unwrap().map(Result::unwrap);
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let Ok(entries) = fs::read_dir(root().join("packs").join(id)) else { return Vec::new() };
        // A folder in it holds cases, which no realm reads.
        let entries = entries.map(Result::unwrap).filter(|it| it.path().is_file());
        entries.map(|it| (it.file_name().into_string().unwrap(), fs::read(it.path()).unwrap().into())).collect()
    }
}

/// Loads a realm that must load; shows why where it does not.
pub fn loaded(dir: &Path) -> Loaded {
    load(dir, &RepositoryPacks, today()).unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)))
}
