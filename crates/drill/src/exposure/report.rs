//! What a measurement of exposure says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::{AppId, DeploymentId, EnergySourceId, OrganisationId, RouteId, SiteId, SnapshotId};
use rust_decimal::Decimal;
use serde::Serialize;

use super::evidence::Drilled;
use super::tally::{Tally, Use};
use crate::eval::Shown;
use crate::figure::{Ratio, as_text_if, day_if, days_if};
use crate::level::{Key, Level};
use crate::records::Unread;
use crate::shadow::Tried;

/// Exposure of the traffic in a window.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What was counted.
    pub totals: Totals,
    /// What somebody should know first, the gravest first.
    pub findings: Vec<Finding>,
    /// Shares, indices and cuts.
    #[serde(flatten)]
    pub summary: Summary,
    /// Snapshots that records name and that are not kept.
    pub missing_snapshots: Vec<SnapshotId>,
}

impl Report {
    pub(super) fn new(totals: Totals, summary: Summary, findings: Vec<Finding>, missing: Vec<SnapshotId>) -> Self {
        Self { totals, findings, summary, missing_snapshots: missing }
    }
}

/// Shares by level and what would be left of them.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Each level with its keys, in the order of [`Level::ALL`].
    pub levels: Vec<LevelReport>,
    /// The single cut that leaves the least, home's own places aside.
    pub worst_cut: Option<SurvivedCut>,
    /// Per app and route: the smallest sets whose loss leaves nothing of it.
    pub cut_sets: Vec<CutSet>,
    /// Per app and route: what could take its place.
    pub substitutes: Vec<Substitute>,
}

/// What was counted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Totals {
    /// Requests that were looked at.
    pub requests: u64,
    /// Use of those that were answered: the whole of every share.
    pub used: Use,
    /// Refused by rules.
    pub denied: u64,
    /// Refused for another reason.
    pub refused: u64,
    /// Begun without an answer.
    pub failed: u64,
    /// What no request was made of.
    pub unread: Unread,
    /// The first and the last day.
    #[serde(serialize_with = "days_if")]
    pub days: Option<(Date, Date)>,
    /// The currency of every amount.
    pub currency: Option<String>,
}

impl Totals {
    pub(super) fn see(&mut self, date: Date) {
        self.requests += 1;
        self.days = Some(self.days.map_or((date, date), |(first, last)| (first.min(date), last.max(date))));
    }

    pub(super) fn close(&mut self, unread: Unread, tally: &Tally, worlds: &BTreeMap<SnapshotId, Arc<Compiled>>) {
        self.unread = unread;
        self.used = tally.total();
        let currencies: BTreeSet<&str> = worlds.values().map(|it| it.world().head.currency.as_str()).collect();
        self.currency = (!currencies.is_empty()).then(|| currencies.into_iter().collect::<Vec<_>>().join("+"));
    }
}

/// One level of dependence.
#[derive(Debug, Clone, Serialize)]
pub struct LevelReport {
    /// Which.
    pub level: Level,
    /// Requests that need something here of which nobody declared what it is.
    pub undeclared: Ratio,
    /// Of requests: the sum of squared shares, from one over the number of keys to one; none where nothing is declared.
    /// Where a request needs several keys, shares are of all needs; blocs, which hold countries already, are left out.
    #[serde(serialize_with = "as_text_if")]
    pub hhi_requests: Option<Decimal>,
    /// How many keys of equal share would be as concentrated: one over the index.
    #[serde(serialize_with = "as_text_if")]
    pub effective_requests: Option<Decimal>,
    /// The index of use weighted by criticality.
    #[serde(serialize_with = "as_text_if")]
    pub hhi_critical: Option<Decimal>,
    /// How many keys of equal share that is.
    #[serde(serialize_with = "as_text_if")]
    pub effective_critical: Option<Decimal>,
    /// Each key, the most needed first.
    pub keys: Vec<Dependence>,
}

impl LevelReport {
    /// Whether anybody declared anything here.
    pub fn is_declared(&self) -> bool {
        self.undeclared.part < self.undeclared.whole
    }
}

/// How much of the use needs one key.
#[derive(Debug, Clone, Serialize)]
pub struct Dependence {
    /// Which; none where nobody declared it.
    pub name: Option<Arc<str>>,
    /// Whether it is home's own: a place of home, or somebody whom nobody elsewhere can compel.
    pub is_home: bool,
    /// Whether it is a bloc of countries that are listed too.
    pub is_bloc: bool,
    /// Of the requests that were answered.
    pub requests: Ratio,
    /// Of their tokens.
    pub tokens: Ratio,
    /// Of their cost, in billionths of the currency.
    pub cost_nano: Ratio,
    /// Of use weighted by criticality.
    pub critical: Ratio,
    /// What would be left without it; none for what is not declared.
    pub without: Option<SurvivedCut>,
}

/// What is left after one cut: whose route still leads to a permitted deployment.
#[derive(Debug, Clone, Serialize)]
pub struct SurvivedCut {
    /// What is cut off.
    pub key: Key,
    /// Of the requests.
    pub requests: Ratio,
    /// Of use weighted by criticality.
    pub critical: Ratio,
    /// Of apps, each weighted by its criticality: those of which every request is left.
    pub apps: Ratio,
}

/// The smallest sets of one or two whose loss leaves nothing of an app's use of a route.
#[derive(Debug, Clone, Serialize)]
pub struct CutSet {
    /// The app.
    pub app: AppId,
    /// The route.
    pub route: Option<RouteId>,
    /// How critical the app is.
    pub criticality: u64,
    /// The sets; the two of a pair are of one level.
    pub sets: Vec<Vec<Key>>,
}

/// How well what an app uses by a route could be replaced.
#[derive(Debug, Clone, Serialize)]
pub struct Substitute {
    /// The app.
    pub app: AppId,
    /// The route.
    pub route: Option<RouteId>,
    /// 0 none, 1 named: another permitted deployment stands on the route; 3 drilled in shadow: one of them answered at least
    /// ten of its requests a second time in the last ninety days; 2 evaluated: one of them that does not usually answer was, in
    /// the last ninety days; 4 drilled live: one of them answered in that time because a live drill had cut off what stands before it.
    pub level: u8,
    /// The deployments that every request of it may go to.
    pub permitted: Vec<DeploymentId>,
    /// Requests that were answered.
    pub requests: u64,
    /// The day of the last decision that says so.
    #[serde(serialize_with = "day_if")]
    pub as_of: Option<Date>,
    /// What was tried in shadow, where anything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<Tried>,
    /// The youngest evaluation of one that does not usually answer, however old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluated: Option<Shown>,
    /// The last live drill in which one of them answered, however long ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drilled: Option<Drilled>,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A source of energy is known to give nothing, and its site cannot do without it then.
    KnownOutage {
        /// Which.
        source: EnergySourceId,
        /// The site that it feeds.
        site: SiteId,
        /// In which year.
        year: i16,
        /// For how long.
        hours: u64,
        /// Of the requests that were answered, those answered at that site.
        requests: Ratio,
    },
    /// Traffic decided by a snapshot that is not kept: nobody can say what it needed.
    UndeclaredSnapshot {
        /// Which.
        snapshot: SnapshotId,
        /// How many requests.
        requests: u64,
    },
    /// Traffic of an app that its snapshot does not have.
    UndeclaredApp {
        /// Which.
        app: AppId,
        /// How many requests.
        requests: u64,
    },
    /// Traffic to a deployment that its snapshot does not have.
    UndeclaredDeployment {
        /// Which.
        deployment: DeploymentId,
        /// How many requests.
        requests: u64,
    },
    /// Traffic that needs something at a level where only some deployments declare what.
    UndeclaredKey {
        /// Where.
        level: Level,
        /// How many requests.
        requests: Ratio,
    },
    /// Levels at which nothing is declared of any deployment.
    UndeclaredLevels {
        /// Which.
        levels: Vec<Level>,
    },
    /// Suppliers that stand in for each other on a route and are one.
    SharedParent {
        /// Whose they are.
        parent: OrganisationId,
        /// What they are called.
        operators: Vec<OrganisationId>,
        /// Apps that take them for alternatives.
        apps: Vec<AppId>,
        /// How many requests.
        requests: u64,
    },
    /// A deployment whose bytes rest at home and whose operator somebody elsewhere can compel.
    ForeignControl {
        /// Which.
        deployment: DeploymentId,
        /// Who runs it.
        operator: OrganisationId,
        /// Who can compel it, beside home.
        controllers: Vec<String>,
        /// How many requests it answered.
        requests: u64,
        /// How many more may go there.
        more: u64,
    },
    /// Critical uses that end with one cut.
    SinglePoint {
        /// Which, each an app by a route.
        uses: Vec<(AppId, Option<RouteId>)>,
        /// Each of these alone ends all of them.
        keys: Vec<Key>,
    },
    /// Answers by another model than the one asked for, as the provider itself says.
    OtherModel {
        /// Where.
        deployment: DeploymentId,
        /// How many.
        requests: u64,
    },
    /// Requests that the rules of their own snapshot, asked again, would not let go where they went: their records are
    /// of a release that did not write down all that was decided by.
    Disagreeing {
        /// How many.
        requests: u64,
    },
}
