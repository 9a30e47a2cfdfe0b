//! What is counted while requests are decided again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use realm::{AppId, ClassSet, DataClass, DeploymentId, RouteId, SectorId};
use rust_decimal::Decimal;

use super::changed::Changed;
use super::failing::Failures;
use super::go::Stop;
use super::load::Loads;
use super::work::Works;
use crate::request::{Answered, Facts};

/// Every count of a drill.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) apps: BTreeMap<AppId, AppTally>,
    pub(super) moves: BTreeMap<(AppId, DeploymentId, DeploymentId), u64>,
    pub(super) stops: BTreeMap<(AppId, Stop), u64>,
    /// By which routes an app's requests go nowhere.
    pub(super) stop_routes: BTreeMap<AppId, BTreeSet<RouteId>>,
    pub(super) opened: BTreeMap<(AppId, DeploymentId), u64>,
    /// By protected class: requests with which it left home before and not after, and the other way round.
    pub(super) kept: BTreeMap<DataClass, u64>,
    pub(super) leaving: BTreeMap<DataClass, u64>,
    /// Whose requests the latter are.
    pub(super) leaving_apps: BTreeMap<DataClass, BTreeSet<AppId>>,
    /// Requests with any protected class that left home in clear, and that would.
    pub(super) in_clear: (u64, u64),
    /// Requests with any protected class that leaves home and did not before.
    pub(super) leaving_requests: u64,
    pub(super) loads: Loads,
    pub(super) works: Works,
    pub(super) failures: Failures,
    pub(super) days: Option<(Date, Date)>,
    pub(super) without_world: u64,
    pub(super) disagreeing: u64,
}

/// Counts of one app.
#[derive(Debug, Default, Clone)]
pub(super) struct AppTally {
    pub(super) criticality: u64,
    pub(super) sector: Option<SectorId>,
    pub(super) answered: u64,
    pub(super) unchanged: u64,
    pub(super) moved: u64,
    pub(super) stopped: u64,
    pub(super) newly_permitted: u64,
    pub(super) still_denied: u64,
    pub(super) refused: u64,
    pub(super) failed: u64,
    pub(super) cost_before_nano: i128,
    /// A decimal, for factors of prices are.
    pub(super) cost_after_nano: Decimal,
    /// Requests whose cost after nobody can tell: the price of where they move to is not declared.
    pub(super) cost_unknown: u64,
}

/// Classes whose way is told: data protection, and secrets.
const PROTECTED: [DataClass; 3] = [DataClass::Personal, DataClass::Special, DataClass::Secret];

impl Tally {
    pub(super) fn see(&mut self, date: Date) {
        self.days = Some(self.days.map_or((date, date), |(first, last)| (first.min(date), last.max(date))));
    }

    /// The counts of an app.
    pub(super) fn app(&mut self, app: &AppId, criticality: u64, sector: Option<&SectorId>) -> &mut AppTally {
        if !self.apps.contains_key(app) {
            let new = AppTally { criticality, sector: sector.cloned(), ..AppTally::default() };
            self.apps.insert(app.clone(), new);
        }
        self.apps.entry(app.clone()).or_default()
    }

    pub(super) fn opened(&mut self, facts: &Facts, to: &DeploymentId) {
        *self.opened.entry((facts.app.clone(), to.clone())).or_default() += 1;
    }

    pub(super) fn moved(&mut self, facts: &Facts, from: &DeploymentId, to: &DeploymentId) {
        *self.moves.entry((facts.app.clone(), from.clone(), to.clone())).or_default() += 1;
    }

    pub(super) fn stopped(&mut self, facts: &Facts, stop: Stop) {
        *self.stops.entry((facts.app.clone(), stop)).or_default() += 1;
        let Some(route) = &facts.route else { return };
        let routes = self.stop_routes.entry(facts.app.clone()).or_default();
        if !routes.contains(route) {
            routes.insert(route.clone());
        }
    }

    /// Which classes left home in clear, and which would.
    pub(super) fn classes(&mut self, app: &AppId, before: ClassSet, after: ClassSet) {
        let leaves = |classes: &ClassSet| PROTECTED.iter().any(|class| classes.contains(*class));
        self.in_clear.0 += u64::from(leaves(&before));
        self.in_clear.1 += u64::from(leaves(&after));
        let mut leaves_anew = false;
        for class in PROTECTED {
            match (before.contains(class), after.contains(class)) {
                (true, false) => *self.kept.entry(class).or_default() += 1,
                (false, true) => {
                    *self.leaving.entry(class).or_default() += 1;
                    let apps = self.leaving_apps.entry(class).or_default();
                    if !apps.contains(app) {
                        apps.insert(app.clone());
                    }
                    leaves_anew = true;
                }
                _ => {}
            }
        }
        self.leaving_requests += u64::from(leaves_anew);
    }
}

impl AppTally {
    /// Adds what an answer would cost: as recorded where it stays, by the declared price where it moves to; the same
    /// tokens in both.
    pub(super) fn price(&mut self, answered: &Answered, to: &DeploymentId, changed: &Changed) {
        let nano = if *to == answered.deployment {
            Some(i128::from(answered.cost_nano.0))
        } else {
            let price = changed.compiled.world().deployments.get(to).and_then(|it| it.price);
            price.map(|price| {
                let of = |nano: realm::Nano, tokens: u64| i128::from(nano.0) * i128::from(tokens);
                of(price.input_per_token, answered.tokens.input) + of(price.output_per_token, answered.tokens.output)
            })
        };
        match nano.and_then(|nano| Decimal::try_from_i128_with_scale(nano, 0).ok()) {
            None => self.cost_unknown += 1,
            Some(nano) => {
                let factor = changed.factor(to).unwrap_or(Decimal::ONE);
                self.cost_after_nano = self.cost_after_nano.saturating_add(nano.saturating_mul(factor));
            }
        }
    }
}
