//! What the shared database last said of keys, on disk: so that a server that starts while the database is away still
//! knows whom it knew. Signed by a key of this data directory, readable by its owner only.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use realm::{AppId, DeploymentId, ProviderId, UnixMs};
use ring::hmac;
use serde::{Deserialize, Serialize};
use store::drill::Drill;
use store::{Key, KeyId, Live, RecordSecret, Suspended};

/// The file and its key, in the data directory.
#[derive(Debug)]
pub(crate) struct KeyCache {
    path: PathBuf,
    key: hmac::Key,
}

/// Version 1 of the file: a line with the MAC of the rest in hexadecimal, then this as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    v: u32,
    /// When the database said so.
    as_of: UnixMs,
    keys: Vec<KeptKey>,
    apps: Vec<AppId>,
    providers: Vec<ProviderId>,
    deployments: Vec<DeploymentId>,
    secrets: BTreeMap<AppId, String>,
    /// Live drills, which hold to their own end whether the database answers or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    drills: Vec<Drill>,
    /// The one that a version before kept.
    #[serde(default, skip_serializing)]
    drill: Option<Drill>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptKey {
    hash: String,
    id: String,
    app: AppId,
    expires: Option<UnixMs>,
}

impl KeyCache {
    /// The cache of a data directory; its key is made up where there is none.
    pub(crate) fn of(data: &Path) -> Result<Self> {
        let path = data.join("key-cache.key");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) if bytes.len() == 32 => bytes,
            _ => {
                let mut bytes = [0u8; 32];
                getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
                write_private(&path, &bytes).with_context(|| path.display().to_string())?;
                bytes.to_vec()
            }
        };
        Ok(Self { path: data.join("key-cache"), key: hmac::Key::new(hmac::HMAC_SHA256, &bytes) })
    }

    /// Keeps what the database said at a moment, over what it said before.
    pub(crate) fn keep(&self, live: &Live, as_of: UnixMs) -> Result<()> {
        let kept = Kept {
            v: 1,
            as_of,
            keys: live.keys.iter().map(|(hash, key)| kept_key(hash, key)).collect(),
            apps: live.suspended.apps.iter().cloned().collect(),
            providers: live.suspended.providers.iter().cloned().collect(),
            deployments: live.suspended.deployments.iter().cloned().collect(),
            secrets: live.secrets.iter().map(|(app, secret)| (app.clone(), hex::encode(secret.0))).collect(),
            drills: live.open.drills.clone(),
            drill: None,
        };
        let body = serde_json::to_vec(&kept)?;
        let mut text = hex::encode(hmac::sign(&self.key, &body)).into_bytes();
        text.push(b'\n');
        text.extend(body);
        let next = self.path.with_extension("partial");
        write_private(&next, &text)?;
        self.wipe()?;
        std::fs::rename(&next, &self.path)?;
        Ok(())
    }

    /// A secret that was destroyed must not lie on in what was the file.
    fn wipe(&self) -> Result<()> {
        let Ok(found) = std::fs::metadata(&self.path) else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().write(true).open(&self.path)?;
        file.write_all(&vec![0; usize::try_from(found.len())?])?;
        Ok(file.sync_data()?)
    }

    /// What was kept, and of when; none where nothing was.
    ///
    /// # Errors
    /// It is not what this data directory's server wrote.
    pub(crate) fn load(&self) -> Result<Option<(Live, UnixMs)>> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| self.path.display().to_string()),
        };
        let (mac, body) = bytes.split_at_checked(65).context("it is too short")?;
        let mac = hex::decode(&mac[..64]).context("its signature is none")?;
        let signed = hmac::verify(&self.key, body, &mac);
        ensure!(signed.is_ok() && bytes[64] == b'\n', "its signature is not by this data directory's key");
        let kept: Kept = serde_json::from_slice(body)?;
        ensure!(kept.v == 1, "it is of version {}", kept.v);
        Ok(Some((live(&kept)?, kept.as_of)))
    }
}

fn kept_key(hash: &[u8; 32], key: &Key) -> KeptKey {
    KeptKey { hash: hex::encode(hash), id: key.id.0.clone(), app: key.app.clone(), expires: key.expires }
}

fn live(kept: &Kept) -> Result<Live> {
    let bytes =
        |text: &str| -> Result<[u8; 32]> { <[u8; 32]>::try_from(hex::decode(text)?).ok().context("expected 32 bytes") };
    let mut live = Live::default();
    for key in &kept.keys {
        let known = Key { id: KeyId(key.id.clone()), app: key.app.clone(), expires: key.expires };
        live.keys.insert(bytes(&key.hash)?, Arc::new(known));
    }
    live.suspended = Suspended {
        apps: kept.apps.iter().cloned().collect(),
        providers: kept.providers.iter().cloned().collect(),
        deployments: kept.deployments.iter().cloned().collect(),
    };
    for (app, secret) in &kept.secrets {
        live.secrets.insert(app.clone(), RecordSecret(bytes(secret)?));
    }
    live.open.drills = kept.drills.iter().chain(&kept.drill).cloned().collect();
    Ok(live)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_back_and_no_changed_byte_is_believed() {
        let dir = tempfile::tempdir().unwrap();
        let cache = KeyCache::of(dir.path()).unwrap();
        assert!(cache.load().unwrap().is_none());
        let (mut kept, app) = (Live::default(), AppId::new("desk").unwrap());
        let key = Key { id: KeyId("k1".to_owned()), app: app.clone(), expires: Some(UnixMs(9)) };
        kept.keys.insert([7; 32], Arc::new(key));
        kept.suspended.apps.insert(app.clone());
        kept.secrets.insert(app.clone(), RecordSecret([3; 32]));
        cache.keep(&kept, UnixMs(5)).unwrap();
        let (read, as_of) = KeyCache::of(dir.path()).unwrap().load().unwrap().unwrap();
        assert_eq!((as_of, &read.keys, &read.suspended), (UnixMs(5), &kept.keys, &kept.suspended));
        assert_eq!(read.secrets[&app], RecordSecret([3; 32]));

        let good = std::fs::read(&cache.path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            std::fs::write(&cache.path, &bad).unwrap();
            assert!(cache.load().is_err(), "byte {at}");
        }
        std::fs::write(&cache.path, &good[..60]).unwrap();
        assert!(cache.load().is_err());
    }
}
