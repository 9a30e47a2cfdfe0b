//! What must hold of a recovered log, whoever saw what.

use std::collections::{BTreeMap, BTreeSet};

use gateway::usage;
use jiff::tz::TimeZone;
use realm::record::{End, Intent, Outcome, Record};
use realm::{Nano, UnixMs};

use super::notes::{Broken, Kind, Seen, Tally, mac_of};
use crate::harness::NOON;

/// What a log holds, by index.
pub type Entries = BTreeMap<u64, Vec<u8>>;

/// The records of requests.
struct Records {
    intents: BTreeMap<u64, Intent>,
    outcomes: Vec<Outcome>,
}

/// Checks everything; tells what happened.
pub fn check(entries: &Entries, seen: &mut Seen) -> Tally {
    let mut broken = Vec::new();
    let records = Records::of(entries, &mut broken);
    records.check_closed(&mut broken);
    records.check_seen(seen, &mut broken);
    records.check_charges(entries, &mut broken);
    seen.broken.append(&mut broken);
    let streamed = seen.ended.values().filter(|streamed| **streamed).count();
    Tally {
        whole: seen.ended.len() - streamed,
        streamed,
        unknown: records.outcomes.iter().filter(|outcome| outcome.end == End::Unknown).count(),
        second_attempts: records.intents.values().filter(|intent| intent.n > 1).count(),
        crashes: 0,
    }
}

impl Records {
    fn of(entries: &Entries, broken: &mut Vec<Broken>) -> Self {
        let (mut intents, mut outcomes) = (BTreeMap::new(), Vec::new());
        for (index, entry) in entries {
            match Record::from_bytes(entry) {
                Ok(Record::Intent(intent)) => drop(intents.insert(*index, intent)),
                Ok(Record::Outcome(outcome)) => outcomes.push(outcome),
                Ok(Record::Refusal(_) | Record::Change(_)) => {}
                Err(error) => broken.push(Broken::new(Kind::Untidy, format!("entry {index} is no record: {error}"))),
            }
        }
        Self { intents, outcomes }
    }

    /// Every intent has one outcome, and the outcomes of a request speak of its intents.
    fn check_closed(&self, broken: &mut Vec<Broken>) {
        let mut closings: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for outcome in &self.outcomes {
            for attempt in &outcome.attempts {
                closings.entry(attempt.intent).or_default().push(&outcome.req);
            }
        }
        for (index, intent) in &self.intents {
            let closed_by = closings.remove(index).unwrap_or_default();
            if closed_by != [intent.req.as_str()] {
                broken.push(Broken::new(
                    Kind::Untidy,
                    format!("intent {index} of {} is closed by {closed_by:?}", intent.req),
                ));
            }
        }
        for index in closings.keys() {
            broken.push(Broken::new(Kind::Untidy, format!("an outcome speaks of intent {index}, which is not there")));
        }
    }

    /// What clients and providers saw is in the log, and nothing else is.
    fn check_seen(&self, seen: &Seen, broken: &mut Vec<Broken>) {
        for id in seen.ended.keys() {
            let mac = mac_of(id);
            let is_its = |it: &&Outcome| it.attempts.iter().any(|attempt| self.is_of(attempt.intent, &mac));
            let ends: Vec<End> = self.outcomes.iter().filter(is_its).map(|it| it.end).collect();
            if ends != [End::Ok] {
                broken.push(Broken::new(Kind::Lost, format!("a client saw the end of {id}; the log says {ends:?}")));
            }
        }
        for (id, deployment) in &seen.reached {
            let mac = mac_of(id);
            let is_it =
                |(index, intent): &(&u64, &Intent)| self.is_of(**index, &mac) && intent.dep.as_str() == *deployment;
            let count = self.intents.iter().filter(is_it).count();
            if count != 1 {
                broken.push(Broken::new(
                    Kind::Lost,
                    format!("{deployment} got bytes of {id}; the log holds {count} intents"),
                ));
            }
        }
        let asked: BTreeSet<String> = seen.asked.iter().map(|id| mac_of(id)).collect();
        let is_asked = |intent: &&Intent| intent.user.as_ref().is_some_and(|user| asked.contains(&user.0));
        for intent in self.intents.values().filter(|intent| !is_asked(intent)) {
            broken.push(Broken::new(Kind::Untidy, format!("nobody asked {}", intent.req)));
        }
    }

    fn is_of(&self, intent: u64, mac: &str) -> bool {
        self.intents.get(&intent).and_then(|intent| intent.user.as_ref()).is_some_and(|user| user.0 == mac)
    }

    /// What recovery closed is charged what its last attempt set aside; the counters made again say the same.
    fn check_charges(&self, entries: &Entries, broken: &mut Vec<Broken>) {
        for outcome in self.outcomes.iter().filter(|outcome| outcome.end == End::Unknown) {
            let last = outcome.attempts.last().and_then(|attempt| self.intents.get(&attempt.intent));
            let charged = (outcome.tokens.input, outcome.cost_nano, outcome.cost_estimated);
            if last.map(|intent| (intent.est.tokens, intent.est.cost_nano, true)) != Some(charged) {
                broken.push(Broken::new(Kind::Untidy, format!("{} is charged {charged:?} of {last:?}", outcome.req)));
            }
        }
        let folded =
            usage::fold(entries.iter().map(|(index, entry)| (*index, entry.as_slice())), TimeZone::UTC, UnixMs(NOON));
        let sum = |costs: &mut dyn Iterator<Item = Nano>| costs.fold(Nano::ZERO, |sum, cost| sum + cost);
        let (counted, written) =
            (sum(&mut folded.spent.into_values()), sum(&mut self.outcomes.iter().map(|outcome| outcome.cost_nano)));
        if counted != written {
            broken.push(Broken::new(Kind::Untidy, format!("the counters say {counted:?}, the outcomes {written:?}")));
        }
    }
}
