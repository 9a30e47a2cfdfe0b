//! Accounts: people who sign in to the console with a password. What is kept of it is whatever its caller hashed.

use realm::UnixMs;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Said, finish, from_row, random, random_hex, to_row};
use crate::roles::Roles;
use crate::visitor::{Session, Visitor, begin, insert};
use crate::{Error, Store};

/// What is known of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who signs in, and as records of changes name them.
    pub name: String,
    /// What they may do where.
    pub roles: Roles,
    /// When it was made.
    pub created: UnixMs,
    /// Since when it lets nobody in.
    pub disabled: Option<UnixMs>,
}

const ALL: &str = "SELECT name, roles, created_ms, disabled_ms FROM console_account ORDER BY name";
const OPEN: &str =
    "SELECT name, roles, created_ms, disabled_ms FROM console_account WHERE name = $1 AND disabled_ms IS NULL";

impl Store {
    /// Makes an account; tells whether the name was free. The password is hashed already.
    pub async fn add_account(
        &self,
        name: &str,
        password: &str,
        roles: &Roles,
        by: &str,
        now: UnixMs,
    ) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let added = sqlx::query(
            "INSERT INTO console_account (name, password, roles, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(name)
        .bind(password)
        .bind(roles.to_string())
        .bind(to_row(now))
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(false);
        }
        let note = Some(format!("roles {roles}"));
        finish(tx, Said { at: now, what: "account.add", subject: format!("person:{name}"), by, note }).await?;
        Ok(true)
    }

    /// Every account, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let rows = sqlx::query(ALL).fetch_all(&self.pool).await?;
        rows.iter().map(read).collect()
    }

    /// Changes the roles of an account as they stand at that moment, which holds at once, in sessions too; none where
    /// there is no such account. What changes nothing leaves no record.
    pub async fn change_roles<E>(
        &self,
        name: &str,
        change: impl FnOnce(Roles) -> Result<Roles, E>,
        by: &str,
        now: UnixMs,
    ) -> Result<Option<Result<(), E>>, Error> {
        let mut tx = self.write().await?;
        // Whoever changes the same account waits here, in either kind of database.
        let held = sqlx::query("UPDATE console_account SET roles = roles WHERE name = $1").bind(name);
        if held.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let found = sqlx::query("SELECT name, roles, created_ms, disabled_ms FROM console_account WHERE name = $1")
            .bind(name)
            .fetch_one(&mut *tx)
            .await?;
        let before = read(&found)?.roles;
        let roles = match change(before.clone()) {
            Ok(roles) => roles,
            Err(why) => return Ok(Some(Err(why))),
        };
        if roles == before {
            return Ok(Some(Ok(())));
        }
        sqlx::query("UPDATE console_account SET roles = $1 WHERE name = $2")
            .bind(roles.to_string())
            .bind(name)
            .execute(&mut *tx)
            .await?;
        let note = Some(format!("roles {roles}"));
        finish(tx, Said { at: now, what: "account.roles", subject: format!("person:{name}"), by, note }).await?;
        Ok(Some(Ok(())))
    }

    /// Closes an account and ends its sessions, or opens it again; tells whether that changed anything.
    pub async fn disable_account(&self, name: &str, disabled: bool, by: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let set =
            sqlx::query("UPDATE console_account SET disabled_ms = $1 WHERE name = $2 AND (disabled_ms IS NULL) = $3")
                .bind(disabled.then(|| to_row(now)))
                .bind(name)
                .bind(disabled)
                .execute(&mut *tx)
                .await?;
        if set.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM console_session WHERE account = $1").bind(name).execute(&mut *tx).await?;
        let what = if disabled { "account.disable" } else { "account.enable" };
        finish(tx, Said { at: now, what, subject: format!("person:{name}"), by, note: None }).await?;
        Ok(true)
    }

    /// The hashed password of an account that lets in.
    pub async fn password_of(&self, name: &str) -> Result<Option<String>, Error> {
        let found = sqlx::query("SELECT password FROM console_account WHERE name = $1 AND disabled_ms IS NULL")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.map(|row| row.get("password")))
    }

    /// Begins a session of an account whose password was right; none where it was closed in the meantime.
    pub async fn enter_account(&self, name: &str, now: UnixMs) -> Result<Option<Session>, Error> {
        let mut tx = self.write().await?;
        let found = sqlx::query(OPEN).bind(name).fetch_optional(&mut *tx).await?;
        let Some(account) = found.as_ref().map(read).transpose()? else {
            return Ok(None);
        };
        let let_in =
            Visitor { person: account.name.clone(), account: Some(account.name), roles: account.roles, expires: now };
        begin(tx, let_in, now).await.map(Some)
    }
}

impl Store {
    /// Makes a token with which a program acts for an account, until it is over or the account is closed; none where
    /// nobody of that name may enter.
    pub async fn new_token(&self, name: &str, lasts_ms: u64, by: &str, now: UnixMs) -> Result<Option<Session>, Error> {
        let mut tx = self.write().await?;
        let found = sqlx::query(OPEN).bind(name).fetch_optional(&mut *tx).await?;
        let Some(account) = found.as_ref().map(read).transpose()? else {
            return Ok(None);
        };
        let let_in =
            Visitor { person: account.name.clone(), account: Some(account.name), roles: account.roles, expires: now };
        let session = insert(&mut tx, let_in, lasts_ms, now).await?;
        let note = Some(format!("until {}", session.visitor.expires));
        finish(tx, Said { at: now, what: "console.token", subject: format!("person:{name}"), by, note }).await?;
        Ok(Some(session))
    }
}

fn read(row: &AnyRow) -> Result<Account, Error> {
    let roles: String = row.get("roles");
    Ok(Account {
        name: row.get("name"),
        roles: roles.parse().map_err(|why| Error::Corrupt { what: "account", why })?,
        created: from_row(row.get("created_ms")),
        disabled: row.get::<Option<i64>, _>("disabled_ms").map(from_row),
    })
}

/// A password for a new account, which a machine chose, and a salt for its hash.
///
/// # Errors
/// If the system gives no randomness.
pub fn new_password() -> Result<(String, [u8; 16]), Error> {
    Ok((random_hex::<12>()?, random::<16>()?))
}
