//! Opening the database and bringing it to this version.
//!
//! One statement serves both databases: parameters are written `$1`, which both read, and what only one of them can do
//! stands beside what the other does instead.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use realm::UnixMs;
use realm::record::{Change, Record};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Executor, Row, Transaction};

use crate::Error;
use crate::sqlite;
use crate::url::DatabaseUrl;

/// How long a connection to a shared database is waited for.
const CONNECT_WAIT: Duration = Duration::from_secs(2);
/// How long a shared database may take for one statement.
const STATEMENT_MS_MAX: u32 = 10_000;
/// Connections to a shared database: the follower, the leases and a command each need one.
const SHARED_CONNECTIONS: u32 = 4;

/// A handle to the store; clones share one small pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    pub(crate) shared: bool,
    /// Beside the file, there while what was destroyed may still lie in it; none for a shared one.
    pub(crate) scrub_mark: Option<Arc<Path>>,
    /// Whether the tables are known to be of this version.
    prepared: Arc<AtomicBool>,
}

/// Migrations in order. A released one never changes.
const SQLITE: [(i64, &str, &str); 11] = [
    (1, "spine", include_str!("../migrations/0001_spine.sql")),
    (2, "requests", include_str!("../migrations/0002_requests.sql")),
    (3, "replicas", include_str!("../migrations/0003_replicas.sql")),
    (4, "content", include_str!("../migrations/0004_content.sql")),
    (5, "console", include_str!("../migrations/0005_console.sql")),
    (6, "people", include_str!("../migrations/0006_people.sql")),
    (7, "drill", include_str!("../migrations/0007_drill.sql")),
    (8, "evaluation", include_str!("../migrations/0008_evaluation.sql")),
    (9, "approval", include_str!("../migrations/0009_approval.sql")),
    (10, "notice", include_str!("../migrations/0010_notice.sql")),
    (11, "shadow", include_str!("../migrations/0011_shadow.sql")),
];
/// The same for PostgreSQL.
const POSTGRES: [(i64, &str, &str); 10] = [
    (1, "store", include_str!("../migrations/postgres/0001_store.sql")),
    (2, "leases", include_str!("../migrations/postgres/0002_leases.sql")),
    (3, "content", include_str!("../migrations/postgres/0003_content.sql")),
    (4, "console", include_str!("../migrations/postgres/0004_console.sql")),
    (5, "people", include_str!("../migrations/postgres/0005_people.sql")),
    (6, "drill", include_str!("../migrations/postgres/0006_drill.sql")),
    (7, "evaluation", include_str!("../migrations/postgres/0007_evaluation.sql")),
    (8, "approval", include_str!("../migrations/postgres/0008_approval.sql")),
    (9, "notice", include_str!("../migrations/postgres/0009_notice.sql")),
    (10, "shadow", include_str!("../migrations/postgres/0010_shadow.sql")),
];

impl Store {
    /// Opens the store at a path, making it (readable by its owner only) where there is none.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let opened = |source| Error::Open { path: path.to_owned(), source };
        sqlite::create_private(path).map_err(|e| opened(sqlx::Error::Io(e)))?;
        let options = sqlite::url(path).parse::<AnyConnectOptions>().map_err(opened)?;
        let pool = AnyPoolOptions::new()
            .max_connections(4)
            .after_connect(|conn, _| Box::pin(async move { conn.execute(sqlite::PRAGMAS).await.map(drop) }))
            .connect_with(options)
            .await
            .map_err(opened)?;
        let store = Self { pool, shared: false, scrub_mark: Some(sqlite::scrub_mark(path)), prepared: Arc::default() };
        store.prepare().await?;
        Ok(store)
    }

    /// Connects to a shared database and brings it to this version.
    ///
    /// # Errors
    /// It cannot be reached within some seconds, or its tables are of a later version.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, Error> {
        let store = Self::lazily(url);
        store.prepare().await?;
        Ok(store)
    }

    /// A handle to a shared database that nobody has talked to yet; `prepare` does.
    pub fn lazily(url: &DatabaseUrl) -> Self {
        sqlx::any::install_default_drivers();
        let pool = AnyPoolOptions::new()
            .max_connections(SHARED_CONNECTIONS)
            .acquire_timeout(CONNECT_WAIT)
            .connect_lazy_with(url.with_bounds(STATEMENT_MS_MAX).disable_statement_logging());
        Self { pool, shared: true, scrub_mark: None, prepared: Arc::default() }
    }

    /// Whether other machines may use the same store: it is in PostgreSQL.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Brings the tables to this version, once.
    pub async fn prepare(&self) -> Result<(), Error> {
        if !self.prepared.load(Ordering::Acquire) {
            drop(self.pool.acquire().await.map_err(Error::Unreachable)?);
            migrator(if self.shared { &POSTGRES } else { &SQLITE }).run(&self.pool).await?;
            self.prepared.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Counts changes of keys, secrets and suspensions; a process that sees it move reads `live` again.
    pub async fn generation(&self) -> Result<u64, Error> {
        let row = sqlx::query("SELECT value FROM generation").fetch_one(&self.pool).await?;
        Ok(u64::try_from(row.get::<i64, _>(0)).unwrap_or(0))
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction; in SQLite one that takes the write lock at once, so that a reader never has to upgrade.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(if self.shared { self.pool.begin().await? } else { self.pool.begin_with("BEGIN IMMEDIATE").await? })
    }
}

/// The longest record of a change, in bytes: the ledger takes four times as much, whoever says how much.
const CHANGE_BYTES_MAX: usize = 16 << 10;

/// Ends a change: counts it, leaves its record in the outbox, commits.
pub(crate) async fn finish(mut tx: Transaction<'static, Any>, change: Said<'_>) -> Result<(), Error> {
    let conn: &mut AnyConnection = &mut tx;
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
    let body = record.to_bytes();
    if body.len() > CHANGE_BYTES_MAX {
        return Err(Error::TooMuchSaid(body.len()));
    }
    sqlx::query("INSERT INTO outbox (id, body) VALUES ($1, $2)")
        .bind(id)
        .bind(String::from_utf8_lossy(&body).into_owned())
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

/// Databases keep milliseconds as a signed number.
pub(crate) fn to_row(at: UnixMs) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

pub(crate) fn from_row(ms: i64) -> UnixMs {
    UnixMs(u64::try_from(ms).unwrap_or(0))
}

fn migrator(migrations: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations: Vec<Migration> = migrations
        .iter()
        .map(|(version, name, sql)| {
            let sql = sqlx::SqlStr::from_static(sql);
            Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
        })
        .collect();
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}
