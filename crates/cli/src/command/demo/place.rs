//! Where the demo keeps its data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::data::DataDir;
use crate::lang::{path_arg, tell};

/// The demo's directory.
pub(super) struct Place {
    pub(super) data: DataDir,
}

impl Place {
    /// The one named, or a fresh one that outlives the process.
    pub(super) fn choose(keep: Option<&Path>) -> Result<Self> {
        let path = match keep {
            Some(path) => path.to_owned(),
            None => {
                let mut random = [0u8; 4];
                getrandom::fill(&mut random)
                    .map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
                std::env::temp_dir().join(format!("freehold-demo-{}", hex::encode(random)))
            }
        };
        let data = DataDir::new(&path);
        data.create()?;
        let path = std::fs::canonicalize(&path).with_context(|| tell("cannot-find", &[path_arg(&path)]))?;
        Ok(Self { data: DataDir::new(&path) })
    }

    /// The demo's own copy of the example realm.
    pub(super) fn realm(&self) -> PathBuf {
        self.data.path().join("realm")
    }

    /// Where the keys are written for the lines to try.
    pub(super) fn keys_file(&self) -> PathBuf {
        self.data.path().join("keys.env")
    }

    /// The keys of the last run, by their variables; none where there was none.
    pub(super) fn read_keys(&self) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(self.keys_file()).unwrap_or_default();
        let line = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        text.lines().filter_map(line).collect()
    }

    /// Writes the keys, and where to read what the provider abroad received, as shell variables, for their owner only.
    pub(super) fn write_keys(&self, keys: &BTreeMap<String, String>, received: &str) -> Result<()> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let path = self.keys_file();
        let mut lines: String = keys.iter().map(|(app, key)| format!("export {}={key}\n", variable(app))).collect();
        lines.push_str(&format!("export RECEIVED={received}\n"));
        let write = || -> std::io::Result<()> {
            let mut options = std::fs::OpenOptions::new();
            options.create(true).write(true).truncate(true).mode(0o600).open(&path)?.write_all(lines.as_bytes())
        };
        write().with_context(|| tell("cannot-write", &[path_arg(&path)]))
    }
}

/// An app's id as a shell variable: `bank-desk` is `BANK_DESK`.
pub(super) fn variable(app: &str) -> String {
    app.replace('-', "_").to_uppercase()
}
