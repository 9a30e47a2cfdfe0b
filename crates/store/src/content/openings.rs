//! Wishes to have an item opened, and each step of them: every one leaves a record in the same transaction.

use realm::UnixMs;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Opening;
use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::{Error, Store};

/// By what those who sign a step were known, for its record: without it nobody could tell later whose key it was that
/// went by a name.
#[derive(Debug, Clone, Copy)]
pub struct KnownBy<'a> {
    /// The short id of the realm that named them.
    pub realm: &'a str,
    /// The public keys that signed, as the realm writes them.
    pub keys: &'a [&'a str],
}

impl Opening {
    /// A wish that nobody has signed yet.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new(
        req: &str,
        (app, organisation): (&str, &str),
        reason: &str,
        by: &str,
        now: UnixMs,
    ) -> Result<Self, Error> {
        Ok(Self {
            id: format!("o{}", random_hex::<5>()?),
            req: req.to_owned(),
            app: app.to_owned(),
            organisation: organisation.to_owned(),
            reason: reason.to_owned(),
            asked_by: by.to_owned(),
            asked: now,
            asked_signature: Vec::new(),
            agreed: None,
            opened: None,
        })
    }

    fn of(row: &AnyRow) -> Self {
        let agreed: Option<String> = row.get("agreed_by");
        Self {
            id: row.get("id"),
            req: row.get("req"),
            app: row.get("app"),
            organisation: row.get("organisation"),
            reason: row.get("reason"),
            asked_by: row.get("asked_by"),
            asked: from_row(row.get("asked_ms")),
            asked_signature: row.get("asked_signature"),
            agreed: agreed.zip(row.get("agreed_signature")),
            opened: row.get::<Option<i64>, _>("opened_ms").map(from_row),
        }
    }

    /// What a record of a step says: which item, and why; never what it holds.
    fn said<'a>(
        &self,
        what: &'static str,
        note: &str,
        known_by: KnownBy<'_>,
        (by, now): (&'a str, UnixMs),
    ) -> Said<'a> {
        let Self { id, app, organisation, .. } = self;
        let KnownBy { realm, keys } = known_by;
        let (subject, keys) = (format!("content:{}", self.req), keys.join(" and "));
        let note = format!(
            "opening {id} of app {app}, organisation {organisation}, signed by {keys} of realm {realm}: {note}"
        );
        Said { at: now, what, subject, by, note: Some(note) }
    }
}

impl Store {
    /// Takes a signed wish in.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn ask_opening(&self, opening: &Opening, known_by: KnownBy<'_>) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO content_opening (id, req, app, organisation, reason, asked_by, asked_ms, asked_signature) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&opening.id)
        .bind(&opening.req)
        .bind(&opening.app)
        .bind(&opening.organisation)
        .bind(&opening.reason)
        .bind(&opening.asked_by)
        .bind(to_row(opening.asked))
        .bind(&opening.asked_signature)
        .execute(&mut *tx)
        .await?;
        let by = (&*opening.asked_by, opening.asked);
        let said = opening.said("content.request", &opening.reason, known_by, by);
        finish(tx, said).await
    }

    /// Takes a second person's signature in; false where somebody has agreed before.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn agree_opening(
        &self,
        opening: &Opening,
        (by, signature): (&str, &[u8]),
        known_by: KnownBy<'_>,
        now: UnixMs,
    ) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "UPDATE content_opening SET agreed_by = $1, agreed_ms = $2, agreed_signature = $3 \
             WHERE id = $4 AND agreed_by IS NULL",
        )
        .bind(by)
        .bind(to_row(now))
        .bind(signature)
        .bind(&opening.id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let note = format!("asked by {}: {}", opening.asked_by, opening.reason);
        finish(tx, opening.said("content.approve", &note, known_by, (by, now))).await?;
        Ok(true)
    }

    /// Notes that an item is being opened, before it is.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn note_opened(
        &self,
        opening: &Opening,
        known_by: KnownBy<'_>,
        (by, now): (&str, UnixMs),
    ) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE content_opening SET opened_ms = $1 WHERE id = $2")
            .bind(to_row(now))
            .bind(&opening.id)
            .execute(&mut *tx)
            .await?;
        let agreed = opening.agreed.as_ref().map_or("nobody", |(name, _)| name);
        let note = format!("asked by {}, approved by {agreed}: {}", opening.asked_by, opening.reason);
        finish(tx, opening.said("content.open", &note, known_by, (by, now))).await
    }

    /// Every wish, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn openings(&self) -> Result<Vec<Opening>, Error> {
        let rows =
            sqlx::query("SELECT * FROM content_opening ORDER BY asked_ms DESC, id").fetch_all(&self.pool).await?;
        Ok(rows.iter().map(Opening::of).collect())
    }
}
