//! Exposure of this month's traffic, of each organisation and of the whole: folded record by record beside the pages, so
//! that a page pays for its report only.
//!
//! In memory: sums by snapshot, app, route, and where rules let a request go; of the month alone, and of the worlds that
//! decided in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use drill::report::{Exposure as Report, Finding};
use drill::{Archive, Exposure, Mirror, Reader, Request, Unread, Window};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{EntryIndex, Log, system};
use realm::OrganisationId;
use serde_json::{Value, json};
use store::Scope;

use crate::follow::Fold;
use crate::worlds::Worlds;

/// Exposure of the last month in which something was asked.
pub struct Exposed {
    zone: TimeZone,
    archive: Arc<dyn Archive>,
    /// The first entry that was not read yet.
    next: u64,
    reader: Reader,
    month: Month,
}

/// What is known of one month.
struct Month {
    /// Its first day.
    first: Date,
    worlds: Arc<Worlds>,
    whole: Exposure<'static>,
    own: BTreeMap<OrganisationId, Exposure<'static>>,
}

impl Month {
    fn new(first: Date, archive: Arc<dyn Archive>) -> Self {
        let worlds = Arc::new(Worlds::new(archive));
        Self { first, whole: exposure(&worlds, first), worlds, own: BTreeMap::new() }
    }

    fn see(&mut self, request: &Request) {
        self.whole.see(request);
        // Whose an app was is said by the realm that decided.
        if let Some(owner) = self.worlds.owner(request) {
            self.own.entry(owner).or_insert_with(|| exposure(&self.worlds, self.first)).see(request);
        }
    }

    /// Of the whole no app is named, so that its substitutes are not told.
    fn see_mirror(&mut self, mirror: &Mirror) {
        if let Some(owner) = self.worlds.owner(&mirror.request) {
            self.own.entry(owner).or_insert_with(|| exposure(&self.worlds, self.first)).see_mirror(mirror);
        }
    }
}

fn exposure(worlds: &Arc<Worlds>, first: Date) -> Exposure<'static> {
    Exposure::new(Arc::clone(worlds), Window { since: Some(first), ..Window::default() })
}

impl Exposed {
    /// Nothing read yet; worlds are read from an archive.
    pub fn new(archive: Arc<dyn Archive>) -> Self {
        let month = Month::new(Date::MIN, archive.clone());
        Self { zone: TimeZone::UTC, archive, next: 0, reader: Reader::default(), month }
    }

    /// Learns the next entry; what is no record of ours is passed over.
    fn see(&mut self, index: u64, entry: &[u8]) {
        let seen = self.reader.see(index, entry);
        if let Some(mirror) = self.reader.take_mirror() {
            return self.month.see_mirror(&mirror);
        }
        let Ok(Some(request)) = seen else { return };
        let first = request.at.date_in(&self.zone).first_of_month();
        if first > self.month.first {
            self.month = Month::new(first, self.archive.clone());
        }
        if first == self.month.first {
            self.month.see(&request);
        }
    }

    /// The exposure of a month of a scope; none where nothing was asked in it. Of the whole no app is named, so what is told
    /// app by app is left out.
    pub fn report(&self, month: Date, scope: &Scope) -> Option<Report> {
        let known = (self.month.first == month).then_some(&self.month)?;
        match scope {
            Scope::Organisation(id) => Some(known.own.get(id)?.report(Unread::default())),
            Scope::Whole => Some(without_apps(known.whole.report(Unread::default()))),
        }
    }
}

fn without_apps(mut report: Report) -> Report {
    report.summary.cut_sets.clear();
    report.summary.substitutes.clear();
    report.findings.retain_mut(|finding| match finding {
        Finding::UndeclaredApp { .. } | Finding::SinglePoint { .. } => false,
        Finding::SharedParent { apps, .. } => {
            apps.clear();
            true
        }
        _ => true,
    });
    report
}

/// The report for programs: that of `freehold exposure --json`, but for what is of the whole log.
pub fn to_json(report: &Report) -> Value {
    let mut told = json!(report);
    if let Some(totals) = told["totals"].as_object_mut() {
        totals.remove("unread");
    }
    told
}

impl Fold for Exposed {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn renew(&mut self, zone: TimeZone) {
        *self = Self { zone, ..Self::new(self.archive.clone()) };
    }

    fn next(&self) -> u64 {
        self.next
    }

    fn catch_up(&mut self, log: &Log, at_most: usize) -> Result<(), ledger::Error> {
        for found in log.scan(EntryIndex(self.next)).take(at_most) {
            let (index, entry) = found?;
            self.next = index.0 + 1;
            if !system::is_system(&entry) {
                self.see(index.0, &entry);
            }
        }
        Ok(())
    }
}
