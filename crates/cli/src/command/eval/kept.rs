//! Answers as they came, one a line, in the data directory: what was asked once is not asked again.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::data::DataDir;
use crate::ended::wrong;
use crate::lang::{path_arg, tell};

/// What is asked of whom: the first line. A run is gone on with only where it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) suite: String,
    pub(super) sha256: String,
    pub(super) app: String,
    pub(super) model: String,
    pub(super) route: String,
    pub(super) deployment: Option<String>,
    pub(super) judge: Option<String>,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) item: String,
    pub(super) answer: String,
    pub(super) request: String,
    pub(super) deployment: String,
    pub(super) ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) judge: Option<JudgeLine>,
}

/// What a judge said of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JudgeLine {
    pub(super) answer: String,
    pub(super) request: String,
}

/// A run's file, open for more answers.
pub(super) struct Kept {
    path: PathBuf,
    file: Mutex<File>,
    /// What was answered before.
    pub(super) before: BTreeMap<String, Line>,
}

pub(super) fn path_of(data: &DataDir, id: &str) -> PathBuf {
    data.path().join("evaluations").join(format!("{id}.jsonl"))
}

impl Kept {
    /// A new run.
    pub(super) fn begin(data: &DataDir, id: &str, head: &Head) -> Result<Self> {
        let path = path_of(data, id);
        let open = || -> std::io::Result<File> {
            let folder = path.parent().unwrap_or(Path::new("."));
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            OpenOptions::new().create_new(true).append(true).mode(0o600).open(&path)
        };
        let file = open().with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
        let kept = Self { file: Mutex::new(file), before: BTreeMap::new(), path };
        kept.line(head)?;
        Ok(kept)
    }

    /// Goes on with a run.
    pub(super) fn resume(data: &DataDir, id: &str, head: &Head) -> Result<Self> {
        let path = path_of(data, id);
        let Some((was, before)) = read(&path)? else {
            return Err(wrong("eval-no-run", &[("id", id.to_owned()), path_arg(&path)]));
        };
        if was != *head {
            let args = [("id", id.to_owned()), ("was", described(&was)), ("now", described(head))];
            return Err(wrong("eval-other-run", &args));
        }
        let file = OpenOptions::new().append(true).open(&path);
        let file = file.with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
        let kept = Self { file: Mutex::new(file), before, path };
        // A line that a crash cut short must not join the next one.
        kept.write(b"\n")?;
        Ok(kept)
    }

    /// Keeps an answer.
    pub(super) fn line(&self, line: &impl Serialize) -> Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.write(&bytes)
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(bytes).with_context(|| tell("cannot-write", &[path_arg(&self.path)]))
    }
}

/// What a run's file holds; none where there is none. A line that was cut short is an answer that is asked again.
pub(super) fn read(path: &Path) -> Result<Option<(Head, BTreeMap<String, Line>)>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| tell("cannot-read", &[path_arg(path)])),
    };
    let mut lines = BufReader::new(file).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let head: Head = serde_json::from_str(&first).with_context(|| tell("cannot-read", &[path_arg(path)]))?;
    let mut answers = BTreeMap::new();
    for line in lines {
        if let Ok(line) = serde_json::from_str::<Line>(&line?) {
            answers.insert(line.item.clone(), line);
        }
    }
    Ok(Some((head, answers)))
}

fn described(head: &Head) -> String {
    let judge = head.judge.as_ref().map(|judge| format!(", judge {judge}")).unwrap_or_default();
    let to = head.deployment.as_ref().unwrap_or(&head.route);
    format!("{} {} → {to}, {}{judge}", head.suite, &head.sha256[..12.min(head.sha256.len())], head.app)
}
