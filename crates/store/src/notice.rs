//! Notices that rules have somebody give: what was told until when, by whom, with what to show it. Saying so, and taking it
//! back, are records in the same transaction.

use realm::{AppId, UnixMs};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::{Error, Store};

/// What is shown of an app.
const SHOWN_MAX: i64 = 500;

/// Somebody told whom a rule has told, of an app's requests until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Whose requests.
    pub app: String,
    /// Until when; that moment included.
    pub through: UnixMs,
    /// When it was said.
    pub at: UnixMs,
    /// By whom.
    pub by: String,
    /// What shows it.
    pub reference: String,
    /// When and by whom it was taken back.
    pub undone: Option<(UnixMs, String)>,
}

impl Told {
    fn of(row: &AnyRow) -> Self {
        let undone = row.get::<Option<i64>, _>("undone_ms").zip(row.get::<Option<String>, _>("undone_by"));
        Self {
            id: row.get("id"),
            rule: row.get("rule"),
            app: row.get("app"),
            through: from_row(row.get("through_ms")),
            at: from_row(row.get("at_ms")),
            by: row.get("by"),
            reference: row.get("reference"),
            undone: undone.map(|(at, by)| (from_row(at), by)),
        }
    }

    fn said<'a>(&self, what: &'static str, (by, at): (&'a str, UnixMs)) -> Said<'a> {
        let Self { id, app, rule, through, reference, .. } = self;
        let note = format!("app {app}, rule {rule}, requests until {through}: {reference}");
        Said { at, what, subject: format!("notice:{id}"), by, note: Some(note) }
    }
}

impl Store {
    /// Says that somebody told of an app's requests until a moment, as a rule wants it.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn tell_notice(
        &self,
        (rule, app): (&str, &AppId),
        through: UnixMs,
        reference: &str,
        (by, at): (&str, UnixMs),
    ) -> Result<Told, Error> {
        let told = Told {
            id: format!("n{}", random_hex::<8>()?),
            rule: rule.to_owned(),
            app: app.to_string(),
            through,
            at,
            by: by.to_owned(),
            reference: reference.to_owned(),
            undone: None,
        };
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO notice_done (id, rule, app, through_ms, at_ms, by, reference) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&told.id)
        .bind(rule)
        .bind(app.as_str())
        .bind(to_row(through))
        .bind(to_row(at))
        .bind(by)
        .bind(reference)
        .execute(&mut *tx)
        .await?;
        finish(tx, told.said("notice.tell", (by, at))).await?;
        Ok(told)
    }

    /// Takes it back; false where that was done before, or there is none of that id.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn untell_notice(&self, id: &str, (by, at): (&str, UnixMs)) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT * FROM notice_done WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
        let Some(told) = row.as_ref().map(Told::of) else { return Ok(false) };
        let done =
            sqlx::query("UPDATE notice_done SET undone_ms = $1, undone_by = $2 WHERE id = $3 AND undone_ms IS NULL");
        if done.bind(to_row(at)).bind(by).bind(id).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, told.said("notice.untell", (by, at))).await?;
        Ok(true)
    }

    /// What was told of some apps' requests, what was taken back too; the youngest first, at most 500 of an app.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn told_notices(&self, apps: &[AppId]) -> Result<Vec<Told>, Error> {
        let mut all = Vec::new();
        for app in apps {
            let rows = sqlx::query("SELECT * FROM notice_done WHERE app = $1 ORDER BY at_ms DESC, id LIMIT $2");
            let rows = rows.bind(app.as_str()).bind(SHOWN_MAX).fetch_all(&self.pool).await?;
            all.extend(rows.iter().map(Told::of));
        }
        all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        Ok(all)
    }
}
