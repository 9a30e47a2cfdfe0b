//! Where a pack is that somebody names: a folder, the realm's own, or one inside the program.

use std::path::Path;

use anyhow::Result;
use policy::pack::{Folder, Opened, open};
use realm::load::PackSource;

use crate::command::Run;
use crate::ended::{Problems, unreadable, wrong};
use crate::known::unknown;
use crate::packs::BuiltIn;
use crate::realms::{self, today};

/// A pack's file is text that people wrote.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// The ids of the packs inside the program and of the realm's own, each once.
pub(super) fn known(run: &Run) -> Vec<String> {
    let mut ids = BuiltIn.ids();
    let own = std::fs::read_dir(run.realm.join("packs")).into_iter().flatten().flatten();
    let own = own.filter(|entry| entry.path().join("pack.toml").is_file());
    ids.extend(own.filter_map(|entry| entry.file_name().into_string().ok()));
    ids.sort();
    ids.dedup();
    ids
}

/// Opens a pack by its folder or its id; the realm's own wins over one inside the program.
pub(super) fn opened(run: &Run, named: &str) -> Result<Opened> {
    let folder = folder(run, named)?;
    let opened = realms::aside(|| open(&folder, today()));
    opened
        .ok_or_else(|| wrong("pack-lost", &[("pack", named.to_owned())]))?
        .map_err(|problems| Problems(problems).into())
}

fn folder(run: &Run, named: &str) -> Result<Folder> {
    let here = Path::new(named);
    if here.join("pack.toml").is_file() {
        return read(here);
    }
    let own = run.realm.join("packs").join(named);
    if !named.contains('/') && own.join("pack.toml").is_file() {
        return read(&own);
    }
    let files = BuiltIn.files(named);
    if files.is_empty() {
        let known = known(run);
        return Err(unknown("pack", named, &known.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let files = files.into_iter().map(|(name, bytes)| (name, bytes.into_owned())).collect();
    Ok(Folder { id: named.to_owned(), files })
}

/// A folder of a disk, with the folder `cases` in it.
fn read(dir: &Path) -> Result<Folder> {
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
