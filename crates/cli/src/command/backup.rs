//! `freehold backup` and `freehold restore`.
//!
//! A backup is taken also while a server runs: the store as of one moment, each log as of a published checkpoint. What was
//! restored never goes on signing the old log: somebody may have seen entries that the backup lacks. A new log begins,
//! and its first entry names the old one's last head.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use realm::record::Record;
use serde_json::json;

use super::ledger::{Opened, each_record};
use super::{Run, block_on};
use crate::args::BackupArgs;
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, say, tell};
use crate::output;
use crate::saved::{Aside, Copied, FOLDERS, copied, copy, copy_file, file, verified};

pub(crate) fn backup(run: &Run, args: &BackupArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    data.log_id()?;
    outside(&args.path, data.path())?;
    let logs =
        if file::is_meant(&args.path) { one_file(run, &data, &args.path) } else { directory(run, &data, &args.path) }?;
    if run.json {
        let logs: Vec<_> = logs.iter().map(|it| json!({ "log": it.log, "entries": it.entries })).collect();
        output::json(&json!({ "path": args.path, "logs": logs }))?;
    } else {
        let args = [("dir", args.path.display().to_string()), ("data", data.path().display().to_string())];
        eprintln!("{}", say(run.lang, "backup-done", &args));
        if run.database.is_some() {
            eprintln!("{}", say(run.lang, "backup-without-database", &[]));
        }
    }
    Ok(Ended::Done)
}

/// A copy that a server could start on, with the keys that sign.
fn directory(run: &Run, data: &DataDir, path: &Path) -> Result<Vec<Copied>> {
    let target = fresh(path)?;
    let logs = copied_by(run, data, &target, true)?;
    for folder in FOLDERS {
        copy(&data.path().join(folder), &target.path().join(folder))?;
    }
    Ok(logs)
}

/// One file, without the keys that sign: nobody needs them for a restore. It has its name once it is whole.
fn one_file(run: &Run, data: &DataDir, path: &Path) -> Result<Vec<Copied>> {
    if path.exists() {
        return Err(wrong("backup-there", &[path_arg(path)]));
    }
    let part = beside(path, ".part");
    let target = fresh(&beside(path, ".copy"))?;
    let _aside = Aside(target.path().to_owned());
    let logs = copied_by(run, data, &target, false)?;
    let mut made = private(&part)?;
    file::pack(target.path(), data.path(), std::io::BufWriter::new(&mut made))?;
    made.sync_all()?;
    std::fs::rename(&part, path).with_context(|| tell("cannot-make", &[path_arg(path)]))?;
    Ok(logs)
}

fn copied_by(run: &Run, data: &DataDir, target: &DataDir, keep_keys: bool) -> Result<Vec<Copied>> {
    block_on(async {
        let store = run.store(data).await?;
        let logs = copied(&store, data, target, keep_keys).await;
        store.close().await;
        logs
    })
}

/// A file that only its owner reads; one that was left half made is begun anew.
fn private(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = File::options().write(true).create(true).truncate(true).mode(0o600).open(path);
    made.with_context(|| tell("cannot-make", &[path_arg(path)]))
}

/// A path whose name has something at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(end);
    path.with_file_name(name)
}

pub(crate) fn restore(run: &Run, args: &BackupArgs) -> Result<Ended> {
    if !args.path.is_file() {
        return restored(run, &args.path, &run.data);
    }
    empty(&run.data)?;
    let target = fresh(&beside(&run.data, ".unpacked"))?;
    let _aside = Aside(target.path().to_owned());
    file::unpack(&args.path, target.path())?;
    restored(run, target.path(), &run.data)
}

/// Makes a data directory from a backup that lies as a directory.
fn restored(run: &Run, from: &Path, to: &Path) -> Result<Ended> {
    let from = DataDir::existing(from)?;
    verified(&from)?;
    let data = fresh(to)?;
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
    empty(path)?;
    let data = DataDir::new(path);
    data.create()?;
    Ok(data)
}

fn empty(path: &Path) -> Result<()> {
    if std::fs::read_dir(path).is_ok_and(|mut found| found.next().is_some()) {
        return Err(wrong("not-empty", &[path_arg(path)]));
    }
    Ok(())
}
