use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database file cannot be opened.
    #[error("cannot open the store {path}: {source}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// The address of a shared database cannot be used. What was read is not repeated: it may hold a password.
    #[error("the database URL cannot be used: {0}; expected postgres://user:password@host:5432/name")]
    Url(&'static str),
    /// A shared database gives no connection.
    #[error("cannot reach the database: {0}")]
    Unreachable(sqlx::Error),
    /// The tables cannot be brought to this version.
    #[error("cannot bring the store to this version: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the store failed: {0}")]
    Query(#[from] sqlx::Error),
    /// No such key.
    #[error("no key `{0}`: `freehold key ls` lists them")]
    NoSuchKey(String),
    /// The system's source of randomness failed.
    #[error("the system gave no randomness: {0}")]
    Random(getrandom::Error),
    /// A change whose record no ledger would take.
    #[error("the change says {0} bytes, and its record has room for 16384: say it shorter")]
    TooMuchSaid(usize),
    /// Content that cannot be sealed.
    #[error("content cannot be sealed: {0}")]
    Content(#[from] crate::content::Unsealed),
    /// Somebody read the database all the time.
    #[error(
        "the secret is destroyed, but an old copy may still lie in store.db-wal, which somebody reads all the time: stop \
         whoever has the store open, and the file is emptied"
    )]
    NotScrubbed,
    /// Another process speaks for the same log: its data directory was copied.
    #[error(
        "another server took over the log {0}: a data directory may be served once; a copy of one needs a restore, \
         which begins a log of its own"
    )]
    Superseded(String),
    /// A row that this version did not write.
    #[error("the store holds a {what} that cannot be read: {why}")]
    Corrupt {
        /// What kind of row.
        what: &'static str,
        /// Why it cannot be read.
        why: String,
    },
}
