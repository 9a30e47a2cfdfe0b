//! What pages know of the ledger: read from it, thrown away with the process, and never on the path of a request.
//!
//! Bounded: of the last `ROWS_MAX` requests one row each is kept, of every day its sums, of the last hours their counts.
//! The sums are of the records as they lie, so they equal what `freehold usage` sums.

mod row;
mod sums;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{EntryIndex, Error, Log, system};
use realm::UnixMs;
use realm::record::{Change, Record};

pub use row::{Ended, Row};
pub use sums::{Day, Hour, RuleUse, Sum};

/// Requests of which a row is kept.
pub const ROWS_MAX: usize = 50_000;
/// Days of which sums are kept.
const DAYS_MAX: usize = 800;
/// Hours of which counts are kept.
const HOURS_MAX: usize = 48;
/// Changes that are kept.
const CHANGES_MAX: usize = 200;
const HOUR_MS: u64 = 3_600_000;

/// Everything that pages know of the ledger.
#[derive(Debug)]
pub struct Index {
    zone: TimeZone,
    /// The first entry that was not read yet.
    next: u64,
    rows: VecDeque<Row>,
    /// How many rows were let go: the number of the oldest that is kept.
    gone: u64,
    by_request: HashMap<Arc<str>, u64>,
    days: BTreeMap<Date, Day>,
    hours: BTreeMap<u64, Hour>,
    rules: BTreeMap<Arc<str>, RuleUse>,
    changes: VecDeque<(u64, Change)>,
    rows_max: usize,
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
            rows: VecDeque::new(),
            gone: 0,
            by_request: HashMap::new(),
            days: BTreeMap::new(),
            hours: BTreeMap::new(),
            rules: BTreeMap::new(),
            changes: VecDeque::new(),
            rows_max,
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

    /// Learns the next entry; what is no record of ours is passed over.
    pub fn see(&mut self, index: u64, entry: &[u8]) {
        match Record::from_bytes(entry) {
            Ok(Record::Intent(intent)) => {
                if let Some(shadow) = &intent.shadow {
                    shadow.rules.iter().for_each(|rule| self.rule(rule, intent.at, |used| used.shadow += 1));
                }
                intent.unknown.iter().for_each(|rule| self.rule(rule, intent.at, |used| used.unknown += 1));
                match self.open_row(&intent.req) {
                    Some(row) => row.attempt(index, &intent),
                    None => self.push(Row::opened(index, &intent)),
                }
            }
            Ok(Record::Outcome(outcome)) => {
                outcome.rules.iter().for_each(|rule| self.rule(rule, outcome.at, |used| used.passed_over += 1));
                self.day(outcome.at).outcome(&outcome);
                self.hour(outcome.at).outcome(outcome.end);
                match self.open_row(&outcome.req) {
                    Some(row) => row.end(index, &outcome),
                    None => self.push(Row::ended(index, &outcome)),
                }
            }
            Ok(Record::Refusal(refusal)) => {
                refusal.rules.iter().for_each(|rule| self.rule(rule, refusal.at, |used| used.denied += 1));
                refusal.unknown.iter().for_each(|rule| self.rule(rule, refusal.at, |used| used.unknown += 1));
                self.day(refusal.at).refusal(&refusal);
                self.hour(refusal.at).refused += 1;
                self.push(Row::refused(index, &refusal));
            }
            Ok(Record::Change(change)) => {
                self.changes.push_back((index, change));
                if self.changes.len() > CHANGES_MAX {
                    self.changes.pop_front();
                }
            }
            Err(_) => {}
        }
    }

    fn push(&mut self, row: Row) {
        self.by_request.insert(row.req.clone(), self.gone + self.rows.len() as u64);
        self.rows.push_back(row);
        if self.rows.len() > self.rows_max
            && let Some(old) = self.rows.pop_front()
        {
            // An id that stands twice, as in records of old versions, belongs to the younger.
            if self.by_request.get(&old.req) == Some(&self.gone) {
                self.by_request.remove(&old.req);
            }
            self.gone += 1;
        }
    }

    fn open_row(&mut self, req: &str) -> Option<&mut Row> {
        let place = self.by_request.get(req)?.checked_sub(self.gone)?;
        self.rows.get_mut(usize::try_from(place).ok()?).filter(|row| row.end == Ended::Open)
    }

    fn day(&mut self, at: UnixMs) -> &mut Day {
        if self.days.len() > DAYS_MAX {
            self.days.pop_first();
        }
        self.days.entry(at.date_in(&self.zone)).or_default()
    }

    fn hour(&mut self, at: UnixMs) -> &mut Hour {
        if self.hours.len() > HOURS_MAX {
            self.hours.pop_first();
        }
        self.hours.entry(at.0 / HOUR_MS).or_default()
    }

    fn rule(&mut self, rule: &Arc<str>, at: UnixMs, count: impl FnOnce(&mut RuleUse)) {
        let used = self.rules.entry(rule.clone()).or_default();
        count(used);
        used.last = Some(at);
    }

    /// The rows that are kept, oldest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.iter()
    }

    /// The row of a request; none where it is not among those that are kept.
    pub fn row(&self, req: &str) -> Option<&Row> {
        let place = self.by_request.get(req)?.checked_sub(self.gone)?;
        self.rows.get(usize::try_from(place).ok()?)
    }

    /// How many requests are older than those that are kept.
    pub fn gone(&self) -> u64 {
        self.gone
    }

    /// How many rows are kept at most.
    pub fn rows_max(&self) -> usize {
        self.rows_max
    }

    /// The first entry that was not read yet.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Sums of the days from one on.
    pub fn since(&self, first: Date) -> Day {
        let mut sum = Day::default();
        self.days.range(first..).for_each(|(_, day)| sum.add(day));
        sum
    }

    /// Sums of each day from one on that has any.
    pub fn days_since(&self, first: Date) -> Vec<(Date, Sum)> {
        self.days.range(first..).map(|(date, day)| (*date, day.total())).collect()
    }

    /// The first day of which anything is known.
    pub fn first_day(&self) -> Option<Date> {
        self.days.keys().next().copied()
    }

    /// Counts of an hour, which is numbered from 1970 on.
    pub fn hour_at(&self, hour: u64) -> Hour {
        self.hours.get(&hour).copied().unwrap_or_default()
    }

    /// What a rule decided since the log began.
    pub fn rule_use(&self, rule: &str) -> RuleUse {
        self.rules.get(rule).cloned().unwrap_or_default()
    }

    /// The last changes, youngest first, each with its index.
    pub fn changes(&self) -> impl Iterator<Item = &(u64, Change)> {
        self.changes.iter().rev()
    }
}

#[cfg(test)]
mod tests;
