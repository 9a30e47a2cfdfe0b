//! Limits that bind: how much of each is used, what it rests on, and what one more unit would save.

mod used;
mod words;

use report::{Block, Cell, Section, Table};

use super::pen::Pen;
use crate::case::{Basis, Case, Plant};
use crate::model::{Limit, Model};
use crate::plan::Plan;
use used::{Used, used};
use words::words;

/// Share of a limit from which on it counts as used up.
const USED_UP: f64 = 0.999;

/// A limit that is used up.
pub(super) struct Bound {
    pub(super) basis: Basis,
    /// As programs name it.
    pub(super) name: String,
    /// In words, with its year.
    pub(super) said: String,
    year: Option<i32>,
    allowed: f64,
    used: f64,
    /// The word of its unit.
    unit: &'static str,
    /// A least rather than a most.
    least: bool,
    /// What one more unit saves, of a least one less; none where it has no price: law, whole modules, a plan without prices.
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

/// The names of limits that bind in each year, the dearest first, those that have no price last; with whether it has one.
pub(crate) fn names(case: &Case, plan: &Plan) -> Vec<(i32, String, bool)> {
    let pen = Pen::new(case, plan, realm::load::Lang::En);
    let priced = |it: &Bound| it.saves.is_some_and(|saves| saves > 0.0);
    bounds(&pen).into_iter().filter_map(|it| Some((it.year?, it.name.clone(), priced(&it)))).collect()
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
    Some(Bound { basis, name: model.name(limit), said, year, allowed, used, unit, least, saves })
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

/// What one more unit of a limit would save, or of a least one less, as a sentence; none where it saves nothing that counts.
pub(super) fn sentence(pen: &Pen<'_>, it: &Bound) -> Option<String> {
    let saves = it.saves.filter(|it| *it > 0.0)?;
    let args = [("limit", it.said.clone()), ("money", pen.money(saves))];
    // Of a share, what is asked less of is said anyway.
    let least = if it.least && it.unit == "mw" { "-least" } else { "" };
    Some(pen.with(&format!("said-saves-{}{least}", it.unit), &args))
}

/// The section of limits that bind.
pub(super) fn binding(pen: &Pen<'_>) -> Section {
    let bounds = bounds(pen);
    let section = Section::new("limits", pen.say("said-limits"));
    if bounds.is_empty() {
        return section.with(Block::Text(pen.say("said-limits-none")));
    }
    let table = table(pen, &bounds);
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

fn table(pen: &Pen<'_>, bounds: &[Bound]) -> Table {
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
    Table { name: "limits", title: String::new(), columns, rows: bounds.iter().map(row).collect() }
}
