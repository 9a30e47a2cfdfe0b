//! What lies where in the data directory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use realm::regular::{self, Unread};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::ended::wrong;
use crate::lang::{path_arg, tell};

/// A data directory.
#[derive(Debug, Clone)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// One that is there or is about to be made.
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes it, readable by its owner only.
    pub(crate) fn create(&self) -> Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0);
        let closed = made.and_then(|()| close(&self.0));
        closed.with_context(|| tell("cannot-make-private", &[path_arg(&self.0)]))
    }

    /// Fails, saying what to do, where there is none.
    pub(crate) fn existing(path: &Path) -> Result<Self> {
        let data = Self::new(path);
        if data.store().exists() || data.ledger().exists() {
            return Ok(data);
        }
        Err(wrong("data-none", &[path_arg(path)]))
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub(crate) fn store(&self) -> PathBuf {
        self.0.join("store.db")
    }

    /// Sealed prompts and answers.
    pub(crate) fn contents(&self) -> PathBuf {
        self.0.join("content.db")
    }

    /// The logs: nothing but what `ledger verify` checks.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.0.join("ledger")
    }

    /// A log's own state: lock, key, last signed head.
    pub(crate) fn ledger_state(&self, log_id: &str) -> PathBuf {
        self.0.join("ledger-state").join(log_id)
    }

    /// The cosigned heads of a log.
    pub(crate) fn witnessed(&self, log_id: &str) -> PathBuf {
        self.ledger_state(log_id).join("witnessed")
    }

    /// The public keys of a log.
    pub(crate) fn public_key(&self, log_id: &str) -> PathBuf {
        self.ledger_state(log_id).join("key.pub")
    }

    /// Realms as they were when they decided.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    /// What is copied to be sent away: nothing that lasts.
    pub(crate) fn outgoing(&self) -> PathBuf {
        self.0.join("outgoing")
    }

    /// Where the engines' sockets lie.
    pub(crate) fn run(&self) -> PathBuf {
        self.0.join("run")
    }

    /// The log that is written now, where there is one.
    fn known_log_id(&self) -> Result<Option<String>> {
        const BYTES_MAX: u64 = 1 << 10;
        let path = self.0.join("log-id");
        let bytes = match regular::read(&path, BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(Unread::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| tell("cannot-read", &[path_arg(&path)])),
        };
        let id = String::from_utf8_lossy(&bytes).trim().to_owned();
        // It becomes the name of directories.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty() || id.len() > 64 || !id.bytes().all(plain) {
            return Err(wrong("log-id-bad", &[path_arg(&path), ("logs", self.logs()?.join(", "))]));
        }
        Ok(Some(id))
    }

    /// The log that is written now.
    pub(crate) fn log_id(&self) -> Result<String> {
        self.known_log_id()?.ok_or_else(|| wrong("log-id-none", &[path_arg(&self.0)]))
    }

    /// The log to write; made up once, from random bytes. A new one beside others begins only after a restore, which it
    /// names in its first entry: elsewhere it would replace the history that was.
    pub(crate) fn log_id_or_new(&self) -> Result<String> {
        if let Some(id) = self.known_log_id()? {
            return Ok(id);
        }
        let path = self.0.join("log-id");
        let logs = self.logs()?;
        let written = logs.iter().find(|id| self.ledger_state(id).join("key").exists());
        if let Some(last) = written.or(logs.first().filter(|_| !self.0.join("restored-from").exists())) {
            let args = [path_arg(&path), ("logs", logs.join(", ")), ("last", last.clone())];
            return Err(wrong("log-id-lost", &args));
        }
        let mut random = [0u8; 4];
        getrandom::fill(&mut random).map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
        let id = format!("log-{}", hex::encode(random));
        write_synced(&path, format!("{id}\n").as_bytes())?;
        Ok(id)
    }

    /// Whether a process writes the current log at this moment: a server, or upkeep that runs by itself.
    pub(crate) fn is_served(&self) -> bool {
        let id = std::fs::read_to_string(self.0.join("log-id"));
        id.is_ok_and(|id| is_locked(&self.ledger_state(id.trim())))
    }

    /// How many entries the current log's published checkpoint covers; nothing is verified here.
    pub(crate) fn published_size(&self) -> Option<u64> {
        let id = std::fs::read_to_string(self.0.join("log-id")).ok()?;
        let note = std::fs::read_to_string(self.ledger().join(id.trim()).join("checkpoint")).ok()?;
        note.lines().nth(1)?.parse().ok()
    }

    /// Claims the directory for the one process that serves it, before it writes anything there; held until dropped.
    pub(crate) fn claim(&self) -> Result<std::fs::File> {
        let taken = || anyhow::anyhow!(tell("data-in-use", &[("data", self.0.display().to_string())]));
        if self.is_served() {
            return Err(taken());
        }
        let dir = std::fs::File::open(&self.0).with_context(|| tell("cannot-read", &[path_arg(&self.0)]))?;
        match flock(&dir, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => Err(taken()),
            // Where directories cannot be locked, the log's own lock still keeps a second writer out.
            _ => Ok(dir),
        }
    }

    /// The logs there are, sorted.
    pub(crate) fn logs(&self) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        let ledger = self.ledger();
        if ledger.exists() {
            for entry in std::fs::read_dir(&ledger).with_context(|| tell("cannot-read", &[path_arg(&ledger)]))? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    ids.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        ids.sort();
        Ok(ids)
    }
}

/// Whether somebody holds a log's lease, which lies among its own state.
pub(crate) fn is_locked(state: &Path) -> bool {
    std::fs::File::open(state.join("lock"))
        .is_ok_and(|lock| flock(&lock, FlockOperation::NonBlockingLockShared).is_err())
}

/// Takes the rights of everybody but the owner away from a directory that was there.
fn close(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(dir)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(mode & 0o700))
}

/// Writes a file whole: under another name, synced, then renamed.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let partial = path.with_extension("partial");
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)?;
        // A name alone has an empty parent, which is no directory's name.
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        std::fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    };
    write().with_context(|| tell("cannot-write", &[path_arg(path)]))
}
