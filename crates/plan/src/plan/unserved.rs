//! What a plan does not serve, where its case lets something give way at a loss.

use serde::Serialize;

use super::{Plan, Track};
use crate::case::{Case, Demand};
use crate::model::{Model, THOUSAND};

/// Share of what is asked, in an hour or of a year's training, below which nothing went unserved: the solver's own tolerance.
const NOTHING: f64 = 1e-5;

/// Whose demand it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// A class of work, by index.
    Class(usize),
    /// Another load, by index.
    Load(usize),
}

/// What is not served in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotServed {
    /// Of which demand.
    pub of: Whose,
    /// Year index.
    pub k: usize,
    /// How much of one year: PFLOP-hours, or thousands of tokens a second for an hour; MWh of a load.
    pub amount: f64,
    /// What is asked, likewise.
    pub asked: f64,
    /// What it costs that year: a loss, not a payment.
    pub loss: f64,
}

/// The same by the names of the case, for programs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unmet {
    /// `class` or `load`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Where a load is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The investment year.
    pub year: i32,
    /// How much of one year is not served.
    pub amount: f64,
    /// In `pflop_h`, `thousand_token_per_s_h` or `mwh`.
    pub unit: &'static str,
    /// The part of what is asked.
    pub share: f64,
    /// Money of one year that is lost, undiscounted.
    pub loss: f64,
}

impl NotServed {
    /// The part of what is asked.
    pub fn share(&self) -> f64 {
        if self.asked > 0.0 { self.amount / self.asked } else { 0.0 }
    }
}

/// PFLOP-hours of training that are not done, by class and year.
pub(super) fn untrained(model: &Model<'_>, values: &[f64]) -> Vec<Vec<f64>> {
    let is_training = |class: usize| matches!(model.case.classes[class].demand, Demand::Training(_));
    let at = |class: usize, column: &Option<u32>| match column {
        Some(column) if is_training(class) => THOUSAND * THOUSAND * values[*column as usize],
        _ => 0.0,
    };
    let classes = model.columns.unserved_class.iter().enumerate();
    classes.map(|(class, by_year)| by_year.iter().map(|column| at(class, column)).collect()).collect()
}

impl Plan {
    /// Everything that is not served, by year: classes in the order of the case, then loads.
    pub fn unserved(&self, case: &Case) -> Vec<NotServed> {
        let mut found = Vec::new();
        for k in 0..case.years.len() {
            let classes = (0..case.classes.len()).filter_map(|class| self.class_unserved(case, class, k));
            found.extend(classes.chain((0..case.loads.len()).filter_map(|load| self.load_unserved(case, load, k))));
        }
        found.retain(|it| it.amount > 0.0);
        found
    }

    /// The same by names.
    pub fn unmet(&self, case: &Case) -> Vec<Unmet> {
        self.unserved(case).iter().map(|it| unmet(case, it)).collect()
    }

    /// What the loss comes to in the objective.
    pub fn loss_discounted(&self, case: &Case) -> f64 {
        self.unserved(case).iter().fold(0.0, |sum, it| sum + case.years[it.k].weight * it.loss)
    }

    fn class_unserved(&self, case: &Case, class: usize, k: usize) -> Option<NotServed> {
        let (work, year) = (&case.classes[class], case.years[k].year);
        let cost = work.unserved.as_ref()?.cost.at(year);
        let of = Whose::Class(class);
        match &work.demand {
            Demand::Training(total) => {
                let asked = total.at(year);
                let amount = told(self.untrained.get(class)?.get(k).copied()?, asked);
                Some(NotServed { of, k, amount, asked, loss: cost * amount })
            }
            Demand::Inference(series) => {
                self.by_hour(case, (of, Track::Unserved { class }), k, (&|t| series.at(k, t), cost))
            }
        }
    }

    fn load_unserved(&self, case: &Case, load: usize, k: usize) -> Option<NotServed> {
        let it = &case.loads[load];
        let cost = it.unserved.as_ref()?.cost.at(case.years[k].year);
        self.by_hour(case, (Whose::Load(load), Track::Shed { load }), k, (&|t| it.mw.at(k, t), cost))
    }

    fn by_hour(
        &self,
        case: &Case,
        (of, track): (Whose, Track),
        k: usize,
        (asked, cost): (&dyn Fn(usize) -> f64, f64),
    ) -> Option<NotServed> {
        let hours = case.hours.count();
        let series = self.hourly.get(&track)?.get(k * hours..(k + 1) * hours)?;
        // Hour by hour: one bad hour of a year is little of it, and is money all the same.
        let given: Vec<f64> = series.iter().enumerate().map(|(t, it)| told(*it, asked(t))).collect();
        let loss = cost * given.iter().zip(&case.hours.weight).map(|(it, weight)| it * weight).sum::<f64>();
        Some(NotServed { of, k, amount: over_year(case, |t| given[t]), asked: over_year(case, asked), loss })
    }
}

/// What is told of an amount.
fn told(amount: f64, asked: f64) -> f64 {
    if amount > NOTHING * asked { amount } else { 0.0 }
}

fn unmet(case: &Case, it: &NotServed) -> Unmet {
    let (kind, id, site, unit) = match it.of {
        Whose::Class(at) => {
            let class = &case.classes[at];
            let tokens = class.counted_in_tokens && matches!(class.demand, Demand::Inference(_));
            ("class", class.id.clone(), None, if tokens { "thousand_token_per_s_h" } else { "pflop_h" })
        }
        Whose::Load(at) => {
            let load = &case.loads[at];
            ("load", load.id.clone(), Some(case.sites[load.site].id.clone()), "mwh")
        }
    };
    let (year, share) = (case.years[it.k].year, it.share());
    Unmet { kind, id, site, year, amount: it.amount, unit, share, loss: it.loss }
}

fn over_year(case: &Case, at: impl Fn(usize) -> f64) -> f64 {
    case.hours.energy_weight.iter().enumerate().map(|(t, weight)| weight * at(t)).sum()
}
