//! Accelerators by site.

use std::collections::BTreeMap;

use realm::World;

use super::{About, Difference, beside, first_year, same};
use crate::case::Case;
use crate::start::serves_from;

/// Of a unit, nothing that counts.
const TOLERANCE: f64 = 1e-6;

/// Units, and how many of them from which year on; of those of which nobody says it, none.
#[derive(Debug, Default)]
struct Owned {
    units: f64,
    years: BTreeMap<i32, f64>,
    /// Whether the year of some is not said: they stand.
    unsaid: bool,
}

/// By site and kind.
type Stock = BTreeMap<(String, String), Owned>;

pub(super) fn units(world: &World, case: &Case, found: &mut Vec<Difference>) {
    let first = first_year(case);
    let (realm, planned) = (of_realm(world, first), of_case(case));
    for ((site, id), a, b) in beside(&realm, &planned) {
        let (a, b) = (a.filter(|it| it.units > 0.0), b.filter(|it| it.units > 0.0));
        let mut differ = |about, realm: Option<String>, case: Option<String>| {
            found.push(Difference { site: site.clone(), id: id.clone(), about, realm, case });
        };
        let units = |it: Option<&Owned>| it.map(|it| it.units.to_string());
        match (a, b) {
            (None, None) => {}
            (Some(one), Some(other)) => {
                if !same(one.units, other.units) {
                    differ(About::Units, units(a), units(b));
                }
                if !same_years(one, other, first) {
                    differ(About::Bought, years(one), years(other));
                }
            }
            _ => differ(About::Units, units(a), units(b)),
        }
    }
}

/// Whether as many stand since when; where how many there are is told already, whether they do since the same years. Of what the realm says
/// only that it stands, whether it does in the first year.
fn same_years(realm: &Owned, case: &Owned, first: i32) -> bool {
    let until = |owned: &Owned, year: i32| owned.years.range(..=year).map(|(_, units)| units).sum::<f64>();
    if realm.unsaid {
        let to_come = until(realm, i32::MAX) - until(realm, first);
        return until(case, i32::MAX) - until(case, first) <= to_come + TOLERANCE;
    }
    if !same(realm.units, case.units) {
        return realm.years.keys().eq(case.years.keys());
    }
    realm.years.keys().chain(case.years.keys()).all(|year| same(until(realm, *year), until(case, *year)))
}

fn years(owned: &Owned) -> Option<String> {
    let one =
        |(year, units): (&i32, &f64)| if owned.years.len() > 1 { format!("{year}: {units}") } else { year.to_string() };
    let years: Vec<String> = owned.years.iter().map(one).collect();
    (!years.is_empty()).then(|| years.join(", "))
}

fn of_realm(world: &World, first: i32) -> Stock {
    let mut stock = Stock::new();
    for site in world.sites.values() {
        for nodes in &site.nodes {
            let Some((kind, each)) = &nodes.accelerators else { continue };
            let owned = stock.entry((site.id.to_string(), kind.to_string())).or_default();
            let units = nodes.count.saturating_mul(*each) as f64;
            owned.units += units;
            match nodes.since {
                Some(day) => *owned.years.entry(serves_from(day, first)).or_default() += units,
                None => owned.unsaid = true,
            }
        }
    }
    stock
}

fn of_case(case: &Case) -> Stock {
    let mut stock = Stock::new();
    for kind in &case.accelerators {
        for it in &kind.existing {
            let owned = stock.entry((case.sites[it.site].id.clone(), kind.id.clone())).or_default();
            owned.units += it.units;
            *owned.years.entry(it.bought).or_default() += it.units;
        }
    }
    stock
}
