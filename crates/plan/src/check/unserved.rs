//! What is not served: no more than may be, no less than nothing, nothing that is served after all, and what it loses.

use super::Looking;
use crate::case::Demand;
use crate::plan::Track;

impl Looking<'_> {
    /// What the plan says is not served of inference in an hour.
    pub(super) fn given(&mut self, class: usize, k: usize, t: usize, (served, asked): (f64, f64)) -> f64 {
        let given = self.at(Track::Unserved { class }, k, t);
        let place = self.place(&self.case.classes[class].id, k, Some(t));
        self.within(&place, given, self.case.class_gives(class, k, t), (served, asked));
        given
    }

    /// The same of a year of training.
    pub(super) fn untrained(&mut self, class: usize, k: usize, (served, asked): (f64, f64)) -> f64 {
        let given = self.plan.untrained[class][k];
        let place = self.place(&self.case.classes[class].id, k, None);
        self.within(&place, given, self.case.class_gives(class, k, 0), (served, asked));
        given
    }

    fn within(&mut self, place: &str, given: f64, most: f64, (served, asked): (f64, f64)) {
        let size = asked + 1.0;
        self.least("unserved_negative", || place.to_owned(), given, 0.0, size);
        self.most("unserved", || place.to_owned(), given, most, size);
        self.most("unserved_served", || place.to_owned(), given, (asked - served).max(0.0), size);
    }

    /// Loads that give way; what they do not take is in the balance of their site.
    pub(super) fn loads(&mut self) {
        let case = self.case;
        for (load, it) in case.loads.iter().enumerate() {
            for k in 0..self.years() {
                for t in 0..self.hours() {
                    let given = self.at(Track::Shed { load }, k, t);
                    let place = self.place(&it.id, k, Some(t));
                    let asked = it.mw.at(k, t);
                    self.least("unserved_negative", || place.clone(), given, 0.0, asked);
                    self.most("unserved", || place, given, case.load_gives(load, k, t), asked);
                }
            }
        }
    }

    /// Money that a year loses by what is not served.
    pub(super) fn lost(&self, k: usize) -> f64 {
        let (case, year) = (self.case, self.case.years[k].year);
        let weighed = |track: Track| {
            let weight = case.hours.weight.iter().enumerate();
            weight.map(|(t, weight)| weight * self.at(track, k, t)).sum::<f64>()
        };
        let mut lost = 0.0;
        for (class, it) in case.classes.iter().enumerate() {
            let Some(unserved) = &it.unserved else { continue };
            let amount = match it.demand {
                Demand::Inference(_) => weighed(Track::Unserved { class }),
                Demand::Training(_) => self.plan.untrained[class][k],
            };
            lost += unserved.cost.at(year) * amount;
        }
        for (load, it) in case.loads.iter().enumerate() {
            let cost = it.unserved.as_ref().map_or(0.0, |it| it.cost.at(year));
            lost += cost * weighed(Track::Shed { load });
        }
        lost
    }
}
