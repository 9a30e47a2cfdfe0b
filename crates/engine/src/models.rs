//! The registry of models: files under `<data>/models/`, each named by its SHA-256, with a JSON
//! sidecar of what its header says.
//!
//! A model appears whole or not at all: it is checked, copied to a temporary name while it is
//! hashed, made durable and renamed; the sidecar comes last.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::gguf::{self, Header};

/// A registered model.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// SHA-256 of the file, which is also its name.
    pub sha256: String,
    /// The name it had when it was added.
    pub file: String,
    /// The model's own name.
    pub name: Option<String>,
    /// Architecture.
    pub architecture: String,
    /// Number of parameters.
    pub parameters: u64,
    /// The type of most weights.
    pub quantisation: String,
    /// Tokens the model was trained to see at once.
    pub context_tokens: u32,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Whether the file calls itself a toy.
    pub toy: bool,
    /// When it was added, in milliseconds since 1970.
    pub added_unix_ms: u64,
}

const PREFIX_MIN: usize = 6;

/// Where models lie.
pub fn dir(data: &Path) -> PathBuf {
    data.join("models")
}

/// The file of an entry.
pub fn path(data: &Path, entry: &Entry) -> PathBuf {
    dir(data).join(format!("{}.gguf", entry.sha256))
}

/// Copies `source` into the registry of `data`; only if it has the SHA-256 `expected`, where that is known.
///
/// # Errors
/// When it is no usable GGUF model, or cannot be read or written.
pub fn add(data: &Path, source: &Path, expected: Option<&str>, now_unix_ms: u64) -> Result<Entry, Error> {
    let header = header_of(source)?;
    let dir = dir(data);
    let write = |e| Error::io(format!("writing into {}", dir.display()), e);
    fs::create_dir_all(&dir).map_err(write)?;
    let temporary = dir.join(format!(".adding-{}", std::process::id()));
    let copied = copy_hashed(source, &temporary).and_then(|found| match expected {
        Some(expected) if !expected.eq_ignore_ascii_case(&found) => {
            Err(Error::OtherHash { file: source.display().to_string(), expected: expected.into(), found })
        }
        _ => Ok(found),
    });
    let sha256 = match copied {
        Ok(hash) => hash,
        Err(error) => {
            // Best effort: the error that matters is the copy's.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
    };
    let file = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    register(data, &temporary, Entry::new(header, sha256, file, now_unix_ms))
}

/// Where a download of the model with this SHA-256 grows until it is whole.
pub fn partial(data: &Path, sha256: &str) -> PathBuf {
    dir(data).join(format!(".partial-{sha256}"))
}

/// Takes the finished download of a model into the registry; `file` is the name that it had where it came from. What
/// does not have the hash that it was promised to have, or is no model, is removed.
///
/// # Errors
/// When it has another SHA-256, is no usable GGUF model, or cannot be read or written.
pub fn adopt(data: &Path, sha256: &str, file: &str, now_unix_ms: u64) -> Result<Entry, Error> {
    let partial = partial(data, sha256);
    let checked = hash_of(&partial).and_then(|found| match found == sha256 {
        true => header_of(&partial),
        false => Err(Error::OtherHash { file: file.into(), expected: sha256.into(), found }),
    });
    if checked.is_err() {
        // Best effort: the error that matters is the check's.
        let _ = fs::remove_file(&partial);
    }
    register(data, &partial, Entry::new(checked?, sha256.to_owned(), file.to_owned(), now_unix_ms))
}

/// Gives a checked and durable file its name.
fn register(data: &Path, file: &Path, entry: Entry) -> Result<Entry, Error> {
    let dir = dir(data);
    let write = |e| Error::io(format!("writing into {}", dir.display()), e);
    fs::rename(file, path(data, &entry)).map_err(write)?;
    write_sidecar(&dir, &entry).map_err(write)?;
    Ok(entry)
}

fn header_of(file: &Path) -> Result<Header, Error> {
    gguf::read_file(file).map_err(|source| Error::Model { path: file.to_path_buf(), source })
}

impl Entry {
    fn new(header: Header, sha256: String, file: String, added_unix_ms: u64) -> Self {
        Self {
            sha256,
            file,
            name: header.name,
            architecture: header.architecture,
            parameters: header.parameters,
            quantisation: header.quantisation,
            context_tokens: header.shape.context_tokens,
            file_bytes: header.file_bytes,
            toy: header.toy,
            added_unix_ms,
        }
    }
}

fn hash_of(file: &Path) -> Result<String, Error> {
    let read = |e| Error::io(format!("reading {}", file.display()), e);
    let mut input = File::open(file).map_err(read)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut input, &mut hash).map_err(read)?;
    input.sync_all().map_err(read)?;
    Ok(hex::encode(hash.finalize()))
}

fn copy_hashed(source: &Path, target: &Path) -> Result<String, Error> {
    let read = |e| Error::io(format!("reading {}", source.display()), e);
    let write = |e| Error::io(format!("writing {}", target.display()), e);
    let mut input = File::open(source).map_err(read)?;
    let mut output = File::create(target).map_err(write)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = input.read(&mut buffer).map_err(read)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        output.write_all(&buffer[..n]).map_err(write)?;
    }
    output.sync_all().map_err(write)?;
    Ok(hex::encode(hash.finalize()))
}

fn write_sidecar(dir: &Path, entry: &Entry) -> std::io::Result<()> {
    let temporary = dir.join(format!(".{}.json", entry.sha256));
    let mut file = File::create(&temporary)?;
    serde_json::to_writer_pretty(&mut file, entry)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&temporary, dir.join(format!("{}.json", entry.sha256)))?;
    File::open(dir)?.sync_all()
}

/// All registered models, oldest first. A model whose sidecar or file is gone is not listed.
///
/// # Errors
/// When the directory or a sidecar cannot be read.
pub fn ls(data: &Path) -> Result<Vec<Entry>, Error> {
    let dir = dir(data);
    let read = |e| Error::io(format!("reading {}", dir.display()), e);
    let list = match fs::read_dir(&dir) {
        Ok(list) => list,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(read(e)),
    };
    let mut entries = Vec::new();
    for item in list {
        let name = item.map_err(read)?.path();
        let hidden = name.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden || name.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = fs::read_to_string(&name).map_err(read)?;
        let entry: Entry =
            serde_json::from_str(&text).map_err(|e| Error::io(format!("reading {}", name.display()), e.into()))?;
        if path(data, &entry).is_file() {
            entries.push(entry);
        }
    }
    entries.sort_by(|a, b| (a.added_unix_ms, &a.sha256).cmp(&(b.added_unix_ms, &b.sha256)));
    Ok(entries)
}

/// The one model meant by `id`: a hash, the start of one (at least 6 characters), or a file name.
///
/// # Errors
/// When there is none, or more than one.
pub fn find(data: &Path, id: &str) -> Result<Entry, Error> {
    let all = ls(data)?;
    let mut found = all
        .into_iter()
        .filter(|e| e.sha256 == id || e.file == id || (id.len() >= PREFIX_MIN && e.sha256.starts_with(id)));
    let first = found.next().ok_or_else(|| Error::UnknownModel(id.into()))?;
    if found.next().is_some() {
        return Err(Error::Argument(format!("`{id}` means more than one model: give its SHA-256")));
    }
    Ok(first)
}

/// Removes the model meant by `id`, as in [`find`].
///
/// # Errors
/// When there is none, or it cannot be removed.
pub fn rm(data: &Path, id: &str) -> Result<Entry, Error> {
    let entry = find(data, id)?;
    let dir = dir(data);
    let write = |e| Error::io(format!("removing from {}", dir.display()), e);
    // The sidecar first: without it the model is no longer listed.
    fs::remove_file(dir.join(format!("{}.json", entry.sha256))).map_err(write)?;
    fs::remove_file(path(data, &entry)).map_err(write)?;
    Ok(entry)
}
