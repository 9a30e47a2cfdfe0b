//! `freehold ledger`: reads files, needs no server, and changes nothing, but for `rotate`, `prune` and `accept-head`.

mod accept;
mod beside;
mod export;
mod http;
mod prove;
mod show;
mod upkeep;
mod verify;
mod witness;

pub(crate) use prove::receipt_of;
pub(crate) use verify::parse_keys;
pub(crate) use witness::{Witness, cosign, is_cosigned};

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use drill::{Mirror, Reader, Request, Unread};
use ledger::checkpoint::{Checkpoint, Keys, Signed};
use ledger::note::VerifierKey;
use ledger::verify::{Failure, entries};
use ledger::{EntryIndex, system};
use realm::record::Record;

use super::Run;
use crate::args::LedgerCommand;
use crate::data::DataDir;
use crate::ended::{Ended, wrong};
use crate::foreign;
use crate::known::unknown;
use crate::lang::{of_environment, path_arg, tell};

pub(crate) fn run(run: &Run, command: LedgerCommand) -> Result<Ended> {
    match command {
        LedgerCommand::Verify { place, pubkey, remember } => {
            verify::run(run, place.as_deref(), &pubkey, remember.as_deref())
        }
        LedgerCommand::Prove { index, log } => prove::run(run, index, log.as_deref()),
        LedgerCommand::Show { index, log, last } => show::run(run, index, log.as_deref(), last),
        LedgerCommand::Export { since, until, format, out, log } => {
            export::run(run, &export::Wanted { since, until, format, out, log })
        }
        LedgerCommand::Rotate => upkeep::rotate(run),
        LedgerCommand::Prune(args) => upkeep::prune(run, args),
        LedgerCommand::AcceptHead { size, log } => accept::run(run, size, log.as_deref()),
        LedgerCommand::Witness(command) => witness::run(run, command),
    }
}

/// The public keys that a log keeps beside its directory.
pub(crate) fn keys_beside(file: &Path) -> Result<Vec<VerifierKey>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| tell("cannot-read", &[path_arg(file)])),
    };
    text.lines().map(|line| public_key(line).with_context(|| file.display().to_string())).collect()
}

/// A public key that somebody gave.
pub(crate) fn public_key(text: &str) -> Result<VerifierKey> {
    VerifierKey::parse(text).map_err(|e| {
        let why = foreign::words(&e, of_environment());
        wrong("key-none", &[("key", text.to_owned()), ("why", why)])
    })
}

/// One log of a data directory, opened for reading.
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) dir: PathBuf,
    pub(crate) signed: Signed,
}

impl Opened {
    /// The log named, or the one that is written now.
    pub(crate) fn choose(data: &DataDir, named: Option<&str>) -> Result<Self> {
        let logs = data.logs()?;
        let id = match named {
            Some(id) => id.to_owned(),
            None => data.log_id()?,
        };
        if !logs.contains(&id) {
            return Err(unknown("log", &id, &logs.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        let dir = data.ledger().join(&id);
        let path = dir.join("checkpoint");
        let note = std::fs::read(&path).with_context(|| tell("ledger-nothing-published", &[path_arg(&path)]))?;
        let keys = Keys { logs: keys_beside(&data.public_key(&id))?, witnesses: Vec::new() };
        let signed = Signed::open(&note, &keys).with_context(|| path.display().to_string())?;
        Ok(Self { id, dir, signed })
    }

    /// What the log's head says.
    pub(crate) fn checkpoint(&self) -> &Checkpoint {
        &self.signed.checkpoint
    }

    /// Shows every entry that the checkpoint covers, in order.
    pub(crate) fn each(&self, mut see: impl FnMut(EntryIndex, &[u8]) -> Result<()>) -> Result<()> {
        let (size, mut failed) = (self.checkpoint().size, None);
        let walked = entries(&self.dir, &self.checkpoint().origin, |index, entry| {
            if size.contains(index) && failed.is_none() {
                failed = see(index, entry).err();
            }
            Ok(())
        });
        if let Some(error) = failed {
            return Err(error);
        }
        // Beyond the checkpoint a running server may be in the middle of a write.
        walked.or_else(|failure| if beyond(&failure, size) { Ok(()) } else { Err(failure) })?;
        Ok(())
    }
}

fn beyond(failure: &Failure, size: ledger::TreeSize) -> bool {
    failure.finding().and_then(|finding| finding.index).is_some_and(|index| !size.contains(index))
}

/// Every record of every log of a data directory, oldest log first; the ledger's own entries are left out.
pub(crate) fn each_record(
    data: &DataDir,
    mut see: impl FnMut(&Opened, EntryIndex, Record) -> Result<()>,
) -> Result<()> {
    for id in data.logs()? {
        let log = Opened::choose(data, Some(&id))?;
        log.each(|index, entry| {
            if system::is_system(entry) {
                return Ok(());
            }
            let record = Record::from_bytes(entry).with_context(|| format!("{id}/{index}"))?;
            see(&log, index, record)
        })?;
    }
    Ok(())
}

/// Every request that has ended in any log of a data directory, oldest log first; and what no request was made of.
pub(crate) fn each_request(data: &DataDir, mut see: impl FnMut(Request) -> Result<()>) -> Result<Unread> {
    each_ended(data, |ended| match ended {
        EndedIn::Request(request) => see(*request),
        EndedIn::Mirror(_) => Ok(()),
    })
}

/// What has ended in a log.
pub(crate) enum EndedIn {
    /// A request that somebody made.
    Request(Box<Request>),
    /// The mirror of one, for a drill in shadow.
    Mirror(Box<Mirror>),
}

/// The same with the mirrors of drills in shadow.
pub(crate) fn each_ended(data: &DataDir, mut see: impl FnMut(EndedIn) -> Result<()>) -> Result<Unread> {
    let mut reader = Reader::default();
    for id in data.logs()? {
        let log = Opened::choose(data, Some(&id))?;
        reader.next_log();
        log.each(|index, entry| {
            if system::is_system(entry) {
                return Ok(());
            }
            let request = reader.see(index.0, entry).with_context(|| format!("{id}/{index}"))?;
            request.map_or(Ok(()), |request| see(EndedIn::Request(Box::new(request))))?;
            reader.take_mirror().map_or(Ok(()), |mirror| see(EndedIn::Mirror(Box::new(mirror))))
        })?;
    }
    Ok(reader.unread())
}
