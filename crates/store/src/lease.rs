//! What each server may use of a shared limit: rows that only grow or shrink together, under one lock.
//!
//! Nothing is decided here: whoever asks brings the rule, and what stands is the sum of what was granted. Times are
//! the database's own.

use serde::Serialize;
use sqlx::{AnyConnection, Row};

use crate::{Error, Store};

/// The lock that all servers of a database take in turn for an exchange; a few milliseconds each.
const LOCK: i64 = 0x6672_6565_686f_6c64;

/// One limit of one scope, in one period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Pot {
    /// `app:…`, `organisation:…`, `route:…`.
    pub scope: String,
    /// Which limit.
    pub kind: &'static str,
    /// The month of money; 0 for rates.
    pub period: i64,
}

/// What a server says of its part of a pot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of which.
    pub pot: Pot,
    /// What it has used, with what is under way.
    pub used: i64,
    /// How long its part counts after its lease, in milliseconds; none: until it says more.
    pub counts_ms: Option<u64>,
}

/// What the other servers hold of a pot, in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// What they may have used.
    pub granted: i64,
    /// What they last said that they had used.
    pub used: i64,
    /// What those of them that live asked for and did not get.
    pub unmet: i64,
}

/// What a server may have used in all from now on, and what it did not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// In all, not more.
    pub granted: i64,
    /// What it asked for beyond that.
    pub unmet: i64,
}

#[derive(Serialize)]
struct Line<'a> {
    n: usize,
    #[serde(flatten)]
    pot: &'a Pot,
    granted: i64,
    used: i64,
    unmet: i64,
    ends_ms: Option<i64>,
}

impl Store {
    /// Makes this process the one that speaks for a log, in place of one that ended.
    pub async fn begin_session(&self, log: &str, session: &str) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO replica (id, session, expires_ms) VALUES ($1, $2, 0) \
             ON CONFLICT (id) DO UPDATE SET session = excluded.session",
        )
        .bind(log)
        .bind(session)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Says what was used and asks for more, in one transaction; `decide` gets the index of the pot, what the others
    /// hold and how many servers live, this one included. A `ttl_ms` of nothing says farewell.
    ///
    /// # Errors
    /// The database cannot be asked, or another process speaks for this log; whether anything was granted is then
    /// not known.
    pub async fn exchange(
        &self,
        (log, session): (&str, &str),
        ttl_ms: u64,
        asked: &[Asked],
        decide: impl Fn(usize, Held, u32) -> Given + Send,
    ) -> Result<Vec<Given>, Error> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await?;
        let (now, live) = renew(&mut tx, (log, session), ttl_ms).await?;
        let given: Vec<Given> = if asked.is_empty() {
            Vec::new()
        } else {
            let held = held(&mut tx, log, asked, now).await?;
            let given = held.into_iter().enumerate().map(|(n, held)| decide(n, held, live)).collect::<Vec<_>>();
            keep(&mut tx, log, asked, &given, now.saturating_add_unsigned(ttl_ms)).await?;
            given
        };
        tx.commit().await?;
        Ok(given)
    }

    /// The logs whose servers live: those that renewed in time.
    pub async fn live_replicas(&self) -> Result<Vec<String>, Error> {
        let rows = sqlx::query(
            "SELECT id FROM replica \
             WHERE expires_ms > (extract(epoch FROM clock_timestamp()) * 1000)::bigint ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(|row| row.get("id")).collect())
    }
}

/// The lines of a question, as the statements read them.
fn lines(asked: &[Asked], of: impl Fn(usize) -> (Given, Option<i64>)) -> Result<String, Error> {
    let lines: Vec<Line> = asked
        .iter()
        .enumerate()
        .map(|(n, asked)| {
            let (given, ends_ms) = of(n);
            Line { n, pot: &asked.pot, granted: given.granted, used: asked.used, unmet: given.unmet, ends_ms }
        })
        .collect();
    serde_json::to_string(&lines).map_err(|e| Error::Corrupt { what: "lease", why: e.to_string() })
}

/// Prolongs the session; the database's time, and how many live.
async fn renew(conn: &mut AnyConnection, (log, session): (&str, &str), ttl_ms: u64) -> Result<(i64, u32), Error> {
    let row = sqlx::query("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now")
        .fetch_one(&mut *conn)
        .await?;
    let now: i64 = row.get("now");
    // A database that was put back from a copy may not know the session: then it is told.
    let renewed = sqlx::query(
        "INSERT INTO replica (id, session, expires_ms) VALUES ($1, $2, $3) ON CONFLICT (id) \
         DO UPDATE SET expires_ms = excluded.expires_ms WHERE replica.session = excluded.session",
    )
    .bind(log)
    .bind(session)
    .bind(if ttl_ms == 0 { 0 } else { now.saturating_add_unsigned(ttl_ms) })
    .execute(&mut *conn)
    .await?;
    if renewed.rows_affected() == 0 {
        return Err(Error::Superseded(log.to_owned()));
    }
    let row = sqlx::query("SELECT count(*) AS live FROM replica WHERE expires_ms > $1 OR id = $2")
        .bind(now)
        .bind(log)
        .fetch_one(&mut *conn)
        .await?;
    Ok((now, u32::try_from(row.get::<i64, _>("live")).unwrap_or(u32::MAX)))
}

/// What others hold, in the order of the question.
async fn held(conn: &mut AnyConnection, log: &str, asked: &[Asked], now: i64) -> Result<Vec<Held>, Error> {
    const SUMS: &str = "SELECT a.n, \
        least(coalesce(sum(l.granted), 0), 9223372036854775807)::bigint AS granted, \
        least(coalesce(sum(l.used), 0), 9223372036854775807)::bigint AS used, \
        least(coalesce(sum(l.unmet) FILTER (WHERE r.expires_ms > $3), 0), 9223372036854775807)::bigint AS unmet \
        FROM jsonb_to_recordset($1::jsonb) AS a(n bigint, scope text, kind text, period bigint) \
        LEFT JOIN lease l ON l.scope = a.scope AND l.kind = a.kind AND l.period = a.period \
        AND l.replica <> $2 AND (l.ends_ms IS NULL OR l.ends_ms > $3) \
        LEFT JOIN replica r ON r.id = l.replica GROUP BY a.n ORDER BY a.n";
    let rows =
        sqlx::query(SUMS).bind(lines(asked, |_| (Given::default(), None))?).bind(log).bind(now).fetch_all(conn).await?;
    let held =
        |row: &sqlx::any::AnyRow| Held { granted: row.get("granted"), used: row.get("used"), unmet: row.get("unmet") };
    Ok(rows.iter().map(held).collect())
}

async fn keep(
    conn: &mut AnyConnection,
    log: &str,
    asked: &[Asked],
    given: &[Given],
    lease_ends: i64,
) -> Result<(), Error> {
    let ends = |n: usize| asked[n].counts_ms.map(|more| lease_ends.saturating_add_unsigned(more));
    let lines = lines(asked, |n| (given.get(n).copied().unwrap_or_default(), ends(n)))?;
    sqlx::query(
        "INSERT INTO lease (scope, kind, period, replica, granted, used, unmet, ends_ms) \
         SELECT scope, kind, period, $2, granted, used, unmet, ends_ms FROM jsonb_to_recordset($1::jsonb) \
         AS a(scope text, kind text, period bigint, granted bigint, used bigint, unmet bigint, ends_ms bigint) \
         ON CONFLICT (scope, kind, period, replica) DO UPDATE SET granted = excluded.granted, \
         used = excluded.used, unmet = excluded.unmet, ends_ms = excluded.ends_ms",
    )
    .bind(lines)
    .bind(log)
    .execute(conn)
    .await?;
    Ok(())
}
