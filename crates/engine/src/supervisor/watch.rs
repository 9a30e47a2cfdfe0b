//! The life of an engine over all of its children.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::backoff::{Backoff, Next};
use super::limits::{self, Vital};
use super::process::Process;
use super::{Config, State, Status, logs};
use crate::control::{Event, Ready};
use crate::error::Error;
use crate::{cpu, gguf, memory};

/// How long a child that says it failed may take to end by itself.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The watching side of a [`super::Handle`].
pub(super) struct Watch {
    config: Config,
    socket: PathBuf,
    report: watch::Sender<Status>,
    stop: watch::Receiver<bool>,
}

/// How one child's life ended.
enum End {
    Stopped,
    GaveUp { reason: String },
    Crashed { reason: String, lived: Duration, was_ready: bool },
}

impl Watch {
    pub(super) fn new(
        config: Config,
        socket: PathBuf,
        report: watch::Sender<Status>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { config, socket, report, stop }
    }

    /// Runs until stopped or given up.
    pub(super) async fn run(mut self) {
        let last = self.run_children().await;
        // Gone already if no child ever listened.
        let _ = std::fs::remove_file(&self.socket);
        if let State::Failed { reason } = &last {
            tracing::error!(target: "engine", model = %self.config.model.display(), reason, "engine given up");
        }
        self.set(last, None);
    }

    async fn run_children(&mut self) -> State {
        let mut backoff = Backoff::default();
        loop {
            let memory_bytes = match self.check() {
                Ok(memory_bytes) => memory_bytes,
                Err(refusal) => return State::Failed { reason: refusal.to_string() },
            };
            let (reason, lived, was_ready) = match self.one_child(memory_bytes).await {
                End::Stopped => return State::Stopped,
                End::GaveUp { reason } => return State::Failed { reason },
                End::Crashed { reason, lived, was_ready } => (reason, lived, was_ready),
            };
            match backoff.crashed(lived, was_ready) {
                Next::GiveUp { crashes } => {
                    let reason = format!("{crashes} children in a row ended while loading; the last: {reason}");
                    return State::Failed { reason };
                }
                Next::Wait { delay_ms } => {
                    tracing::warn!(target: "engine", reason, delay_ms, "engine ended, will be started again");
                    self.set(State::BackingOff { reason, delay_ms }, None);
                    if self.stopped_within(Duration::from_millis(delay_ms)).await {
                        return State::Stopped;
                    }
                    self.report.send_modify(|s| s.restarts = s.restarts.saturating_add(1));
                }
            }
        }
    }

    /// The header and the memory, before anything is started. Says what a child may take.
    fn check(&self) -> Result<Option<u64>, Error> {
        let path = &self.config.model;
        let header = gguf::read_file(path).map_err(|source| Error::Model { path: path.clone(), source })?;
        let context = memory::context_tokens(&header, self.config.context_tokens);
        let Config { parallel, threads, limits, .. } = &self.config;
        memory::Estimate::of(&header, u64::from(context), *parallel).check(memory::available_bytes())?;
        let threads = threads.unwrap_or_else(cpu::threads_default);
        Ok(memory::limit_bytes(&header, context, *parallel, threads, limits.memory_margin_bytes))
    }

    async fn one_child(&mut self, memory_bytes: Option<u64>) -> End {
        let began = Instant::now();
        let mut process = match Process::start(&self.config, &self.socket, memory_bytes) {
            Ok(process) => process,
            Err(e) => {
                let reason = e.to_string();
                return End::Crashed { reason, lived: Duration::ZERO, was_ready: false };
            }
        };
        self.set(State::Starting, Some(process.pid));
        let mut logs = JoinSet::new();
        if let Some(stderr) = process.take_stderr() {
            logs.spawn(logs::forward(stderr, process.pid));
        }
        match self.follow(&mut process).await {
            Ok((how, was_ready)) => {
                let reason = limits::explain(with_last_words(how, &mut logs).await, memory_bytes);
                End::Crashed { reason, lived: began.elapsed(), was_ready }
            }
            Err(end) => end,
        }
    }

    /// Until the child ended, or was ended because it stood still: how, and whether it was ready.
    async fn follow(&mut self, process: &mut Process) -> Result<(String, bool), End> {
        let mut vital = Vital::new(self.config.limits.stall);
        let mut looks = tokio::time::interval(vital.between());
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut was_ready, mut talking) = (false, true);
        loop {
            let over = tokio::select! {
                () = stop_asked(&mut self.stop) => {
                    process.stop().await;
                    return Err(End::Stopped);
                }
                // Loading a large file may take long, and has no steps that could be seen.
                _ = looks.tick(), if was_ready => vital.look(),
                how = process_ended(process, talking) => match how {
                    Said::Event(Event::Ready(ready)) => {
                        was_ready = true;
                        self.ready(ready, process.pid);
                        None
                    }
                    Said::Event(Event::Beat { stalled_ms }) => vital.beat(stalled_ms),
                    Said::Event(Event::Failed { reason }) => {
                        // The wait only lets it finish its log.
                        let _ = tokio::time::timeout(LAST_WORDS, process.ended()).await;
                        return Err(End::GaveUp { reason });
                    }
                    Said::NoMore => {
                        talking = false;
                        None
                    }
                    Said::End(how) => return Ok((how, was_ready)),
                },
            };
            if let Some(why) = over {
                process.kill().await;
                return Ok((why, was_ready));
            }
        }
    }

    fn ready(&self, ready: Ready, pid: u32) {
        tracing::info!(
            target: "engine", pid, model = ready.model, engine = ready.engine, toy = ready.toy,
            threads = ready.threads, parallel = ready.parallel, context_tokens = ready.context_tokens,
            cache_tokens = ready.cache_tokens, instruction_sets = ready.instruction_sets.join(" "),
            energy = ready.energy_method, "engine ready"
        );
        self.report.send_modify(|status| {
            status.state = State::Ready;
            status.engine = Some(ready);
        });
    }

    fn set(&self, state: State, pid: Option<u32>) {
        self.report.send_modify(|status| {
            status.state = state;
            status.pid = pid;
        });
    }

    async fn stopped_within(&mut self, delay: Duration) -> bool {
        tokio::time::timeout(delay, stop_asked(&mut self.stop)).await.is_ok()
    }
}

/// Resolves when a stop was asked for, or nobody is left to ask.
async fn stop_asked(stop: &mut watch::Receiver<bool>) {
    // An error means that every handle was dropped: the same thing.
    let _ = stop.wait_for(|stop| *stop).await;
}

enum Said {
    Event(Event),
    NoMore,
    End(String),
}

/// What the child says next, or how it ended. Only its end counts once it said something else.
async fn process_ended(process: &mut Process, talking: bool) -> Said {
    if talking {
        return process.event().await.map_or(Said::NoMore, Said::Event);
    }
    Said::End(process.ended().await)
}

async fn with_last_words(how: String, logs: &mut JoinSet<String>) -> String {
    let last = tokio::time::timeout(LAST_WORDS, logs.join_next()).await;
    match last {
        Ok(Some(Ok(words))) if !words.is_empty() => format!("{how}; its last words: {words}"),
        _ => how,
    }
}
