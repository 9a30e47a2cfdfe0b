//! The steps of a drill in the store, each with its record.

use realm::UnixMs;
use sqlx::{Any, Row, Transaction};

use super::{Drill, Ended, Step};
use crate::db::{Said, finish, to_row};
use crate::{Error, Store};

/// How long a proposal can be approved.
pub const PROPOSAL_LASTS_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// What came of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// It is in the store: the drill ends then, whoever comes or not.
    Until(UnixMs),
    /// Somebody has approved it before, or it has ended.
    Before,
    /// It was proposed too long ago.
    TooOld,
    /// Another drill is on: this one.
    Another(String),
}

impl Drill {
    /// What a record of a step says.
    fn said<'a>(&self, what: &'static str, words: &str, (by, at): (&'a str, UnixMs)) -> Said<'a> {
        Said { at, what, subject: self.subject(), by, note: Some(self.note(words)) }
    }

    /// What records of its steps are about.
    pub fn subject(&self) -> String {
        format!("drill:{}", self.id)
    }

    /// The note of a record of a step: the order, then words of that step.
    pub fn note(&self, words: &str) -> String {
        let Self { sha256, mode, percent, minutes, realm, proposed, .. } = self;
        let (mode, by) = (mode.as_str(), &proposed.by);
        format!(
            "scenario {sha256}, mode {mode} {percent} %, {minutes} minutes, realm {realm}, proposed by {by}: {words}"
        )
    }

    /// When it ends by itself, if it is approved at a moment.
    pub fn ends(&self, approved: UnixMs) -> UnixMs {
        UnixMs(approved.0.saturating_add(u64::from(self.minutes) * MINUTE_MS))
    }
}

impl Store {
    /// Takes a signed proposal in.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn propose_drill(&self, drill: &Drill) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO drill (id, title, scenario, sha256, cuts, mode, percent, minutes, reason, realm, \
             proposed_by, proposed_ms, proposed_signature) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(&drill.id)
        .bind(&drill.title)
        .bind(&drill.scenario)
        .bind(&drill.sha256)
        .bind(&drill.cuts)
        .bind(drill.mode.as_str())
        .bind(i64::from(drill.percent))
        .bind(i64::from(drill.minutes))
        .bind(&drill.reason)
        .bind(&drill.realm)
        .bind(&drill.proposed.by)
        .bind(to_row(drill.proposed.at))
        .bind(&drill.proposed.signature)
        .execute(&mut *tx)
        .await?;
        let by = (&*drill.proposed.by, drill.proposed.at);
        finish(tx, drill.said("drill.propose", &drill.reason, by)).await
    }

    /// Takes a second person's signature in, and with it the drill begins: one at a time.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn approve_drill(&self, drill: &Drill, step: &Step) -> Result<Approval, Error> {
        if step.at.since(drill.proposed.at) > PROPOSAL_LASTS_MS {
            return Ok(Approval::TooOld);
        }
        let until = drill.ends(step.at);
        let mut tx = self.write().await?;
        if let Some(other) = another(&mut tx, drill, step.at).await? {
            return Ok(Approval::Another(other));
        }
        let done = sqlx::query(
            "UPDATE drill SET approved_by = $1, approved_ms = $2, approved_signature = $3, until_ms = $4 \
             WHERE id = $5 AND approved_ms IS NULL AND ended_ms IS NULL",
        )
        .bind(&step.by)
        .bind(to_row(step.at))
        .bind(&step.signature)
        .bind(to_row(until))
        .bind(&drill.id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(Approval::Before);
        }
        finish(tx, drill.said("drill.approve", &drill.reason, (&step.by, step.at))).await?;
        Ok(Approval::Until(until))
    }

    /// Notes that a server has a drill in force; false where another was earlier.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn start_drill(&self, drill: &Drill, log: &str, at: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query("UPDATE drill SET started_ms = $1 WHERE id = $2 AND started_ms IS NULL")
            .bind(to_row(at))
            .bind(&drill.id)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, drill.said("drill.start", &format!("in force by log {log}"), ("serve", at))).await?;
        Ok(true)
    }

    /// Ends a drill, or takes a proposal back; false where it had ended before.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn end_drill(&self, drill: &Drill, end: &Ended) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "UPDATE drill SET ended_ms = $1, ended_how = $2, ended_by = $3, ended_why = $4 \
             WHERE id = $5 AND ended_ms IS NULL",
        )
        .bind(to_row(end.at))
        .bind(end.how.as_str())
        .bind(&end.by)
        .bind(&end.why)
        .bind(&drill.id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, drill.said(end.how.record(), &end.why, (&end.by, end.at))).await?;
        Ok(true)
    }
}

/// Another drill that is on. Two approvals at once wait for each other here, and the second sees the first.
async fn another(tx: &mut Transaction<'static, Any>, drill: &Drill, at: UnixMs) -> Result<Option<String>, Error> {
    sqlx::query("UPDATE generation SET value = value").execute(&mut **tx).await?;
    let other = sqlx::query(
        "SELECT id FROM drill WHERE approved_ms IS NOT NULL AND ended_ms IS NULL AND until_ms > $1 AND id <> $2",
    );
    let row = other.bind(to_row(at)).bind(&drill.id).fetch_optional(&mut **tx).await?;
    Ok(row.map(|row| row.get("id")))
}
