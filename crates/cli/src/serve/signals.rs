//! The signals that people and service managers send.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::lang::tell;

/// What the process is told by signals.
///
/// Made first of all: from then on a signal waits until it is looked at, instead of killing a process that has
/// already said that it is ready, or one in the middle of opening the ledger.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    stopping: bool,
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Stop: SIGTERM, SIGINT.
    Stop,
    /// Read the realm again: SIGHUP.
    Reload,
}

impl Signals {
    /// Listens from now on. Needs a runtime.
    pub(crate) fn listen() -> Result<Self> {
        let listen = |kind, name| signal(kind).with_context(|| tell("no-signal", &[("name", str::to_owned(name))]));
        Ok(Self {
            terminate: listen(SignalKind::terminate(), "SIGTERM")?,
            interrupt: listen(SignalKind::interrupt(), "SIGINT")?,
            hang_up: listen(SignalKind::hangup(), "SIGHUP")?,
            stopping: false,
        })
    }

    /// The next signal. Once told to stop it says so for ever.
    pub(crate) async fn next(&mut self) -> Told {
        if self.stopping {
            return Told::Stop;
        }
        tokio::select! {
            biased;
            _ = self.terminate.recv() => self.stopping = true,
            _ = self.interrupt.recv() => self.stopping = true,
            _ = self.hang_up.recv() => return Told::Reload,
        }
        Told::Stop
    }

    /// Waits until told to stop.
    pub(crate) async fn stopped(&mut self) {
        while self.next().await != Told::Stop {}
    }
}
