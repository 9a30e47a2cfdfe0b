//! How much of a limit there is, and how much a plan uses of it.

use crate::case::{Demand, Lost, Rule, Size};
use crate::model::Limit;
use crate::plan::Track;
use crate::said::pen::Pen;

/// How much of a limit there is and is used.
pub(super) struct Used {
    pub(super) allowed: f64,
    pub(super) used: f64,
    pub(super) unit: &'static str,
    /// A least rather than a most.
    pub(super) least: bool,
}

fn most(allowed: f64, used: f64, unit: &'static str) -> Option<Used> {
    allowed.is_finite().then_some(Used { allowed, used, unit, least: false })
}

pub(super) fn used(pen: &Pen<'_>, limit: Limit) -> Option<Used> {
    let (case, plan) = (pen.case, pen.plan);
    let vintage = |size: Size, mw: f64| match size {
        Size::Build { max, .. } => most(max, mw, "mw"),
        Size::Fixed(_) => None,
    };
    match limit {
        Limit::Grid { .. } | Limit::Hall { .. } | Limit::Power { .. } | Limit::Area { .. } => at_site(pen, limit),
        Limit::Most { at, k } | Limit::Least { at, k } => {
            let it = &case.standing[at];
            let least = matches!(limit, Limit::Least { .. });
            let allowed = if least { it.mw_min.as_ref()? } else { it.mw_max.as_ref()? }.at(pen.year(k));
            let used = plan.standing(case, it.plant, it.site, k);
            Some(Used { allowed, used, unit: "mw", least })
        }
        Limit::Supply { at } => {
            let it = &case.supplies[at];
            let kinds = (0..case.accelerators.len()).filter(|a| case.supplied(&it.of, *a));
            let bought = kinds.flat_map(|a| plan.units[a].iter().map(|by_year| by_year[it.year])).sum();
            most(it.units_max, bought, "units")
        }
        Limit::Budget { at } => most(case.budgets[at].limit_m, plan.paid[at].values().sum(), "million"),
        Limit::Policy { at } => policy(pen, at),
        Limit::Source { at } => vintage(case.sources[at].size, plan.sources[at]),
        Limit::Store { at } => vintage(case.stores[at].size, plan.stores[at]),
        Limit::Line { at } => vintage(case.lines[at].size, plan.lines[at]),
        Limit::Class { .. } | Limit::Load { .. } => None,
    }
}

fn policy(pen: &Pen<'_>, at: usize) -> Option<Used> {
    let policy = &pen.case.policies[at];
    let (all, home, tonnes) = crate::said::power::energy(pen, policy.year);
    match &policy.rule {
        Rule::Co2Cap { t_max } => most(*t_max, pen.case.years[policy.year].years * tonnes, "tonnes"),
        Rule::HomeShare { share } => {
            let used = if all > 0.0 { home / all } else { 1.0 };
            Some(Used { allowed: *share, used, unit: "share", least: true })
        }
        // How much more than asked would survive is not in a plan: whether it binds is told by its price.
        Rule::Stress { lost, share, margin } => {
            let allowed = if *lost == Lost::Nothing { *margin } else { *share };
            let name = format!("policy.{}", policy.id);
            let binds = pen.plan.prices.get(&name).is_some_and(|it| *it > 0.0);
            let serves = pen.case.classes.iter().any(|it| matches!(it.demand, Demand::Inference(_)));
            let used = if binds && (serves || !pen.case.loads.is_empty()) { allowed } else { f64::INFINITY };
            Some(Used { allowed, used, unit: "share", least: true })
        }
    }
}

/// The same of what a site has.
fn at_site(pen: &Pen<'_>, limit: Limit) -> Option<Used> {
    let (case, plan) = (pen.case, pen.plan);
    match limit {
        Limit::Grid { site, k } => {
            let via: Vec<usize> = (0..case.technologies.len()).filter(|it| case.technologies[*it].via_grid).collect();
            let fed = |t: usize| via.iter().map(|kind| pen.at(Track::Output { site, kind: *kind }, k, t)).sum::<f64>();
            let highest = (0..case.hours.count()).map(fed).fold(0.0, f64::max);
            most(case.sites[site].grid_connection_mw.as_ref()?.0.at(pen.year(k)), highest, "mw")
        }
        Limit::Hall { site, k } => {
            let most_mw = case.sites[site].hall.as_ref()?.mw_max.as_ref()?.0.at(pen.year(k));
            most(most_mw, pen.halls_mw(site, k), "mw")
        }
        Limit::Power { site, k } => {
            most(case.sites[site].power_cap_mw.as_ref()?.0.at(pen.year(k)), pen.full_mw(site, k), "mw")
        }
        Limit::Area { site, k } => {
            let here = case.sources.iter().zip(&plan.sources).filter(|(it, _)| it.site == site);
            let serving = here.filter(|(it, _)| case.serves(k, it.in_service, it.life_years));
            let area = serving.map(|(it, mw)| case.technologies[it.kind].area_km2_per_mw * mw).sum();
            most(case.sites[site].area_km2?.0, area, "km2")
        }
        _ => None,
    }
}
