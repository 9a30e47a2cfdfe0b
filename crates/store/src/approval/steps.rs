//! What becomes of a ticket: opened, spoken about, used once. Of several servers that do it at the same moment, one is first.

use realm::{AppId, UnixMs};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{State, Ticket, Word};
use crate::db::{Said, finish, to_row};
use crate::{Error, Store};

/// How long a ticket is kept after its end. What became of it is in the ledger.
const KEPT_MS: u64 = 90 * 86_400_000;
/// Tickets of an app that are shown.
const SHOWN_MAX: i64 = 500;

/// What came of parking a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It waits under this ticket, new or from before.
    Under(Box<Ticket>),
    /// The app has as many open tickets as it may; the first of them ends then.
    Full(UnixMs),
}

/// A person's word.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    /// Who, as tickets name them: one word a person.
    pub person: &'a str,
    /// Names by which an app may know them as its end user.
    pub names: &'a [&'a str],
    /// The same person and their way here, as records say it.
    pub by: &'a str,
    /// Whether the request may go.
    pub agrees: bool,
    /// Why.
    pub reason: &'a str,
}

/// What came of a person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It stands; so does the ticket.
    Said(Box<Ticket>),
    /// There is no such ticket.
    NoSuch,
    /// Nothing more can be said.
    Over(State),
    /// They are the end user who asks.
    Asker,
    /// They agreed before.
    Before,
}

impl Store {
    /// Parks a request. The same request by the same rules, not yet decided against, used or over, keeps its ticket.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn open_ticket(&self, ticket: &Ticket, open_max: u32) -> Result<Opened, Error> {
        let mut tx = self.write().await?;
        // Two at once wait for each other here, and the second sees the first.
        sqlx::query("UPDATE generation SET value = value").execute(&mut *tx).await?;
        forget_old(&mut tx, ticket.asked).await?;
        let rows =
            sqlx::query("SELECT * FROM ticket WHERE app = $1 AND used_ms IS NULL AND until_ms > $2 ORDER BY until_ms");
        let rows = rows.bind(&ticket.app).bind(to_row(ticket.asked)).fetch_all(&mut *tx).await?;
        let mut open = Vec::new();
        for row in &rows {
            let one = Ticket::whole(&mut tx, row).await?;
            if one.state(ticket.asked).is_open() {
                open.push(one);
            }
        }
        let same = |it: &&Ticket| it.mac == ticket.mac && it.realm == ticket.realm && it.rules == ticket.rules;
        if let Some(known) = open.iter().find(same) {
            return Ok(Opened::Under(Box::new(known.clone())));
        }
        if let Some(first) = open.first().filter(|_| open.len() >= open_max as usize) {
            return Ok(Opened::Full(first.until));
        }
        ticket.insert(&mut tx).await?;
        tx.commit().await?;
        Ok(Opened::Under(Box::new(ticket.clone())))
    }

    /// A ticket by its id.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn ticket(&self, id: &str) -> Result<Option<Ticket>, Error> {
        let mut conn = self.pool.acquire().await?;
        read(&mut conn, id).await
    }

    /// The youngest tickets of some apps, youngest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn tickets(&self, apps: &[AppId]) -> Result<Vec<Ticket>, Error> {
        let mut conn = self.pool.acquire().await?;
        let mut tickets = Vec::new();
        for app in apps {
            let rows = sqlx::query("SELECT * FROM ticket WHERE app = $1 ORDER BY asked_ms DESC, id LIMIT $2");
            for row in rows.bind(app.as_str()).bind(SHOWN_MAX).fetch_all(&mut *conn).await? {
                tickets.push(Ticket::whole(&mut conn, &row).await?);
            }
        }
        tickets.sort_by(|a, b| b.asked.cmp(&a.asked).then_with(|| a.id.cmp(&b.id)));
        Ok(tickets)
    }

    /// Takes a person's word in, with its record. Who agreed may still refuse; a refusal stands.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn say_of_ticket(&self, id: &str, saying: Saying<'_>, now: UnixMs) -> Result<Decided, Error> {
        let secret = match self.ticket(id).await? {
            None => return Ok(Decided::NoSuch),
            Some(ticket) => self.record_secret_at(&ticket.app, now).await?,
        };
        let mut tx = self.write().await?;
        let Some(mut ticket) = locked(&mut tx, id).await? else { return Ok(Decided::NoSuch) };
        let state = ticket.state(now);
        if !state.is_open() {
            return Ok(Decided::Over(state));
        }
        if secret.is_some_and(|secret| ticket.is_asked_by(saying.names, &secret)) {
            return Ok(Decided::Asker);
        }
        if saying.agrees && ticket.words.iter().any(|word| word.by == saying.person) {
            return Ok(Decided::Before);
        }
        sqlx::query(
            "INSERT INTO ticket_word (ticket, person, at_ms, agrees, reason) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (ticket, person) DO UPDATE SET at_ms = excluded.at_ms, agrees = excluded.agrees, \
             reason = excluded.reason",
        )
        .bind(id)
        .bind(saying.person)
        .bind(to_row(now))
        .bind(i64::from(saying.agrees))
        .bind(saying.reason)
        .execute(&mut *tx)
        .await?;
        ticket.words.retain(|word| word.by != saying.person);
        let (by, reason) = (saying.person.to_owned(), saying.reason.to_owned());
        ticket.words.push(Word { by, at: now, agrees: saying.agrees, reason });
        finish(tx, ticket.said(&saying, now)).await?;
        Ok(Decided::Said(Box::new(ticket)))
    }

    /// Uses a ticket, once, if enough people agreed, nobody refused and its time is not over; tells whether it was this
    /// request that used it.
    ///
    /// # Errors
    /// If the store cannot write.
    pub async fn use_ticket(&self, id: &str, req: &str, now: UnixMs) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let Some(ticket) = locked(&mut tx, id).await? else { return Ok(false) };
        if ticket.state(now) != State::Approved {
            return Ok(false);
        }
        let done = sqlx::query("UPDATE ticket SET used_ms = $1, used_by = $2 WHERE id = $3 AND used_ms IS NULL");
        if done.bind(to_row(now)).bind(req).bind(id).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let note = Some(format!("app {}, request {req}, asked by request {}", ticket.app, ticket.req));
        finish(tx, Said { at: now, what: "approval.use", subject: format!("ticket:{id}"), by: "serve", note }).await?;
        Ok(true)
    }
}

impl Ticket {
    /// What a record of a person's word says: what it was about, never what it held.
    fn said<'a>(&self, saying: &Saying<'a>, now: UnixMs) -> Said<'a> {
        let rules: Vec<&str> = self.rules.iter().map(|rule| rule.id.as_str()).collect();
        let note = format!(
            "app {}, request {}, mac {}, rules {}, realm {}, {} of {} agree: {}",
            self.app,
            self.req,
            self.mac,
            rules.join(", "),
            self.realm,
            self.agreed(),
            self.needed,
            saying.reason
        );
        let what = if saying.agrees { "approval.agree" } else { "approval.refuse" };
        Said { at: now, what, subject: format!("ticket:{}", self.id), by: saying.by, note: Some(note) }
    }
}

async fn read(conn: &mut AnyConnection, id: &str) -> Result<Option<Ticket>, Error> {
    let row: Option<AnyRow> =
        sqlx::query("SELECT * FROM ticket WHERE id = $1").bind(id).fetch_optional(&mut *conn).await?;
    match row {
        Some(row) => Ok(Some(Ticket::whole(conn, &row).await?)),
        None => Ok(None),
    }
}

/// A ticket that nobody else changes until the transaction ends. The lock is a statement of its own: what is read after it
/// is what those who had it before have written.
async fn locked(conn: &mut AnyConnection, id: &str) -> Result<Option<Ticket>, Error> {
    sqlx::query("UPDATE ticket SET needed = needed WHERE id = $1").bind(id).execute(&mut *conn).await?;
    read(conn, id).await
}

async fn forget_old(conn: &mut AnyConnection, now: UnixMs) -> Result<(), Error> {
    let old = to_row(UnixMs(now.0.saturating_sub(KEPT_MS)));
    let ended = sqlx::query("SELECT id FROM ticket WHERE until_ms < $1").bind(old).fetch_all(&mut *conn).await?;
    for row in ended {
        let id: String = row.get("id");
        sqlx::query("DELETE FROM ticket_word WHERE ticket = $1").bind(&id).execute(&mut *conn).await?;
        sqlx::query("DELETE FROM ticket WHERE id = $1").bind(&id).execute(&mut *conn).await?;
    }
    Ok(())
}
