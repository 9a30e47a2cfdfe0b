//! Drills as rows hold them.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Drill, Ended, How, Kept, Mode, Step};
use crate::Error;
use crate::db::from_row;

impl Drill {
    fn of(row: &AnyRow) -> Result<Self, Error> {
        let corrupt = |why: String| Error::Corrupt { what: "drill", why };
        let text = |name: &str| row.get::<String, _>(name);
        let at = |name: &str| row.get::<Option<i64>, _>(name).map(from_row);
        let mode = match text("mode").as_str() {
            "full" => Mode::Full,
            "canary" => Mode::Canary,
            "shadow" => Mode::Shadow,
            other => return Err(corrupt(format!("mode `{other}`"))),
        };
        let number = |name: &str| u32::try_from(row.get::<i64, _>(name)).map_err(|e| corrupt(e.to_string()));
        Ok(Self {
            id: text("id"),
            title: text("title"),
            scenario: text("scenario"),
            sha256: text("sha256"),
            cuts: text("cuts"),
            mode,
            percent: u8::try_from(number("percent")?).map_err(|e| corrupt(e.to_string()))?,
            minutes: number("minutes")?,
            reason: text("reason"),
            realm: text("realm"),
            proposed: Step {
                by: text("proposed_by"),
                at: from_row(row.get("proposed_ms")),
                signature: text("proposed_signature"),
            },
            approved: Step::approved(row),
            until: at("until_ms"),
            started: at("started_ms"),
            ended: Ended::of(row)?,
        })
    }
}

impl Kept {
    /// One that cannot be read hides no other.
    pub(super) fn of(rows: &[AnyRow]) -> Self {
        let mut kept = Self::default();
        for row in rows {
            match Drill::of(row) {
                Ok(drill) => kept.drills.push(drill),
                Err(error) => kept.unreadable.push((row.get("id"), error.to_string())),
            }
        }
        kept
    }
}

impl Step {
    fn approved(row: &AnyRow) -> Option<Self> {
        let (by, signature): (Option<String>, Option<String>) = (row.get("approved_by"), row.get("approved_signature"));
        let at = row.get::<Option<i64>, _>("approved_ms").map(from_row)?;
        Some(Self { by: by?, at, signature: signature? })
    }
}

impl Ended {
    fn of(row: &AnyRow) -> Result<Option<Self>, Error> {
        let text = |name: &str| row.get::<Option<String>, _>(name);
        let (Some(at), Some(how)) = (row.get::<Option<i64>, _>("ended_ms"), text("ended_how")) else { return Ok(None) };
        let how = match how.as_str() {
            "over" => How::Over,
            "aborted" => How::Aborted,
            "guardrail" => How::Guardrail,
            other => return Err(Error::Corrupt { what: "drill", why: format!("end `{other}`") }),
        };
        let said = |name: &str| text(name).unwrap_or_default();
        Ok(Some(Self { at: from_row(at), how, by: said("ended_by"), why: said("ended_why") }))
    }
}
