//! The evidence of a live drill in one file: what it says, byte for byte, under one hash.
//!
//! A text in JSON with its fields in one order and nothing between them, so that there is one way to write a bundle: the
//! manifest names every file with its length and SHA-256, and a record of the ledger names the manifest. Whoever has the
//! log's public key can tell a bundle of which one byte was changed.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a bundle of this version begins with.
const FORMAT: &str = "freehold drill bundle 1";

/// A bundle, read or made; its files may still be others than the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What is in it, as it was hashed.
    pub manifest: String,
    /// Its files by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The receipt of the record that names the manifest.
    pub binding: String,
}

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The drill's id.
    pub drill: String,
    /// The version of the program that made it.
    pub made_by: String,
    /// Every file.
    pub files: BTreeMap<String, FileHash>,
}

/// One file as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileHash {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Why a file is no bundle, or not the one that was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It is none.
    #[error("this is no bundle of a drill, or one of a later version")]
    NoBundle,
    /// It says the same as a bundle, written another way: something was changed.
    #[error("the bundle is not written as `freehold drill bundle` writes it: it was changed")]
    Rewritten,
    /// The manifest cannot be read.
    #[error("the manifest cannot be read")]
    Manifest,
    /// A file that the manifest names is missing, or one is there that it does not name.
    #[error("the file `{0}` is missing, or was put in")]
    OtherFiles(String),
    /// A file is not the one that the manifest names.
    #[error("the file `{0}` was changed")]
    Changed(String),
}

/// A bundle as it is written. Fields in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    manifest: String,
    binding: String,
    files: BTreeMap<String, File>,
}

/// A file: its text, or its bytes where it is none.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum File {
    Text(String),
    Bytes { base64: String },
}

impl Bundle {
    /// Puts files together; the binding is made once the manifest's hash is in the ledger.
    pub fn new(drill: &str, made_by: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        let hashes = files.iter().map(|(name, bytes)| (name.clone(), FileHash::of(bytes))).collect();
        let manifest = Manifest { drill: drill.to_owned(), made_by: made_by.to_owned(), files: hashes };
        // Texts and numbers can always be written.
        let manifest = serde_json::to_string(&manifest).unwrap_or_default();
        Self { manifest, files, binding: String::new() }
    }

    /// The SHA-256 of the manifest in hexadecimal: what the ledger's record names.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.manifest))
    }

    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => File::Text(text.to_owned()),
            Err(_) => File::Bytes { base64: STANDARD.encode(bytes) },
        };
        let written = Written {
            format: FORMAT.to_owned(),
            manifest: self.manifest.clone(),
            binding: self.binding.clone(),
            files: self.files.iter().map(|(name, bytes)| (name.clone(), file(bytes))).collect(),
        };
        let mut bytes = serde_json::to_vec(&written).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads one back.
    ///
    /// # Errors
    /// It is none, or not written as bundles are.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let written: Written = serde_json::from_slice(bytes).map_err(|_| BundleError::NoBundle)?;
        if written.format != FORMAT {
            return Err(BundleError::NoBundle);
        }
        let file = |file: File| match file {
            File::Text(text) => Ok(text.into_bytes()),
            File::Bytes { base64 } => STANDARD.decode(base64).map_err(|_| BundleError::Rewritten),
        };
        let files = written.files.into_iter().map(|(name, it)| Ok((name, file(it)?)));
        let files = files.collect::<Result<_, BundleError>>()?;
        let bundle = Self { manifest: written.manifest, files, binding: written.binding };
        // Spaces, escapes and order that say the same would be bytes that nothing covers.
        if bundle.to_bytes() == bytes { Ok(bundle) } else { Err(BundleError::Rewritten) }
    }

    /// What the manifest says, once every file is the one that it names.
    ///
    /// # Errors
    /// The first file that is not.
    pub fn checked(&self) -> Result<Manifest, BundleError> {
        let manifest: Manifest = serde_json::from_str(&self.manifest).map_err(|_| BundleError::Manifest)?;
        let named = manifest.files.keys().find(|name| !self.files.contains_key(*name));
        let there = self.files.keys().find(|name| !manifest.files.contains_key(*name));
        if let Some(other) = named.or(there) {
            return Err(BundleError::OtherFiles(other.clone()));
        }
        let changed = self.files.iter().find(|(name, bytes)| manifest.files.get(*name) != Some(&FileHash::of(bytes)));
        match changed {
            Some((name, _)) => Err(BundleError::Changed(name.clone())),
            None => Ok(manifest),
        }
    }
}

impl FileHash {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: hex::encode(Sha256::digest(bytes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> Bundle {
        let files = [("a.txt", b"one\n\"two\"".to_vec()), ("b.bin", vec![0xff, 0, 7])];
        let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        Bundle { binding: "receipt".to_owned(), ..Bundle::new("d1", "1.0", files) }
    }

    #[test]
    fn what_is_written_is_read() {
        let bundle = bundle();
        let read = Bundle::from_bytes(&bundle.to_bytes()).unwrap();
        assert_eq!(read, bundle);
        assert_eq!(read.checked().unwrap().files.len(), 2);
        assert_eq!(Bundle::from_bytes(b"{}"), Err(BundleError::NoBundle));
    }

    /// Whatever byte is changed: it is no bundle any more, or another hash is to be found in the ledger, or another
    /// receipt is to be believed.
    #[test]
    fn no_changed_byte_leaves_the_hash_and_the_files_as_they_are() {
        let (good, bytes) = (bundle(), bundle().to_bytes());
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                let Ok(read) = Bundle::from_bytes(&bad) else { continue };
                let same = read.checked().is_ok() && read.sha256() == good.sha256() && read.binding == good.binding;
                assert!(!same, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn what_says_the_same_in_another_way_is_refused() {
        let text = String::from_utf8(bundle().to_bytes()).unwrap();
        for (from, to) in [("{\"format\"", "{ \"format\""), ("one", "\\u006fne"), ("/wAH", "/wAH\\u0000"), ("\n", "")] {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text, "{from}");
            assert!(Bundle::from_bytes(other.as_bytes()).is_err(), "{to}");
        }
        let mut more = bundle();
        more.files.insert("c.txt".to_owned(), Vec::new());
        assert_eq!(more.checked(), Err(BundleError::OtherFiles("c.txt".to_owned())));
        let mut changed = bundle();
        changed.files.insert("a.txt".to_owned(), b"two".to_vec());
        assert_eq!(changed.checked(), Err(BundleError::Changed("a.txt".to_owned())));
    }
}
