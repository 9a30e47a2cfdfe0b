//! Who looks at the console: links that let in once, and the sessions they are exchanged for. Neither's text is kept.

use std::fmt;
use std::str::FromStr;

use realm::UnixMs;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::key::hash_key;
use crate::{Error, Store};

/// How long a link waits to be used.
pub const LINK_MS: u64 = 15 * 60_000;
/// How long a session lasts.
pub const SESSION_MS: u64 = 12 * 3_600_000;

/// What a visitor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Makes and revokes keys, suspends and resumes.
    Operator,
    /// Reads the records themselves and takes receipts.
    Auditor,
    /// All of these.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Auditor, Self::Admin];

    /// The word on the command line and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no role: expected viewer, operator, auditor or admin"))
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// As records of changes name them.
    pub person: String,
    /// What they may do.
    pub role: Role,
    /// When the session ends by itself.
    pub expires: UnixMs,
}

/// A session just begun. Its text is not kept anywhere.
pub struct Session {
    /// What the cookie holds.
    pub text: String,
    /// Whose it is.
    pub visitor: Visitor,
}

impl Store {
    /// Makes a link for a person: the token of it, which lets in once within `LINK_MS`.
    pub async fn new_link(&self, person: &str, role: Role, by: &str, now: UnixMs) -> Result<String, Error> {
        let token = random_hex::<24>()?;
        let expires = UnixMs(now.0.saturating_add(LINK_MS));
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM console_link WHERE expires_ms <= $1").bind(to_row(now)).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO console_link (hash, person, role, expires_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash_key(&token).to_vec())
            .bind(person)
            .bind(role.as_str())
            .bind(to_row(expires))
            .execute(&mut *tx)
            .await?;
        let note = Some(format!("role {role}, until {expires}"));
        finish(tx, Said { at: now, what: "console.link", subject: format!("person:{person}"), by, note }).await?;
        Ok(token)
    }

    /// Exchanges a link for a session, once; none where it was used, is over or never was.
    pub async fn enter(&self, token: &str, now: UnixMs) -> Result<Option<Session>, Error> {
        let hash = hash_key(token).to_vec();
        let mut tx = self.write().await?;
        let found = sqlx::query("SELECT person, role, expires_ms FROM console_link WHERE hash = $1")
            .bind(hash.clone())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(link) = found.as_ref().map(read).transpose()?.filter(|link| now < link.expires) else {
            return Ok(None);
        };
        let used = sqlx::query("DELETE FROM console_link WHERE hash = $1").bind(hash).execute(&mut *tx).await?;
        if used.rows_affected() != 1 {
            return Ok(None);
        }
        sqlx::query("DELETE FROM console_session WHERE expires_ms <= $1").bind(to_row(now)).execute(&mut *tx).await?;
        let text = random_hex::<32>()?;
        let visitor = Visitor { expires: UnixMs(now.0.saturating_add(SESSION_MS)), ..link };
        sqlx::query("INSERT INTO console_session (hash, person, role, expires_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash_key(&text).to_vec())
            .bind(&visitor.person)
            .bind(visitor.role.as_str())
            .bind(to_row(visitor.expires))
            .execute(&mut *tx)
            .await?;
        let (subject, by) = (format!("person:{}", visitor.person), visitor.person.as_str());
        let note = Some(format!("role {}", visitor.role));
        finish(tx, Said { at: now, what: "console.enter", subject, by, note }).await?;
        Ok(Some(Session { text, visitor }))
    }

    /// Whose session it is; none where it is over or never was.
    pub async fn visitor(&self, session: &str, now: UnixMs) -> Result<Option<Visitor>, Error> {
        let found = sqlx::query("SELECT person, role, expires_ms FROM console_session WHERE hash = $1")
            .bind(hash_key(session).to_vec())
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.as_ref().map(read).transpose()?.filter(|visitor| now < visitor.expires))
    }

    /// Ends a session. Ending none changes nothing; tells whether there was one.
    pub async fn leave(&self, session: &str, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let ended = sqlx::query("DELETE FROM console_session WHERE hash = $1")
            .bind(hash_key(session).to_vec())
            .execute(&mut *tx)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        finish(tx, Said { at: now, what: "console.leave", subject: format!("person:{by}"), by, note: None }).await?;
        Ok(true)
    }
}

fn read(row: &AnyRow) -> Result<Visitor, Error> {
    let role: String = row.get("role");
    let role = role.parse().map_err(|why| Error::Corrupt { what: "visitor", why })?;
    Ok(Visitor { person: row.get("person"), role, expires: from_row(row.get("expires_ms")) })
}
