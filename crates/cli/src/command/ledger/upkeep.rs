//! `freehold ledger rotate` and `freehold ledger prune`: by the running server, or here where none runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use ledger::{Error, KeySource, Log, Options};
use realm::{Clock, UnixMs};
use serde::Deserialize;
use serde_json::json;
use store::{REQUEST_WAIT_MS, Store};

use super::super::{Run, block_on, user};
use super::Opened;
use crate::args::{Below, PruneArgs};
use crate::clock::{SystemClock, now};
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::lang::{say, tell};
use crate::output;
use crate::realms;
use crate::upkeep::{Done, REQUEST, Upkeep};

/// How often the answer of a running server is looked for.
const ANSWER_POLL: Duration = Duration::from_millis(50);
/// Requests that began so recently may still be open: their intents are needed to close them after a crash.
const MAY_BE_OPEN_MS: u64 = 86_400_000;

pub(super) fn rotate(run: &Run) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, None)?;
    let Done::Rotated(key) = carry_out(run, &data, &log, Upkeep::Rotate)? else {
        bail!(tell("server-other-answer", &[]))
    };
    if run.json {
        output::json(&json!({ "log": log.id, "key": key }))?;
    } else {
        output::text(&format!("{}\n", say(run.lang, "ledger-rotated", &[("log", log.id), ("key", key)])))?;
        eprintln!("{}", say(run.lang, "ledger-rotated-next", &[]));
    }
    Ok(Ended::Done)
}

pub(super) fn prune(run: &Run, args: PruneArgs) -> Result<Ended> {
    if args.policy.trim().is_empty() {
        return Err(Wrong(say(run.lang, "ledger-prune-no-policy", &[])).into());
    }
    let data = run.existing_data()?;
    let log = Opened::choose(&data, None)?;
    let below = below(run, &log, &args.below)?;
    let done = carry_out(run, &data, &log, Upkeep::Prune { below, policy: args.policy })?;
    let Done::Pruned(before, kept) = done else { bail!(tell("server-other-answer", &[])) };
    let removed = kept.saturating_sub(before);
    if run.json {
        output::json(&json!({ "log": log.id, "below": below, "removed": removed, "kept_from": kept }))?;
    } else {
        let args = [("log", log.id), ("removed", removed.to_string()), ("kept", kept.to_string())];
        let key = if removed == 0 { "ledger-nothing-pruned" } else { "ledger-pruned" };
        output::text(&format!("{}\n", say(run.lang, key, &args)))?;
    }
    Ok(if removed == 0 { Ended::No } else { Ended::Done })
}

#[derive(Deserialize)]
struct When {
    at: Option<u64>,
    at_ms: Option<u64>,
}

/// The first entry that is kept, from what was asked for; refused where the server still needs what is older.
fn below(run: &Run, log: &Opened, wanted: &Below) -> Result<u64> {
    let zone = realms::open(&run.realm)?.snapshot.world.head.timezone.clone();
    let now = now();
    let month = now.date_in(&zone).first_of_month();
    let recent = now.0.saturating_sub(MAY_BE_OPEN_MS);
    let size = log.checkpoint().size.0;
    let (mut dated, mut needed) = (None, None);
    log.each(|index, entry| {
        let when: When = serde_json::from_slice(entry).unwrap_or(When { at: None, at_ms: None });
        let Some(at) = when.at.or(when.at_ms) else { return Ok(()) };
        let date = UnixMs(at).date_in(&zone);
        if wanted.before.is_some_and(|before| date >= before) {
            dated.get_or_insert(index.0);
        }
        if date >= month || at >= recent {
            needed.get_or_insert(index.0);
        }
        Ok(())
    })?;
    let needed = needed.unwrap_or(size);
    let asked = wanted.entries_below.unwrap_or_else(|| dated.unwrap_or(size));
    if asked > needed {
        let args = [("asked", asked.to_string()), ("needed", needed.to_string())];
        return Err(Wrong(say(run.lang, "ledger-prune-needed", &args)).into());
    }
    Ok(asked)
}

/// Does it here, or has the server do it that writes the log.
fn carry_out(run: &Run, data: &DataDir, log: &Opened, upkeep: Upkeep) -> Result<Done> {
    block_on(async {
        let store = run.store(data).await?;
        let Some(opened) = open(data, log).await? else { return ask(&store, &log.id, &upkeep).await };
        let done = upkeep.perform(&log.id, &opened).await;
        opened.close().await.with_context(|| tell("ledger-not-closed", &[]))?;
        let (done, made) = done?;
        if let Some(made) = made {
            store.record_made(made, &user(), now()).await?;
        }
        Ok(done)
    })
}

/// Opens the log for writing; none where somebody else does.
async fn open(data: &DataDir, log: &Opened) -> Result<Option<Log>> {
    let options = Options::new(data.path(), &log.id, log.checkpoint().origin.clone());
    let opened = tokio::task::spawn_blocking(move || {
        let clock: ledger::Clock = Arc::new(|| SystemClock.now().0);
        // A log that has a checkpoint has a key: the seed of a new one is never used.
        Log::open(Arc::new(ledger::storage::Disk), options, KeySource::Stored { seed_if_new: [0; 32] }, clock)
    });
    match opened.await? {
        Ok((opened, _)) => Ok(Some(opened)),
        Err(Error::Locked(_)) => Ok(None),
        Err(error) => Err(error).with_context(|| tell("ledger-cannot-open", &[("log", log.id.clone())])),
    }
}

async fn ask(store: &Store, log: &str, upkeep: &Upkeep) -> Result<Done> {
    let id = store.ask(Some(log), (REQUEST, &serde_json::to_string(upkeep)?), &user(), now()).await?;
    let asked = now();
    loop {
        match store.answer_of(&id).await? {
            Some(Ok(answer)) => return Ok(serde_json::from_str(&answer)?),
            Some(Err(why)) => return Err(anyhow!(tell("server-could-not", &[("why", why)]))),
            None if now().since(asked) < REQUEST_WAIT_MS => tokio::time::sleep(ANSWER_POLL).await,
            None if store.withdraw(&id).await? => {
                bail!(tell("server-deaf", &[]))
            }
            None => bail!(tell("server-silent", &[])),
        }
    }
}
