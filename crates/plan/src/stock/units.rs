//! Accelerators by site.

use std::collections::{BTreeMap, BTreeSet};

use realm::World;

use super::{About, Difference, beside, first_year, same};
use crate::case::Case;
use crate::start::serves_from;

/// Units, and the years from which they stand; none of them known where one is not.
#[derive(Debug, Default)]
struct Owned {
    units: f64,
    years: Option<BTreeSet<i32>>,
}

/// By site and kind.
type Stock = BTreeMap<(String, String), Owned>;

pub(super) fn units(world: &World, case: &Case, found: &mut Vec<Difference>) {
    let (realm, planned) = (of_realm(world, first_year(case)), of_case(case));
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
                if one.years.is_some() && one.years != other.years {
                    differ(About::Bought, years(one), years(other));
                }
            }
            _ => differ(About::Units, units(a), units(b)),
        }
    }
}

fn years(owned: &Owned) -> Option<String> {
    let years: Vec<String> = owned.years.iter().flatten().map(ToString::to_string).collect();
    (!years.is_empty()).then(|| years.join(", "))
}

fn of_realm(world: &World, first: i32) -> Stock {
    let mut stock = Stock::new();
    for site in world.sites.values() {
        for nodes in &site.nodes {
            let Some((kind, each)) = &nodes.accelerators else { continue };
            let empty = || Owned { units: 0.0, years: Some(BTreeSet::new()) };
            let owned = stock.entry((site.id.to_string(), kind.to_string())).or_insert_with(empty);
            owned.units += nodes.count.saturating_mul(*each) as f64;
            owned.years = match (owned.years.take(), nodes.since) {
                (Some(mut years), Some(day)) => {
                    years.insert(serves_from(day, first));
                    Some(years)
                }
                _ => None,
            };
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
            owned.years.get_or_insert_default().insert(it.bought);
        }
    }
    stock
}
