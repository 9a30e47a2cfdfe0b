//! Which rows are limits that somebody set, and their names.

use super::{Model, Row};
use crate::case::{Basis, Plant, Rule, Size};

/// Something in the way that has a name: a cap, or demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Limit {
    Grid { site: usize, k: usize },
    Hall { site: usize, k: usize },
    Power { site: usize, k: usize },
    Most { at: usize, k: usize },
    Least { at: usize, k: usize },
    Area { site: usize, k: usize },
    Supply { at: usize },
    Budget { at: usize },
    Policy { at: usize },
    Source { at: usize },
    Store { at: usize },
    Line { at: usize },
    Class { class: usize, k: usize },
    Load { site: usize, k: usize },
}

impl Limit {
    /// Of which limit a row is a part.
    pub(crate) fn of(row: Row) -> Option<Self> {
        match row {
            Row::Balance { site, k, .. } => Some(Self::Load { site, k }),
            Row::Grid { site, k, .. } => Some(Self::Grid { site, k }),
            Row::Inference { class, k, .. } | Row::Training { class, k } => Some(Self::Class { class, k }),
            Row::HallMost { site, k } => Some(Self::Hall { site, k }),
            Row::PowerCap { site, k } => Some(Self::Power { site, k }),
            Row::StandingMost { at, k } => Some(Self::Most { at, k }),
            Row::StandingLeast { at, k } => Some(Self::Least { at, k }),
            Row::Area { site, k } => Some(Self::Area { site, k }),
            Row::Supply { at } => Some(Self::Supply { at }),
            Row::Budget { at } => Some(Self::Budget { at }),
            Row::Policy { at } | Row::StressBalance { at, .. } | Row::StressServed { at, .. } => {
                Some(Self::Policy { at })
            }
            _ => None,
        }
    }

    /// Demand rather than a cap: relaxing it means less of what the plan is for.
    pub(crate) fn is_demand(self) -> bool {
        matches!(self, Self::Class { .. } | Self::Load { .. })
    }
}

impl Model<'_> {
    /// What a limit rests on; demand rests on nothing.
    pub(crate) fn basis(&self, limit: Limit) -> Option<Basis> {
        let case = self.case;
        let built = |size: Size| match size {
            Size::Build { basis, .. } => Some(basis),
            Size::Fixed(_) => None,
        };
        match limit {
            Limit::Grid { site, .. } => case.sites[site].grid_connection_mw.as_ref().map(|it| it.1),
            Limit::Hall { site, .. } => case.sites[site].hall.as_ref().and_then(|it| it.mw_max.as_ref()).map(|it| it.1),
            Limit::Power { site, .. } => case.sites[site].power_cap_mw.as_ref().map(|it| it.1),
            Limit::Area { site, .. } => case.sites[site].area_km2.map(|it| it.1),
            Limit::Most { at, .. } | Limit::Least { at, .. } => Some(case.standing[at].basis),
            Limit::Supply { at } => Some(case.supplies[at].basis),
            Limit::Budget { .. } => Some(Basis::Budget),
            Limit::Policy { at } => Some(case.policies[at].basis),
            Limit::Source { at } => built(case.sources[at].size),
            Limit::Store { at } => built(case.stores[at].size),
            Limit::Line { at } => built(case.lines[at].size),
            Limit::Class { .. } | Limit::Load { .. } => None,
        }
    }

    /// The limit as reports and programs name it: table, id, and the year where there are several.
    pub(crate) fn name(&self, limit: Limit) -> String {
        let case = self.case;
        let site = |site: usize| &case.sites[site].id;
        let year = |k: usize| case.years[k].year;
        match limit {
            Limit::Grid { site: at, k } => format!("site.{}.grid_connection_mw.{}", site(at), year(k)),
            Limit::Hall { site: at, k } => format!("site.{}.hall.mw_max.{}", site(at), year(k)),
            Limit::Power { site: at, k } => format!("site.{}.power_cap_mw.{}", site(at), year(k)),
            Limit::Area { site: at, k } => format!("site.{}.area_km2.{}", site(at), year(k)),
            Limit::Most { at, k } => format!("{}.mw_max.{}", self.standing(at), year(k)),
            Limit::Least { at, k } => format!("{}.mw_min.{}", self.standing(at), year(k)),
            Limit::Supply { at } => format!("supply.{}", case.supplies[at].id),
            Limit::Budget { at } => format!("budget.{}", case.budgets[at].id),
            Limit::Policy { at } => format!("policy.{}", case.policies[at].id),
            Limit::Source { at } => format!("source.{}.mw_max", case.sources[at].id),
            Limit::Store { at } => format!("store.{}.mw_max", case.stores[at].id),
            Limit::Line { at } => format!("line.{}.mw_max", case.lines[at].id),
            Limit::Class { class, k } => format!("class.{}.{}", case.classes[class].id, year(k)),
            Limit::Load { site: at, k } => format!("load.{}.{}", site(at), year(k)),
        }
    }

    fn standing(&self, at: usize) -> String {
        let limit = &self.case.standing[at];
        let site = &self.case.sites[limit.site].id;
        match limit.plant {
            Plant::Source(kind) => format!("technology.{}.{site}", self.case.technologies[kind].id),
            Plant::Store(kind) => format!("storage.{}.{site}", self.case.storages[kind].id),
        }
    }

    /// What a stressed hour needs, so that a limit of it can be relaxed by a share.
    pub(crate) fn is_stress(&self, at: usize) -> bool {
        matches!(self.case.policies[at].rule, Rule::Stress { .. })
    }
}
