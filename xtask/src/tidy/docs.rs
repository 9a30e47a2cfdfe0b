//! Every crate says what it is for; every relative link in a page leads somewhere.

use std::path::{Component, Path, PathBuf};

use super::Breach;
use super::tree::{File, Tree};

pub fn check(root: &Path, tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in &tree.files {
        let crate_root = file.path.ends_with("src/lib.rs")
            || file.path == "xtask/src/main.rs"
            || file.path == "crates/cli/src/main.rs";
        if crate_root && !file.text.starts_with("//!") {
            breaches.push(Breach::new(&file.path, "begins with `//!`: purpose, invariants, what it does not know"));
        }
        if file.path.ends_with("Cargo.toml")
            && file.path != "Cargo.toml"
            && !file.text.contains("[lints]\nworkspace = true")
        {
            breaches.push(Breach::new(&file.path, "lacks `[lints] workspace = true`"));
        }
        if file.path.ends_with(".md") {
            breaches.extend(links(root, file));
        }
    }
    breaches
}

fn links(root: &Path, page: &File) -> Vec<Breach> {
    let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
    let mut breaches = Vec::new();
    for (number, line) in page.text.lines().enumerate() {
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            let outside = path.is_empty() || path.contains("://") || path.starts_with("mailto:") || path.contains(' ');
            if !outside && !root.join(clean(&folder.join(path))).exists() {
                let place = format!("{}:{}", page.path, number + 1);
                breaches.push(Breach::new(place, format!("the link `{target}` leads nowhere")));
            }
        }
    }
    breaches
}

fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    clean
}
