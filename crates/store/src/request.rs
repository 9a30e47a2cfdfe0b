//! What a person asks of the running server because only it may do it: the ledger has one writer.
//!
//! Asked in one process, taken and answered in another. Nobody waits longer than `REQUEST_WAIT_MS`, so nothing older
//! is ever taken: a server that starts later does not do what its owner has given up on.

use realm::UnixMs;
use sqlx::Row;

use crate::db::{Said, finish, random_hex, to_row};
use crate::{Error, Store};

/// How long whoever asked waits.
pub const REQUEST_WAIT_MS: u64 = 60_000;
/// How long an answer is kept.
const KEPT_MS: u64 = 86_400_000;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// A word that both sides know.
    pub what: String,
    /// What goes with it, in a form that both sides know.
    pub argument: String,
    /// By whom.
    pub by: String,
}

/// What came of it: the result, or why not.
pub type Answer = Result<String, String>;

/// How a change made on request is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The kind of change.
    pub what: &'static str,
    /// What it concerns.
    pub subject: String,
    /// In words.
    pub note: Option<String>,
}

impl Store {
    /// Asks a running server, the one that writes a log or whichever there is; the id to wait for.
    pub async fn ask(
        &self,
        of: Option<&str>,
        (what, argument): (&str, &str),
        by: &str,
        now: UnixMs,
    ) -> Result<String, Error> {
        let id = random_hex::<8>()?;
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM request WHERE asked_ms < $1").bind(earlier(now, KEPT_MS)).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO request (id, what, argument, by, target, asked_ms) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&id)
            .bind(what)
            .bind(argument)
            .bind(by)
            .bind(of.map(str::to_owned))
            .bind(to_row(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes the oldest request that somebody still waits for, of those to whoever writes this log.
    pub async fn take_request(&self, log: &str, now: UnixMs) -> Result<Option<Request>, Error> {
        const NEXT: &str = "SELECT id, what, argument, by FROM request WHERE taken_ms IS NULL AND asked_ms >= $1 \
                            AND (target IS NULL OR target = $2) ORDER BY asked_ms, id LIMIT 1";
        // Looked at several times a second: the write lock is taken only where there is something.
        let since = earlier(now, REQUEST_WAIT_MS);
        if sqlx::query(NEXT).bind(since).bind(log).fetch_optional(&self.pool).await?.is_none() {
            return Ok(None);
        }
        let mut tx = self.write().await?;
        let Some(row) = sqlx::query(NEXT).bind(since).bind(log).fetch_optional(&mut *tx).await? else {
            return Ok(None);
        };
        let request =
            Request { id: row.get("id"), what: row.get("what"), argument: row.get("argument"), by: row.get("by") };
        let taken = sqlx::query("UPDATE request SET taken_ms = $1 WHERE id = $2 AND taken_ms IS NULL")
            .bind(to_row(now))
            .bind(&request.id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        // Another server may have been quicker.
        Ok((taken.rows_affected() == 1).then_some(request))
    }

    /// Answers, and leaves a record of what was done in the outbox: one transaction.
    pub async fn answer(
        &self,
        request: &Request,
        answer: &Answer,
        made: Option<Made>,
        now: UnixMs,
    ) -> Result<(), Error> {
        let (done, text) = match answer {
            Ok(text) => (1i64, text),
            Err(text) => (0, text),
        };
        let mut tx = self.write().await?;
        sqlx::query("UPDATE request SET done = $1, answer = $2 WHERE id = $3")
            .bind(done)
            .bind(text)
            .bind(&request.id)
            .execute(&mut *tx)
            .await?;
        match made {
            Some(made) => finish(tx, made.said(&request.by, now)).await,
            None => Ok(tx.commit().await?),
        }
    }

    /// The answer, once there is one.
    pub async fn answer_of(&self, id: &str) -> Result<Option<Answer>, Error> {
        let row = sqlx::query("SELECT done, answer FROM request WHERE id = $1 AND done IS NOT NULL")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| {
            let text = row.get::<Option<String>, _>("answer").unwrap_or_default();
            if row.get::<i64, _>("done") == 1 { Ok(text) } else { Err(text) }
        }))
    }

    /// Takes a request back; tells whether that was still possible.
    pub async fn withdraw(&self, id: &str) -> Result<bool, Error> {
        let gone =
            sqlx::query("DELETE FROM request WHERE id = $1 AND taken_ms IS NULL").bind(id).execute(&self.pool).await?;
        Ok(gone.rows_affected() == 1)
    }

    /// Leaves a record of a change that a command made by itself, beside the store.
    pub async fn record_made(&self, made: Made, by: &str, now: UnixMs) -> Result<(), Error> {
        let tx = self.write().await?;
        finish(tx, made.said(by, now)).await
    }
}

impl Made {
    fn said(self, by: &str, now: UnixMs) -> Said<'_> {
        Said { at: now, what: self.what, subject: self.subject, by, note: self.note }
    }
}

fn earlier(now: UnixMs, by_ms: u64) -> i64 {
    to_row(UnixMs(now.0.saturating_sub(by_ms)))
}
