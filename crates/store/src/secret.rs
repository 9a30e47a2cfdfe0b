//! Record secrets: what lets an app's owner show that a text is the one a record speaks of.

use std::fmt;

use realm::{AppId, UnixMs};
use sqlx::Row;

use crate::db::{Said, finish, random, to_row};
use crate::{Error, Store};

/// An app's record secret. Destroying it is erasure: its records can never be tied to a text again.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordSecret(pub [u8; 32]);

impl fmt::Debug for RecordSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordSecret(…)")
    }
}

impl Store {
    /// The app's living record secret, made now where it has none.
    pub async fn record_secret(&self, app: &AppId, now: UnixMs) -> Result<RecordSecret, Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT secret FROM record_secret WHERE app = ? AND destroyed_ms IS NULL")
            .bind(app.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if let Some(row) = row {
            return read_secret(row.get("secret"));
        }
        let secret = random::<32>()?;
        sqlx::query("INSERT INTO record_secret (app, secret, created_ms) VALUES (?, ?, ?)")
            .bind(app.as_str())
            .bind(secret.to_vec())
            .bind(to_row(now))
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE generation SET value = value + 1").execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(RecordSecret(secret))
    }

    /// Destroys the app's record secret; the next request gets a new one. Tells whether there was one.
    pub async fn destroy_record_secret(&self, app: &AppId, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "UPDATE record_secret SET secret = NULL, destroyed_ms = ? WHERE app = ? AND destroyed_ms IS NULL",
        )
        .bind(to_row(now))
        .bind(app.as_str())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let said = Said { at: now, what: "secret.destroy", subject: format!("app:{app}"), by, note: None };
        finish(tx, said).await?;
        // The old pages of the file must not keep what was destroyed.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await?;
        sqlx::query("VACUUM").execute(&self.pool).await?;
        Ok(true)
    }
}

pub(crate) fn read_secret(bytes: Option<Vec<u8>>) -> Result<RecordSecret, Error> {
    let corrupt = || Error::Corrupt { what: "record secret", why: "expected 32 bytes".to_owned() };
    bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()).map(RecordSecret).ok_or_else(corrupt)
}
