//! A model from a hub: whole and as promised, or not at all; begun where the last try ended.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use engine::models::{self, Entry};
use rustix::fs::{FlockOperation, OFlags};

use super::hub::{Hub, Promise, Reference};
use crate::clock::now;
use crate::ended::wrong;
use crate::lang::{path_arg, tell};

/// Bytes asked for at once: a connection that stands still costs no more than the time for one piece.
const PIECE_BYTES: u64 = 64 << 20;
/// Tries in a row that bring nothing.
const TRIES_MAX: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);
const GGUF: [u8; 4] = *b"GGUF";

/// A download under way.
struct Download<'a> {
    hub: &'a Hub,
    reference: &'a Reference,
    file: File,
    /// Bytes that are here.
    have: u64,
    bytes: u64,
    told_ms: realm::UnixMs,
}

/// Fetches a model into the registry; `expected` is the SHA-256 that the caller knows.
pub(super) fn add(data: &Path, hub: &Hub, reference: &Reference, expected: Option<&str>) -> Result<Entry> {
    let promise = hub.promise(reference)?;
    let (sha256, bytes) = agreed(&promise, expected)?;
    if let Some(entry) = models::ls(data)?.into_iter().find(|entry| entry.sha256 == sha256) {
        eprintln!("{}", tell("hub-here", &[]));
        return Ok(entry);
    }
    let path = models::partial(data, &sha256);
    std::fs::create_dir_all(models::dir(data)).with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
    let mut options = OpenOptions::new();
    // Never through a link: what it leads to is not ours to write.
    options.read(true).write(true).create(true).truncate(false).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    let open = options.open(&path);
    let file = open.with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
    if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Err(wrong("hub-busy", &[path_arg(&path)]));
    }
    let have = file.metadata()?.len().min(bytes);
    room(data, bytes - have)?;
    let commit = promise.commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    let size = [("mb", megabytes(bytes)), ("have", megabytes(have)), ("commit", commit)];
    eprintln!("{}", tell(if have > 0 { "hub-goes-on" } else { "hub-begins" }, &size));
    let mut download = Download { hub, reference, file, have, bytes, told_ms: now() };
    download.run()?;
    download.file.sync_all()?;
    eprintln!("{}", tell("hub-checks", &[]));
    models::adopt(data, &sha256, reference.name(), now().0).map_err(super::wrong)
}

/// The hash and length that must come.
fn agreed(promise: &Promise, expected: Option<&str>) -> Result<(String, u64)> {
    let expected = expected.map(str::to_ascii_lowercase);
    if expected.as_ref().is_some_and(|hash| hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Err(wrong("hub-hash-shape", &[]));
    }
    let sha256 = match (expected, promise.sha256.clone()) {
        (Some(expected), Some(promised)) if expected != promised => {
            return Err(wrong("hub-other-hash", &[("expected", expected), ("promised", promised)]));
        }
        (Some(hash), _) | (None, Some(hash)) => hash,
        (None, None) => return Err(wrong("hub-no-hash", &[])),
    };
    let bytes = promise.bytes.ok_or_else(|| wrong("hub-no-length", &[]))?;
    Ok((sha256, bytes))
}

fn room(data: &Path, needed: u64) -> Result<()> {
    let stat = rustix::fs::statvfs(models::dir(data))?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    if needed > free {
        return Err(wrong("hub-no-room", &[("mb", megabytes(needed)), ("free", megabytes(free))]));
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

impl Download<'_> {
    /// Fetches until everything is here. Tries that bring something are not counted: slow is not broken.
    fn run(&mut self) -> Result<()> {
        let mut fruitless = 0;
        while self.have < self.bytes {
            let before = self.have;
            let Err(error) = self.piece() else { continue };
            if error.is::<crate::ended::Wrong>() {
                return Err(error);
            }
            fruitless = if self.have > before { 0 } else { fruitless + 1 };
            if fruitless == TRIES_MAX {
                return Err(error.context(tell("hub-gives-up", &[("have", megabytes(self.have))])));
            }
            if fruitless > 0 {
                #[expect(clippy::disallowed_methods, reason = "a command that waits for a hub; nothing else runs")]
                std::thread::sleep(PAUSE * 2u32.pow(fruitless));
            }
        }
        Ok(())
    }

    fn piece(&mut self) -> Result<()> {
        let until = self.bytes.min(self.have.saturating_add(PIECE_BYTES)) - 1;
        let response = self.hub.piece(self.reference, self.have, until)?;
        if response.status().as_u16() == 416 {
            // The file is not as long as it was said to be: nothing of this can become it.
            self.have = 0;
            self.file.set_len(0)?;
            return Err(anyhow!(tell("hub-other-range", &[])));
        }
        let ranged = response.status().as_u16() == 206;
        if !ranged {
            // It does not know ranges: everything comes again.
            self.have = 0;
            self.file.set_len(0)?;
        } else if !starts_at(&response, self.have) {
            return Err(anyhow!(tell("hub-other-range", &[])));
        }
        self.file.seek(SeekFrom::Start(self.have))?;
        let left = if ranged { until + 1 - self.have } else { self.bytes };
        let mut body = response.into_body().into_reader().take(left);
        let mut buffer = vec![0; 256 << 10];
        loop {
            let n = body.read(&mut buffer)?;
            if n == 0 {
                return if self.have > until { Ok(()) } else { Err(anyhow!(tell("hub-cut", &[]))) };
            }
            if self.have == 0 && !buffer[..n].starts_with(&GGUF[..n.min(GGUF.len())]) {
                return Err(wrong("hub-no-model", &[]));
            }
            self.file.write_all(&buffer[..n])?;
            self.have += n as u64;
            self.tell();
        }
    }

    /// A line every two seconds is enough for whoever waits.
    fn tell(&mut self) {
        if now().since(self.told_ms) > 2_000 {
            self.told_ms = now();
            let percent = (u128::from(self.have) * 100 / u128::from(self.bytes)).to_string();
            let args = [("have", megabytes(self.have)), ("mb", megabytes(self.bytes)), ("percent", percent)];
            eprintln!("{}", tell("hub-so-far", &args));
        }
    }
}

fn starts_at(response: &ureq::http::Response<ureq::Body>, from: u64) -> bool {
    let range = response.headers().get("content-range").and_then(|range| range.to_str().ok()).unwrap_or_default();
    range
        .strip_prefix("bytes ")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(start, _)| start.parse() == Ok(from))
}
