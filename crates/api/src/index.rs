//! What pages know of the ledger: read from it, thrown away with the process, and never on the path of a request.
//!
//! Bounded: of the last `ROWS_MAX` requests one row each is kept, of every day its sums, of the last hours their counts.
//! The sums are of the records as they lie, so they equal what `freehold usage` sums.

mod days;
mod find;
mod latency;
mod names;
mod owed;
mod row;
mod rows;
mod sums;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{EntryIndex, Error, Log, system};
use realm::record::{Change, Record, RuleHit};
use realm::{AppId, DeploymentId, UnixMs};

use days::Days;
pub use days::Of;
pub use find::{Key, Wanted};
pub use latency::Latency;
pub use owed::Owed;
pub use row::{ENDS, Ended, Row};
use rows::Rows;
pub use sums::{Hour, RuleUse, Sum, Totals, Use};

/// Requests of which a row is kept.
pub const ROWS_MAX: usize = 500_000;
/// Hours of which counts are kept.
const HOURS_MAX: usize = 48;
/// Changes that are kept.
const CHANGES_MAX: usize = 2_000;
/// Of these, of one person where others are there too.
const CHANGES_OF_ONE: usize = 200;
const HOUR_MS: u64 = 3_600_000;

/// Whose records may be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Everybody's: for sums across organisations.
    All,
    /// Those of some apps.
    Apps(Arc<BTreeSet<AppId>>),
}

impl Default for Seen {
    /// Nobody's.
    fn default() -> Self {
        Self::Apps(Arc::default())
    }
}

impl Seen {
    /// Whether an app is among them.
    pub fn has(&self, app: &AppId) -> bool {
        match self {
            Self::All => true,
            Self::Apps(apps) => apps.contains(app),
        }
    }
}

/// Sample traffic among requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Samples {
    /// Those that a demo sent itself.
    pub simulated: u64,
    /// All of them.
    pub all: u64,
}

/// Everything that pages know of the ledger.
#[derive(Debug)]
pub struct Index {
    zone: TimeZone,
    /// The first entry that was not read yet.
    next: u64,
    rows: Rows,
    days: Days,
    /// Counts by app and by the deployment that was asked last; refusals have none.
    hours: BTreeMap<u64, HashMap<(AppId, Option<DeploymentId>), Hour>>,
    rules: HashMap<RuleHit, HashMap<AppId, RuleUse>>,
    changes: VecDeque<(u64, Change)>,
    /// Requests that a demo sent itself.
    samples: HashMap<AppId, u64>,
}

/// Whether a record tells of a mirror for a drill in shadow: no request that somebody made.
fn is_mirror(record: &Record) -> bool {
    match record {
        Record::Intent(intent) => intent.mirrors.is_some(),
        Record::Outcome(outcome) => outcome.mirrors.is_some(),
        Record::Refusal(_) | Record::Change(_) => false,
    }
}

impl Index {
    /// Nothing read yet; days are those of a zone.
    pub fn new(zone: TimeZone) -> Self {
        Self::bounded(zone, ROWS_MAX)
    }

    /// The same with another bound of rows.
    pub fn bounded(zone: TimeZone, rows_max: usize) -> Self {
        Self {
            zone,
            next: 0,
            rows: Rows::new(rows_max),
            days: Days::default(),
            hours: BTreeMap::new(),
            rules: HashMap::new(),
            changes: VecDeque::new(),
            samples: HashMap::new(),
        }
    }

    /// Where days are told.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Reads on, at most so many entries. Blocking.
    ///
    /// # Errors
    /// Whatever storage says; what was read stays read.
    pub fn catch_up(&mut self, log: &Log, at_most: usize) -> Result<(), Error> {
        for found in log.scan(EntryIndex(self.next)).take(at_most) {
            let (index, entry) = found?;
            self.next = index.0 + 1;
            if !system::is_system(&entry) {
                self.see(index.0, &entry);
            }
        }
        Ok(())
    }

    /// Learns the next entry; what is no record of ours is passed over, and so are mirrors of drills in shadow: they are
    /// nobody's requests.
    pub fn see(&mut self, index: u64, entry: &[u8]) {
        match Record::from_bytes(entry).ok().filter(|record| !is_mirror(record)) {
            Some(Record::Intent(intent)) => {
                let (app, at) = (&intent.app, intent.at);
                if let Some(shadow) = &intent.shadow {
                    self.count(&shadow.rules, app, at, |used| used.shadow += 1);
                }
                self.count(&intent.unknown, app, at, |used| used.unknown += 1);
                self.count(&intent.redacted_by, app, at, |used| used.redacted += 1);
                if !self.rows.change_open(&intent.req, |row| row.attempt(index, &intent)) {
                    self.rows.push(&Row::opened(index, &intent));
                }
            }
            Some(Record::Outcome(outcome)) => {
                self.count(&outcome.rules, &outcome.app, outcome.at, |used| used.passed_over += 1);
                self.sample(outcome.simulated, &outcome.app);
                self.days.outcome(outcome.at.date_in(&self.zone), &outcome);
                let last = outcome.attempts.last().map(|attempt| &attempt.deployment);
                self.hour(outcome.at, &outcome.app, last).outcome(outcome.end);
                if !self.rows.change_open(&outcome.req, |row| row.end(index, &outcome)) {
                    self.rows.push(&Row::ended(index, &outcome));
                }
            }
            Some(Record::Refusal(refusal)) => {
                let denied = u64::from(refusal.code != row::APPROVAL_PENDING);
                self.count(&refusal.rules, &refusal.app, refusal.at, |used| used.denied += denied);
                self.count(&refusal.unknown, &refusal.app, refusal.at, |used| used.unknown += 1);
                self.sample(refusal.simulated, &refusal.app);
                self.days.refusal(refusal.at.date_in(&self.zone), &refusal);
                self.hour(refusal.at, &refusal.app, None).refused += 1;
                self.rows.push(&Row::refused(index, &refusal));
            }
            Some(Record::Change(change)) => {
                self.changes.push_back((index, change));
                self.bound_changes();
            }
            None => {}
        }
    }

    /// Forgets the oldest change where there are too many: of whoever changed last, where they changed more than their
    /// part. Nobody's changes are hidden by another's zeal.
    fn bound_changes(&mut self) {
        let Some(by) = self.changes.back().filter(|_| self.changes.len() > CHANGES_MAX).map(|(_, it)| it.by.clone())
        else {
            return;
        };
        let own = self.changes.iter().filter(|(_, change)| change.by == by).count();
        let oldest = self.changes.iter().position(|(_, change)| own <= CHANGES_OF_ONE || change.by == by);
        oldest.and_then(|oldest| self.changes.remove(oldest));
    }

    fn hour(&mut self, at: UnixMs, app: &AppId, deployment: Option<&DeploymentId>) -> &mut Hour {
        if self.hours.len() > HOURS_MAX {
            self.hours.pop_first();
        }
        let hour = self.hours.entry(at.0 / HOUR_MS).or_default();
        hour.entry((app.clone(), deployment.cloned())).or_default()
    }

    fn sample(&mut self, simulated: bool, app: &AppId) {
        if simulated {
            *self.samples.entry(app.clone()).or_default() += 1;
        }
    }

    fn count(&mut self, rules: &[RuleHit], app: &AppId, at: UnixMs, count: impl Fn(&mut RuleUse)) {
        for rule in rules {
            let used = self.rules.entry(rule.clone()).or_default().entry(app.clone()).or_default();
            count(used);
            used.last = Some(at);
        }
    }

    /// The row of a request; none where it is not among those that are kept, or not to be seen.
    pub fn row(&self, req: &str, seen: &Seen) -> Option<Row> {
        self.rows.of(req).filter(|row| seen.has(&row.app))
    }

    /// How many requests are older than those that are kept.
    pub fn gone(&self) -> u64 {
        self.rows.gone()
    }

    /// How many rows are kept at most.
    pub fn rows_max(&self) -> usize {
        self.rows.most()
    }

    /// The first entry that was not read yet.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Sums of some apps' days from one on.
    pub fn since(&self, first: Date, seen: &Seen) -> Totals {
        self.days.since(first, seen)
    }

    /// Sums of each day from one on on which some apps did anything.
    pub fn days_since(&self, first: Date, seen: &Seen) -> Vec<(Date, Sum)> {
        let mut days = BTreeMap::<Date, Sum>::new();
        self.days.each(first, Date::MAX, seen, |of, used| days.entry(of.date).or_default().add(&used.sum));
        days.into_iter().collect()
    }

    /// The first day of which anything is known.
    pub fn first_day(&self) -> Option<Date> {
        self.days.first()
    }

    /// Shows each day's uses by some apps, from one day to another, both included.
    pub fn each_use(&self, (from, until): (Date, Date), seen: &Seen, show: impl FnMut(Of<'_>, &Use)) {
        self.days.each(from, until, seen, show);
    }

    /// Counts of an hour, which is numbered from 1970 on.
    pub fn hour_at(&self, hour: u64, seen: &Seen) -> Hour {
        let mut sum = Hour::default();
        self.each_in_hour(hour, seen, |_, counts| sum.add(counts));
        sum
    }

    /// Shows an hour's counts of some apps, by app and by the deployment that was asked last.
    pub fn each_in_hour(&self, hour: u64, seen: &Seen, mut show: impl FnMut(Of<'_>, Hour)) {
        let date = UnixMs(hour.saturating_mul(HOUR_MS)).date_in(&self.zone);
        for ((app, deployment), counts) in self.hours.get(&hour).into_iter().flatten() {
            if seen.has(app) {
                show(Of { date, app, route: None, deployment: deployment.as_ref() }, *counts);
            }
        }
    }

    /// What a rule decided of some apps' requests since the log began.
    pub fn rule_use(&self, rule: &str, seen: &Seen) -> RuleUse {
        let mut sum = RuleUse::default();
        let apps = self.rules.get(rule).into_iter().flatten();
        apps.filter(|(app, _)| seen.has(app)).for_each(|(_, used)| sum.add(used));
        sum
    }

    /// How many of some apps' requests were sample traffic, and how many there were of all, refused ones included.
    pub fn samples(&self, seen: &Seen) -> Samples {
        let simulated = self.samples.iter().filter(|(app, _)| seen.has(app)).map(|(_, count)| count).sum();
        let total = self.since(Date::MIN, seen).total();
        Samples { simulated, all: total.requests + total.refused }
    }

    /// The last changes, youngest first, each with its index.
    pub fn changes(&self) -> impl Iterator<Item = &(u64, Change)> {
        self.changes.iter().rev()
    }
}

#[cfg(test)]
mod tests;
