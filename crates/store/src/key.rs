//! API keys: hashed, shown once, expiring, revocable at once.

use std::fmt;

use realm::{AppId, UnixMs};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::{Error, Store};

/// A key's public name: `k` and ten hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key just made. Its text is not kept anywhere.
pub struct NewKey {
    /// Its name.
    pub id: KeyId,
    /// `fh_` and 43 characters; shown once.
    pub text: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyInfo {
    /// Its name.
    pub id: KeyId,
    /// Whom it lets in.
    pub app: AppId,
    /// When it was made.
    pub created: UnixMs,
    /// When it ends by itself.
    pub expires: Option<UnixMs>,
    /// When somebody ended it.
    pub revoked: Option<UnixMs>,
}

/// Whether a key still lets anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// It was ended.
    Revoked,
}

/// The hash under which a key is kept and found. Keys are random, so one plain hash suffices.
pub fn hash_key(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl KeyInfo {
    /// Whether it lets anybody in at a moment.
    pub fn state(&self, now: UnixMs) -> KeyState {
        match (self.revoked, self.expires) {
            (Some(_), _) => KeyState::Revoked,
            (None, Some(end)) if end <= now => KeyState::Expired,
            _ => KeyState::Active,
        }
    }
}

impl Store {
    /// Makes a key for an app.
    pub async fn new_key(&self, app: &AppId, expires: Option<UnixMs>, by: &str, now: UnixMs) -> Result<NewKey, Error> {
        let id = format!("k{}", random_hex::<5>()?);
        let text = format!("fh_{}", random_hex::<24>()?);
        let mut tx = self.write().await?;
        sqlx::query("INSERT INTO key (id, app, hash, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(app.as_str())
            .bind(hash_key(&text).to_vec())
            .bind(to_row(now))
            .bind(expires.map(to_row))
            .execute(&mut *tx)
            .await?;
        let note = Some(match expires {
            Some(end) => format!("app {app}, until {end}"),
            None => format!("app {app}"),
        });
        finish(tx, Said { at: now, what: "key.new", subject: format!("key:{id}"), by, note }).await?;
        Ok(NewKey { id: KeyId(id), text })
    }

    /// Every key, oldest first.
    pub async fn keys(&self) -> Result<Vec<KeyInfo>, Error> {
        let rows = sqlx::query("SELECT id, app, created_ms, expires_ms, revoked_ms FROM key ORDER BY created_ms, id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read_info).collect()
    }

    /// Ends a key. Ending an ended key changes nothing and is no error; tells whether it was new.
    pub async fn revoke_key(&self, id: &str, by: &str, now: UnixMs) -> Result<(KeyInfo, bool), Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT id, app, created_ms, expires_ms, revoked_ms FROM key WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| Error::NoSuchKey(id.to_owned()))?;
        let mut info = read_info(&row)?;
        if info.revoked.is_some() {
            return Ok((info, false));
        }
        sqlx::query("UPDATE key SET revoked_ms = $1 WHERE id = $2 AND revoked_ms IS NULL")
            .bind(to_row(now))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        info.revoked = Some(now);
        let note = Some(format!("app {}", info.app));
        finish(tx, Said { at: now, what: "key.revoke", subject: format!("key:{id}"), by, note }).await?;
        Ok((info, true))
    }
}

fn read_info(row: &AnyRow) -> Result<KeyInfo, Error> {
    let app: String = row.get("app");
    Ok(KeyInfo {
        id: KeyId(row.get("id")),
        app: AppId::new(&app).map_err(|e| Error::Corrupt { what: "key", why: e.to_string() })?,
        created: from_row(row.get("created_ms")),
        expires: row.get::<Option<i64>, _>("expires_ms").map(from_row),
        revoked: row.get::<Option<i64>, _>("revoked_ms").map(from_row),
    })
}
