//! What the store decides while the gateway runs: keys, suspensions, record secrets. Swapped whole, at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use realm::{AppId, DeploymentId, ProviderId, UnixMs};
use sha2::{Digest, Sha256};

use crate::cut::CutOff;
use crate::secret::Secret;
use crate::shadow::Shadow;

/// A key that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub id: Arc<str>,
    /// Whom it lets in.
    pub app: AppId,
    /// When it ends by itself.
    pub expires: Option<UnixMs>,
}

/// What is suspended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suspended {
    /// Apps.
    pub apps: HashSet<AppId>,
    /// Providers.
    pub providers: HashSet<ProviderId>,
    /// Deployments.
    pub deployments: HashSet<DeploymentId>,
}

/// Everything that revokes at once.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// Keys by the SHA-256 of their text. What is not here is revoked or never was.
    pub keys: HashMap<[u8; 32], Key>,
    /// What is suspended.
    pub suspended: Suspended,
    /// Record secrets by app: salts of what records keep.
    pub secrets: HashMap<AppId, Secret<[u8; 32]>>,
    /// What evaluations say of deployments, by suite: the lower end of the interval of the share of right answers, in
    /// millionths.
    pub known: HashMap<DeploymentId, HashMap<String, u32>>,
    /// What a live drill takes away.
    pub cut: Option<Arc<CutOff>>,
    /// Of which requests a drill in shadow asks the fallback too; it takes nothing away.
    pub shadow: Option<Arc<Shadow>>,
}

/// The SHA-256 of a key's text: all that is ever kept of it.
pub fn hash_of(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

impl Live {
    /// What is known of a deployment on a suite; none where nobody evaluated it.
    pub(crate) fn known(&self, deployment: &DeploymentId, suite: &str) -> Option<u32> {
        self.known.get(deployment)?.get(suite).copied()
    }

    /// The key of this hash, if it stands at that moment.
    pub fn key(&self, hash: &[u8; 32], now: UnixMs) -> Option<&Key> {
        self.keys.get(hash).filter(|key| key.expires.is_none_or(|end| now < end))
    }
}
