//! Drills in shadow: what servers counted of requests that went to their fallback too, beside what records say of them.

mod asks;
mod figures;
pub(crate) mod report;
mod text;

use std::collections::BTreeMap;

use jiff::civil::Date;
use realm::{AppId, DeploymentId, Nano, RouteId};
use serde::Serialize;

use crate::exposure::report::Substitute;
use crate::request::{Fate, Request};
pub use figures::{Figures, Mean, Sure};
pub use report::ShadowReport;

/// A request that was repeated for a drill in shadow, as its records tell it.
#[derive(Debug, Clone)]
pub struct Mirror {
    /// The drill.
    pub drill: String,
    /// The request that a client made.
    pub of: String,
    /// The mirror itself.
    pub request: Request,
    /// Tokens that it used, answered or not.
    pub tokens: u64,
    /// What those cost.
    pub cost_nano: Nano,
}

/// What the records of a log hold of a drill's mirrors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Mirrors that have ended.
    pub mirrors: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Tokens that they used.
    pub tokens: u64,
    /// What those cost.
    pub cost_nano: Nano,
}

impl Recorded {
    /// Counts a mirror of this drill, and of no other.
    pub fn see(&mut self, drill: &str, mirror: &Mirror) {
        if mirror.drill != drill {
            return;
        }
        self.mirrors += 1;
        self.answered += u64::from(matches!(mirror.request.fate, Fate::Answered(_)));
        self.tokens = self.tokens.saturating_add(mirror.tokens);
        self.cost_nano = self.cost_nano + mirror.cost_nano;
    }
}

/// A fallback that answered for an app, while nobody needed it to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Which.
    pub deployment: DeploymentId,
    /// Mirrors that it answered in the ninety days before the last request.
    pub mirrors: u64,
    /// The last day of them.
    #[serde(serialize_with = "crate::figure::day")]
    pub on: Date,
}

/// With fewer mirrors nothing is concluded.
const MIRRORS_MIN: u64 = 10;
/// After so many days nobody knows whether it still would.
const DAYS: i64 = crate::level::EVIDENCE_DAYS;

/// How many by day.
type ByDay = BTreeMap<Date, u64>;

/// Answered mirrors by app, route, deployment and day.
#[derive(Debug, Default)]
pub(crate) struct Tries(BTreeMap<(AppId, Option<RouteId>), BTreeMap<DeploymentId, ByDay>>);

impl Tries {
    /// Counts a mirror that was answered on a day.
    pub(crate) fn see(&mut self, mirror: &Mirror, date: Date) {
        let (facts, Fate::Answered(answered)) = (&mirror.request.facts, &mirror.request.fate) else { return };
        let of = self.0.entry((facts.app.clone(), facts.route.clone())).or_default();
        *of.entry(answered.deployment.clone()).or_default().entry(date).or_default() += 1;
    }

    /// Raises what could take the place of something to the level that its fallback has shown.
    pub(crate) fn raise(&self, substitutes: &mut [Substitute]) {
        for substitute in substitutes.iter_mut().filter(|it| it.level >= 1) {
            let Some(tried) = self.tried(substitute) else { continue };
            (substitute.level, substitute.tried) = (3, Some(tried));
        }
    }

    /// The permitted deployment that answered most, if it answered enough and not too long ago.
    fn tried(&self, substitute: &Substitute) -> Option<Tried> {
        let of = self.0.get(&(substitute.app.clone(), substitute.route.clone()))?;
        let since = substitute.as_of?.saturating_sub(jiff::Span::new().days(DAYS));
        let one = |(deployment, days): (&DeploymentId, &BTreeMap<Date, u64>)| {
            let mirrors = days.range(since..).map(|(_, count)| count).sum();
            let on = *days.last_key_value()?.0;
            Some(Tried { deployment: deployment.clone(), mirrors, on })
        };
        let permitted = of.iter().filter(|(deployment, _)| substitute.permitted.contains(deployment));
        let enough = permitted.filter_map(one).filter(|it| it.mirrors >= MIRRORS_MIN);
        enough.reduce(|most, it| if it.mirrors > most.mirrors { it } else { most })
    }
}
