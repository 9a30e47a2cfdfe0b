//! `freehold backup` and `freehold restore`.
//!
//! A backup is taken also while a server runs: the store as of one moment, each log as of a published checkpoint. What was
//! restored never goes on signing the old log: somebody may have seen entries that the backup lacks. A new log begins,
//! and its first entry names the old one's last head.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ledger::checkpoint::Keys;
use ledger::copy_published;
use ledger::verify::{Options, log_dir};
use realm::record::Record;
use serde_json::json;

use super::ledger::{Opened, each_record, keys_beside};
use super::{Run, block_on};
use crate::args::BackupArgs;
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, wrong};
use crate::foreign;
use crate::lang::{of_environment, path_arg, say, tell};
use crate::output;

/// What a data directory holds beside the store and the logs, copied as it is: nothing in it ever changes.
const FOLDERS: [&str; 2] = ["snapshots", "models"];
/// What a log keeps beside it, but for its head, which is written to fit the copy.
const STATE: [&str; 4] = ["key", "key.next", "key.pub", "torn"];
/// How often store and ledger are copied again because somebody changed keys or suspensions meanwhile.
const TRIES: usize = 5;

pub(crate) fn backup(run: &Run, args: &BackupArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let id = data.log_id()?;
    outside(&args.dir, data.path())?;
    let target = fresh(&args.dir)?;
    let mut tries = 0;
    while !block_on(matching(run, &data, &target))? {
        tries += 1;
        if tries == TRIES {
            bail!("{}", say(run.lang, "backup-store-busy", &[]));
        }
    }
    for folder in FOLDERS {
        copy(&data.path().join(folder), &target.path().join(folder))?;
    }
    write_synced(&target.path().join("log-id"), format!("{id}\n").as_bytes())?;
    verify(&target)?;
    let mut logs = Vec::new();
    for id in target.logs()? {
        logs.push(json!({ "log": id, "entries": Opened::choose(&target, Some(&id))?.checkpoint().size.0 }));
    }
    if run.json {
        output::json(&json!({ "dir": args.dir, "logs": logs }))?;
    } else {
        let args = [("dir", args.dir.display().to_string()), ("data", data.path().display().to_string())];
        eprintln!("{}", say(run.lang, "backup-done", &args));
        if run.database.is_some() {
            eprintln!("{}", say(run.lang, "backup-without-database", &[]));
        }
    }
    Ok(Ended::Done)
}

/// Copies the store, then the logs; tells whether the store's decisions were the same before and after, so that no
/// revocation that the ledger holds is missing in the store.
async fn matching(run: &Run, data: &DataDir, target: &DataDir) -> Result<bool> {
    let store = run.store(data).await?;
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
        copy_log(data, target, &id)?;
    }
    let after = store.generation().await?;
    store.close().await;
    Ok(before == after)
}

/// Copies a log as far as its checkpoint, and its own state to match.
fn copy_log(data: &DataDir, target: &DataDir, id: &str) -> Result<()> {
    let (from, to) = (data.ledger_state(id), target.ledger_state(id));
    std::fs::create_dir_all(&to).with_context(|| tell("cannot-make", &[path_arg(&to)]))?;
    // Before the log: what witnesses saw is then within the copy.
    copy_file(&from.join("witnessed"), &to.join("witnessed"))?;
    let keys = Keys { logs: keys_beside(&data.public_key(id))?, witnesses: Vec::new() };
    let copied = copy_published(&data.ledger().join(id), &target.ledger().join(id), &keys);
    let copied = copied.with_context(|| tell("cannot-copy", &[("path", id.to_owned())]))?;
    write_synced(&to.join("head"), copied.note.to_string().as_bytes())?;
    for name in STATE {
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

pub(crate) fn restore(run: &Run, args: &BackupArgs) -> Result<Ended> {
    let from = DataDir::existing(&args.dir)?;
    verify(&from)?;
    let data = fresh(&run.data)?;
    for folder in FOLDERS.into_iter().chain(["ledger", "ledger-state"]) {
        copy(&from.path().join(folder), &data.path().join(folder))?;
    }
    // A store that somebody opened since keeps its last changes in a second file.
    for name in ["store.db", "store.db-wal"] {
        copy_file(&from.path().join(name), &data.path().join(name))?;
    }
    let old = Opened::choose(&from, None)?;
    write_synced(&data.path().join("restored-from"), old.signed.note.to_string().as_bytes())?;
    // Nobody signs for the old log any more; its public key stays, so that it can be verified.
    for (id, name) in data.logs()?.iter().flat_map(|id| [(id, "key"), (id, "key.next")]) {
        match std::fs::remove_file(data.ledger_state(id).join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    settle(run, &data)?;
    if run.json {
        let entries = old.checkpoint().size.0;
        output::json(&json!({ "data": run.data, "restored_from": old.id, "entries": entries }))?;
    } else {
        let size = old.checkpoint().size.to_string();
        let args = [("data", run.data.display().to_string()), ("log", old.id), ("size", size)];
        eprintln!("{}", say(run.lang, "restore-done", &args));
    }
    Ok(Ended::Done)
}

/// Forgets changes of the outbox that the old logs hold already: the new log must not get them a second time.
fn settle(run: &Run, data: &DataDir) -> Result<()> {
    let waiting = block_on(async { Ok(run.store(data).await?.pending(u32::MAX).await?) })?;
    let waiting: HashSet<String> = waiting.into_iter().map(|pending| pending.id).collect();
    let mut arrived = HashSet::new();
    if !waiting.is_empty() {
        each_record(data, |_, _, record| {
            if let Record::Change(change) = record {
                arrived.extend(change.id.filter(|id| waiting.contains(id)));
            }
            Ok(())
        })?;
    }
    block_on(async {
        let store = run.store(data).await?;
        for id in arrived {
            store.settle(&id).await?;
        }
        store.close().await;
        Ok(())
    })
}

fn verify(data: &DataDir) -> Result<()> {
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

/// A backup within what it is of goes with it, and would be in the next one.
fn outside(target: &Path, data: &Path) -> Result<()> {
    let absolute = std::path::absolute(target)?;
    // As much of the path as is there, with its links followed.
    let there = absolute.ancestors().find_map(|above| std::fs::canonicalize(above).ok());
    let data = std::fs::canonicalize(data)?;
    if there.is_some_and(|there| there.starts_with(&data)) {
        return Err(wrong("backup-inside", &[path_arg(target)]));
    }
    Ok(())
}

/// A directory that is not there yet, or is empty.
fn fresh(path: &Path) -> Result<DataDir> {
    if std::fs::read_dir(path).is_ok_and(|mut found| found.next().is_some()) {
        return Err(wrong("not-empty", &[path_arg(path)]));
    }
    let data = DataDir::new(path);
    data.create()?;
    Ok(data)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
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
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    // Keeps the mode: secret keys stay readable by their owner only.
    match std::fs::copy(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.with_context(|| tell("cannot-copy", &[path_arg(from)]))?,
    };
    Ok(std::fs::File::open(to)?.sync_all()?)
}
