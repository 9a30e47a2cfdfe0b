//! Wrapped data keys: made ahead of the first item, destroyed for good.

use realm::{AppId, OrganisationId, UnixMs};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::seal::{DataKey, KeyName};
use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::{Error, Store};

/// For how long a data key seals new items. After it comes another, so that what is old can go key by key.
pub const KEY_LASTS_MS: u64 = 86_400_000;

/// A wrapped data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Its id.
    pub id: String,
    /// The app whose items it seals.
    pub app: String,
    /// The app's organisation when it was made.
    pub organisation: String,
    /// The organisation's public key that it is wrapped for.
    pub public: String,
    /// When it was made.
    pub created: UnixMs,
    /// The key, wrapped; none once it was destroyed.
    pub wrapped: Option<Vec<u8>>,
}

impl WrappedKey {
    /// What it belongs to.
    pub fn name(&self) -> KeyName<'_> {
        KeyName { id: &self.id, app: &self.app, organisation: &self.organisation }
    }

    fn of(row: &AnyRow) -> Self {
        Self {
            id: row.get("id"),
            app: row.get("app"),
            organisation: row.get("organisation"),
            public: row.get("public"),
            created: from_row(row.get("created_ms")),
            wrapped: row.get("wrapped"),
        }
    }
}

impl Store {
    /// Makes a data key and keeps it wrapped; durable before this comes back, so that nothing is ever sealed under a key
    /// that is nowhere.
    ///
    /// # Errors
    /// If the public key is none, or the store cannot write.
    pub async fn new_content_key(
        &self,
        app: &AppId,
        organisation: &OrganisationId,
        public: &str,
        now: UnixMs,
    ) -> Result<(WrappedKey, DataKey), Error> {
        let (id, key) = (format!("c{}", random_hex::<8>()?), DataKey::new()?);
        let (app, organisation) = (app.to_string(), organisation.to_string());
        let wrapped = key.wrap(public, KeyName { id: &id, app: &app, organisation: &organisation })?;
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO content_key (id, app, organisation, public, wrapped, created_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&id)
        .bind(&app)
        .bind(&organisation)
        .bind(public)
        .bind(&wrapped)
        .bind(to_row(now))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        let public = public.to_owned();
        Ok((WrappedKey { id, app, organisation, public, created: now, wrapped: Some(wrapped) }, key))
    }

    /// A data key by its id, destroyed or not.
    pub async fn content_key(&self, id: &str) -> Result<Option<WrappedKey>, Error> {
        let row = sqlx::query("SELECT * FROM content_key WHERE id = $1").bind(id).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(WrappedKey::of))
    }

    /// The apps that ever had a data key.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn content_apps(&self) -> Result<Vec<String>, Error> {
        let rows = sqlx::query("SELECT DISTINCT app FROM content_key ORDER BY app").fetch_all(&self.pool).await?;
        Ok(rows.iter().map(|row| row.get("app")).collect())
    }

    /// The data keys that stand, oldest first.
    pub async fn content_keys(&self) -> Result<Vec<WrappedKey>, Error> {
        let rows = sqlx::query("SELECT * FROM content_key WHERE destroyed_ms IS NULL ORDER BY created_ms, id")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(WrappedKey::of).collect())
    }

    /// Destroys data keys and leaves a record of it. How many there were; without any, nothing is changed. Older states
    /// of the store's files still hold them until [`Store::scrub`], which may have to wait for others: what the keys
    /// sealed is to be removed first.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn destroy_content_keys(
        &self,
        app: &str,
        ids: &[String],
        what: &'static str,
        (by, now): (&str, UnixMs),
    ) -> Result<u64, Error> {
        let mut tx = self.write().await?;
        let mut count = 0;
        for id in ids {
            let done = sqlx::query(
                "UPDATE content_key SET wrapped = NULL, destroyed_ms = $1 WHERE id = $2 AND destroyed_ms IS NULL",
            )
            .bind(to_row(now))
            .bind(id)
            .execute(&mut *tx)
            .await?;
            count += done.rows_affected();
        }
        if count == 0 {
            return Ok(0);
        }
        let (subject, note) = (format!("app:{app}"), Some(format!("content keys destroyed: {count}")));
        self.owe_scrub()?;
        finish(tx, Said { at: now, what, subject, by, note }).await?;
        Ok(count)
    }
}
