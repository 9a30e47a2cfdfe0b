//! Suspensions: an app, a provider or a deployment put out of use, at once and until resumed.

use std::fmt;

use realm::UnixMs;
use serde::Serialize;
use sqlx::Row;

use crate::db::{Said, finish, from_row, to_row};
use crate::{Error, Store};

/// What can be suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Suspendable {
    /// An app: its requests are refused.
    App,
    /// A provider: nothing is sent to any of its deployments.
    Provider,
    /// A deployment: nothing is sent to it.
    Deployment,
}

impl Suspendable {
    /// The word on the command line and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Provider => "provider",
            Self::Deployment => "deployment",
        }
    }
}

impl fmt::Display for Suspendable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One suspension in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspension {
    /// What kind of thing.
    pub kind: Suspendable,
    /// Which one.
    pub id: String,
    /// Since when.
    pub since: UnixMs,
    /// By whom.
    pub by: String,
}

impl Store {
    /// Suspends. Suspending twice keeps the first and is no error; tells whether it was new.
    pub async fn suspend(&self, kind: Suspendable, id: &str, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "INSERT INTO suspension (kind, id, since_ms, by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(kind.as_str())
        .bind(id)
        .bind(to_row(now))
        .bind(by)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, Said { at: now, what: "suspend", subject: format!("{kind}:{id}"), by, note: None }).await?;
        Ok(true)
    }

    /// Ends a suspension. Ending none changes nothing and is no error; tells whether there was one.
    pub async fn resume(&self, kind: Suspendable, id: &str, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query("DELETE FROM suspension WHERE kind = $1 AND id = $2")
            .bind(kind.as_str())
            .bind(id)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, Said { at: now, what: "resume", subject: format!("{kind}:{id}"), by, note: None }).await?;
        Ok(true)
    }

    /// What is suspended, by kind and id.
    pub async fn suspensions(&self) -> Result<Vec<Suspension>, Error> {
        let rows = sqlx::query("SELECT kind, id, since_ms, by FROM suspension ORDER BY kind, id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let kind = match row.get::<String, _>("kind").as_str() {
                    "app" => Suspendable::App,
                    "provider" => Suspendable::Provider,
                    "deployment" => Suspendable::Deployment,
                    other => return Err(Error::Corrupt { what: "suspension", why: format!("kind `{other}`") }),
                };
                Ok(Suspension { kind, id: row.get("id"), since: from_row(row.get("since_ms")), by: row.get("by") })
            })
            .collect()
    }
}
