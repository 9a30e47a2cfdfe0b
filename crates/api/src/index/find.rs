//! Looking for requests: what narrows them, and in which order they come. One pass over packed rows.

use std::collections::BTreeSet;
use std::ops::Range;

use realm::UnixMs;

use super::names::{NONE, is_chosen};
use super::row::{Ended, POLICY_DENIED, Row, decision, joules};
use super::rows::{Packed, Rows};
use super::{Index, Seen};

/// What narrows the requests. What says nothing lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Whose requests may be looked at.
    pub seen: Seen,
    /// Of these apps only.
    pub apps: Option<BTreeSet<String>>,
    /// To these deployments only.
    pub deployments: Option<BTreeSet<String>>,
    /// By this route.
    pub route: Option<String>,
    /// Decided so.
    pub decision: Option<String>,
    /// Ended so.
    pub end: Option<String>,
    /// With this error.
    pub code: Option<String>,
    /// With this rule: it kept the request in, had something taken out of it, or something is owed by it.
    pub rule: Option<String>,
    /// Not before.
    pub from: Option<UnixMs>,
    /// Before.
    pub until: Option<UnixMs>,
    /// Whose id holds this text, whatever the case of its letters.
    pub id_part: Option<String>,
}

/// By what requests are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of its name")]
pub enum Key {
    At,
    Request,
    App,
    Route,
    Deployment,
    Decision,
    End,
    Tokens,
    Cost,
    Joules,
    TotalMs,
}

impl Key {
    /// The key of a column.
    pub fn of(column: &str) -> Option<Self> {
        Some(match column {
            "at" => Self::At,
            "request" => Self::Request,
            "app" => Self::App,
            "route" => Self::Route,
            "deployment" => Self::Deployment,
            "decision" => Self::Decision,
            "end" => Self::End,
            "tokens" => Self::Tokens,
            "cost" => Self::Cost,
            "joules" => Self::Joules,
            "total_ms" => Self::TotalMs,
            _ => return None,
        })
    }
}

/// The number of a name that no row has.
const NOBODYS: u32 = NONE - 1;

/// `Wanted` by the numbers of names.
struct Numbers<'a> {
    wanted: &'a Wanted,
    seen: Vec<bool>,
    apps: Option<Vec<bool>>,
    deployments: Option<Vec<bool>>,
    route: Option<u32>,
    code: Option<u32>,
    rules: Option<Vec<bool>>,
    /// The code of a denial by rules, where one was ever seen.
    denied: Option<u32>,
}

impl Index {
    /// Requests that are wanted, in an order (the youngest first where it says none, and among equals): how many there
    /// are, and those of a part.
    pub fn find(
        &self,
        wanted: &Wanted,
        order: Option<(Key, bool)>,
        part: impl FnOnce(usize) -> Range<usize>,
    ) -> (usize, Vec<Row>) {
        let rows = &self.rows;
        let numbers = Numbers::of(wanted, rows);
        let mut found: Vec<usize> =
            rows.rows.iter().enumerate().rev().filter(|(_, row)| numbers.let_in(row)).map(|(place, _)| place).collect();
        let part = part(found.len());
        let part = part.start.min(found.len())..part.end.min(found.len());
        if let Some((key, down)) = order {
            sort(rows, &mut found, key, down, part.end);
        }
        (found.len(), found[part].iter().filter_map(|place| rows.at(*place)).collect())
    }
}

impl Index {
    /// The youngest requests that are wanted, so many at most; it looks no further than it must.
    pub fn youngest(&self, wanted: &Wanted, most: usize) -> Vec<Row> {
        let rows = &self.rows;
        let numbers = Numbers::of(wanted, rows);
        let found = rows.rows.iter().enumerate().rev().filter(|(_, row)| numbers.let_in(row));
        found.take(most).filter_map(|(place, _)| rows.at(place)).collect()
    }
}

impl<'a> Numbers<'a> {
    fn of(wanted: &'a Wanted, rows: &Rows) -> Self {
        let names = &rows.names;
        let named = |set: &BTreeSet<String>, id: &str| set.contains(id);
        Self {
            wanted,
            seen: names.apps.chosen(|app| wanted.seen.has(app)),
            apps: wanted.apps.as_ref().map(|set| names.apps.chosen(|app| named(set, app.as_str()))),
            deployments: wanted.deployments.as_ref().map(|set| names.deployments.chosen(|id| named(set, id.as_str()))),
            route: wanted.route.as_ref().map(|route| names.routes.find(route.as_str()).unwrap_or(NOBODYS)),
            code: wanted.code.as_ref().map(|code| names.codes.find(code.as_str()).unwrap_or(NOBODYS)),
            denied: names.codes.find(POLICY_DENIED),
            rules: wanted.rule.as_ref().map(|rule| names.rules.chosen(|hits| hits.iter().any(|hit| **hit == **rule))),
        }
    }

    fn let_in(&self, row: &Packed) -> bool {
        let wanted = self.wanted;
        let of = |set: &Option<Vec<bool>>, number| set.as_ref().is_none_or(|set| is_chosen(set, number));
        let is = |one: Option<u32>, number| one.is_none_or(|one| one == number);
        is_chosen(&self.seen, row.app)
            && wanted.from.is_none_or(|from| from <= row.at)
            && wanted.until.is_none_or(|until| row.at < until)
            && of(&self.apps, row.app)
            && of(&self.deployments, row.deployment)
            && [row.rules, row.redacted_by, row.owes].into_iter().any(|rules| of(&self.rules, rules))
            && is(self.route, row.route)
            && is(self.code, row.code)
            && wanted.end.as_deref().is_none_or(|end| row.end.is(end))
            && wanted.decision.as_deref().is_none_or(|it| Some(it) == self.decided(row))
            && wanted.id_part.as_deref().is_none_or(|part| holds(&row.req, part))
    }

    fn decided(&self, row: &Packed) -> Option<&'static str> {
        let denied = self.denied == Some(row.code);
        decision(row.end, row.redacted, row.rules == NONE, denied)
    }
}

/// Whether an id holds a text, whatever the case of its letters; ids of ours are ASCII.
fn holds(id: &str, part: &str) -> bool {
    let (id, part) = (id.as_bytes(), part.as_bytes());
    part.is_empty() || id.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// Puts the first `until` places in order; what comes after them is not looked at.
fn sort(rows: &Rows, found: &mut [usize], key: Key, down: bool, until: usize) {
    let keys = Keys::of(rows, key);
    // What is not known comes last in both orders.
    let value = |place: usize| match keys.value(&rows.rows[place]) {
        Some(value) if down => u64::MAX - 1 - value.min(u64::MAX - 1),
        Some(value) => value,
        None => u64::MAX,
    };
    if key == Key::Request {
        return sort_by_name(rows, found, down, until);
    }
    let mut keyed: Vec<(u64, usize, usize)> =
        found.iter().enumerate().map(|(turn, place)| (value(*place), turn, *place)).collect();
    if until < keyed.len() {
        keyed.select_nth_unstable(until);
    }
    keyed[..until].sort_unstable();
    found.iter_mut().zip(keyed).for_each(|(place, (_, _, sorted))| *place = sorted);
}

/// The same by the requests' ids, which are no numbers.
fn sort_by_name(rows: &Rows, found: &mut [usize], down: bool, until: usize) {
    let mut named: Vec<(&str, usize, usize)> =
        found.iter().enumerate().map(|(turn, place)| (&*rows.rows[*place].req, turn, *place)).collect();
    let order = |a: &(&str, usize, usize), b: &(&str, usize, usize)| {
        let names = a.0.cmp(b.0);
        (if down { names.reverse() } else { names }).then(a.1.cmp(&b.1))
    };
    if until < named.len() {
        named.select_nth_unstable_by(until, order);
    }
    named[..until].sort_unstable_by(order);
    found.iter_mut().zip(named).for_each(|(place, (_, _, sorted))| *place = sorted);
}

/// What rows are compared by.
struct Keys {
    key: Key,
    /// The order of names, where it is names.
    ranks: Vec<u64>,
}

impl Keys {
    fn of(rows: &Rows, key: Key) -> Self {
        let names = &rows.names;
        let ranks = match key {
            Key::App => names.apps.ranks(),
            Key::Route => names.routes.ranks(),
            Key::Deployment => names.deployments.ranks(),
            _ => Vec::new(),
        };
        Self { key, ranks }
    }

    fn value(&self, row: &Packed) -> Option<u64> {
        let rank = |number: u32| usize::try_from(number).ok().and_then(|place| self.ranks.get(place)).copied();
        match self.key {
            Key::At => Some(row.at.0),
            Key::Request => None,
            Key::App => rank(row.app),
            Key::Route => rank(row.route),
            Key::Deployment => rank(row.deployment),
            Key::Decision => match (row.end, row.redacted.is_empty()) {
                (Ended::Refused, _) => Some(0),
                (_, true) => Some(1),
                (_, false) => Some(2),
            },
            Key::End => Ended::ALL.iter().position(|end| *end == row.end).map(|place| place as u64),
            Key::Tokens => row.total().map(|_| row.tokens.total()),
            // Costs are not negative.
            Key::Cost => row.total().and_then(|_| u64::try_from(row.cost.0).ok()),
            Key::Joules => joules(row.energy).map(f64::to_bits),
            Key::TotalMs => row.total(),
        }
    }
}
