//! Sites, and sources of energy by the id that a case's rows name.

use std::collections::{BTreeMap, BTreeSet};

use realm::World;
use realm::world::EnergySource;
use rust_decimal::prelude::ToPrimitive;

use super::{About, Difference, beside, first_year, same};
use crate::case::{Case, Site, Vintage};
use crate::start::{countries, serves_from};

pub(super) fn sites(world: &World, case: &Case, found: &mut Vec<Difference>) {
    let realm: BTreeMap<String, &realm::world::Site> =
        world.sites.iter().map(|(id, it)| (id.to_string(), it)).collect();
    let planned: BTreeMap<String, &Site> = case.sites.iter().map(|it| (it.id.clone(), it)).collect();
    for (id, a, b) in beside(&realm, &planned) {
        let mut differ = |about, realm: Option<String>, case: Option<String>| {
            found.push(Difference { site: id.clone(), id: id.clone(), about, realm, case });
        };
        match (a, b) {
            (Some(one), Some(other)) => site(world, case, (one, other), &mut differ),
            _ => differ(About::Site, a.map(|it| it.name.clone()), b.map(|it| it.id.clone())),
        }
    }
}

fn site(
    world: &World,
    case: &Case,
    (one, other): (&realm::world::Site, &Site),
    differ: &mut impl FnMut(About, Option<String>, Option<String>),
) {
    let within = countries(world, std::slice::from_ref(&one.jurisdiction));
    if other.jurisdiction.as_deref().is_none_or(|it| !within.contains(it)) {
        differ(About::Jurisdiction, Some(one.jurisdiction.to_string()), other.jurisdiction.clone());
    }
    let cap = other.power_cap_mw.as_ref().map(|(cap, _)| cap.at(first_year(case)));
    if let Some(power_mw) = one.power_mw.and_then(|it| it.to_f64())
        && cap.is_none_or(|cap| !same(cap, power_mw))
    {
        differ(About::PowerMw, Some(power_mw.to_string()), cap.map(|it| it.to_string()));
    }
    // By the hour, it may be above and below what it is at large.
    let every = (0..case.hours.count()).map(|t| other.pue.at(0, t));
    let (least, most) = every.fold((f64::INFINITY, 0.0_f64), |(least, most), it| (least.min(it), most.max(it)));
    if let Some(pue) = one.pue.and_then(|it| it.to_f64())
        && !(least - 1e-9..=most + 1e-9).contains(&pue)
    {
        let range = if same(least, most) { least.to_string() } else { format!("{least:.3} – {most:.3}") };
        differ(About::Pue, Some(pue.to_string()), Some(range));
    }
}

/// What of a case is one source of the realm.
struct Planned<'a> {
    rows: Vec<(&'a Vintage, BTreeSet<String>)>,
}

pub(super) fn sources(world: &World, case: &Case, found: &mut Vec<Difference>) {
    let mut planned: BTreeMap<String, Planned<'_>> = BTreeMap::new();
    let mut nameless = Vec::new();
    let sources = case.sources.iter().map(|it| (it, control(case, it)));
    let stores = case.stores.iter().map(|it| (it, BTreeSet::new()));
    for (it, control) in sources.chain(stores).filter(|(it, _)| !it.size.is_built()) {
        match &it.energy_source {
            Some(id) => planned.entry(id.clone()).or_insert(Planned { rows: Vec::new() }).rows.push((it, control)),
            None => nameless.push(it),
        }
    }
    let realm: BTreeMap<String, &EnergySource> =
        world.energy_sources.iter().map(|(id, it)| (id.to_string(), it)).collect();
    for (id, a, b) in beside(&realm, &planned) {
        let at = |it: &Planned<'_>| it.rows.first().map_or_else(String::new, |(it, _)| case.sites[it.site].id.clone());
        let site = a.map(|it| it.site.to_string()).or_else(|| b.map(at)).unwrap_or_default();
        let mut differ = |about, realm: Option<String>, case: Option<String>| {
            found.push(Difference { site: site.clone(), id: id.clone(), about, realm, case });
        };
        match (a, b) {
            (Some(one), Some(other)) => source(world, case, (one, other), &mut differ),
            _ => differ(
                About::EnergySource,
                a.map(|it| mw(it.power_mw.to_f64().unwrap_or(0.0))),
                b.map(|it| mw(sum(it))),
            ),
        }
    }
    for it in nameless.into_iter().filter(|it| it.size.fixed() > 0.0) {
        let (site, id) = (case.sites[it.site].id.clone(), it.id.clone());
        found.push(Difference { site, id, about: About::EnergySource, realm: None, case: Some(mw(it.size.fixed())) });
    }
}

fn texts(all: BTreeSet<String>) -> String {
    all.into_iter().collect::<Vec<_>>().join(", ")
}

/// Who can withhold it.
fn control(case: &Case, it: &Vintage) -> BTreeSet<String> {
    let said = &case.technologies[it.kind].control;
    if said.is_empty() { case.sites[it.site].jurisdiction.iter().cloned().collect() } else { said.clone() }
}

fn mw(mw: f64) -> String {
    format!("{mw} MW")
}

fn sum(it: &Planned<'_>) -> f64 {
    it.rows.iter().map(|(it, _)| it.size.fixed()).sum()
}

fn source(
    world: &World,
    case: &Case,
    (one, other): (&EnergySource, &Planned<'_>),
    differ: &mut impl FnMut(About, Option<String>, Option<String>),
) {
    let first = first_year(case);
    let sites: BTreeSet<String> = other.rows.iter().map(|(it, _)| case.sites[it.site].id.clone()).collect();
    if sites.iter().any(|it| it != one.site.as_str()) {
        differ(About::Feeds, Some(one.site.to_string()), Some(texts(sites)));
    }
    let power_mw = one.power_mw.to_f64().unwrap_or(0.0);
    if !same(power_mw, sum(other)) {
        differ(About::SourceMw, Some(mw(power_mw)), Some(mw(sum(other))));
    }
    let years: BTreeSet<i32> = other.rows.iter().map(|(it, _)| it.in_service).collect();
    let said = one.available_from.map(|day| serves_from(day, first));
    let agrees = match said {
        Some(year) => years.iter().all(|it| *it == year),
        // It stands; since when, the realm does not say.
        None => years.iter().all(|it| *it <= first),
    };
    if !agrees {
        let realm = said.map(|it| it.to_string());
        differ(About::InService, realm, Some(texts(years.iter().map(ToString::to_string).collect())));
    }
    control_of(world, one, other, differ);
}

/// Who can have it switched off, and the case does not know it.
fn control_of(
    world: &World,
    one: &EnergySource,
    other: &Planned<'_>,
    differ: &mut impl FnMut(About, Option<String>, Option<String>),
) {
    let own: BTreeSet<String> = countries(world, &one.control).iter().map(ToString::to_string).collect();
    let missing = |rows: &BTreeSet<String>| !own.is_subset(rows);
    if one.kind != realm::world::EnergyKind::Battery && other.rows.iter().any(|(_, rows)| missing(rows)) {
        let all = other.rows.iter().flat_map(|(_, rows)| rows.iter().cloned()).collect();
        differ(About::Control, Some(texts(own)), Some(texts(all)));
    }
}
