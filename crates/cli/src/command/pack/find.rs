//! Where a pack is that somebody names: a folder, the realm's own, or one inside the program.

use std::path::Path;

use anyhow::Result;
use policy::pack::{Folder, Opened, open};
use realm::load::PackSource;

use crate::command::Run;
use crate::ended::{Problems, wrong};
use crate::known::unknown;
use crate::packs::{self, BuiltIn, Near};
use crate::realms::{self, today};

/// The ids of the packs inside the program and of the realm's own, each once.
pub(super) fn known(run: &Run) -> Vec<String> {
    Near(run.realm.clone()).ids()
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
        return packs::folder(here);
    }
    if let Some(own) = Near(run.realm.clone()).own(named) {
        return packs::folder(&own);
    }
    let files = BuiltIn.files(named);
    if files.is_empty() {
        let known = known(run);
        return Err(unknown("pack", named, &known.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let files = files.into_iter().map(|(name, bytes)| (name, bytes.into_owned())).collect();
    Ok(Folder { id: named.to_owned(), files })
}
