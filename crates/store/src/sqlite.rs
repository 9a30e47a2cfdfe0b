//! What only SQLite has: a file, and words of its own.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::{Error, Store};

/// What every connection is told. What is destroyed is overwritten, not only forgotten.
pub(crate) const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                                  PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;";

/// What might mean something in a URL, a path's separators left alone.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// How often the log of writes is emptied until nobody holds it; each try waits as long as any statement does.
const SCRUB_TRIES: u32 = 3;

impl Store {
    /// Writes a consistent copy to a new file, also while others use the store. A shared one is copied by its own
    /// tools.
    pub async fn copy_to(&self, path: &Path) -> Result<(), Error> {
        create_private(path).map_err(|e| Error::Open { path: path.to_owned(), source: sqlx::Error::Io(e) })?;
        let target = path.to_string_lossy().into_owned();
        sqlx::query("VACUUM INTO $1").bind(target).execute(&self.pool).await?;
        Ok(())
    }

    /// Leaves nothing of what was destroyed in the files: rewrites the database, then empties the log of writes, which
    /// waits for whoever reads at this moment. In PostgreSQL the tables are rewritten; its log of writes is the
    /// database's own to keep or drop.
    pub(crate) async fn scrub(&self) -> Result<(), Error> {
        use sqlx::Row;
        if self.shared {
            sqlx::query("VACUUM FULL record_secret").execute(&self.pool).await?;
            sqlx::query("VACUUM FULL content_key").execute(&self.pool).await?;
            return Ok(());
        }
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

/// A path as the driver takes it: every byte that might mean something in a URL is written by its number.
pub(crate) fn url(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    format!("sqlite://{}", percent_encode(path.as_os_str().as_bytes(), RESERVED))
}

/// SQLite makes its files with the process's umask; the store holds record secrets.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path).map(drop)
}
