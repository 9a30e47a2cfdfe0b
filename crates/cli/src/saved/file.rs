//! A backup in one file: a tar whose last member holds the SHA-256 of every other, so that `sha256sum` can check it too and
//! a file that was cut short is noticed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, EntryType, Header};

use super::FOLDERS;
use crate::ended::wrong;
use crate::lang::{path_arg, tell};

/// The last member: a line for each other, as `sha256sum` writes it.
const SUMS: &str = "SHA256SUMS";
/// The longest list of sums that is read, in bytes.
const SUMS_BYTES_MAX: u64 = 64 << 20;

/// Whether a path is to be one file.
pub(crate) fn is_meant(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tar")
}

/// Writes a copy and what its data directory holds beside it.
///
/// # Errors
/// Something cannot be read or written.
pub(crate) fn pack(copy: &Path, data: &Path, to: impl Write) -> Result<()> {
    let mut packing = Packing { tar: Builder::new(to), sums: String::new() };
    packing.below(copy, Path::new(""))?;
    for folder in FOLDERS {
        packing.below(&data.join(folder), Path::new(folder))?;
    }
    let Packing { mut tar, sums } = packing;
    tar.append_data(&mut header(sums.len() as u64), SUMS, sums.as_bytes())?;
    tar.into_inner()?.flush()?;
    Ok(())
}

struct Packing<W: Write> {
    tar: Builder<W>,
    sums: String,
}

impl<W: Write> Packing<W> {
    /// Everything below a directory, in order, under names that begin with a prefix.
    fn below(&mut self, dir: &Path, prefix: &Path) -> Result<()> {
        let entries = match std::fs::read_dir(dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.with_context(|| tell("cannot-read", &[path_arg(dir)]))?,
        };
        let mut found = entries.collect::<io::Result<Vec<_>>>()?;
        found.sort_by_key(std::fs::DirEntry::file_name);
        for entry in found {
            let (path, name) = (entry.path(), prefix.join(entry.file_name()));
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.below(&path, &name)?;
            } else if kind.is_file() {
                self.file(&path, &name).with_context(|| tell("cannot-copy", &[path_arg(&path)]))?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut summed = Summed { inner: file.take(size), sum: Sha256::new() };
        self.tar.append_data(&mut header(size), name, &mut summed)?;
        self.sums += &format!("{}  {}\n", hex::encode(summed.sum.finalize()), name.display());
        Ok(())
    }
}

/// Of a member that only its owner reads. The same copy makes the same file, whenever.
fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(EntryType::Regular);
    header
}

/// What passes is summed.
struct Summed<R> {
    inner: R,
    sum: Sha256,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sum.update(&buffer[..read]);
        Ok(read)
    }
}

/// Takes a file apart into an empty directory, and sees to it that every member is whole and none is missing.
///
/// # Errors
/// It is no backup, was cut short or changed: what is wrong with it, and in which member.
pub(crate) fn unpack(file: &Path, into: &Path) -> Result<()> {
    let bad = |why: String| wrong("backup-file-bad", &[path_arg(file), ("why", why)]);
    let opened = File::open(file).with_context(|| tell("cannot-read", &[path_arg(file)]))?;
    let mut sums: Option<BTreeMap<PathBuf, String>> = None;
    let mut found = BTreeMap::new();
    let mut archive = Archive::new(io::BufReader::new(opened));
    for member in archive.entries()? {
        let mut member = member.map_err(|error| bad(error.to_string()))?;
        let name = member.path().map_err(|error| bad(error.to_string()))?.into_owned();
        if member.header().entry_type() != EntryType::Regular || !is_plain(&name) || sums.is_some() {
            return Err(bad(tell("backup-member-strange", &[path_arg(&name)])));
        }
        if name == Path::new(SUMS) {
            let mut text = String::new();
            member.take(SUMS_BYTES_MAX).read_to_string(&mut text).map_err(|error| bad(error.to_string()))?;
            sums = Some(listed(&text));
            continue;
        }
        let sum = written(&mut member, &into.join(&name))?;
        found.insert(name, sum);
    }
    let sums = sums.ok_or_else(|| bad(tell("backup-cut", &[])))?;
    let differs = |(name, sum): &(&PathBuf, &String)| found.get(*name) != Some(*sum);
    if let Some((name, _)) = sums.iter().find(differs) {
        return Err(bad(tell("backup-member-changed", &[path_arg(name)])));
    }
    match found.keys().find(|name| !sums.contains_key(*name)) {
        Some(name) => Err(bad(tell("backup-member-strange", &[path_arg(name)]))),
        None => Ok(()),
    }
}

/// Names below where it is taken apart, and nowhere else.
fn is_plain(name: &Path) -> bool {
    let mut parts = name.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn listed(text: &str) -> BTreeMap<PathBuf, String> {
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(sum, name)| (PathBuf::from(name), sum.to_owned())).collect()
}

/// Writes a member to a file of its own, for its owner only; tells its sum.
fn written(member: &mut impl Read, to: &Path) -> Result<String> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent).with_context(|| tell("cannot-make", &[path_arg(parent)]))?;
    }
    let made = File::options().write(true).create_new(true).mode(0o600).open(to);
    let mut file = made.with_context(|| tell("cannot-make", &[path_arg(to)]))?;
    let mut summed = Summed { inner: member, sum: Sha256::new() };
    io::copy(&mut summed, &mut file).with_context(|| tell("cannot-copy", &[path_arg(to)]))?;
    Ok(hex::encode(summed.sum.finalize()))
}
