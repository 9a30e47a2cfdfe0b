//! The listening socket: private, at a path short enough, and no litter of dead processes.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;

/// What `sockaddr_un` holds, less its terminator.
const PATH_BYTES_MAX: usize = 107;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A path in `run_dir` for a new engine's socket; below the temporary directory if `run_dir` is
/// too long for a socket address.
pub(super) fn choose(run_dir: &Path) -> Result<PathBuf, Error> {
    let pid = std::process::id();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("engine-{pid}-{number}.sock");
    let mut dir = run_dir.to_path_buf();
    if dir.join(&name).as_os_str().len() > PATH_BYTES_MAX {
        dir = std::env::temp_dir().join(format!("freehold-run-{pid}-{number}"));
    }
    make_private(&dir)?;
    remove_stale(&dir);
    Ok(dir.join(name))
}

fn make_private(dir: &Path) -> Result<(), Error> {
    let made = |e| Error::io(format!("making {}", dir.display()), e);
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(made)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        other => other.map_err(made),
    }
}

/// Sockets of processes that are gone: they were killed before they could tidy up.
fn remove_stale(dir: &Path) {
    let Ok(list) = fs::read_dir(dir) else { return };
    for item in list.flatten() {
        let name = item.file_name();
        let pid = name
            .to_str()
            .and_then(|n| n.strip_prefix("engine-")?.strip_suffix(".sock")?.split_once('-'))
            .and_then(|(pid, _)| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            // Best effort: a leftover socket refuses connections anyway.
            let _ = fs::remove_file(item.path());
        }
    }
}

/// A fresh listener at `path`, replacing the one of an earlier child.
pub(super) fn listen(path: &Path) -> Result<UnixListener, Error> {
    let made = |e| Error::io(format!("listening on {}", path.display()), e);
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(made(e)),
        _ => {}
    }
    let listener = UnixListener::bind(path).map_err(made)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(made)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_short_and_without_litter() {
        let dir = tempfile::tempdir().expect("temp dir");
        let run = dir.path().join("a/run");
        let first = choose(&run).expect("path");
        assert_eq!(fs::metadata(&run).expect("made").permissions().mode() & 0o777, 0o700);
        listen(&first).expect("listens");
        listen(&first).expect("listens again at the same path");
        assert_eq!(fs::metadata(&first).expect("made").permissions().mode() & 0o777, 0o600);
        // No process has this id: the kernel's largest is 4194304.
        let stale = run.join("engine-4194999-0.sock");
        fs::write(&stale, "").expect("write");
        let second = choose(&run).expect("path");
        assert!(!stale.exists() && first.exists() && first != second);
    }

    #[test]
    fn a_long_directory_is_avoided() {
        let dir = tempfile::tempdir().expect("temp dir");
        let path = choose(&dir.path().join("x".repeat(120))).expect("path");
        listen(&path).expect("a path that can be listened on");
        fs::remove_dir_all(path.parent().expect("dir")).expect("tidy");
    }
}
