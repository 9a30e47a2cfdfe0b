//! A case as a scenario has it.

use super::Scenario;
use crate::case::{ByYear, Case, Demand, Size, Supply};

impl Scenario {
    /// The case under it. Every index means what it meant.
    pub fn apply(&self, case: &Case) -> Case {
        let mut case = case.clone();
        self.ask(&mut case);
        self.delay(&mut case);
        self.cut(&mut case);
        self.charge(&mut case);
        for (kind, factor) in &self.availability {
            case.technologies[*kind].availability.iter_mut().for_each(|it| *it = it.scaled(|_| *factor));
        }
        case
    }

    fn ask(&self, case: &mut Case) {
        let years: Vec<i32> = case.years.iter().map(|it| it.year).collect();
        for (class, factor) in &self.demand {
            let demand = &mut case.classes[*class].demand;
            match demand {
                Demand::Training(total) => {
                    let scaled = years.iter().map(|year| (*year, total.at(*year) * factor.at(*year))).collect();
                    if let Some(scaled) = ByYear::of(scaled) {
                        *total = scaled;
                    }
                }
                Demand::Inference(series) => *series = series.scaled(|k| factor.at(years[k])),
            }
        }
    }

    fn delay(&self, case: &mut Case) {
        let first = case.first_order_year;
        for (kind, years) in &self.delays {
            case.technologies[*kind].cost.lead_years += years;
            let earliest = first + case.technologies[*kind].cost.lead_years;
            for it in case.sources.iter_mut().filter(|it| it.kind == *kind) {
                match &mut it.size {
                    // What was ordered and does not serve yet comes later.
                    Size::Fixed(_) if it.in_service > first => it.in_service += years,
                    Size::Build { min, max, .. } if it.in_service < earliest => (*min, *max) = (0.0, 0.0),
                    Size::Fixed(_) | Size::Build { .. } => {}
                }
            }
        }
    }

    fn cut(&self, case: &mut Case) {
        for cut in &self.cuts {
            for k in 0..case.years.len() {
                if case.years[k].year < cut.from_year {
                    continue;
                }
                let mut capped = false;
                for supply in case.supplies.iter_mut().filter(|it| it.year == k && it.of == cut.of) {
                    supply.units_max *= 1.0 - cut.share;
                    capped = true;
                }
                if !capped {
                    let id = format!("{}-{}", self.id, case.years[k].year);
                    let (of, basis) = (cut.of.clone(), cut.basis);
                    case.supplies.push(Supply { id, of, year: k, units_max: 0.0, basis });
                }
            }
        }
    }

    fn charge(&self, case: &mut Case) {
        for (kind, factor) in &self.technology {
            let cost = &mut case.technologies[*kind].cost;
            cost.capital_per_mw = cost.capital_per_mw.scaled(*factor);
            cost.annual_per_mw = cost.annual_per_mw.scaled(*factor);
            for it in case.sources.iter_mut().filter(|it| it.kind == *kind) {
                it.capital_per_mw *= factor;
                it.annual_per_mw *= factor;
            }
        }
        for (a, factor) in &self.accelerator {
            case.accelerators[*a].price = case.accelerators[*a].price.scaled(*factor);
        }
        for (kind, factor) in &self.energy {
            let cost = &mut case.technologies[*kind].marginal_cost_per_mwh;
            *cost = cost.scaled(*factor);
        }
        for (fuel, factor) in &self.fuel {
            for it in case.technologies.iter_mut().filter(|it| it.fuel.as_ref() == Some(fuel)) {
                it.marginal_cost_per_mwh = it.marginal_cost_per_mwh.scaled(*factor);
            }
        }
    }
}
