//! The parent's side: one child process per model, watched and started again.
//!
//! Invariants:
//! - No child outlives this process: the child reads a socket whose other end only this process
//!   holds, and kills itself at its end. It needs no help for that, not even after `kill -9`.
//! - Every child gets a fresh listening socket and the parent keeps no copy, so that after a crash
//!   clients are refused at once instead of waiting in a queue nobody reads.
//! - A model that is refused, by the header check or by llama.cpp, is a state with a reason, not a
//!   loop of crashes.

mod backoff;
mod limits;
mod logs;
mod process;
mod socket;
mod watch;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::control::Ready;
use crate::error::Error;
pub use limits::Limits;

/// What to run and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// The program to start: usually this very program.
    pub exe: PathBuf,
    /// Arguments before the engine's own (`--model …`): usually the subcommand `engine`.
    pub args: Vec<OsString>,
    /// The model file.
    pub model: PathBuf,
    /// Most tokens of one request, prompt and answer together. `None`: 4096. Never
    /// more than the model was trained for.
    pub context_tokens: Option<u32>,
    /// Requests computed at the same time.
    pub parallel: u32,
    /// Threads. `None`: [`crate::cpu::threads_default`].
    pub threads: Option<u32>,
    /// Directory for sockets, made private if it has to be made.
    pub run_dir: PathBuf,
    /// What a child may not go beyond.
    pub limits: Limits,
}

/// What an engine is doing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Checking the file or loading it.
    Starting,
    /// Answering.
    Ready,
    /// Waiting before the next start.
    BackingOff {
        /// Why the last child ended.
        reason: String,
        /// Milliseconds between its end and the next start.
        delay_ms: u64,
    },
    /// Given up; it stays so.
    Failed {
        /// Why.
        reason: String,
    },
    /// Stopped on request.
    Stopped,
}

/// A look at an engine.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Status {
    /// What it is doing.
    #[serde(flatten)]
    pub state: State,
    /// The child's process id, while there is one.
    pub pid: Option<u32>,
    /// How often a child was started again.
    pub restarts: u32,
    /// What the child said when it became ready, the last time it did.
    pub engine: Option<Ready>,
}

/// Starts engines.
#[derive(Debug)]
pub struct Supervisor;

/// A running engine. The engine stops when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    socket: PathBuf,
    stop: tokio::sync::watch::Sender<bool>,
    status: tokio::sync::watch::Receiver<Status>,
}

// === impl Supervisor ===

impl Supervisor {
    /// Starts an engine and returns at once; [`Handle::wait_ready`] waits for it. A bad model shows
    /// in [`Handle::status`], not here.
    ///
    /// # Errors
    /// When the program was built without the engine, or the run directory or the watching thread
    /// cannot be made.
    pub fn start(config: Config) -> Result<Handle, Error> {
        if cfg!(not(feature = "llama")) {
            return Err(Error::NotBuilt);
        }
        if config.parallel == 0 {
            return Err(Error::Argument("an engine needs room for at least one request".into()));
        }
        if config.limits.stall < limits::STALL_MIN {
            return Err(Error::Argument(format!("an engine's `stall` must be at least {:?}", limits::STALL_MIN)));
        }
        let socket = socket::choose(&config.run_dir)?;
        let (stop, stop_seen) = tokio::sync::watch::channel(false);
        let (report, status) =
            tokio::sync::watch::channel(Status { state: State::Starting, pid: None, restarts: 0, engine: None });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::io("making the engine's runtime", e))?;
        let watch = watch::Watch::new(config, socket.clone(), report, stop_seen);
        // A thread of its own: it outlives any runtime of the caller, and the kernel ties the
        // child's death signal to the thread that started it.
        std::thread::Builder::new()
            .name("engine-watch".into())
            .spawn(move || runtime.block_on(watch.run()))
            .map_err(|e| Error::io("starting the engine's thread", e))?;
        Ok(Handle { shared: Arc::new(Shared { socket, stop, status }) })
    }
}

// === impl Handle ===

impl Handle {
    /// Where to connect: a Unix socket speaking HTTP/1.1. It refuses connections while no child
    /// is there.
    pub fn socket_path(&self) -> &Path {
        &self.shared.socket
    }

    /// What the engine is doing now.
    pub fn status(&self) -> Status {
        self.shared.status.borrow().clone()
    }

    /// Opens a connection to the child.
    ///
    /// # Errors
    /// When no child is there.
    pub async fn connect(&self) -> Result<tokio::net::UnixStream, Error> {
        tokio::net::UnixStream::connect(self.socket_path()).await.map_err(|e| Error::io("connecting to the engine", e))
    }

    /// Waits until the engine answers.
    ///
    /// # Errors
    /// When it failed, was stopped, or took longer than `limit`.
    pub async fn wait_ready(&self, limit: Duration) -> Result<(), Error> {
        let mut status = self.shared.status.clone();
        let settled = status.wait_for(|s| !matches!(s.state, State::Starting | State::BackingOff { .. }));
        let state = match tokio::time::timeout(limit, settled).await {
            Ok(Ok(status)) => status.state.clone(),
            Ok(Err(_)) => State::Stopped,
            Err(_) => {
                return Err(Error::NotReady {
                    waited_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
                    state: format!("{:?}", self.status().state),
                });
            }
        };
        match state {
            State::Ready => Ok(()),
            State::Failed { reason } => Err(Error::Failed(reason)),
            _ => Err(Error::Failed("it was stopped".into())),
        }
    }

    /// Stops the child and waits until it is gone.
    pub async fn shutdown(self) {
        // Fails only when the watching thread is gone already.
        let _ = self.shared.stop.send(true);
        let mut status = self.shared.status.clone();
        let ended = |s: &Status| matches!(s.state, State::Stopped | State::Failed { .. });
        // An error means that the watching thread ended: then the child did, too.
        let _ = status.wait_for(ended).await;
    }
}
