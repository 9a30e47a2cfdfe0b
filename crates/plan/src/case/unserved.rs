//! Loads that give way: what a unit of them costs that is not served, and how much of them may go without.
//!
//! A load that states no such loss is firm: a plan that does not serve all of it is none.

use super::{ByYear, Case, Demand};

/// What somebody says is lost with what is not served.
#[derive(Debug, Clone, PartialEq)]
pub struct Unserved {
    /// Money for a unit that is not served, by year: of a class the unit of its demand for an hour (a PFLOP-hour, or 3.6 million tokens), of a
    /// load a MWh.
    pub cost: ByYear,
    /// The most that may go unserved, as a share: of each hour of a load and of inference, of a year of training.
    pub share_max: ByYear,
}

impl Case {
    /// The most of inference that may go unserved in an hour, in the unit of its demand; of a whole year of training, PFLOP-hours.
    pub fn class_gives(&self, class: usize, k: usize, t: usize) -> f64 {
        let (work, year) = (&self.classes[class], self.years[k].year);
        let Some(unserved) = &work.unserved else { return 0.0 };
        unserved.share_max.at(year)
            * match &work.demand {
                Demand::Inference(series) => series.at(k, t),
                Demand::Training(total) => total.at(year),
            }
    }

    /// The most of a load that may go unserved in an hour, MW.
    pub fn load_gives(&self, load: usize, k: usize, t: usize) -> f64 {
        let load = &self.loads[load];
        load.unserved.as_ref().map_or(0.0, |it| it.share_max.at(self.years[k].year) * load.mw.at(k, t))
    }

    /// Whether anything gives way at a stated loss.
    pub fn gives_way(&self) -> bool {
        self.classes.iter().any(|it| it.unserved.is_some()) || self.loads.iter().any(|it| it.unserved.is_some())
    }
}
