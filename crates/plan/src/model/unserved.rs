//! Columns of what is not served: bounded by what may give way, at the loss that the case states. Loads without such a loss have none.

use super::layout::Columns;
use super::{MILLION, THOUSAND};
use crate::case::{Case, Demand};

impl Columns {
    pub(super) fn unserved(&mut self, case: &Case) {
        for class in 0..case.classes.len() {
            let by_year = (0..case.years.len()).map(|k| self.class_gives(case, class, k)).collect();
            self.unserved_class.push(by_year);
        }
        for load in 0..case.loads.len() {
            let by_year = (0..case.years.len()).map(|k| self.load_gives(case, load, k)).collect();
            self.unserved_load.push(by_year);
        }
    }

    /// Of inference, thousands of its unit in each hour; of training, a million PFLOP-hours of a year.
    fn class_gives(&mut self, case: &Case, class: usize, k: usize) -> Option<u32> {
        let unserved = case.classes[class].unserved.as_ref()?;
        let each = case.years[k].weight * unserved.cost.at(case.years[k].year) / MILLION;
        match case.classes[class].demand {
            Demand::Inference(_) => {
                let add = |t: usize| {
                    let most = case.class_gives(class, k, t) / THOUSAND;
                    self.add(0.0, most, each * case.hours.weight[t] * THOUSAND)
                };
                (0..case.hours.count()).map(add).reduce(u32::min)
            }
            Demand::Training(_) => {
                let most = case.class_gives(class, k, 0) / THOUSAND / THOUSAND;
                Some(self.add(0.0, most, each * THOUSAND * THOUSAND))
            }
        }
    }

    fn load_gives(&mut self, case: &Case, load: usize, k: usize) -> Option<u32> {
        let unserved = case.loads[load].unserved.as_ref()?;
        let each = case.years[k].weight * unserved.cost.at(case.years[k].year) / MILLION;
        let add = |t: usize| self.add(0.0, case.load_gives(load, k, t), each * case.hours.weight[t]);
        (0..case.hours.count()).map(add).reduce(u32::min)
    }

    /// Every column of what is not served.
    pub(crate) fn all_unserved<'c>(&'c self, case: &'c Case) -> impl Iterator<Item = usize> + 'c {
        let hours = case.hours.count();
        let classes = self.unserved_class.iter().zip(&case.classes).flat_map(move |(by_year, class)| {
            let count = if matches!(class.demand, Demand::Inference(_)) { hours } else { 1 };
            by_year.iter().flatten().map(move |first| (*first as usize, count))
        });
        let loads = self.unserved_load.iter().flatten().flatten().map(move |first| (*first as usize, hours));
        classes.chain(loads).flat_map(|(first, count)| first..first + count)
    }
}
