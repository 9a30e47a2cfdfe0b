//! Cases from what PyPSA's `export_to_csv_folder` writes, with PyPSA's meaning: a period's snapshots form one run of hours,
//! each vintage has bounds of its own, no ramp at a period's first snapshot.
//!
//! Columns and files that PyPSA leaves out because they hold its defaults take them here, too. What a case cannot say is
//! refused by name, all of it in one run; nothing is written then.

mod sheet;
mod time;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sheet::Folder;
pub use sheet::Refused;

/// The files of a case, by name.
pub type Files = BTreeMap<String, String>;

/// Reads a folder that PyPSA wrote; the currency is said by whoever imports it, as PyPSA keeps none.
///
/// # Errors
/// Everything that a case cannot say, and files that cannot be read.
pub fn import(dir: &Path, currency: &str) -> Result<Files, Vec<Refused>> {
    let mut folder = Folder::new(dir);
    let files = write::files(&mut folder, currency);
    if folder.refused.is_empty() { Ok(files) } else { Err(folder.refused) }
}

/// Why an import wrote nothing.
#[derive(Debug)]
pub enum ImportError {
    /// What a case cannot say.
    Refused(Vec<Refused>),
    /// What it says is no case: a network that PyPSA would not solve either.
    Case(Vec<realm::load::Diagnostic>),
    /// The directory is there and holds something.
    NotEmpty(PathBuf),
    /// A file, and what the system says.
    Io(PathBuf, std::io::Error),
}

/// Imports a folder into a directory that is not there yet, or empty; the case is read before it takes its place.
///
/// # Errors
/// Nothing is written then.
pub fn import_into(dir: &Path, currency: &str, out: &Path) -> Result<(), ImportError> {
    if crate::plan::writable(out).is_err() {
        return Err(ImportError::NotEmpty(out.to_owned()));
    }
    let files = import(dir, currency).map_err(ImportError::Refused)?;
    let parent = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let temporary = parent.join(format!(".{name}.{}", std::process::id()));
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| ImportError::Io(path, error)
    };
    let written = || {
        std::fs::create_dir_all(&temporary).map_err(io(&temporary))?;
        for (name, text) in &files {
            std::fs::write(temporary.join(name), text).map_err(io(&temporary.join(name)))?;
        }
        crate::case::load(&temporary).map_err(ImportError::Case)?;
        // An empty directory gives way to a whole one.
        let _ = std::fs::remove_dir(out);
        std::fs::rename(&temporary, out).map_err(io(out))
    };
    let written = written();
    if written.is_err() {
        let _ = std::fs::remove_dir_all(&temporary);
    }
    written
}
