//! Opening the database and bringing it to this version.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use realm::UnixMs;
use realm::record::{Change, Record};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, Sqlite, SqliteConnection, Transaction};

use crate::Error;

/// A handle to the store; clones share one small pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: SqlitePool,
}

/// Migrations in order. A released one never changes.
const MIGRATIONS: [(i64, &str, &str); 3] = [
    (1, "spine", include_str!("../migrations/0001_spine.sql")),
    (2, "requests", include_str!("../migrations/0002_requests.sql")),
    (3, "content", include_str!("../migrations/0003_content.sql")),
];

impl Store {
    /// Opens the store at a path, making it (readable by its owner only) where there is none.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        let pool = connect(path, SqliteSynchronous::Full).await?;
        migrator().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Counts changes of keys, secrets and suspensions; a process that sees it move reads `live` again.
    pub async fn generation(&self) -> Result<u64, Error> {
        let row = sqlx::query("SELECT value FROM generation").fetch_one(&self.pool).await?;
        Ok(u64::try_from(row.get::<i64, _>(0)).unwrap_or(0))
    }

    /// Writes a consistent copy to a new file, also while others use the store.
    pub async fn copy_to(&self, path: &Path) -> Result<(), Error> {
        create_private(path).map_err(|e| Error::Open { path: path.to_owned(), source: sqlx::Error::Io(e) })?;
        let target = path.to_string_lossy().into_owned();
        sqlx::query("VACUUM INTO ?").bind(target).execute(&self.pool).await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction that takes the write lock at once, so that a reader never has to upgrade.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Opens a database, making it (readable by its owner only) where there is none.
pub(crate) async fn connect(path: &Path, synchronous: SqliteSynchronous) -> Result<SqlitePool, Error> {
    let opened = |source| Error::Open { path: path.to_owned(), source };
    create_private(path).map_err(|e| opened(sqlx::Error::Io(e)))?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(Duration::from_secs(10))
        // What is destroyed is overwritten, not only forgotten.
        .pragma("secure_delete", "ON")
        .foreign_keys(true);
    SqlitePoolOptions::new().max_connections(4).connect_with(options).await.map_err(opened)
}

/// Ends a change: counts it, leaves its record in the outbox, commits.
pub(crate) async fn finish(mut tx: Transaction<'static, Sqlite>, change: Said<'_>) -> Result<(), Error> {
    let conn: &mut SqliteConnection = &mut tx;
    sqlx::query("UPDATE generation SET value = value + 1").execute(&mut *conn).await?;
    let id = random_hex::<8>()?;
    let record = Record::Change(Change {
        at: change.at,
        what: change.what.to_owned(),
        subject: change.subject,
        by: change.by.to_owned(),
        note: change.note,
        id: Some(id.clone()),
    });
    sqlx::query("INSERT INTO outbox (id, body) VALUES (?, ?)")
        .bind(id)
        .bind(String::from_utf8_lossy(&record.to_bytes()).into_owned())
        .execute(&mut *conn)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// What a change says of itself.
pub(crate) struct Said<'a> {
    pub(crate) at: UnixMs,
    pub(crate) what: &'a str,
    pub(crate) subject: String,
    pub(crate) by: &'a str,
    pub(crate) note: Option<String>,
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes)
}

pub(crate) fn random_hex<const N: usize>() -> Result<String, Error> {
    Ok(hex::encode(random::<N>()?))
}

/// SQLite keeps milliseconds as a signed number.
pub(crate) fn to_row(at: UnixMs) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

pub(crate) fn from_row(ms: i64) -> UnixMs {
    UnixMs(u64::try_from(ms).unwrap_or(0))
}

fn migrator() -> Migrator {
    let migrations: Vec<Migration> = MIGRATIONS
        .iter()
        .map(|(version, name, sql)| {
            let sql = sqlx::SqlStr::from_static(sql);
            Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
        })
        .collect();
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

// SQLite makes its files with the process's umask; the store holds record secrets.
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path).map(drop)
}
