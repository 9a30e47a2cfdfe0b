//! What requests owe: by which rules, of whom, since when. Read off the rows that are kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use realm::{AppId, UnixMs};

use super::names::NONE;
use super::{Index, Seen};

/// Requests of an app that owe something by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The rule.
    pub rule: String,
    /// Whose requests.
    pub app: AppId,
    /// How many.
    pub requests: u64,
    /// The first of them.
    pub first: UnixMs,
    /// The last.
    pub last: UnixMs,
}

impl Index {
    /// What some apps' requests owe by some rules, by rule and app; of each only requests after a moment, where one is said.
    pub fn owed(&self, seen: &Seen, rules: &BTreeSet<String>, after: &HashMap<(String, AppId), UnixMs>) -> Vec<Owed> {
        let names = &self.rows.names;
        let mut found: BTreeMap<(String, AppId), Owed> = BTreeMap::new();
        for row in self.rows.rows.iter().filter(|row| row.owes != NONE) {
            let (Some(app), Some(hits)) = (names.apps.name(row.app), names.rules.name(row.owes)) else { continue };
            if !seen.has(app) {
                continue;
            }
            for rule in hits.iter().filter(|rule| rules.contains(&***rule)) {
                let key = (rule.to_string(), app.clone());
                if after.get(&key).is_some_and(|after| row.at <= *after) {
                    continue;
                }
                let (rule, app, at) = (key.0.clone(), key.1.clone(), row.at);
                let one = found.entry(key).or_insert(Owed { rule, app, requests: 0, first: at, last: at });
                one.requests += 1;
                (one.first, one.last) = (one.first.min(at), one.last.max(at));
            }
        }
        found.into_values().collect()
    }
}
