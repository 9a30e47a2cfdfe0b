//! Record secrets: what lets an app's owner show that a text is the one a record speaks of.

use std::fmt;

use realm::{AppId, UnixMs};
use sqlx::{AnyConnection, Row};

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
        if let Some(secret) = self.living_secret(app).await? {
            return Ok(secret);
        }
        let mut tx = self.write().await?;
        // Somebody else may make it at the same moment: then theirs is the one.
        if insert(&mut tx, app, now).await? {
            sqlx::query("UPDATE generation SET value = value + 1").execute(&mut *tx).await?;
        }
        tx.commit().await?;
        let made = self.living_secret(app).await?;
        made.ok_or_else(|| Error::Corrupt { what: "record secret", why: "it was destroyed as it was made".to_owned() })
    }

    async fn living_secret(&self, app: &AppId) -> Result<Option<RecordSecret>, Error> {
        let row = sqlx::query("SELECT secret FROM record_secret WHERE app = $1 AND destroyed_ms IS NULL")
            .bind(app.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| read_secret(row.get("secret"))).transpose()
    }

    /// The app's living record secret, if it is the one that records of a moment were made with; none where that one was
    /// destroyed.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn record_secret_at(&self, app: &str, at: UnixMs) -> Result<Option<RecordSecret>, Error> {
        let row = sqlx::query(
            "SELECT secret FROM record_secret WHERE app = $1 AND destroyed_ms IS NULL AND created_ms <= $2",
        )
        .bind(app)
        .bind(to_row(at))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| read_secret(row.get("secret"))).transpose()
    }

    /// Destroys the app's record secret and makes a new one: no record of before can be tied to a text again. Tells
    /// whether there was one; where there was none, nothing is changed.
    pub async fn replace_record_secret(&self, app: &AppId, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "UPDATE record_secret SET secret = NULL, destroyed_ms = $1 WHERE app = $2 AND destroyed_ms IS NULL",
        )
        .bind(to_row(now))
        .bind(app.as_str())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert(&mut tx, app, now).await?;
        self.owe_scrub()?;
        let said = Said { at: now, what: "secret.destroy", subject: format!("app:{app}"), by, note: None };
        finish(tx, said).await?;
        self.scrub().await?;
        Ok(true)
    }
}

/// Makes a secret; tells whether there was none.
async fn insert(conn: &mut AnyConnection, app: &AppId, now: UnixMs) -> Result<bool, Error> {
    let done =
        sqlx::query("INSERT INTO record_secret (app, secret, created_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(app.as_str())
            .bind(random::<32>()?.to_vec())
            .bind(to_row(now))
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) fn read_secret(bytes: Option<Vec<u8>>) -> Result<RecordSecret, Error> {
    let corrupt = || Error::Corrupt { what: "record secret", why: "expected 32 bytes".to_owned() };
    bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()).map(RecordSecret).ok_or_else(corrupt)
}
