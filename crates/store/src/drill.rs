//! Live drills: proposed by one person, approved by another, in force until a moment that stands in them, and each step
//! of them a record in the same transaction.

mod grants;
mod rows;
mod signed;
mod steps;

use realm::UnixMs;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{from_row, random_hex};
use crate::{Error, Store};

pub use signed::{Says, Unapproved, approved, proposed, sign};
pub use steps::{Approval, PROPOSAL_LASTS_MS};

/// A live drill, from its proposal to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// Its id.
    pub id: String,
    /// The scenario's title.
    pub title: String,
    /// The scenario's file as it was read.
    pub scenario: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it takes away, names settled: JSON.
    pub cuts: String,
    /// Of all requests, or of some.
    pub mode: Mode,
    /// Of how many in a hundred; 100 in full. In shadow, the sample.
    pub percent: u8,
    /// For how many minutes.
    pub minutes: u32,
    /// Why.
    pub reason: String,
    /// The snapshot in force when it was proposed.
    pub realm: String,
    /// Who proposes it.
    pub proposed: Step,
    /// Who approves it.
    pub approved: Option<Step>,
    /// When it ends by itself; from its approval on.
    pub until: Option<UnixMs>,
    /// When the first server had it in force.
    pub started: Option<UnixMs>,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// Drills as they stand in the store: believed by nobody yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Those that can be read.
    pub drills: Vec<Drill>,
    /// Ids of the others, each with what is wrong.
    pub unreadable: Vec<(String, String)>,
}

/// Whether everything is taken away, or from a part of the requests, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// From every request.
    Full,
    /// From so many of a hundred.
    Canary,
    /// From none: the fallback of so many of a hundred is asked too, and both answers are compared.
    Shadow,
}

/// What somebody signed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who.
    pub by: String,
    /// When.
    pub at: UnixMs,
    /// Their signature, in hexadecimal.
    pub signature: String,
}

/// How a drill ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: UnixMs,
    /// In which way.
    pub how: How,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// In which way a drill ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Its time was over.
    Over,
    /// Somebody ended it, or took the proposal back.
    Aborted,
    /// A guardrail of its scenario was broken.
    Guardrail,
}

/// What one server counted of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillReport {
    /// The log of the server.
    pub log: String,
    /// When it said so.
    pub at: UnixMs,
    /// JSON, in a form that those who write and read it know.
    pub body: String,
}

impl Mode {
    /// The word on the command line and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Canary => "canary",
            Self::Shadow => "shadow",
        }
    }
}

impl How {
    /// The word in the store and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Aborted => "aborted",
            Self::Guardrail => "guardrail",
        }
    }

    /// The kind of the record that tells it.
    pub fn record(self) -> &'static str {
        match self {
            Self::Over => "drill.end",
            Self::Aborted | Self::Guardrail => "drill.abort",
        }
    }
}

impl Drill {
    /// A new id.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new_id() -> Result<String, Error> {
        Ok(format!("d{}", random_hex::<5>()?))
    }

    /// Whether it is in force at a moment: approved, not ended, its time not over.
    pub fn holds(&self, now: UnixMs) -> bool {
        self.ended.is_none() && self.until.is_some_and(|until| now < until)
    }
}

impl Store {
    /// Every drill, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn drills(&self) -> Result<Kept, Error> {
        let rows = sqlx::query("SELECT * FROM drill ORDER BY proposed_ms DESC, id").fetch_all(&self.pool).await?;
        Ok(Kept::of(&rows))
    }

    /// Every drill that the store calls approved and that nobody has ended, the last approved first; its time may be
    /// over. Whether it was approved is for its signatures to say: none of them hides another.
    pub(crate) async fn open_drills(&self) -> Result<Kept, Error> {
        let rows = sqlx::query(
            "SELECT * FROM drill WHERE approved_ms IS NOT NULL AND ended_ms IS NULL ORDER BY approved_ms DESC, id",
        );
        Ok(Kept::of(&rows.fetch_all(&self.pool).await?))
    }

    /// Keeps what a server counted of a drill, over what it said before.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub async fn report_drill(&self, id: &str, report: &DrillReport) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO drill_report (drill, log, at_ms, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (drill, log) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body",
        )
        .bind(id)
        .bind(&report.log)
        .bind(crate::db::to_row(report.at))
        .bind(&report.body)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// What servers counted of a drill, by log.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn drill_reports(&self, id: &str) -> Result<Vec<DrillReport>, Error> {
        let rows = sqlx::query("SELECT log, at_ms, body FROM drill_report WHERE drill = $1 ORDER BY log").bind(id);
        let rows = rows.fetch_all(&self.pool).await?;
        let one =
            |row: &AnyRow| DrillReport { log: row.get("log"), at: from_row(row.get("at_ms")), body: row.get("body") };
        Ok(rows.iter().map(one).collect())
    }
}
