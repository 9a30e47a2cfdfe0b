//! From realm files to a checked world: as written, then as used.
//!
//! Every problem of every file is collected in one run; nothing stops at the first. A problem knows its
//! file, line and column, what was expected there, and the nearest name where a name is wrong.

mod codes;
mod context;
mod derive;
mod diagnostic;
mod document;
mod draft;
mod excerpt;
mod extend;
mod field;
mod files;
mod later;
mod link;
mod lint;
mod nearest;
mod read;
mod render;
mod rules;
mod run;
mod signed;
mod sources;
mod table;
mod text;
mod url;

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

pub(crate) use codes::is_country;
pub use diagnostic::{Diagnostic, Severity, Source};
pub use extend::extend;
pub use nearest::nearest;
pub use render::{render, to_json};
pub use sources::{NoPacks, PackSource, SourceSet};
pub use text::{Catalogue, Lang, MESSAGES, Text};

use crate::snapshot::Snapshot;

/// A realm that may be used.
#[derive(Debug)]
pub struct Loaded {
    /// The realm.
    pub snapshot: Arc<Snapshot>,
    /// What somebody should look at nevertheless.
    pub warnings: Vec<Diagnostic>,
}

/// Reads and checks the realm in a directory.
///
/// Packs are taken from the realm's own `packs/` first, then from `packs`. Says every problem at once,
/// warnings among them. Paths of files that the realm names are relative to its directory.
pub fn load(dir: &Path, packs: &dyn PackSource, today: Date) -> Result<Loaded, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let files = files::realm(dir, &mut problems);
    run::run(&files, run::Around { dir: Some(dir), packs, today, archived: false }, problems)
}

/// Reads a snapshot back from where [`Snapshot::archive`] kept it; its id is the same as then.
///
/// Files outside of the snapshot, such as weights, are not looked for.
pub fn load_archived(dir: &Path, today: Date) -> Result<Loaded, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let files = files::realm(dir, &mut problems);
    run::run(&files, run::Around { dir: Some(dir), packs: &NoPacks, today, archived: true }, problems)
}

/// Checks a realm whose files are given as values, those of its packs under `packs/<id>/`.
///
/// Files outside of the realm, such as weights, are not looked for.
pub fn check(files: &SourceSet, today: Date) -> Result<Loaded, Vec<Diagnostic>> {
    run::run(files, run::Around { dir: None, packs: &NoPacks, today, archived: true }, Vec::new())
}
