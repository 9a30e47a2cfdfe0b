//! A throw-away PostgreSQL in a directory of its own, reached by a Unix socket.

use std::io::{BufRead, BufReader, Error, Result, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process};

/// Whom PostgreSQL runs as where the tests run as root: it refuses to be root.
const USER: &str = "postgres";

/// A database cluster. Stopped and removed when dropped.
#[derive(Debug)]
pub struct Postgres {
    dir: tempfile::TempDir,
    bin: PathBuf,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and starts it; comes back when it takes connections.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or its words where it does not start.
    pub fn start() -> Result<Self> {
        let bin = bin()?;
        let dir = tempfile::Builder::new().prefix("pg").tempdir()?;
        if is_root() {
            run(Command::new("chown").arg(USER).arg(dir.path()))?;
        }
        fill(&bin, dir.path())?;
        let mut cluster = Self { dir, bin, server: None };
        cluster.go_on()?;
        Ok(cluster)
    }

    /// Where it is, as `freehold --database-url` takes it.
    pub fn url(&self) -> String {
        format!("postgres://freehold@localhost/postgres?host={}", self.dir.path().display())
    }

    /// Starts it again after `stop`.
    ///
    /// # Errors
    /// It does not start.
    pub fn go_on(&mut self) -> Result<()> {
        let mut server = as_user(&self.bin.join("postgres"), self.dir.path());
        server.arg("-D").arg(self.dir.path().join("data")).arg("-k").arg(self.dir.path());
        server.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"]);
        let mut child = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let log = child.stderr.take().ok_or_else(|| Error::other("no log"))?;
        self.server = Some(child);
        let (mut lines, mut seen) = (BufReader::new(log).lines(), String::new());
        for line in lines.by_ref() {
            let line = line?;
            if line.contains("database system is ready to accept connections") {
                // Whoever writes a log that nobody reads stands still in the end.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(());
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        Err(Error::other(format!("PostgreSQL did not start: {seen}")))
    }

    /// Stops it at once, as a failed machine would: every connection breaks.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Only a process that has ended by itself cannot be told.
            let _ = kill_process(Pid::from_child(&server), Signal::QUIT);
            let _ = server.wait();
        }
    }

    /// Runs statements by `psql`; what they print, unaligned and without headings.
    ///
    /// # Errors
    /// They fail.
    pub fn sql(&self, statements: &str) -> Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-c", statements]);
        run(&mut psql)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Puts a new cluster into `data` within a directory: made by PostgreSQL the first time, and unpacked from what it made
/// then every other time in this process, which costs a tenth of that.
fn fill(bin: &Path, dir: &Path) -> Result<()> {
    static MADE: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    // Held while it is made, so that tests that begin together make one.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.is_empty() {
        let mut initdb = as_user(&bin.join("initdb"), dir);
        initdb.args(["--username", "freehold", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C"]);
        run(initdb.arg("--pgdata").arg(dir.join("data")))?;
        let packed = as_user(Path::new("tar"), dir).args(["-cf", "-", "data"]).output()?;
        if packed.status.success() {
            *made = packed.stdout;
        }
        return Ok(());
    }
    let bytes = made.clone();
    drop(made);
    let mut unpack = as_user(Path::new("tar"), dir).args(["-xpf", "-"]).stdin(Stdio::piped()).spawn()?;
    unpack.stdin.take().ok_or_else(|| Error::other("no way in"))?.write_all(&bytes)?;
    match unpack.wait()?.success() {
        true => Ok(()),
        false => Err(Error::other("the cluster that was made before cannot be unpacked")),
    }
}

/// Where the programs are: Debian keeps them apart from everybody's.
fn bin() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = versions.into_iter().rev().chain(std::env::split_paths(&path).collect::<Vec<_>>());
    let found = all.into_iter().find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists());
    found.ok_or_else(|| Error::other("PostgreSQL is not installed: the package `postgresql` has it"))
}

fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

/// A program that ends with whoever started it, as a user that PostgreSQL accepts.
fn as_user(program: &Path, dir: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]);
    }
    command.arg("--").arg(program).current_dir(dir).env("LC_ALL", "C");
    command
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))),
    }
}
