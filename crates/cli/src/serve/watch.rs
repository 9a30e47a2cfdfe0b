//! While it runs: signals, a changed realm, a changed store.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use gateway::Journal as _;
use realm::SnapshotId;
use realm::load::{Diagnostic, Severity};
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::anew::Anew;
use super::assemble::{Assembled, gateway_live, live_of, ruled};
use super::outbox::relay;
use super::requests::carry_out;
use super::shared;
use super::signals::{Signals, Told};
use super::{drills, exempting};
use crate::lang::tell;
use crate::realms::{self, Checked};

/// How often the store is asked whether something changed: revocations from other processes take this long.
const STORE_POLL: Duration = Duration::from_millis(100);
/// How often the realm's files are looked at.
const REALM_POLL: Duration = Duration::from_secs(1);

/// How deep the realm's folders are looked at: deeper than its files are read.
const DEPTH_MAX: usize = 20;

/// A look at the realm's files: by itself, so that nothing that lies there holds up signals and revocations.
enum Look {
    /// What it saw is not what was seen before.
    Changed(u64, Box<Result<Checked, Vec<Diagnostic>>>),
    Same,
}

/// Why it runs no more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It was told to stop.
    Told,
    /// Somebody asked for another beginning.
    Anew { by: String },
}

/// Follows signals, realm and store until told to stop or to begin anew; then drains and closes.
pub(crate) async fn run_until_stopped(
    mut assembled: Assembled,
    signals: &mut Signals,
    drain: Duration,
) -> Result<Stopped> {
    let anew = assembled.anew.clone();
    let (mut store_poll, mut realm_poll) = (ticks(STORE_POLL), ticks(REALM_POLL));
    warn_of_readiness(&assembled);
    // None: look again, whatever was seen.
    let (mut seen, mut looking) = (Some(assembled.seen), None::<JoinHandle<Look>>);
    let why = loop {
        tokio::select! {
            by = asked(anew.as_ref()) => break Stopped::Anew { by },
            told = signals.next() => match told {
                Told::Stop => break Stopped::Told,
                Told::Reload => {
                    seen = None;
                    looking = looking.or_else(|| Some(look(&assembled.realm_dir, seen)));
                }
            },
            _ = store_poll.tick() => {
                notice_engines(&mut assembled);
                follow_store(&mut assembled).await;
            }
            _ = realm_poll.tick() => {
                looking = looking.or_else(|| Some(look(&assembled.realm_dir, seen)));
                exempting::note(&mut assembled).await;
            }
            looked = ended(&mut looking) => {
                looking = None;
                if let Look::Changed(now, checked) = looked {
                    seen = Some(now);
                    reload(&mut assembled, *checked).await;
                }
            }
        }
    };
    stop(assembled, drain).await?;
    Ok(why)
}

/// Ticks that are late delay those after them.
fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Waits until somebody asks for another beginning; where nobody may, for ever.
async fn asked(anew: Option<&Anew>) -> String {
    match anew {
        Some(anew) => anew.asked().await,
        None => std::future::pending().await,
    }
}

/// Reads the realm where it changed, on a thread of its own.
fn look(dir: &Path, seen: Option<u64>) -> JoinHandle<Look> {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || {
        let now = fingerprint(&dir);
        if seen == Some(now) { Look::Same } else { Look::Changed(now, Box::new(realms::check(&dir))) }
    })
}

/// What the look that is under way found; without one, for ever.
async fn ended(looking: &mut Option<JoinHandle<Look>>) -> Look {
    match looking {
        // One that failed changes nothing; the next will look again.
        Some(looking) => looking.await.unwrap_or(Look::Same),
        None => std::future::pending().await,
    }
}

async fn stop(mut assembled: Assembled, drain: Duration) -> Result<()> {
    tracing::info!("stopping: requests in flight are finished first");
    let all = assembled.gateway.drain(drain).await;
    if !all {
        tracing::warn!("some requests took too long and were cut");
    }
    assembled.sealing.finish().await;
    if let Some(traces) = assembled.traces.take() {
        traces.finish().await;
    }
    let Assembled { ref gateway, ref store, ref journal, .. } = assembled;
    if let Err(error) = relay(store, gateway, journal.log_id()).await {
        tracing::warn!("changes wait in the store for the next start: {error:#}");
    }
    if let Err(error) = assembled.change("serve.stop", String::new()).await {
        tracing::warn!("{error:#}");
    }
    if let Some(shared) = assembled.shared {
        shared.end().await;
    }
    assembled.engines.shutdown().await;
    assembled.journal.log().close().await.with_context(|| tell("ledger-not-closed", &[]))?;
    assembled.store.close().await;
    Ok(())
}

/// Says once what `/readyz` says all the time: who starts a server reads its log first.
fn warn_of_readiness(assembled: &Assembled) {
    for warning in assembled.gateway.ready().warnings {
        tracing::warn!("{warning}");
    }
}

/// Says on `/readyz` which engine does not answer, and why.
fn notice_engines(assembled: &mut Assembled) {
    for (about, words) in assembled.engines.notices() {
        assembled.gateway.notice(&about, words);
    }
}

/// Takes over keys, suspensions and secrets, does what was asked for, and carries waiting changes into the ledger.
async fn follow_store(assembled: &mut Assembled) {
    drills::tick(assembled).await;
    if assembled.shared.is_some() {
        return shared::follow(assembled).await;
    }
    let step = async {
        take_over_live(assembled).await?;
        carry_out(assembled).await?;
        relay(&assembled.store, &assembled.gateway, assembled.journal.log_id()).await
    };
    if let Err(error) = step.await {
        tracing::error!("the store cannot be followed: {error:#}");
    }
}

/// Puts keys, suspensions and secrets as they stand in force, where they moved.
pub(super) async fn take_over_live(assembled: &mut Assembled) -> Result<()> {
    if assembled.store.generation().await? != assembled.generation {
        let live = live_of(&assembled.store, &assembled.snapshot.world).await?;
        put_in_force(assembled, &live).await;
    }
    Ok(())
}

/// Puts what the store says in force, and waits until what a drill cuts off is.
pub(super) async fn put_in_force(assembled: &mut Assembled, live: &store::Live) {
    let snapshot = Arc::clone(&assembled.snapshot);
    let drilled = drills::follow(assembled, live, &snapshot.world).await;
    assembled.gateway.refresh_live(gateway_live(live, drilled));
    assembled.generation = live.generation;
    drills::settle(assembled).await;
}

/// Swaps the realm whole, or keeps the old one and says why.
async fn reload(assembled: &mut Assembled, checked: Result<Checked, Vec<Diagnostic>>) {
    let checked = match checked {
        Ok(checked) => checked,
        Err(problems) => {
            eprint!("{}", realm::load::render(&problems, assembled.lang, false));
            let count = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            tracing::error!(problems = count, "the changed realm is refused; the one before keeps serving");
            assembled.gateway.realm_refused(count);
            assembled.refused = true;
            return;
        }
    };
    if checked.snapshot.id == assembled.snapshot.id {
        assembled.gateway.realm_accepted();
        if std::mem::take(&mut assembled.refused) {
            tracing::info!("the change that was refused is taken back: the realm is the one in use");
        }
        return;
    }
    let before = match take_over(assembled, &checked).await {
        Ok(before) => before,
        Err(error) => {
            tracing::error!("the changed realm is refused; the one before keeps serving: {error:#}");
            assembled.gateway.realm_refused(1);
            assembled.refused = true;
            return;
        }
    };
    assembled.refused = false;
    tracing::info!(snapshot = %checked.snapshot.id.short(), "the changed realm is in use");
    if let Err(error) = assembled.change("realm.load", format!("after {before}")).await {
        tracing::error!("{error:#}");
    }
    warn_of_readiness(assembled);
}

/// Puts a checked realm into use, whole or not at all; the snapshot that was in use before.
async fn take_over(assembled: &mut Assembled, checked: &Checked) -> Result<SnapshotId> {
    let Assembled { data, realm_dir, engines, .. } = assembled;
    checked.snapshot.archive(&data.snapshots()).with_context(|| tell("realm-not-archived", &[]))?;
    let live = match live_of(&assembled.store, &checked.snapshot.world).await {
        Ok(live) => Some(live),
        // What is known goes on to hold; once the database answers, everything is read again.
        Err(_) if assembled.shared.is_some() => None,
        Err(error) => return Err(error),
    };
    let sockets = engines.follow(&checked.snapshot.world, realm_dir, data)?;
    let ruled = ruled(checked, sockets, realm_dir);
    let before = std::mem::replace(&mut assembled.snapshot, Arc::clone(&checked.snapshot));
    match &live {
        Some(live) => put_in_force(assembled, live).await,
        // What a drill cuts off is cut off in the new realm too, whether the database answers or not.
        None => {
            let drilled = assembled.drills.cut(&checked.snapshot.world);
            assembled.gateway.set_drill(drilled);
            assembled.generation = u64::MAX;
        }
    }
    assembled.sealing.follow(Arc::clone(&checked.snapshot));
    assembled.witnessing.follow(Arc::clone(&checked.snapshot));
    assembled.gateway.reload(ruled);
    Ok(before.id)
}

/// A number that moves when any file of the directory does: names, sizes and times.
pub(super) fn fingerprint(dir: &Path) -> u64 {
    fn walk(dir: &Path, depth: usize, into: &mut DefaultHasher) {
        let Ok(entries) = std::fs::read_dir(dir) else { return };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            entry.file_name().hash(into);
            let Ok(found) = entry.metadata() else { continue };
            if found.is_dir() {
                if depth < DEPTH_MAX {
                    walk(&entry.path(), depth + 1, into);
                }
            } else {
                found.len().hash(into);
                found.modified().ok().hash(into);
            }
        }
    }
    let mut hasher = DefaultHasher::new();
    walk(dir, 0, &mut hasher);
    hasher.finish()
}
