//! Realms that tests begin with: the examples, and small ones as text.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, date};
use realm::Snapshot;
use realm::load::{Lang, Loaded, PackSource, SourceSet, check, load, render};

/// The day on which these tests happen.
pub fn today() -> Date {
    date(2026, 11, 1)
}

/// A folder of the repository's examples.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// The packs of the repository, as the program carries them.
struct RepositoryPacks;

impl PackSource for RepositoryPacks {
    fn ids(&self) -> Vec<String> {
        let entries = fs::read_dir(example("../packs")).unwrap().map(Result::unwrap);
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let Ok(entries) = fs::read_dir(example("../packs").join(id)) else { return Vec::new() };
        let entries = entries.map(Result::unwrap).filter(|it| it.path().is_file());
        entries.map(|it| (it.file_name().into_string().unwrap(), fs::read(it.path()).unwrap().into())).collect()
    }
}

fn sound(loaded: Result<Loaded, Vec<realm::load::Diagnostic>>) -> Arc<Snapshot> {
    loaded.unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false))).snapshot
}

/// The realm of an example.
pub fn realm_of(name: &str) -> Arc<Snapshot> {
    sound(load(&example(name), &RepositoryPacks, today()))
}

/// A realm with these tables besides an organisation that makes accelerators, and two kinds of them.
pub fn realm_with(tables: &str) -> Arc<Snapshot> {
    let head = r#"
[realm]
name = "Small"
home = "XA"
currency = "EUR"

[[sector]]
id = "technology"
name = "Technology"

[[organisation]]
id = "maker"
name = "Maker"
kind = "company"
sector = "technology"
jurisdiction = "XB"

[[accelerator]]
id = "fast"
name = "Fast"
maker = "maker"
origin = "XB"
bf16_tflops = "1000"
memory_gb = "80"
power_w = "700"
price = "30000"

[[accelerator]]
id = "slow"
name = "Slow"
maker = "maker"
origin = "XA"
"#;
    let mut files = SourceSet::default();
    files.insert("realm.toml", format!("{head}\n{tables}"));
    sound(check(&files, today()))
}
