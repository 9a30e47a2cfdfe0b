//! What servers may spend of a drill's budget: each asks for a slice, and all slices together are never more than it.

use realm::Nano;
use realm::record::Estimate;
use sqlx::Row;

use crate::{Error, Store};

impl Store {
    /// Grants a server a slice of a drill's budget, or what is left of it; nothing once all is granted. What a server was
    /// granted and did not spend before it ended is spent.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn grant_drill(
        &self,
        (drill, log): (&str, &str),
        slice: Estimate,
        budget: Estimate,
    ) -> Result<Estimate, Error> {
        let mut tx = self.write().await?;
        // Two that ask at once wait for each other here, and the second sees what the first was granted.
        sqlx::query("UPDATE generation SET value = value").execute(&mut *tx).await?;
        let rows = sqlx::query("SELECT tokens, cost_nano FROM drill_grant WHERE drill = $1").bind(drill);
        let (mut tokens, mut cost) = (0u64, 0i64);
        for row in rows.fetch_all(&mut *tx).await? {
            tokens = tokens.saturating_add(u64::try_from(row.get::<i64, _>("tokens")).unwrap_or(u64::MAX));
            cost = cost.saturating_add(row.get::<i64, _>("cost_nano"));
        }
        let granted = Estimate {
            tokens: slice.tokens.min(budget.tokens.saturating_sub(tokens)),
            cost_nano: Nano(slice.cost_nano.0.min(budget.cost_nano.0.saturating_sub(cost)).max(0)),
        };
        if granted == Estimate::default() {
            return Ok(granted);
        }
        sqlx::query(
            "INSERT INTO drill_grant (drill, log, tokens, cost_nano) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (drill, log) DO UPDATE SET tokens = drill_grant.tokens + excluded.tokens, \
             cost_nano = drill_grant.cost_nano + excluded.cost_nano",
        )
        .bind(drill)
        .bind(log)
        .bind(i64::try_from(granted.tokens).unwrap_or(i64::MAX))
        .bind(granted.cost_nano.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(granted)
    }
}
