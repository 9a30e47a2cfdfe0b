//! The tie to the parent: the inherited sockets, and the end of this process when it goes.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::process::{Signal, getpid, kill_process, set_parent_process_death_signal};

use crate::control::Event;
use crate::error::Error;

/// The line to the parent.
pub(super) struct Parent {
    control: UnixStream,
}

impl Parent {
    /// Takes over the listener on stdin and the control socket on stdout, and starts the thread
    /// that ends this process with the parent. Output of others goes to stderr from here on.
    pub(super) fn take() -> Result<(Self, UnixListener), Error> {
        let failed = |e| Error::io("taking over the inherited sockets", e);
        let listener = UnixListener::from(std::io::stdin().as_fd().try_clone_to_owned().map_err(failed)?);
        let control = UnixStream::from(std::io::stdout().as_fd().try_clone_to_owned().map_err(failed)?);
        let no_socket = |_| Error::Process("this command is started by `serve` and `demo`, not by people".into());
        listener.local_addr().map_err(no_socket)?;
        control.peer_addr().map_err(no_socket)?;
        rustix::stdio::dup2_stdout(std::io::stderr()).map_err(|e| failed(e.into()))?;
        die_with_parent(control.try_clone().map_err(failed)?)?;
        Ok((Self { control }, listener))
    }

    /// Tells the parent. If it is gone, so will be this process.
    pub(super) fn tell(&mut self, event: &Event) -> Result<(), Error> {
        let mut line = serde_json::to_vec(event).map_err(|e| Error::io("writing an event", e.into()))?;
        line.push(b'\n');
        self.control.write_all(&line).map_err(|e| Error::io("writing an event", e))
    }
}

/// The parent never writes: its end of the socket closing is the only thing that can be read.
fn die_with_parent(mut control: UnixStream) -> Result<(), Error> {
    // The first belt; the socket below is the second, and also covers a parent that was gone
    // before this line.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    std::thread::Builder::new()
        .name("parent".into())
        .stack_size(64 * 1024)
        .spawn(move || {
            let mut byte = [0];
            while matches!(control.read(&mut byte), Ok(1)) {}
            // Nobody is left to answer to, and nothing to save.
            let _ = kill_process(getpid(), Signal::KILL);
        })
        .map_err(|e| Error::io("starting a thread", e))?;
    Ok(())
}
