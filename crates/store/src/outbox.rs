//! Changes made beside a running server, waiting for it to append them to the ledger.
//!
//! Where several servers share the store, one takes a change and writes it into its own ledger. It takes it over from one
//! that had taken it and fell silent, which may in the meantime have written it: the change's id then tells that the
//! two records are one.

use realm::UnixMs;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::to_row;
use crate::{Error, Store};

/// How long a server that took a change is left alone with it.
const TAKEN_MS: u64 = 60_000;

/// A ledger record that the ledger does not hold yet, or holds without the store knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The change's own id, also inside the record: whoever appends skips one that the ledger already has.
    pub id: String,
    /// The record as the ledger keeps it.
    pub body: Vec<u8>,
}

impl Store {
    /// The oldest pending changes, at most `limit`, whoever took them.
    pub async fn pending(&self, limit: u32) -> Result<Vec<Pending>, Error> {
        let rows = sqlx::query("SELECT id, body FROM outbox ORDER BY seq LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(read).collect())
    }

    /// Takes the oldest pending changes, at most `limit`, for a log: those that nobody took, its own, and those of
    /// servers that fell silent.
    pub async fn take_pending(&self, log: &str, now: UnixMs, limit: u32) -> Result<Vec<Pending>, Error> {
        const FREE: &str = "SELECT id, body FROM outbox WHERE taken_by IS NULL OR taken_by = $1 OR taken_ms < $2 \
                            ORDER BY seq LIMIT $3";
        const TAKE: &str = "UPDATE outbox SET taken_by = $1, taken_ms = $2 WHERE id = $3 \
                            AND (taken_by IS NULL OR taken_by = $1 OR taken_ms < $4)";
        let silent = to_row(UnixMs(now.0.saturating_sub(TAKEN_MS)));
        // Looked at several times a second: the write lock is taken only where there is something.
        let free = sqlx::query(FREE).bind(log).bind(silent).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        if free.is_empty() {
            return Ok(Vec::new());
        }
        let mut taken = Vec::with_capacity(free.len());
        let mut tx = self.write().await?;
        for row in &free {
            let pending = read(row);
            let take = sqlx::query(TAKE).bind(log).bind(to_row(now)).bind(&pending.id).bind(silent);
            if take.execute(&mut *tx).await?.rows_affected() == 1 {
                taken.push(pending);
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// Forgets a change that the ledger now holds.
    pub async fn settle(&self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id).execute(&self.pool).await?;
        Ok(())
    }
}

fn read(row: &AnyRow) -> Pending {
    Pending { id: row.get("id"), body: row.get::<String, _>("body").into_bytes() }
}
