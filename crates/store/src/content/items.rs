//! Sealed items, in a database of their own. It is written without waiting for the disk: what a crash of the machine
//! takes from it is content, never a record.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use realm::UnixMs;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Executor, Row};

use crate::Error;
use crate::db::{from_row, to_row};
use crate::sqlite::{PRAGMAS, create_private};

const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "items", include_str!("../../migrations/content_0001_items.sql")),
    (2, "keys", include_str!("../../migrations/content_0002_keys.sql")),
];

/// Where sealed items lie.
#[derive(Debug, Clone)]
pub struct Contents {
    pool: SqlitePool,
}

/// A sealed item to keep.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The request's own id.
    pub req: String,
    /// Its app.
    pub app: String,
    /// The data key that sealed it.
    pub key_id: String,
    /// When the request ended.
    pub at: UnixMs,
    /// The bytes.
    pub sealed: Vec<u8>,
}

/// What is known of an item without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The request's own id.
    pub req: String,
    /// Its app.
    pub app: String,
    /// The data key that sealed it.
    pub key_id: String,
    /// When the request ended.
    pub at: UnixMs,
    /// Bytes, sealed.
    pub bytes: u64,
}

impl Contents {
    /// Opens them at a path, making the database (readable by its owner only) where there is none.
    ///
    /// # Errors
    /// If it cannot be opened or is of a later version.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        let opened = |source| Error::Open { path: path.to_owned(), source };
        create_private(path).map_err(|e| opened(sqlx::Error::Io(e)))?;
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .after_connect(|conn, _| {
                Box::pin(async move {
                    conn.execute(PRAGMAS).await?;
                    // Nothing here is worth waiting for the disk.
                    conn.execute("PRAGMA synchronous = NORMAL").await.map(drop)
                })
            })
            .connect_with(SqliteConnectOptions::new().filename(path))
            .await
            .map_err(opened)?;
        let of = |(version, name, sql): &(i64, &'static str, &'static str)| {
            let sql = sqlx::SqlStr::from_static(sql);
            Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
        };
        let migrations: Vec<Migration> = MIGRATIONS.iter().map(of).collect();
        Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }.run(&pool).await?;
        Ok(Self { pool })
    }

    /// Keeps items, all or none of them.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn put(&self, items: &[Sealed]) -> Result<(), Error> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for item in items {
            sqlx::query("INSERT OR REPLACE INTO item (req, app, key_id, at_ms, sealed) VALUES (?, ?, ?, ?, ?)")
                .bind(&item.req)
                .bind(&item.app)
                .bind(&item.key_id)
                .bind(to_row(item.at))
                .bind(&item.sealed)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The newest items, at most so many: of an app, or of all.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn newest(&self, app: Option<&str>, limit: u32) -> Result<Vec<Kept>, Error> {
        let rows = sqlx::query(
            "SELECT req, app, key_id, at_ms, length(sealed) AS bytes FROM item WHERE ?1 IS NULL OR app = ?1 \
             ORDER BY at_ms DESC, req LIMIT ?2",
        )
        .bind(app)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(kept).collect())
    }

    /// What is known of one item.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn of_request(&self, req: &str) -> Result<Option<Kept>, Error> {
        let row = sqlx::query("SELECT req, app, key_id, at_ms, length(sealed) AS bytes FROM item WHERE req = ?")
            .bind(req)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| kept(&row)))
    }

    /// One item: what is known of it, and its bytes.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn get(&self, req: &str) -> Result<Option<(Kept, Vec<u8>)>, Error> {
        let row =
            sqlx::query("SELECT req, app, key_id, at_ms, length(sealed) AS bytes, sealed FROM item WHERE req = ?")
                .bind(req)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|row| (kept(&row), row.get("sealed"))))
    }

    /// Removes what a data key sealed from before a moment; how many items there were.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn remove_before(&self, key_id: &str, before: UnixMs) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM item WHERE key_id = ? AND at_ms < ?")
            .bind(key_id)
            .bind(to_row(before))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }

    /// Removes what a data key sealed; how many items there were.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn remove_sealed_by(&self, key_id: &str) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM item WHERE key_id = ?").bind(key_id).execute(&self.pool).await?;
        sqlx::query("DELETE FROM key_days WHERE key_id = ?").bind(key_id).execute(&self.pool).await?;
        Ok(done.rows_affected())
    }

    /// The apps that have items.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn apps(&self) -> Result<Vec<String>, Error> {
        let rows = sqlx::query("SELECT DISTINCT app FROM item ORDER BY app").fetch_all(&self.pool).await?;
        Ok(rows.iter().map(|row| row.get("app")).collect())
    }

    /// The data keys that sealed what is kept: of an app, or of all.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn key_ids(&self, app: Option<&str>) -> Result<Vec<String>, Error> {
        let rows = match app {
            Some(app) => sqlx::query("SELECT DISTINCT key_id FROM item WHERE app = ?").bind(app),
            None => sqlx::query("SELECT DISTINCT key_id FROM item"),
        };
        Ok(rows.fetch_all(&self.pool).await?.iter().map(|row| row.get("key_id")).collect())
    }

    /// Notes for how many days what a data key sealed is kept.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn note_days(&self, key_id: &str, days: u64) -> Result<(), Error> {
        sqlx::query("INSERT OR REPLACE INTO key_days (key_id, days) VALUES (?, ?)")
            .bind(key_id)
            .bind(i64::try_from(days).unwrap_or(i64::MAX))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What was noted last of each data key.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn days(&self) -> Result<HashMap<String, u64>, Error> {
        let rows = sqlx::query("SELECT key_id, days FROM key_days").fetch_all(&self.pool).await?;
        let noted = |row: &SqliteRow| (row.get("key_id"), u64::try_from(row.get::<i64, _>("days")).unwrap_or(0));
        Ok(rows.iter().map(noted).collect())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn kept(row: &SqliteRow) -> Kept {
    Kept {
        req: row.get("req"),
        app: row.get("app"),
        key_id: row.get("key_id"),
        at: from_row(row.get("at_ms")),
        bytes: u64::try_from(row.get::<i64, _>("bytes")).unwrap_or(0),
    }
}
