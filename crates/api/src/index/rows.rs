//! The rows of the last requests, packed: half a million of them in some hundred megabytes.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use realm::record::{EnergyFigure, RuleHit, Tokens};
use realm::{AppId, ClassSet, DeploymentId, Nano, RouteId, UnixMs};

use super::names::{NONE, Names};
use super::row::{Ended, Row};

/// Rows that are kept, oldest first.
#[derive(Debug)]
pub struct Rows {
    pub(super) rows: VecDeque<Packed>,
    /// How many rows were let go: the number of the oldest that is kept.
    gone: u64,
    most: usize,
    /// The number of the youngest row by the hash of its request's id.
    by_request: HashMap<u64, u64>,
    hasher: RandomState,
    /// Entries between the first and the last, by the row's number: few requests have any.
    between: HashMap<u64, Vec<u64>>,
    pub(super) names: Known,
}

/// The names that rows hold by number.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) apps: Names<AppId>,
    pub(super) routes: Names<RouteId>,
    pub(super) deployments: Names<DeploymentId>,
    pub(super) purposes: Names<Arc<str>>,
    pub(super) codes: Names<Arc<str>>,
    pub(super) rules: Names<Vec<RuleHit>>,
}

/// One request, its names by number.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) at: UnixMs,
    pub(super) req: Box<str>,
    pub(super) app: u32,
    pub(super) route: u32,
    pub(super) purpose: u32,
    pub(super) deployment: u32,
    pub(super) code: u32,
    pub(super) rules: u32,
    pub(super) owes: u32,
    pub(super) redacted_by: u32,
    pub(super) end: Ended,
    pub(super) classes: ClassSet,
    pub(super) redacted: ClassSet,
    pub(super) simulated: bool,
    pub(super) cost_estimated: bool,
    pub(super) attempts: u32,
    pub(super) tokens: Tokens,
    pub(super) cost: Nano,
    pub(super) energy: EnergyFigure,
    /// Capped at what fits: 49 days.
    first_ms: u32,
    pub(super) total_ms: u32,
    first: u64,
    last: u64,
}

/// Stands for a time that is not known.
const NO_TIME: u32 = u32::MAX;

/// The number of some rules together; that no rule is there has a number of its own.
fn rules_number(known: &mut Names<Vec<RuleHit>>, rules: &Vec<RuleHit>) -> u32 {
    if rules.is_empty() { NONE } else { known.number(rules) }
}

impl Rows {
    pub(super) fn new(most: usize) -> Self {
        Self {
            rows: VecDeque::new(),
            gone: 0,
            most,
            by_request: HashMap::new(),
            hasher: RandomState::new(),
            between: HashMap::new(),
            names: Known::default(),
        }
    }

    pub(super) fn push(&mut self, row: &Row) {
        let number = self.gone + self.rows.len() as u64;
        self.by_request.insert(self.hasher.hash_one(&*row.req), number);
        let packed = self.pack(number, row);
        self.rows.push_back(packed);
        if self.rows.len() > self.most
            && let Some(old) = self.rows.pop_front()
        {
            // An id that stands twice, as in records of old versions, belongs to the younger.
            let hash = self.hasher.hash_one(&*old.req);
            if self.by_request.get(&hash) == Some(&self.gone) {
                self.by_request.remove(&hash);
            }
            self.between.remove(&self.gone);
            self.gone += 1;
        }
    }

    /// Changes the row of a request that has not ended; tells whether there is one.
    pub(super) fn change_open(&mut self, req: &str, change: impl FnOnce(&mut Row)) -> bool {
        let Some((number, place)) = self.place(req).filter(|(_, place)| self.rows[*place].end == Ended::Open) else {
            return false;
        };
        let Some(mut row) = self.unpack(number, &self.rows[place]) else { return false };
        change(&mut row);
        self.rows[place] = self.pack(number, &row);
        true
    }

    fn place(&self, req: &str) -> Option<(u64, usize)> {
        let number = *self.by_request.get(&self.hasher.hash_one(req))?;
        let place = usize::try_from(number.checked_sub(self.gone)?).ok()?;
        self.rows.get(place).filter(|row| *row.req == *req).map(|_| (number, place))
    }

    /// The row of a request; none where it is not among those that are kept.
    pub(super) fn of(&self, req: &str) -> Option<Row> {
        let (number, place) = self.place(req)?;
        self.unpack(number, &self.rows[place])
    }

    /// The row at a place, from the oldest that is kept.
    pub(super) fn at(&self, place: usize) -> Option<Row> {
        self.rows.get(place).and_then(|row| self.unpack(self.gone + place as u64, row))
    }

    pub(super) fn gone(&self) -> u64 {
        self.gone
    }

    pub(super) fn most(&self) -> usize {
        self.most
    }

    fn pack(&mut self, number: u64, row: &Row) -> Packed {
        let (first, last) = (row.entries.first(), row.entries.last());
        if let [_, between @ .., _] = row.entries.as_slice()
            && !between.is_empty()
        {
            self.between.insert(number, between.to_vec());
        }
        let ms = |ms: Option<u64>| ms.map_or(NO_TIME, |ms| u32::try_from(ms).unwrap_or(NO_TIME - 1).min(NO_TIME - 1));
        let names = &mut self.names;
        Packed {
            at: row.at,
            req: row.req.as_ref().into(),
            app: names.apps.number(&row.app),
            route: names.routes.number_or_none(row.route.as_ref()),
            purpose: names.purposes.number(&row.purpose),
            deployment: names.deployments.number_or_none(row.deployment.as_ref()),
            code: names.codes.number_or_none(row.code.as_ref()),
            rules: rules_number(&mut names.rules, &row.rules),
            owes: rules_number(&mut names.rules, &row.owes),
            redacted_by: rules_number(&mut names.rules, &row.redacted_by),
            end: row.end,
            classes: row.classes,
            redacted: row.redacted,
            simulated: row.simulated,
            cost_estimated: row.cost_estimated,
            attempts: row.attempts,
            tokens: row.tokens,
            cost: row.cost,
            energy: row.energy,
            first_ms: ms(row.first_ms),
            total_ms: ms(row.total_ms),
            first: first.copied().unwrap_or(0),
            last: last.copied().unwrap_or(0),
        }
    }

    fn unpack(&self, number: u64, row: &Packed) -> Option<Row> {
        let names = &self.names;
        let between = self.between.get(&number).into_iter().flatten().copied();
        let last = (row.last != row.first).then_some(row.last);
        Some(Row {
            at: row.at,
            req: row.req.as_ref().into(),
            app: names.apps.name(row.app)?.clone(),
            route: names.routes.name(row.route).cloned(),
            purpose: names.purposes.name(row.purpose).cloned().unwrap_or_default(),
            deployment: names.deployments.name(row.deployment).cloned(),
            end: row.end,
            code: names.codes.name(row.code).cloned(),
            classes: row.classes,
            redacted: row.redacted,
            rules: names.rules.name(row.rules).cloned().unwrap_or_default(),
            owes: names.rules.name(row.owes).cloned().unwrap_or_default(),
            redacted_by: names.rules.name(row.redacted_by).cloned().unwrap_or_default(),
            attempts: row.attempts,
            tokens: row.tokens,
            cost: row.cost,
            cost_estimated: row.cost_estimated,
            energy: row.energy,
            first_ms: row.first(),
            total_ms: row.total(),
            entries: [row.first].into_iter().chain(between).chain(last).collect(),
            simulated: row.simulated,
        })
    }
}

impl Packed {
    fn first(&self) -> Option<u64> {
        (self.first_ms != NO_TIME).then_some(u64::from(self.first_ms))
    }

    pub(super) fn total(&self) -> Option<u64> {
        (self.total_ms != NO_TIME).then_some(u64::from(self.total_ms))
    }
}
