//! What only SQLite has: a file, and words of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sqlx::{AnyConnection, Connection, Row};

use crate::{Error, Store};

/// What every connection is told. What is destroyed is overwritten, not only forgotten.
pub(crate) const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                                  PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;";

/// What might mean something in a URL, a path's separators left alone.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// How long a scrub waits for whoever reads.
const SCRUB_WAIT_MS: u32 = 5_000;
/// How long a scrub that is tried again anyway waits.
const GLANCE_MS: u32 = 100;

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
    /// waits some seconds for whoever reads at this moment. In PostgreSQL the tables are rewritten; its log of writes is
    /// the database's own to keep or drop.
    ///
    /// # Errors
    /// [`Error::NotScrubbed`] if somebody reads all the while: [`scrub_due`](Self::scrub_due) goes on with it.
    pub async fn scrub(&self) -> Result<(), Error> {
        if self.shared {
            sqlx::query("VACUUM FULL record_secret").execute(&self.pool).await?;
            sqlx::query("VACUUM FULL content_key").execute(&self.pool).await?;
            return Ok(());
        }
        sqlx::query("VACUUM").execute(&self.pool).await?;
        let mut own = self.waiting_ms(SCRUB_WAIT_MS).await?;
        let done = emptied(&mut own).await;
        own.close().await?;
        if done? {
            return self.scrubbed();
        }
        // Somebody else may have taken the mark away for what they had scrubbed before.
        self.owe_scrub()?;
        Err(Error::NotScrubbed)
    }

    /// The same for what was left over by a crash or by somebody who was reading, without waiting for anybody; false
    /// where it is still to be done.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub async fn scrub_due(&self) -> Result<bool, Error> {
        if !self.scrub_mark.as_deref().is_some_and(Path::exists) {
            return Ok(true);
        }
        let mut own = self.waiting_ms(GLANCE_MS).await?;
        let done = async {
            // Rewritten while somebody reads, it would only make the log of writes longer, each time.
            if !emptied(&mut own).await? {
                return Ok(false);
            }
            sqlx::query("VACUUM").execute(&mut own).await?;
            emptied(&mut own).await
        };
        let done: Result<bool, Error> = done.await;
        own.close().await?;
        if done? { self.scrubbed().map(|()| true) } else { Ok(false) }
    }

    /// Notes that something is about to be destroyed, so that a crash before it is scrubbed is made up for.
    pub(crate) fn owe_scrub(&self) -> Result<(), Error> {
        let Some(mark) = &self.scrub_mark else { return Ok(()) };
        create_private(mark).map_err(|e| Error::Open { path: mark.to_path_buf(), source: sqlx::Error::Io(e) })
    }

    fn scrubbed(&self) -> Result<(), Error> {
        let Some(mark) = &self.scrub_mark else { return Ok(()) };
        match std::fs::remove_file(mark) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Open { path: mark.to_path_buf(), source: sqlx::Error::Io(e) })
            }
            _ => Ok(()),
        }
    }

    /// A connection out of the pool that waits for others only so long.
    async fn waiting_ms(&self, wait_ms: u32) -> Result<AnyConnection, Error> {
        let mut own = self.pool.acquire().await?.detach();
        let told = format!("PRAGMA busy_timeout = {wait_ms}");
        sqlx::query(sqlx::AssertSqlSafe(told)).execute(&mut own).await?;
        Ok(own)
    }
}

/// Empties the log of writes; false where somebody reads from it.
async fn emptied(conn: &mut AnyConnection) -> Result<bool, Error> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(conn).await?;
    Ok(row.get::<i64, _>(0) == 0)
}

/// Where it is noted that a store's files are to be scrubbed.
pub(crate) fn scrub_mark(path: &Path) -> Arc<Path> {
    let mut name = path.as_os_str().to_owned();
    name.push("-unscrubbed");
    PathBuf::from(name).into()
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
