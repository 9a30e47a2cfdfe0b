//! `freehold backup` and `freehold restore`.
//!
//! A backup is taken while nobody writes the ledger. What was restored never goes on signing the old log: somebody
//! may have seen entries that the backup lacks. A new log begins, and its first entry names the old one's last head.

use std::path::Path;

use anyhow::{Context, Result, bail};
use ledger::checkpoint::Keys;
use ledger::verify::{Options, log_dir};
use rustix::fs::{FlockOperation, flock};
use store::Store;

use super::ledger::{Opened, keys_beside};
use super::{Run, block_on};
use crate::args::BackupArgs;
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Wrong};

/// What a data directory holds beside the store: all of it is copied as it is.
const FOLDERS: [&str; 4] = ["ledger", "ledger-state", "snapshots", "models"];

pub(crate) fn backup(run: &Run, args: &BackupArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let target = fresh(&args.dir)?;
    let _held = hold(&data)?;
    for folder in FOLDERS {
        copy(&data.path().join(folder), &target.path().join(folder))?;
    }
    write_synced(&target.path().join("log-id"), format!("{}\n", data.log_id()?).as_bytes())?;
    block_on(async { Ok(Store::open(&data.store()).await?.copy_to(&target.store()).await?) })?;
    verify(&target)?;
    eprintln!("{}: a verified copy of {}", args.dir.display(), data.path().display());
    Ok(Ended::Done)
}

pub(crate) fn restore(run: &Run, args: &BackupArgs) -> Result<Ended> {
    let from = DataDir::existing(&args.dir)?;
    verify(&from)?;
    let data = fresh(&run.data)?;
    for folder in FOLDERS {
        copy(&from.path().join(folder), &data.path().join(folder))?;
    }
    std::fs::copy(from.store(), data.store()).context("cannot copy the store")?;
    let old = Opened::choose(&from, None)?;
    write_synced(&data.path().join("restored-from"), old.signed.note.to_string().as_bytes())?;
    // Nobody signs for the old log any more; its public key stays, so that it can be verified.
    for id in data.logs()? {
        match std::fs::remove_file(data.ledger_state(&id).join("key")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    eprintln!(
        "{}: restored. The next `freehold serve` opens a new log that begins with the head of {} ({} entries).",
        run.data.display(),
        old.id,
        old.checkpoint().size
    );
    Ok(Ended::Done)
}

/// Takes the leases of all logs, so that no server writes meanwhile.
fn hold(data: &DataDir) -> Result<Vec<std::fs::File>> {
    let mut held = Vec::new();
    for id in data.logs()? {
        let path = data.ledger_state(&id).join("lock");
        let file = std::fs::File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let message = format!("the log {id} is being written: stop `freehold serve` for the moment of the copy");
            return Err(Wrong(message).into());
        }
        held.push(file);
    }
    Ok(held)
}

fn verify(data: &DataDir) -> Result<()> {
    for id in data.logs()? {
        let keys = Keys { logs: keys_beside(&data.public_key(&id))?, witnesses: Vec::new() };
        let options = Options { keys, ..Options::default() };
        if let Err(failure) = log_dir(&data.ledger().join(&id), &options) {
            bail!("the log {id} does not verify: {failure}");
        }
    }
    Ok(())
}

/// A directory that is not there yet, or is empty.
fn fresh(path: &Path) -> Result<DataDir> {
    if std::fs::read_dir(path).is_ok_and(|mut found| found.next().is_some()) {
        return Err(Wrong(format!("{} is not empty: nothing is overwritten", path.display())).into());
    }
    let data = DataDir::new(path);
    data.create()?;
    Ok(data)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            // Keeps the mode: secret keys stay readable by their owner only.
            std::fs::copy(entry.path(), &target).with_context(|| format!("cannot copy {}", entry.path().display()))?;
            std::fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}
