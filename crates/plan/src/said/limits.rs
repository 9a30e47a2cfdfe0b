//! Limits that bind: how much of each is used, what it rests on, and what one more unit would save.

use report::{Block, Cell, Section, Table};

use super::pen::Pen;
use crate::case::{Basis, Demand, Lost, Plant, Rule, Size, Supplied};
use crate::model::{Limit, Model};
use crate::plan::Track;

/// Share of a limit from which on it counts as used up.
const USED_UP: f64 = 0.999;

/// A limit that is used up.
pub(super) struct Bound {
    pub(super) basis: Basis,
    /// In words, with its year.
    pub(super) said: String,
    year: Option<i32>,
    allowed: f64,
    used: f64,
    /// The word of its unit.
    unit: &'static str,
    /// What one more unit saves; none where it has no price: law, whole modules, a plan without prices.
    pub(super) saves: Option<f64>,
}

impl Bound {
    /// What a hundredth more of it would save: by this, limits in different units are put in order.
    fn weight(&self) -> f64 {
        let hundredth = if self.unit == "share" { 1.0 } else { 0.01 * self.allowed.abs().max(1.0) };
        self.saves.unwrap_or(0.0) * hundredth
    }
}

/// Every limit that is used up, the dearest first.
pub(super) fn bounds(pen: &Pen<'_>) -> Vec<Bound> {
    let model = Model::new(pen.case);
    let mut found: Vec<Bound> = every(pen).into_iter().filter_map(|it| bound(pen, &model, it)).collect();
    let order = |it: &Bound| (it.basis == Basis::Law, it.year);
    found.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then_with(|| order(a).cmp(&order(b))));
    found
}

fn bound(pen: &Pen<'_>, model: &Model<'_>, limit: Limit) -> Option<Bound> {
    let basis = model.basis(limit)?;
    let Used { allowed, used, unit, least } = used(pen, limit)?;
    let price = pen.plan.prices.get(&model.name(limit)).copied().filter(|_| basis != Basis::Law);
    let full = if least { used <= allowed / USED_UP } else { used >= USED_UP * allowed };
    // Of nothing, nothing can be left: that binds where it costs something, and where it is law.
    let tells = allowed > 0.0 || basis == Basis::Law || price.is_some_and(|it| it > 0.0);
    if !full || !tells || (stood_already(pen, limit) && price.is_none()) {
        return None;
    }
    let saves = if basis == Basis::Law || pen.plan.prices.is_empty() || is_whole(pen, limit) {
        None
    } else {
        Some(price.unwrap_or(0.0))
    };
    let (said, year) = words(pen, limit);
    Some(Bound { basis, said, year, allowed, used, unit, saves })
}

/// A limit that is full of what stands already, where the plan adds nothing.
fn stood_already(pen: &Pen<'_>, limit: Limit) -> bool {
    let adds = |at: usize, of: Plant| {
        let it = &pen.case.standing[at];
        let (list, mw) = match of {
            Plant::Source(_) => (&pen.case.sources, &pen.plan.sources),
            Plant::Store(_) => (&pen.case.stores, &pen.plan.stores),
        };
        let mine = |it2: &crate::case::Vintage| it2.site == it.site && it2.kind == of.index() && it2.size.is_built();
        list.iter().zip(mw).any(|(it2, mw)| mine(it2) && *mw > super::pen::TRACE_MW)
    };
    match limit {
        Limit::Hall { site, .. } => pen.plan.halls[site].iter().all(|mw| *mw <= super::pen::TRACE_MW),
        Limit::Most { at, .. } => !adds(at, pen.case.standing[at].plant),
        _ => false,
    }
}

/// A vintage of whole modules: its number is held where prices are taken, so it has none.
fn is_whole(pen: &Pen<'_>, limit: Limit) -> bool {
    match limit {
        Limit::Source { at } => pen.case.sources[at].module_mw.is_some(),
        Limit::Store { at } => pen.case.stores[at].module_mw.is_some(),
        Limit::Most { at, .. } | Limit::Least { at, .. } => match pen.case.standing[at].plant {
            Plant::Source(kind) => pen.case.technologies[kind].cost.module_mw.is_some(),
            Plant::Store(kind) => pen.case.storages[kind].cost.module_mw.is_some(),
        },
        _ => false,
    }
}

/// All limits of a case, but demand.
fn every(pen: &Pen<'_>) -> Vec<Limit> {
    let case = pen.case;
    let mut all = Vec::new();
    for (site, it) in case.sites.iter().enumerate() {
        for k in 0..pen.years() {
            let there = [
                (it.grid_connection_mw.is_some(), Limit::Grid { site, k }),
                (it.hall.as_ref().is_some_and(|it| it.mw_max.is_some()), Limit::Hall { site, k }),
                (it.power_cap_mw.is_some(), Limit::Power { site, k }),
                (it.area_km2.is_some(), Limit::Area { site, k }),
            ];
            all.extend(there.into_iter().filter(|(there, _)| *there).map(|(_, limit)| limit));
        }
    }
    for at in 0..case.standing.len() {
        all.extend((0..pen.years()).flat_map(|k| [Limit::Most { at, k }, Limit::Least { at, k }]));
    }
    all.extend((0..case.supplies.len()).map(|at| Limit::Supply { at }));
    all.extend((0..case.budgets.len()).map(|at| Limit::Budget { at }));
    all.extend((0..case.policies.len()).map(|at| Limit::Policy { at }));
    all.extend((0..case.sources.len()).map(|at| Limit::Source { at }));
    all.extend((0..case.stores.len()).map(|at| Limit::Store { at }));
    all.extend((0..case.lines.len()).map(|at| Limit::Line { at }));
    all
}

/// How much of a limit there is and is used.
struct Used {
    allowed: f64,
    used: f64,
    unit: &'static str,
    /// A least rather than a most.
    least: bool,
}

fn most(allowed: f64, used: f64, unit: &'static str) -> Option<Used> {
    allowed.is_finite().then_some(Used { allowed, used, unit, least: false })
}

fn used(pen: &Pen<'_>, limit: Limit) -> Option<Used> {
    let (case, plan) = (pen.case, pen.plan);
    let vintage = |size: Size, mw: f64| match size {
        Size::Build { max, .. } => most(max, mw, "mw"),
        Size::Fixed(_) => None,
    };
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
    let (all, home, tonnes) = super::power::energy(pen, policy.year);
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

/// A limit in words, and its year.
fn words(pen: &Pen<'_>, limit: Limit) -> (String, Option<i32>) {
    let case = pen.case;
    let (key, what, site, k) = match limit {
        Limit::Grid { site, k } => ("grid", String::new(), Some(site), Some(k)),
        Limit::Hall { site, k } => ("hall", String::new(), Some(site), Some(k)),
        Limit::Power { site, k } => ("power", String::new(), Some(site), Some(k)),
        Limit::Area { site, k } => ("area", String::new(), Some(site), Some(k)),
        Limit::Most { at, k } => {
            ("most", pen.plant(case.standing[at].plant).to_owned(), Some(case.standing[at].site), Some(k))
        }
        Limit::Least { at, k } => {
            ("least", pen.plant(case.standing[at].plant).to_owned(), Some(case.standing[at].site), Some(k))
        }
        Limit::Supply { at } => match &case.supplies[at].of {
            Supplied::Accelerator(a) => ("supply", pen.accelerator(*a).to_owned(), None, Some(case.supplies[at].year)),
            Supplied::Origin(origin) => ("supply-origin", origin.clone(), None, Some(case.supplies[at].year)),
        },
        Limit::Budget { at } => {
            let it = &case.budgets[at];
            ("budget", format!("{} ({})", it.id, it.source), None, Some(it.year))
        }
        Limit::Policy { at } => {
            let it = &case.policies[at];
            let key = match &it.rule {
                Rule::Co2Cap { .. } => "co2",
                Rule::HomeShare { .. } => "home",
                Rule::Stress { lost: Lost::Nothing, .. } => "margin",
                Rule::Stress { .. } => "loss",
            };
            (key, it.id.clone(), None, Some(it.year))
        }
        Limit::Source { at } => ("vintage", case.sources[at].id.clone(), None, None),
        Limit::Store { at } => ("vintage", case.stores[at].id.clone(), None, None),
        Limit::Line { at } => ("vintage", case.lines[at].id.clone(), None, None),
        Limit::Class { .. } | Limit::Load { .. } => ("vintage", String::new(), None, None),
    };
    let year = k.map(|k| pen.year(k));
    let args = [
        ("what", what),
        ("site", site.map_or_else(String::new, |site| pen.site(site).to_owned())),
        ("year", year.map_or_else(String::new, |it| it.to_string())),
    ];
    (pen.with(&format!("said-limit-{key}"), &args), year)
}

/// What one more unit of a limit would save, as a sentence; none where it saves nothing that counts.
pub(super) fn sentence(pen: &Pen<'_>, it: &Bound) -> Option<String> {
    let saves = it.saves.filter(|it| *it > 0.0)?;
    let args = [("limit", it.said.clone()), ("money", pen.money(saves))];
    Some(pen.with(&format!("said-saves-{}", it.unit), &args))
}

/// The section of limits that bind.
pub(super) fn binding(pen: &Pen<'_>) -> Section {
    let bounds = bounds(pen);
    let section = Section::new("limits", pen.say("said-limits"));
    if bounds.is_empty() {
        return section.with(Block::Text(pen.say("said-limits-none")));
    }
    let basis = |it: Basis| match it {
        Basis::Physical => pen.say("said-basis-physical"),
        Basis::Budget => pen.say("said-basis-budget"),
        Basis::Law => pen.say("said-basis-law"),
    };
    let shown = |it: &Bound, value: f64| if it.unit == "share" { Cell::Share(value) } else { Cell::Number(value) };
    let row = |it: &Bound| {
        vec![
            it.said.as_str().into(),
            it.year.map_or(Cell::Unknown, Cell::Year),
            basis(it.basis).into(),
            pen.say(&format!("said-of-{}", it.unit)).into(),
            shown(it, it.allowed),
            shown(it, it.used),
            match it.saves {
                Some(saves) => Cell::Number(saves.round()),
                None if it.basis == Basis::Law => pen.say("said-never-priced").into(),
                None => Cell::Unknown,
            },
        ]
    };
    let columns = pen.columns(&["limit", "year", "basis", "unit_of_limit", "allowed", "used", "saved_by_one_more"]);
    let table = Table { name: "limits", title: String::new(), columns, rows: bounds.iter().map(row).collect() };
    let sentences: Vec<String> = bounds.iter().filter_map(|it| sentence(pen, it)).collect();
    let mut section = section.with(Block::Text(pen.say("said-limits-text")));
    if !sentences.is_empty() {
        section = section.with(Block::List(sentences));
    }
    let modules = pen.plan.bound.is_some();
    let how = if pen.plan.prices.is_empty() {
        "said-limits-unpriced"
    } else if modules {
        "said-limits-modules"
    } else {
        "said-limits-linear"
    };
    section.with(Block::Table(table)).with(Block::Note(pen.say(how))).with(Block::Note(pen.say("said-limits-law")))
}
