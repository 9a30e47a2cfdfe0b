//! First decisions, held: what was ordered before a year is as another plan has it.

use crate::case::{Case, Plant};
use crate::model::{Model, THOUSAND};
use crate::plan::Plan;

/// How far a held figure may move, as a share and in its unit: the solver's own tolerance.
const SLACK: f64 = 1e-6;

/// Orders placed before a year, as a plan places them: what was ordered, not when it comes, which a scenario may change.
pub(super) struct Orders {
    before: i32,
    /// Plant, site, year of the order, MW.
    plants: Vec<(Plant, usize, i32, f64)>,
    /// Line, MW.
    lines: Vec<(usize, f64)>,
    /// Site, year index, MW.
    halls: Vec<(usize, usize, f64)>,
    /// Accelerator, site, year index, units.
    units: Vec<(usize, usize, usize, f64)>,
}

/// What is no more than the solver's tolerance is nothing.
fn some(value: f64) -> f64 {
    if value < SLACK { 0.0 } else { value }
}

impl Orders {
    /// Those of a plan of a case before a year.
    pub(super) fn of(case: &Case, plan: &Plan, before: i32) -> Self {
        let sources = case
            .sources
            .iter()
            .zip(&plan.sources)
            .map(|(it, mw)| (it, Plant::Source(it.kind), case.technologies[it.kind].cost.lead_years, some(*mw)));
        let stores = case
            .stores
            .iter()
            .zip(&plan.stores)
            .map(|(it, mw)| (it, Plant::Store(it.kind), case.storages[it.kind].cost.lead_years, some(*mw)));
        let plants = sources.chain(stores).filter(|(it, ..)| it.size.is_built());
        let plants = plants.map(|(it, plant, lead, mw)| (plant, it.site, it.in_service - lead, mw));
        let lines = case.lines.iter().zip(&plan.lines).enumerate();
        let lines = lines.filter(|(_, (it, _))| it.size.is_built() && it.in_service - it.lead_years < before);
        let mut orders = Self {
            before,
            plants: plants.filter(|(_, _, ordered, _)| *ordered < before).collect(),
            lines: lines.map(|(at, (_, mw))| (at, some(*mw))).collect(),
            halls: Vec::new(),
            units: Vec::new(),
        };
        for (site, it) in case.sites.iter().enumerate() {
            let Some(hall) = &it.hall else { continue };
            let early = case.years.iter().enumerate().filter(|(_, it)| it.year - hall.cost.lead_years < before);
            orders.halls.extend(early.map(|(k, _)| (site, k, some(plan.halls[site][k]))));
        }
        for (a, by_site) in plan.units.iter().enumerate() {
            for (site, by_year) in by_site.iter().enumerate() {
                let early = case.years.iter().enumerate().filter(|(_, it)| it.year < before);
                orders.units.extend(early.map(|(k, _)| (a, site, k, some(by_year[k]))));
            }
        }
        orders
    }

    /// Binds a model of a case to them. False where the case cannot have them at all.
    pub(super) fn hold(&self, case: &Case, model: &mut Model<'_>) -> bool {
        let mut bounds: Vec<(u32, f64, Option<f64>)> = Vec::new();
        let sources: Vec<_> = case.sources.iter().map(|it| (it, Plant::Source(it.kind))).collect();
        let stores: Vec<_> = case.stores.iter().map(|it| (it, Plant::Store(it.kind))).collect();
        let lead = |plant: Plant| match plant {
            Plant::Source(kind) => case.technologies[kind].cost.lead_years,
            Plant::Store(kind) => case.storages[kind].cost.lead_years,
        };
        for (list, columns) in [(&sources, &model.columns.source), (&stores, &model.columns.store)] {
            let mut held: Vec<f64> = vec![0.0; list.len()];
            for (plant, site, ordered, mw) in &self.plants {
                // It comes when this case lets it come; after the last year it is not of the case any more.
                let comes = ordered + lead(*plant);
                let mine = list.iter().enumerate();
                let mine = mine.filter(|(_, (it, kind))| kind == plant && it.site == *site && it.in_service >= comes);
                if let Some((at, _)) = mine.min_by_key(|(_, (it, _))| it.in_service) {
                    held[at] += mw;
                }
            }
            for ((at, (it, plant)), column) in list.iter().enumerate().zip(columns) {
                let Some((column, each)) = *column else { continue };
                let early = it.in_service - lead(*plant) < self.before;
                if early || held[at] > 0.0 {
                    bounds.push((column, held[at] / each, early.then_some(held[at] / each)));
                }
            }
        }
        let columns = &model.columns;
        let exact = |column: u32, value: f64| (column, value, Some(value));
        bounds.extend(
            self.lines.iter().filter_map(|(at, mw)| Some(exact(columns.line[*at]?.0, mw / columns.line[*at]?.1))),
        );
        bounds.extend(self.halls.iter().filter_map(|(site, k, mw)| Some(exact(columns.hall[*site][*k]?, *mw))));
        bounds.extend(
            self.units.iter().filter_map(|(a, site, k, n)| Some(exact(columns.units[*a][*site][*k]?, n / THOUSAND))),
        );
        bounds.into_iter().all(|(column, least, most)| bind(model, column, least, most))
    }
}

fn bind(model: &mut Model<'_>, column: u32, least: f64, most: Option<f64>) -> bool {
    let at = column as usize;
    let slack = SLACK * least.abs().max(1.0);
    let is_whole = model.columns.whole.contains(&column);
    let (least, most) = match (is_whole, most) {
        (true, most) => (least.round(), most.map(f64::round)),
        (false, most) => ((least - slack).max(0.0), most.map(|it| if it > 0.0 { it + slack } else { 0.0 })),
    };
    let (lower, upper) = (&mut model.columns.lower[at], &mut model.columns.upper[at]);
    *lower = lower.max(least);
    *upper = most.map_or(*upper, |most| upper.min(most));
    // A bound that only tolerance crosses is met.
    if *lower > *upper && *lower - *upper <= 2.0 * slack && !is_whole {
        *lower = *upper;
    }
    *lower <= *upper
}
