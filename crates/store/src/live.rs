//! What holds at this moment, whole, for a process to keep in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use realm::{AppId, DeploymentId, ProviderId, UnixMs};
use sqlx::Row;

use crate::db::from_row;
use crate::drill::Kept;
use crate::secret::read_secret;
use crate::{Error, KeyId, RecordSecret, Store, Suspendable};

/// A key that was not revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub id: KeyId,
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

/// Keys, suspensions and record secrets as they stand.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The state of the store this was read at.
    pub generation: u64,
    /// Keys by the SHA-256 of their text.
    pub keys: HashMap<[u8; 32], Arc<Key>>,
    /// What is suspended.
    pub suspended: Suspended,
    /// Record secrets by app.
    pub secrets: HashMap<AppId, RecordSecret>,
    /// The live drills that nobody has ended, true or forged.
    pub open: Kept,
}

impl Live {
    /// Whether a key with this name still stands.
    pub fn has_key(&self, id: &KeyId) -> bool {
        self.keys.values().any(|k| k.id == *id)
    }
}

impl Store {
    /// Reads everything a process must know to admit or refuse, as of one moment.
    pub async fn live(&self) -> Result<Live, Error> {
        // Read first: a change between the two reads makes the next poll read again.
        let generation = self.generation().await?;
        let mut live = Live { generation, ..Live::default() };
        let keys = sqlx::query("SELECT id, app, hash, expires_ms FROM key WHERE revoked_ms IS NULL");
        for row in keys.fetch_all(&self.pool).await? {
            let corrupt = |why: String| Error::Corrupt { what: "key", why };
            let hash: [u8; 32] = row
                .get::<Vec<u8>, _>("hash")
                .try_into()
                .map_err(|_| corrupt("expected a hash of 32 bytes".to_owned()))?;
            let app = AppId::new(row.get("app")).map_err(|e| corrupt(e.to_string()))?;
            let expires = row.get::<Option<i64>, _>("expires_ms").map(from_row);
            live.keys.insert(hash, Arc::new(Key { id: KeyId(row.get("id")), app, expires }));
        }
        for found in self.suspensions().await? {
            let corrupt = |e: realm::ids::IdError| Error::Corrupt { what: "suspension", why: e.to_string() };
            match found.kind {
                Suspendable::App => drop(live.suspended.apps.insert(AppId::new(&found.id).map_err(corrupt)?)),
                Suspendable::Provider => {
                    live.suspended.providers.insert(ProviderId::new(&found.id).map_err(corrupt)?);
                }
                Suspendable::Deployment => {
                    live.suspended.deployments.insert(DeploymentId::new(&found.id).map_err(corrupt)?);
                }
            }
        }
        live.open = self.open_drills().await?;
        let secrets = sqlx::query("SELECT app, secret FROM record_secret WHERE destroyed_ms IS NULL");
        for row in secrets.fetch_all(&self.pool).await? {
            let corrupt = |e: realm::ids::IdError| Error::Corrupt { what: "record secret", why: e.to_string() };
            let app = AppId::new(row.get("app")).map_err(corrupt)?;
            live.secrets.insert(app, read_secret(row.get("secret"))?);
        }
        Ok(live)
    }
}
