//! What the ledger says was used: from it the counters are rebuilt at start.
//!
//! Mirrors of a drill in shadow are nobody's use: that drill has a budget of its own.
//!
//! Pure. An intent without an outcome counts as if recovery had closed it: charged what was set aside for it. A record
//! with more tokens than any request has is not charged, and one from the future counts as of now.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use realm::{AppId, Nano, RouteId, UnixMs};
use serde::Deserialize;

use crate::journal::{Journal, JournalError};
use crate::limits::Month;

/// What was used in one month, and lately.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Money by app and route, in the month asked for.
    pub spent: HashMap<(AppId, RouteId), Nano>,
    /// Requests of the last minute: when, who, by which route, how many tokens.
    pub recent: Vec<(UnixMs, AppId, RouteId, u64)>,
}

/// Reads records one after the other.
#[derive(Debug)]
pub struct Fold {
    zone: TimeZone,
    month: Month,
    since: UnixMs,
    now: UnixMs,
    usage: Usage,
    /// Intents without an outcome, as written: nearly all of them are only looked up, so none is read before the end.
    open: BTreeMap<u64, Box<[u8]>>,
}

#[derive(Debug)]
struct Charge {
    app: AppId,
    route: RouteId,
    req: String,
    attempt: u32,
    tokens: u64,
    cost: Nano,
}

/// How an intent begins as this program writes it.
const INTENT: &[u8] = b"{\"v\":1,\"t\":\"intent\",";

/// The few fields of a record that the fold needs. Reading only them is several times quicker than the whole.
#[derive(Deserialize)]
struct Slim<'a> {
    t: &'a str,
    at: UnixMs,
    #[serde(borrow, default)]
    req: Option<std::borrow::Cow<'a, str>>,
    #[serde(default)]
    app: Option<AppId>,
    #[serde(default)]
    route: Option<RouteId>,
    #[serde(default)]
    n: u32,
    #[serde(default)]
    est: Option<realm::record::Estimate>,
    #[serde(default)]
    attempts: Vec<SlimAttempt>,
    #[serde(default)]
    tokens: realm::record::Tokens,
    #[serde(default)]
    cost: Nano,
    /// It repeats another request for a drill in shadow.
    #[serde(default)]
    mirrors: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct SlimAttempt {
    i: u64,
}

impl Fold {
    /// Begins a fold for the month that `now` lies in.
    pub fn new(zone: TimeZone, now: UnixMs) -> Self {
        let month = Month::of(now.date_in(&zone));
        let since = UnixMs(now.0.saturating_sub(61_000));
        Self { zone, month, since, now, usage: Usage::default(), open: BTreeMap::new() }
    }

    /// Learns the next entry; what is no record of a request is passed over.
    pub fn see(&mut self, index: u64, entry: &[u8]) {
        if entry.starts_with(INTENT) {
            self.open.insert(index, entry.into());
            return;
        }
        let Ok(record) = serde_json::from_slice::<Slim>(entry) else { return };
        let (Some(app), Some(route)) = (record.app, record.route) else { return };
        match record.t {
            "intent" => drop(self.open.insert(index, entry.into())),
            "outcome" => {
                let open = record.attempts.iter().filter(|attempt| self.open.remove(&attempt.i).is_some()).count();
                // An outcome that was written twice, because the ledger could not say whether it was, counts once.
                if (open == 0 && !record.attempts.is_empty()) || record.mirrors.is_some() {
                    return;
                }
                let used =
                    if record.tokens.believable() { (record.tokens.total(), record.cost) } else { (0, Nano::ZERO) };
                self.charge(record.at, app, route, used);
            }
            _ => {}
        }
    }

    /// What was used; requests still open at `now` are charged what was set aside.
    pub fn finish(mut self, now: UnixMs) -> Usage {
        let open = std::mem::take(&mut self.open);
        let charges: Vec<Charge> = open.into_values().filter_map(|entry| Charge::of_intent(&entry)).collect();
        for (i, charge) in charges.iter().enumerate() {
            // Only a request's last attempt is charged, as recovery does.
            let continued = charges[i + 1..]
                .iter()
                .filter(|next| next.req == charge.req && next.app == charge.app)
                .any(|next| charge.attempt.checked_add(1) == Some(next.attempt));
            if !continued {
                self.charge(now, charge.app.clone(), charge.route.clone(), (charge.tokens, charge.cost));
            }
        }
        self.usage
    }

    fn charge(&mut self, at: UnixMs, app: AppId, route: RouteId, (tokens, cost): (u64, Nano)) {
        // A clock that was ahead must not hold the windows there.
        let at = at.min(self.now);
        if at >= self.since {
            self.usage.recent.push((at, app.clone(), route.clone(), tokens));
        }
        if cost != Nano::ZERO && Month::of(at.date_in(&self.zone)) == self.month {
            let spent = self.usage.spent.entry((app, route)).or_default();
            *spent = *spent + cost;
        }
    }
}

impl Charge {
    /// What an intent set aside.
    fn of_intent(entry: &[u8]) -> Option<Self> {
        let intent = serde_json::from_slice::<Slim>(entry).ok().filter(|intent| intent.mirrors.is_none())?;
        let (est, req) = (intent.est?.believed(), intent.req.unwrap_or_default().into_owned());
        let (tokens, cost) = (est.tokens, est.cost_nano);
        Some(Self { app: intent.app?, route: intent.route?, req, attempt: intent.n, tokens, cost })
    }
}

/// Where a fold of the month that `now` lies in may begin: an hour before its first entry, so that no request of the
/// month has an intent before. Halves the log instead of reading it.
///
/// # Errors
/// If the log cannot be read.
pub async fn first_of_month(journal: &dyn Journal, zone: &TimeZone, now: UnixMs) -> Result<u64, JournalError> {
    const MARGIN_MS: u64 = 3_600_000;
    let first = now.date_in(zone).first_of_month().to_zoned(zone.clone());
    let first = first.ok().and_then(|day| u64::try_from(day.timestamp().as_millisecond()).ok()).unwrap_or(0);
    let begin = UnixMs(first.saturating_sub(MARGIN_MS));
    let (mut low, mut high) = (0, journal.head());
    while low < high {
        let middle = low + (high - low) / 2;
        let (at, found) = moment_from(journal, middle, high).await?;
        // Nothing but entries without a time from the middle on: look before it.
        match at {
            Some(at) if at < begin => low = found + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// The time of the first entry in a range that has one, and its index.
async fn moment_from(journal: &dyn Journal, from: u64, until: u64) -> Result<(Option<UnixMs>, u64), JournalError> {
    #[derive(Deserialize)]
    struct Timed {
        at: UnixMs,
    }
    for index in from..until {
        match journal.read(index).await {
            Ok(entry) => {
                if let Ok(timed) = serde_json::from_slice::<Timed>(&entry) {
                    return Ok((Some(timed.at), index));
                }
            }
            // Pruned entries lie before everything that is kept.
            Err(JournalError::Missing) => return Ok((Some(UnixMs(0)), index)),
            Err(error) => return Err(error),
        }
    }
    Ok((None, until))
}

/// Folds entries in the order of the log.
pub fn fold<'a>(entries: impl IntoIterator<Item = (u64, &'a [u8])>, zone: TimeZone, now: UnixMs) -> Usage {
    let mut fold = Fold::new(zone, now);
    for (index, entry) in entries {
        fold.see(index, entry);
    }
    fold.finish(now)
}

#[cfg(test)]
mod tests;
