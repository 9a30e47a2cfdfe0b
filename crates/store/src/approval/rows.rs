//! Tickets as rows hold them.

use realm::ClassSet;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Ticket, Used, Word};
use crate::Error;
use crate::db::{from_row, to_row};

impl Ticket {
    /// A ticket without its words.
    fn of(row: &AnyRow) -> Result<Self, Error> {
        let text = |name: &str| row.get::<String, _>(name);
        let maybe = |name: &str| row.get::<Option<String>, _>(name);
        let used = row.get::<Option<i64>, _>("used_ms").zip(maybe("used_by"));
        let needed = u32::try_from(row.get::<i64, _>("needed")).map_err(|e| corrupt(&e))?;
        Ok(Self {
            id: text("id"),
            app: text("app"),
            req: text("req"),
            mac: text("mac"),
            user: maybe("user_mac"),
            route: text("route"),
            purpose: text("purpose"),
            classes: json::<ClassSet>(&text("classes"))?,
            user_in: maybe("user_in"),
            deployments: json(&text("deployments"))?,
            rules: json(&text("rules"))?,
            needed,
            realm: text("realm"),
            asked: from_row(row.get("asked_ms")),
            until: from_row(row.get("until_ms")),
            words: Vec::new(),
            used: used.map(|(at, req)| Used { at: from_row(at), req }),
        })
    }

    /// A ticket with what people said of it.
    pub(super) async fn whole(conn: &mut AnyConnection, row: &AnyRow) -> Result<Self, Error> {
        let ticket = Self::of(row)?;
        let words = sqlx::query("SELECT * FROM ticket_word WHERE ticket = $1 ORDER BY at_ms, person").bind(&ticket.id);
        let words = words.fetch_all(conn).await?;
        Ok(Self { words: words.iter().map(Word::of).collect(), ..ticket })
    }

    pub(super) async fn insert(&self, conn: &mut AnyConnection) -> Result<(), Error> {
        let list = |value: serde_json::Result<String>| value.map_err(|e| corrupt(&e));
        sqlx::query(
            "INSERT INTO ticket (id, app, req, mac, user_mac, route, purpose, classes, user_in, deployments, rules, \
             needed, realm, asked_ms, until_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&self.id)
        .bind(&self.app)
        .bind(&self.req)
        .bind(&self.mac)
        .bind(self.user.as_ref())
        .bind(&self.route)
        .bind(&self.purpose)
        .bind(list(serde_json::to_string(&self.classes))?)
        .bind(self.user_in.as_ref())
        .bind(list(serde_json::to_string(&self.deployments))?)
        .bind(list(serde_json::to_string(&self.rules))?)
        .bind(i64::from(self.needed))
        .bind(&self.realm)
        .bind(to_row(self.asked))
        .bind(to_row(self.until))
        .execute(conn)
        .await?;
        Ok(())
    }
}

impl Word {
    fn of(row: &AnyRow) -> Self {
        let agrees = row.get::<i64, _>("agrees") != 0;
        Self { by: row.get("person"), at: from_row(row.get("at_ms")), agrees, reason: row.get("reason") }
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| corrupt(&e))
}

fn corrupt(why: &dyn std::fmt::Display) -> Error {
    Error::Corrupt { what: "ticket", why: why.to_string() }
}
