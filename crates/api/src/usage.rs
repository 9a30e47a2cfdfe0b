//! What was used: tokens, money, energy and time, by any dimension, over time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use realm::World;

use crate::index::{Index, Of, Seen, Use};

/// By what it may be told. Across organisations no app is named, so all but the first.
pub const DIMENSIONS: [&str; 8] =
    ["app", "organisation", "sector", "route", "model", "deployment", "provider", "jurisdiction"];

/// What stands for a member that the realm does not say, or says no more.
pub const NOBODY: &str = "–";

/// More days than this are told by month.
const DAYS_MAX: i32 = 62;

/// What somebody wants to know.
#[derive(Debug, Clone)]
pub struct Asked {
    /// By which dimension.
    pub by: &'static str,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// One member of a dimension only.
    pub only: Option<(&'static str, String)>,
}

/// What was used by each member of a dimension, each day.
pub type Found = BTreeMap<(Date, String), Use>;

impl Asked {
    /// The part of time that a day is told in: itself, or its month where there are many.
    pub fn period(&self, date: Date) -> String {
        let days = self.from.until(self.until).map_or(0, |span| span.get_days());
        if days > DAYS_MAX { date.strftime("%Y-%m").to_string() } else { date.to_string() }
    }

    /// Looks in the index.
    pub fn find(&self, index: &Index, world: &World, seen: &Seen) -> Found {
        let mut found = Found::new();
        index.each_use((self.from, self.until), seen, |of, used| {
            let is_in = |(one, wanted): &(&str, String)| member(world, one, &of) == *wanted;
            if self.only.as_ref().is_none_or(is_in) {
                found.entry((of.date, member(world, self.by, &of))).or_default().add(used);
            }
        });
        found
    }
}

/// Sums by member, over all the time.
pub fn by_member(found: &Found) -> BTreeMap<String, Use> {
    let mut groups = BTreeMap::<String, Use>::new();
    for ((_, member), used) in found {
        groups.entry(member.clone()).or_default().add(used);
    }
    groups
}

/// Sums by part of time and member.
pub fn by_period(asked: &Asked, found: &Found) -> BTreeMap<(String, String), Use> {
    let mut times = BTreeMap::<(String, String), Use>::new();
    for ((date, member), used) in found {
        times.entry((asked.period(*date), member.clone())).or_default().add(used);
    }
    times
}

/// The member of a dimension that a use belongs to; `–` where the realm does not say, or says no more.
pub fn member(world: &World, dimension: &str, of: &Of<'_>) -> String {
    let app = world.apps.get(of.app);
    let organisation = app.and_then(|app| world.organisations.get(&app.organisation));
    let supply = of.deployment.and_then(|id| world.supply_of(id));
    let found = match dimension {
        "app" => Some(of.app.to_string()),
        "organisation" => organisation.map(|it| it.id.to_string()),
        "sector" => organisation.map(|it| it.sector.to_string()),
        "route" => of.route.map(ToString::to_string),
        "model" => supply.map(|it| it.model.id.to_string()),
        "deployment" => of.deployment.map(ToString::to_string),
        "provider" => supply.map(|it| it.provider.id.to_string()),
        _ => supply.map(|it| it.deployment.host.to_string()),
    };
    found.unwrap_or_else(|| NOBODY.to_owned())
}
