//! Accelerators as they stand, site by site.

use std::collections::BTreeMap;

use realm::world::Accelerator;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::entry::{Entry, UNKNOWN, list, number};
use super::places::takes_accelerators;
use super::{Asked, quoted, serves_from};
use crate::start::facts::Taken;

/// Everything in one hundred parts.
const PERCENT: f64 = 100.0;
/// Prices in the tables are in thousands.
const THOUSAND: f64 = 1e3;

pub(super) fn accelerators(asked: &Asked<'_>) -> Vec<(String, Entry)> {
    asked.world.accelerators.values().map(|it| (it.id.to_string(), accelerator(asked, it))).collect()
}

fn accelerator(asked: &Asked<'_>, it: &Accelerator) -> Entry {
    let id = it.id.as_str();
    let source = format!("the realm: [[accelerator]] {id}");
    let own = |field: &str| asked.facts.own(&[id, "accelerator"], field);
    let table = |what: &str| asked.facts.table(id, what);
    let float = |it: Option<Decimal>| it.and_then(|it| it.to_f64());
    let mut entry = Entry::new("accelerator");
    entry.put("id", quoted(id));
    entry.put("name", quoted(&super::one_line(&it.name)));
    entry.put("origin", super::one_country(asked.world, &it.origin));
    let said = float(it.memory_gb).map(|it| (it, source.clone()));
    entry.either("memory_gb", said, || own("memory_gb").or_else(|| table("memory")));
    let alone = float(it.power_w).map(|it| bare(it, &source)).or_else(|| table("power"));
    entry.figure("power_w", own("power_w").or_else(|| whole(alone?, server(asked, "power_over_accelerators")?)));
    entry.figure("idle_w", own("idle_w"));
    let alone = float(it.price.map(realm::Nano::to_decimal)).map(|it| bare(it, &source));
    let alone = alone.or_else(|| Some(table("price")?.times(THOUSAND)));
    let more = || {
        let percent = server(asked, "cost_of_host_network_and_storage")?;
        let times = |it: f64| 1.0 + it / PERCENT;
        Some(Taken { low: times(percent.low), mid: times(percent.mid), high: times(percent.high), ..percent })
    };
    entry.figure("price", own("price").or_else(|| whole(alone?, more()?)));
    entry.figure("life_years", own("life_years").or_else(|| asked.facts.table("use", "economic_life")));
    entry.figure(
        "failure_rate_per_year",
        own("failure_rate_per_year").or_else(|| asked.facts.table("use", "lost_a_year")),
    );
    // What work it does comes with the work.
    entry.put("pflops", "{}");
    existing(asked, it, &mut entry);
    let places = asked.world.sites.values().filter(|it| takes_accelerators(it)).map(|it| it.id.as_str());
    entry.put("sites", list(places));
    entry
}

/// What the realm says of one alone.
fn bare(value: f64, source: &str) -> Taken {
    Taken { low: value, mid: value, high: value, source: format!("{source}: {}", number(value)) }
}

/// What a host and a network add to one alone.
fn server(asked: &Asked<'_>, what: &str) -> Option<Taken> {
    asked.facts.own(&["server"], what).or_else(|| asked.facts.table("server", what))
}

/// One with its share of everything around it.
fn whole(alone: Taken, times: Taken) -> Option<Taken> {
    let source = format!("{}; times {}: {}", alone.source, number(times.mid), times.source);
    let taken = Taken { low: alone.low * times.low, mid: alone.mid * times.mid, high: alone.high * times.high, source };
    Some(taken)
}

/// Units by site and year; of a year that nobody says, one row a site.
fn existing(asked: &Asked<'_>, it: &Accelerator, entry: &mut Entry) {
    let first = asked.years.first().copied().unwrap_or_default();
    let mut units: BTreeMap<(&str, Option<i32>), u64> = BTreeMap::new();
    for site in asked.world.sites.values() {
        for nodes in &site.nodes {
            let Some((_, each)) = nodes.accelerators.as_ref().filter(|(kind, _)| *kind == it.id) else { continue };
            let since = nodes.since.map(|day| serves_from(day, first));
            *units.entry((site.id.as_str(), since)).or_default() += nodes.count.saturating_mul(*each);
        }
    }
    if units.is_empty() {
        return;
    }
    let mut said = format!("the realm: nodes with {}", it.id);
    let mut rows = Vec::new();
    for ((site, since), count) in units {
        let own = || asked.facts.own(&[site, it.id.as_str()], "bought");
        let bought = match since {
            Some(year) => year.to_string(),
            None => match own() {
                Some(taken) => {
                    said.push_str(&format!("; bought at {site}: {}", taken.source));
                    number(taken.mid)
                }
                None => UNKNOWN.to_owned(),
            },
        };
        rows.push(format!("  {{ site = {}, units = {count}, bought = {bought} }},\n", quoted(site)));
    }
    entry.said("existing", format!("[\n{}]", rows.concat()), said);
}
