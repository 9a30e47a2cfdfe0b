//! Record secrets: what lets an app's owner show that a text is the one a record speaks of.

use std::fmt;

use realm::{AppId, UnixMs};
use sqlx::{Row, SqliteConnection};

use crate::db::{Said, finish, random, to_row};
use crate::{Error, Store};

/// How often the log of writes is emptied until nobody holds it; each try waits as long as any statement does.
const SCRUB_TRIES: u32 = 3;

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
        let secret = insert(&mut tx, app, now).await?;
        sqlx::query("UPDATE generation SET value = value + 1").execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Destroys the app's record secret and makes a new one: no record of before can be tied to a text again. Tells
    /// whether there was one; where there was none, nothing is changed.
    pub async fn replace_record_secret(&self, app: &AppId, by: &str, now: UnixMs) -> Result<bool, Error> {
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
        insert(&mut tx, app, now).await?;
        let said = Said { at: now, what: "secret.destroy", subject: format!("app:{app}"), by, note: None };
        finish(tx, said).await?;
        self.scrub().await?;
        Ok(true)
    }

    /// Leaves nothing of what was destroyed in the files: rewrites the database, then empties the log of writes, which
    /// waits for whoever reads at this moment.
    pub(crate) async fn scrub(&self) -> Result<(), Error> {
        sqlx::query("VACUUM").execute(&self.pool).await?;
        for _ in 0..SCRUB_TRIES {
            let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.pool).await?;
            if row.get::<i64, _>(0) == 0 {
                return Ok(());
            }
        }
        Err(Error::NotScrubbed)
    }
}

async fn insert(conn: &mut SqliteConnection, app: &AppId, now: UnixMs) -> Result<RecordSecret, Error> {
    let secret = random::<32>()?;
    sqlx::query("INSERT INTO record_secret (app, secret, created_ms) VALUES (?, ?, ?)")
        .bind(app.as_str())
        .bind(secret.to_vec())
        .bind(to_row(now))
        .execute(conn)
        .await?;
    Ok(RecordSecret(secret))
}

pub(crate) fn read_secret(bytes: Option<Vec<u8>>) -> Result<RecordSecret, Error> {
    let corrupt = || Error::Corrupt { what: "record secret", why: "expected 32 bytes".to_owned() };
    bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()).map(RecordSecret).ok_or_else(corrupt)
}
