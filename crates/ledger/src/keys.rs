//! The log's signing key: made once, 0600 from its first instant, changed only by an entry that both keys sign.

use std::path::PathBuf;
use std::sync::Arc;

use crate::context::Context;
use crate::error::{At, Error};
use crate::note::{Algorithm, Note, SecretKey, VerifierKey};
use crate::storage::{self, Access};
use crate::system::System;

/// Where the signing key comes from.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one per log, moved once")]
pub enum KeySource {
    /// The file `key` in the state directory. If the log is new, it is made from these random bytes.
    Stored {
        /// 32 random bytes, unused unless the log is new.
        seed_if_new: [u8; 32],
    },
    /// The caller keeps the key; it must be named after the log's origin. It cannot be rotated here.
    Given(SecretKey),
}

/// The keys of a log.
#[derive(Debug)]
pub(crate) struct Keyring {
    pub(crate) secret: Arc<SecretKey>,
    /// Still signs the next checkpoint too, so that whoever knows only this key can follow.
    pub(crate) outgoing: Option<Arc<SecretKey>>,
    /// Every key that this log has had, the present one first.
    pub(crate) public: Vec<VerifierKey>,
}

const FILE: &str = "key";
const NEXT: &str = "key.next";
pub(crate) const PUBLIC: &str = "key.pub";

/// Loads the keys, making the first one if the log is new.
pub(crate) fn load(context: &Context, source: KeySource) -> Result<(), Error> {
    let origin = context.options.origin.as_str();
    let secret = match source {
        KeySource::Given(secret) => secret,
        KeySource::Stored { seed_if_new } => match read_secret(context, FILE)? {
            Some(secret) => secret,
            None => create(context, &seed_if_new)?,
        },
    };
    if secret.verifier().name() != origin {
        return Err(Error::Key(format!("the key is named {} and the log {origin}", secret.verifier().name()).into()));
    }
    let mut keyring = Keyring { public: read_public(context)?, outgoing: None, secret: Arc::new(secret) };
    if keyring.public.first() != Some(keyring.secret.verifier()) {
        keyring.public.retain(|key| key != keyring.secret.verifier());
        keyring.public.insert(0, keyring.secret.verifier().clone());
        write_public(context, &keyring.public)?;
    }
    context.set_keys(keyring);
    Ok(())
}

/// Loads the stored key of a log that must have one.
pub(crate) fn load_stored(context: &Context) -> Result<(), Error> {
    let missing = || Error::Key(format!("{}: the signing key is missing", path(context, FILE).display()).into());
    load(context, KeySource::Given(read_secret(context, FILE)?.ok_or_else(missing)?))
}

fn path(context: &Context, name: &str) -> PathBuf {
    context.paths.state.join(name)
}

fn read_secret(context: &Context, name: &str) -> Result<Option<SecretKey>, Error> {
    let path = path(context, name);
    let parse = |bytes: &[u8]| SecretKey::parse(std::str::from_utf8(bytes).ok()?.trim_end()).ok();
    let found = storage::read_sound(&*context.storage, &path, parse).at(&path)?;
    let wrong = || Error::Key(format!("{}: this is no signing key", path.display()).into());
    found.map(|found| found.ok_or_else(wrong)).transpose()
}

fn create(context: &Context, seed: &[u8; 32]) -> Result<SecretKey, Error> {
    let segments = context.paths.segments();
    let used = !context.storage.list(&segments).at(&segments)?.is_empty();
    if used {
        return Err(Error::Key(format!("{}: the signing key is missing", path(context, FILE).display()).into()));
    }
    let secret = generate(context, seed)?;
    write_secret(context, FILE, &secret)?;
    Ok(secret)
}

fn generate(context: &Context, seed: &[u8; 32]) -> Result<SecretKey, Error> {
    SecretKey::from_seed(context.options.origin.as_str(), Algorithm::Ed25519, seed)
        .map_err(|error| Error::Key(error.to_string().into()))
}

fn write_secret(context: &Context, name: &str, secret: &SecretKey) -> Result<(), Error> {
    let (staging, path) = (context.paths.staging("key"), path(context, name));
    let text = secret.expose() + "\n";
    storage::replace(&*context.storage, &staging, &path, text.as_bytes(), Access::Private).at(&path)
}

fn read_public(context: &Context) -> Result<Vec<VerifierKey>, Error> {
    let path = path(context, PUBLIC);
    let parse = |bytes: &[u8]| -> Option<Vec<VerifierKey>> {
        std::str::from_utf8(bytes).ok()?.lines().map(|line| VerifierKey::parse(line).ok()).collect()
    };
    let found = storage::read_sound(&*context.storage, &path, parse).at(&path)?;
    let wrong = || Error::Key(format!("{}: a line is no verifier key", path.display()).into());
    found.map_or(Ok(Vec::new()), |found| found.ok_or_else(wrong))
}

fn write_public(context: &Context, keys: &[VerifierKey]) -> Result<(), Error> {
    let (staging, path) = (context.paths.staging("key"), path(context, PUBLIC));
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    storage::replace(&*context.storage, &staging, &path, text.as_bytes(), Access::Shared).at(&path)
}

// === rotation ===

/// Stores the next key and returns the entry that must be durable before `finish_rotation`.
pub(crate) fn begin_rotation(context: &Context, seed: &[u8; 32]) -> Result<System, Error> {
    let next = generate(context, seed)?;
    write_secret(context, NEXT, &next)?;
    rotation_entry(context, &next)
}

/// Returns the entry of a rotation that was begun and not finished.
pub(crate) fn pending_rotation(context: &Context) -> Result<Option<System>, Error> {
    read_secret(context, NEXT)?.map(|next| rotation_entry(context, &next)).transpose()
}

/// Makes the next key the present one.
pub(crate) fn finish_rotation(context: &Context) -> Result<(), Error> {
    let keys = context.keys();
    let (next, file) = (path(context, NEXT), path(context, FILE));
    let missing = || Error::Key(format!("{}: the next key is missing", next.display()).into());
    let secret = Arc::new(read_secret(context, NEXT)?.ok_or_else(missing)?);
    let mut public = keys.public.clone();
    public.retain(|key| key != secret.verifier());
    public.insert(0, secret.verifier().clone());
    write_public(context, &public)?;
    context.storage.rename(&next, &file).at(&file)?;
    context.storage.sync_dir(&context.paths.state).at(&context.paths.state)?;
    context.set_keys(Keyring { secret, outgoing: Some(Arc::clone(&keys.secret)), public });
    Ok(())
}

/// Both keys sign a text that names both.
fn rotation_entry(context: &Context, next: &SecretKey) -> Result<System, Error> {
    let keys = context.keys();
    let (old, new) = (keys.secret.verifier().to_string(), next.verifier().to_string());
    let text = format!("ledger key rotation\n{old}\n{new}\n");
    let note = Note::new(&text, vec![keys.secret.sign(&text, 0), next.sign(&text, 0)]);
    let note = note.map_err(|error| Error::Key(error.to_string().into()))?.to_string();
    Ok(System::KeyRotated { old, new, note })
}
