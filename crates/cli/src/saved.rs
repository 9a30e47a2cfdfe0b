//! A verified copy of a data directory: the store as of one moment, each log as of a published checkpoint.

pub(crate) mod file;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ledger::checkpoint::Keys;
use ledger::copy_published;
use ledger::verify::{Options, log_dir};
use store::Store;

use crate::command::{Opened, keys_beside};
use crate::data::{DataDir, write_synced};
use crate::foreign;
use crate::lang::{of_environment, path_arg, say, tell};

/// What a data directory holds beside the store and the logs, copied as it is: nothing in it ever changes.
pub(crate) const FOLDERS: [&str; 2] = ["snapshots", "models"];
/// What a log keeps beside it, but for its head, which is written to fit the copy.
const STATE: [&str; 2] = ["key.pub", "torn"];
/// The keys that sign it.
const SECRET: [&str; 2] = ["key", "key.next"];
/// How often store and ledger are copied again because somebody changed keys or suspensions meanwhile.
const TRIES: usize = 5;

/// A log in a copy.
pub(crate) struct Copied {
    pub(crate) log: String,
    pub(crate) entries: u64,
}

/// A directory for as long as something is made of it.
pub(crate) struct Aside(pub(crate) PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // What cannot be removed is seen by whoever looks there.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Copies store and logs into an empty directory, also while others write them, and verifies the copy. Who keeps the
/// keys goes on signing where the copy lies.
///
/// # Errors
/// Something cannot be read, written or verified; what was copied by then stays.
pub(crate) async fn copied(store: &Store, data: &DataDir, target: &DataDir, keep_keys: bool) -> Result<Vec<Copied>> {
    let id = data.log_id()?;
    let mut tries = 0;
    while !matching(store, data, target, keep_keys).await? {
        tries += 1;
        if tries == TRIES {
            bail!("{}", say(of_environment(), "backup-store-busy", &[]));
        }
    }
    write_synced(&target.path().join("log-id"), format!("{id}\n").as_bytes())?;
    verified(target)?;
    let opened = |id: String| {
        let entries = Opened::choose(target, Some(&id))?.checkpoint().size.0;
        Ok(Copied { log: id, entries })
    };
    target.logs()?.into_iter().map(opened).collect()
}

/// Copies the store, then the logs; tells whether the store's decisions were the same before and after, so that no
/// revocation that the ledger holds is missing in the store.
async fn matching(store: &Store, data: &DataDir, target: &DataDir, keep_keys: bool) -> Result<bool> {
    let before = store.generation().await?;
    for leftover in [target.ledger(), target.path().join("ledger-state")] {
        if leftover.exists() {
            std::fs::remove_dir_all(&leftover)?;
        }
    }
    if target.store().exists() {
        std::fs::remove_file(target.store())?;
    }
    // A shared database has its own backups.
    if !store.is_shared() {
        store.copy_to(&target.store()).await?;
    }
    for id in data.logs()? {
        copy_log(data, target, &id, keep_keys)?;
    }
    Ok(before == store.generation().await?)
}

/// Copies a log as far as its checkpoint, and its own state to match.
fn copy_log(data: &DataDir, target: &DataDir, id: &str, keep_keys: bool) -> Result<()> {
    let (from, to) = (data.ledger_state(id), target.ledger_state(id));
    std::fs::create_dir_all(&to).with_context(|| tell("cannot-make", &[path_arg(&to)]))?;
    // Before the log: what witnesses saw is then within the copy.
    copy_file(&from.join("witnessed"), &to.join("witnessed"))?;
    let keys = Keys { logs: keys_beside(&data.public_key(id))?, witnesses: Vec::new() };
    let copied = copy_published(&data.ledger().join(id), &target.ledger().join(id), &keys);
    let copied = copied.with_context(|| tell("cannot-copy", &[("path", id.to_owned())]))?;
    write_synced(&to.join("head"), copied.note.to_string().as_bytes())?;
    for name in STATE.into_iter().chain(SECRET.into_iter().filter(|_| keep_keys)) {
        copy_file(&from.join(name), &to.join(name))?;
    }
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(target.ledger().join(id).join("segments"))? {
        kept.extend(entry?.file_name().to_str().and_then(ledger::segment::parse_file_name).map(|(first, _)| first));
    }
    if let Some(first) = kept.into_iter().min().filter(|first| first.0 > 0) {
        write_synced(&to.join("minimum"), format!("{first}\n").as_bytes())?;
    }
    Ok(())
}

/// Verifies every log of a directory.
pub(crate) fn verified(data: &DataDir) -> Result<()> {
    for id in data.logs()? {
        let keys = Keys { logs: keys_beside(&data.public_key(&id))?, witnesses: Vec::new() };
        let options = Options { keys, ..Options::default() };
        if let Err(failure) = log_dir(&data.ledger().join(&id), &options) {
            let why = foreign::words(&failure, of_environment());
            bail!(tell("log-not-verified", &[("log", id), ("why", why)]));
        }
    }
    Ok(())
}

/// Copies what is in a directory, if it is there.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(to).with_context(|| tell("cannot-make", &[path_arg(to)]))?;
    for entry in std::fs::read_dir(from).with_context(|| tell("cannot-read", &[path_arg(from)]))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            copy_file(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Copies one file, if it is there, durably.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    // Keeps the mode: secret keys stay readable by their owner only.
    match std::fs::copy(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.with_context(|| tell("cannot-copy", &[path_arg(from)]))?,
    };
    Ok(std::fs::File::open(to)?.sync_all()?)
}
