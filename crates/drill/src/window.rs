//! Which traffic is looked at.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use realm::{AppId, SectorId, World};

use crate::request::Request;

/// Which traffic is looked at; empty sets and missing days leave nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// From this day on, in the realm's time zone.
    pub since: Option<Date>,
    /// Up to and with this day.
    pub until: Option<Date>,
    /// Only these apps.
    pub apps: BTreeSet<AppId>,
    /// Only apps whose organisations work in these sectors.
    pub sectors: BTreeSet<SectorId>,
}

impl Window {
    /// Whether requests of a day are looked at.
    pub(crate) fn takes_day(&self, date: Date) -> bool {
        self.since.is_none_or(|since| since <= date) && self.until.is_none_or(|until| date <= until)
    }

    /// Whether a request is looked at whose world nobody knows: its day is taken in UTC, and its sector is not known.
    pub(crate) fn takes_lost(&self, request: &Request) -> bool {
        let named = self.apps.is_empty() || self.apps.contains(&request.facts.app);
        named && self.sectors.is_empty() && self.takes_day(request.at.date_in(&TimeZone::UTC))
    }

    /// Whether requests of an app are looked at.
    pub(crate) fn takes_app(&self, world: &World, app: &AppId) -> bool {
        let named = self.apps.is_empty() || self.apps.contains(app);
        let works = || sector(world, app).is_some_and(|sector| self.sectors.contains(sector));
        named && (self.sectors.is_empty() || works())
    }
}

/// Where the organisation of an app works.
pub(crate) fn sector<'a>(world: &'a World, app: &AppId) -> Option<&'a SectorId> {
    Some(&world.organisations.get(&world.apps.get(app)?.organisation)?.sector)
}
