//! Sums of use, by what was used and by what could have been.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use realm::{AppId, DeploymentId, RouteId, SnapshotId};
use serde::Serialize;

use crate::request::{Answered, Facts};

/// How much was used, in four measures. Sums are held at the largest number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Use {
    /// Requests that were answered.
    pub requests: u64,
    /// Their tokens, of prompts and answers.
    pub tokens: u64,
    /// What they cost, in billionths of the currency.
    pub cost_nano: u64,
    /// Requests, each counted as often as its app is critical: 0 to 3 times.
    pub critical: u64,
}

impl Use {
    /// One answered request.
    pub(crate) fn of(answered: &Answered, criticality: u64) -> Self {
        let cost_nano = u64::try_from(answered.cost_nano.0).unwrap_or(0);
        Self { requests: 1, tokens: answered.tokens.total(), cost_nano, critical: criticality }
    }

    /// Adds another one.
    pub(crate) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.tokens = self.tokens.saturating_add(other.tokens);
        self.cost_nano = self.cost_nano.saturating_add(other.cost_nano);
        self.critical += other.critical;
    }
}

/// Requests of an app by a route that may go to the same deployments.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) snapshot: SnapshotId,
    pub(crate) app: AppId,
    pub(crate) route: Option<RouteId>,
    pub(crate) criticality: u64,
    /// Where the rules let them go.
    pub(crate) open: Vec<DeploymentId>,
    pub(crate) requests: u64,
    pub(crate) last: Option<Date>,
}

/// Sums of use.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) uses: BTreeMap<(SnapshotId, DeploymentId), Use>,
    /// Use of which nobody knows the world.
    pub(crate) unknown: Use,
    profiles: Vec<Profile>,
    places: HashMap<ProfileKey, usize>,
}

type ProfileKey = (SnapshotId, AppId, Option<RouteId>, Vec<DeploymentId>);

impl Tally {
    /// The place of the profile of some facts.
    pub(crate) fn profile(&mut self, facts: &Facts, criticality: u64, open: &[DeploymentId]) -> usize {
        let key = (facts.snapshot, facts.app.clone(), facts.route.clone(), open.to_vec());
        let (profiles, next) = (&mut self.profiles, self.places.len());
        *self.places.entry(key).or_insert_with_key(|(snapshot, app, route, open)| {
            let (app, route, open) = (app.clone(), route.clone(), open.clone());
            profiles.push(Profile { snapshot: *snapshot, app, route, criticality, open, requests: 0, last: None });
            next
        })
    }

    /// Adds a use.
    pub(crate) fn add(&mut self, place: usize, world: SnapshotId, deployment: &DeploymentId, used: Use, date: Date) {
        self.uses.entry((world, deployment.clone())).or_default().add(used);
        if let Some(profile) = self.profiles.get_mut(place) {
            profile.requests += used.requests;
            profile.last = profile.last.max(Some(date));
        }
    }

    /// Adds a use of which nobody knows the world.
    pub(crate) fn unknown(&mut self, used: Use) {
        self.unknown.add(used);
    }

    /// All use together.
    pub(crate) fn total(&self) -> Use {
        let mut total = self.unknown;
        self.uses.values().for_each(|used| total.add(*used));
        total
    }

    /// The profiles that were used.
    pub(crate) fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().filter(|profile| profile.requests > 0)
    }
}
