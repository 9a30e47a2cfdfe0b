//! Who looks at the console: links that let in once, and the sessions they are exchanged for. Neither's text is kept.

use realm::UnixMs;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::key::hash_key;
use crate::roles::Roles;
use crate::{Error, Store};

/// How long a link waits to be used.
pub const LINK_MS: u64 = 15 * 60_000;
/// How long a session lasts.
pub const SESSION_MS: u64 = 12 * 3_600_000;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// As records of changes name them.
    pub person: String,
    /// The account they signed in with; none: a link.
    pub account: Option<String>,
    /// What they may do where: of an account, as it stands now.
    pub roles: Roles,
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
    pub async fn new_link(&self, person: &str, roles: &Roles, by: &str, now: UnixMs) -> Result<String, Error> {
        let token = random_hex::<24>()?;
        let expires = UnixMs(now.0.saturating_add(LINK_MS));
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM console_link WHERE expires_ms <= $1").bind(to_row(now)).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO console_link (hash, person, roles, expires_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash_key(&token).to_vec())
            .bind(person)
            .bind(roles.to_string())
            .bind(to_row(expires))
            .execute(&mut *tx)
            .await?;
        let note = Some(format!("roles {roles}, until {expires}"));
        finish(tx, Said { at: now, what: "console.link", subject: format!("person:{person}"), by, note }).await?;
        Ok(token)
    }

    /// Exchanges a link for a session, once; none where it was used, is over or never was.
    pub async fn enter(&self, token: &str, now: UnixMs) -> Result<Option<Session>, Error> {
        let hash = hash_key(token).to_vec();
        let mut tx = self.write().await?;
        let found = sqlx::query("SELECT person, NULL AS account, roles, expires_ms FROM console_link WHERE hash = $1")
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
        begin(tx, link, now).await.map(Some)
    }

    /// Whose session it is; none where it is over or never was, or where its account is disabled.
    pub async fn visitor(&self, session: &str, now: UnixMs) -> Result<Option<Visitor>, Error> {
        const WHOSE: &str = "SELECT s.person, s.account, s.expires_ms, COALESCE(a.roles, s.roles) AS roles \
                             FROM console_session s LEFT JOIN console_account a ON a.name = s.account \
                             WHERE s.hash = $1 AND a.disabled_ms IS NULL";
        let found = sqlx::query(WHOSE).bind(hash_key(session).to_vec()).fetch_optional(&self.pool).await?;
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

/// Begins a session for somebody who was let in, and says so in the ledger.
pub(crate) async fn begin(mut tx: Transaction<'static, Any>, let_in: Visitor, now: UnixMs) -> Result<Session, Error> {
    const NEW: &str =
        "INSERT INTO console_session (hash, person, account, roles, expires_ms) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query("DELETE FROM console_session WHERE expires_ms <= $1").bind(to_row(now)).execute(&mut *tx).await?;
    let text = random_hex::<32>()?;
    let visitor = Visitor { expires: UnixMs(now.0.saturating_add(SESSION_MS)), ..let_in };
    sqlx::query(NEW)
        .bind(hash_key(&text).to_vec())
        .bind(&visitor.person)
        .bind(visitor.account.clone())
        .bind(visitor.roles.to_string())
        .bind(to_row(visitor.expires))
        .execute(&mut *tx)
        .await?;
    let (subject, by) = (format!("person:{}", visitor.person), visitor.person.as_str());
    let how = if visitor.account.is_some() { "by password" } else { "by a link" };
    let note = Some(format!("{how}, roles {}", visitor.roles));
    finish(tx, Said { at: now, what: "console.enter", subject, by, note }).await?;
    Ok(Session { text, visitor })
}

fn read(row: &AnyRow) -> Result<Visitor, Error> {
    let roles: String = row.get("roles");
    let roles = roles.parse().map_err(|why| Error::Corrupt { what: "visitor", why })?;
    let (person, account) = (row.get("person"), row.get("account"));
    Ok(Visitor { person, account, roles, expires: from_row(row.get("expires_ms")) })
}
