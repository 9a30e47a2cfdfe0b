//! Finds the logs of a data directory and the keys that lie beside them.

use std::path::{Path, PathBuf};

use super::{Failure, Finding};
use crate::keys;
use crate::note::VerifierKey;

/// The directory of logs within a data directory.
pub const LOGS: &str = "ledger";
/// The directory of the logs' private states, beside it.
pub const STATES: &str = "ledger-state";

/// Lists the directories of the logs of a data directory, by name.
///
/// # Errors
/// Anything else among them is a finding: whatever lies below `ledger/` is verified or refused.
pub fn logs(data: &Path) -> Result<Vec<PathBuf>, Failure> {
    let root = data.join(LOGS);
    let failed = |source| Failure::Io { path: root.display().to_string(), source };
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(&root).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_type().map_err(failed)?.is_dir() {
            let shown = format!("{LOGS}/{}", entry.file_name().to_string_lossy());
            return Err(Finding::new(shown, "only logs may lie here").into());
        }
        logs.push(entry.path());
    }
    logs.sort_unstable();
    Ok(logs)
}

/// Reads the public keys that lie beside a log's directory, the present one first.
///
/// They prove that the log agrees with itself. Who is to be convinced by more gets the key by another way.
///
/// # Errors
/// The file must be there and every line a key.
pub fn keys_beside(log: &Path) -> Result<Vec<VerifierKey>, Failure> {
    let id = log.file_name().unwrap_or_default();
    let data = log.parent().and_then(Path::parent).unwrap_or(Path::new(".."));
    let path = data.join(STATES).join(id).join(keys::PUBLIC);
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|source| Failure::Io { path: shown.clone(), source })?;
    let parse = |(n, line): (usize, &str)| {
        VerifierKey::parse(line).map_err(|error| Finding::new(&shown, format!("line {}: {error}", n + 1)).into())
    };
    text.lines().enumerate().map(parse).collect()
}
