//! One child: how it is started, what it says, how it ends.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};

use super::{Config, socket};
use crate::control::{EVENT_BYTES_MAX, Event};
use crate::error::Error;

/// How long a child may take to end when asked.
const GRACE: Duration = Duration::from_secs(3);

/// Variables a child may see. Others hold credentials of providers, which it must never have.
const VARIABLES: &[&str] = &["HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "RUST_BACKTRACE", "RUST_LOG", "TMPDIR"];
const VARIABLE_PREFIXES: &[&str] = &["CUDA_", "GGML_", "LLAMA_", "NVIDIA_", "VK_"];

/// A child and the parent's ends of its sockets.
pub(super) struct Process {
    child: Child,
    pub(super) pid: u32,
    events: BufReader<tokio::net::UnixStream>,
    /// What has come of the next event: whoever waits for it may stop and come back.
    line: Vec<u8>,
    stderr: Option<ChildStderr>,
}

impl Process {
    /// `memory_bytes`: what it may take, but for the model file, which is mapped.
    pub(super) fn start(config: &Config, path: &Path, memory_bytes: Option<u64>) -> Result<Self, Error> {
        let failed = |e| Error::io(format!("starting {}", config.exe.display()), e);
        let listener = socket::listen(path)?;
        let (ours, theirs) = StdUnixStream::pair().map_err(failed)?;
        ours.set_nonblocking(true).map_err(failed)?;
        let mut command = Command::new(&config.exe);
        command
            .args(&config.args)
            .args(crate::args::ChildArgs::of(config).to_command_line())
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| may_see(name)))
            // Its crash handler would look for a debugger.
            .env("GGML_NO_BACKTRACE", "1")
            .stdin(Stdio::from(OwnedFd::from(listener)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::piped())
            // A Ctrl-C is for the parent, which lets answers in flight end before it stops this one.
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(failed)?;
        let pid = child.id().ok_or_else(|| Error::Process("ended at once".into()))?;
        if let Some(bytes) = memory_bytes {
            limit_memory(pid, bytes).map_err(failed)?;
        }
        let stderr = child.stderr.take();
        let events = BufReader::new(tokio::net::UnixStream::from_std(ours).map_err(failed)?);
        // `command` still holds the child's ends; they go with it here, so that the sockets close
        // with the child.
        drop(command);
        Ok(Self { child, pid, events, line: Vec::new(), stderr })
    }

    pub(super) fn take_stderr(&mut self) -> Option<ChildStderr> {
        self.stderr.take()
    }

    /// The next event; `None` when the child closed its end or spoke nonsense.
    pub(super) async fn event(&mut self) -> Option<Event> {
        let room = EVENT_BYTES_MAX.saturating_sub(self.line.len() as u64);
        let mut limited = (&mut self.events).take(room);
        let n = limited.read_until(b'\n', &mut self.line).await.ok()?;
        if n == 0 {
            return None;
        }
        serde_json::from_slice(&std::mem::take(&mut self.line)).ok()
    }

    /// Waits for the end and says how it came.
    pub(super) async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => describe(status),
            Err(e) => format!("its end could not be seen: {e}"),
        }
    }

    /// Ends it at once.
    pub(super) async fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill().await;
    }

    /// Asks it to end, then makes it.
    pub(super) async fn stop(&mut self) {
        let pid = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            // As above.
            let _ = self.child.kill().await;
        }
    }
}

/// What the child allocates, in whatever language, fails beyond `bytes`, and the child with it;
/// and if the machine runs out of memory all the same, the child goes before the gateway does.
fn limit_memory(pid: u32, bytes: u64) -> std::io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    prlimit(i32::try_from(pid).ok().and_then(Pid::from_raw), Resource::Data, limit)?;
    // Best effort: not every system has it.
    let _ = std::fs::write(format!("/proc/{pid}/oom_score_adj"), "500");
    Ok(())
}

fn may_see(name: &std::ffi::OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    VARIABLES.contains(&name) || VARIABLE_PREFIXES.iter().any(|p| name.starts_with(p))
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (_, Some(signal)) => format!("killed by signal {signal}{}", signal_name(signal)),
        (Some(code), _) => format!("ended with code {code}"),
        _ => "ended".into(),
    }
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        4 => " (illegal instruction: the processor lacks what the engine was compiled for)",
        6 => " (abort)",
        7 => " (bus error: was the model file cut while in use?)",
        9 => " (killed, perhaps for want of memory)",
        11 => " (segmentation fault)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_here() {
        let see = |name: &str| may_see(std::ffi::OsStr::new(name));
        assert!(see("PATH") && see("CUDA_VISIBLE_DEVICES"));
        assert!(!see("OPENAI_API_KEY") && !see("FREEHOLD_DATA") && !see("MY_PATH"));
    }

    #[test]
    fn ends_are_told_apart() {
        assert_eq!(describe(ExitStatus::from_raw(6)), "killed by signal 6 (abort)");
        assert_eq!(describe(ExitStatus::from_raw(2 << 8)), "ended with code 2");
    }
}
