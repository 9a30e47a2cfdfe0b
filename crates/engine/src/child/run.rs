//! The child from its first line to its last.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::api::Api;
use super::model::{Loaded, load};
use super::parent::Parent;
use super::prompt::Work;
use super::pulse::{self, Pulse};
use super::scheduler::{QUEUE_MAX, Scheduler};
use super::server::serve;
use crate::args::ChildArgs;
use crate::control::Event;
use crate::error::Error;

/// Tokenizers and grammars recurse; so do templates.
const STACK_BYTES: usize = 16 << 20;
/// Requests being tokenized at once.
const PREPARING_MAX: usize = 4;

/// Runs the child of a [`crate::Supervisor`]: stdin is the listening socket, stdout the line to the
/// parent. Returns when asked to end (`SIGTERM`), or when it cannot go on.
///
/// # Errors
/// When it was not started by a supervisor, or the model cannot be loaded.
pub fn run(args: ChildArgs) -> Result<(), Error> {
    let (parent, listener) = Parent::take()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(PREPARING_MAX)
        .thread_stack_size(STACK_BYTES)
        .build()
        .map_err(|e| Error::io("making the runtime", e))?;
    let (jobs, inbox) = sync_channel(QUEUE_MAX);
    let pulse = Arc::new(Pulse::default());
    let api = Arc::new(Api::new(jobs, Arc::clone(&pulse)));
    let (ended_tell, ended) = oneshot::channel();
    let engine = Engine { args, api: Arc::clone(&api), inbox, parent, pulse };
    std::thread::Builder::new()
        .name("engine".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            // Nobody listens when the server ended first.
            let _ = ended_tell.send(engine.run());
        })
        .map_err(|e| Error::io("starting the engine's thread", e))?;
    let result = runtime.block_on(async {
        let listen = || {
            listener.set_nonblocking(true)?;
            UnixListener::from_std(listener)
        };
        let listener = listen().map_err(|e| Error::io("listening", e))?;
        let asked = signal(SignalKind::terminate()).map_err(|e| Error::io("signals", e))?;
        serve(listener, api, end(asked, ended)).await
    });
    // A tokenizer still at work must not hold up the end.
    runtime.shutdown_background();
    result
}

async fn end(mut asked: tokio::signal::unix::Signal, ended: oneshot::Receiver<Result<(), Error>>) -> Result<(), Error> {
    tokio::select! {
        _ = asked.recv() => Ok(()),
        result = ended => result.unwrap_or_else(|_| Err(Error::Failed("it panicked".into()))),
    }
}

/// The computing thread.
struct Engine {
    args: ChildArgs,
    api: Arc<Api>,
    inbox: Receiver<Work>,
    parent: Parent,
    pulse: Arc<Pulse>,
}

impl Engine {
    fn run(mut self) -> Result<(), Error> {
        let Loaded { model, context, embedder } = match load(&self.args) {
            Ok(loaded) => loaded,
            Err(error) => {
                self.parent.tell(&Event::Failed { reason: error.to_string() })?;
                return Err(error);
            }
        };
        let ready = model.ready.clone();
        let scheduler = Scheduler::new(&model, context, embedder, Arc::clone(&self.pulse));
        // Set once, here.
        let _ = self.api.model.set(model);
        self.parent.tell(&Event::Ready(ready))?;
        pulse::start(self.parent, self.pulse)?;
        scheduler.run(&self.inbox);
        Ok(())
    }
}
