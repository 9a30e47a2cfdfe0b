//! Changes made beside a running server, waiting for it to append them to the ledger.

use sqlx::Row;

use crate::{Error, Store};

/// A ledger record that the ledger does not hold yet, or holds without the store knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The change's own id, also inside the record: whoever appends skips one that the ledger already has.
    pub id: String,
    /// The record as the ledger keeps it.
    pub body: Vec<u8>,
}

impl Store {
    /// The oldest pending changes, at most `limit`.
    pub async fn pending(&self, limit: u32) -> Result<Vec<Pending>, Error> {
        let rows = sqlx::query("SELECT id, body FROM outbox ORDER BY seq LIMIT ?")
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(|r| Pending { id: r.get("id"), body: r.get::<String, _>("body").into_bytes() }).collect())
    }

    /// Forgets a change that the ledger now holds.
    pub async fn settle(&self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM outbox WHERE id = ?").bind(id).execute(&self.pool).await?;
        Ok(())
    }
}
