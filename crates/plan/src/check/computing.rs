//! Accelerators: how many there are, what they draw, whether the work is done.

use super::Looking;
use crate::case::Demand;
use crate::plan::Track;

/// The solver counts units in thousands, and is as exact as that: where work is small, a part of a unit is nothing.
const SOLVED_UNITS: f64 = 1e3;

impl Looking<'_> {
    /// Units of a kind at a site in a year, after failures.
    pub(super) fn stock(&self, a: usize, site: usize, k: usize) -> f64 {
        let case = self.case;
        let kind = &case.accelerators[a];
        let bought = (0..=k).map(|v| self.plan.units[a][site][v] * case.units_left(kind, case.years[v].year, k));
        case.units_owned(a, site, k) + bought.sum::<f64>()
    }

    /// Units of a kind that work at a site in an hour.
    fn working(&self, a: usize, site: usize, k: usize, t: usize) -> f64 {
        let classes = 0..self.case.classes.len();
        classes.map(|class| self.at(Track::Used { accelerator: a, site, class }, k, t)).sum()
    }

    /// MW that a site's accelerators draw in an hour, cooling included.
    pub(super) fn drawn_mw(&self, site: usize, k: usize, t: usize) -> f64 {
        let watts = self.case.accelerators.iter().enumerate().map(|(a, kind)| {
            let working = self.working(a, site, k, t);
            let stock = if kind.idle_w > 0.0 { self.stock(a, site, k) } else { 0.0 };
            working * (kind.power_w - kind.idle_w) + stock * kind.idle_w
        });
        watts.sum::<f64>() / 1e6 * self.case.sites[site].pue.at(k, t)
    }

    pub(super) fn accelerators(&mut self) {
        let case = self.case;
        for a in 0..case.accelerators.len() {
            for site in 0..case.sites.len() {
                let named = format!("{}, {}", case.accelerators[a].id, case.sites[site].id);
                for k in 0..self.years() {
                    let bought = self.plan.units[a][site][k];
                    self.least("units_negative", || self_place(&named, case.years[k].year), bought, 0.0, 0.0);
                    if !case.accelerators[a].sites[site] {
                        self.most("units_elsewhere", || named.clone(), bought, 0.0, 0.0);
                    }
                    let stock = self.stock(a, site, k);
                    for t in 0..self.hours() {
                        let working = self.working(a, site, k, t);
                        let place = self.place(&named, k, Some(t));
                        self.most("units", || place, working, stock, stock.max(SOLVED_UNITS));
                    }
                }
            }
        }
        let tracks: Vec<Track> = self.plan.hourly.keys().copied().collect();
        for track in tracks {
            let Track::Used { accelerator, site, class } = track else { continue };
            let allowed = case.pflops(accelerator, class, site) > 0.0;
            for k in 0..self.years() {
                for t in 0..self.hours() {
                    let used = self.at(track, k, t);
                    let place = self.place(&track.name(case), k, Some(t));
                    self.least("used_negative", || place.clone(), used, 0.0, SOLVED_UNITS);
                    if !allowed {
                        self.most("residency", || place, used, 0.0, 0.0);
                    }
                }
            }
        }
        self.halls();
    }

    fn halls(&mut self) {
        let case = self.case;
        for (site, it) in case.sites.iter().enumerate() {
            for (k, year) in case.years.iter().enumerate() {
                let full: f64 =
                    case.accelerators.iter().enumerate().map(|(a, kind)| self.stock(a, site, k) * kind.power_w).sum();
                let full = full / 1e6;
                let place = self.place(&it.id, k, None);
                if it.hall.is_none() {
                    self.near("hall_elsewhere", || place.clone(), (self.plan.halls[site][k], 0.0), 0.0);
                }
                if let Some(hall) = &it.hall {
                    let built = self.plan.halls[site][k];
                    self.least("hall_negative", || place.clone(), built, 0.0, 0.0);
                    self.lead_time(&it.id, built, year.year, hall.cost.lead_years);
                    let standing = (0..=k).filter(|v| case.serves(k, case.years[*v].year, hall.cost.life_years));
                    let built: f64 = standing.map(|v| self.plan.halls[site][v]).sum();
                    let before =
                        if hall.existing_until.is_none_or(|last| year.year <= last) { hall.existing_mw } else { 0.0 };
                    self.most("hall", || place.clone(), full, built + before, full);
                    if let Some((most, _)) = &hall.mw_max {
                        self.most("hall_max", || place.clone(), built + before, most.at(year.year), built + before);
                    }
                }
                if let Some((most, _)) = &it.power_cap_mw {
                    let drawn = full * it.pue.highest(k, self.hours());
                    self.most("power_cap", || place, drawn, most.at(year.year), drawn);
                }
            }
        }
    }

    /// PFLOP/s of a class in an hour.
    fn served(&self, class: usize, k: usize, t: usize) -> f64 {
        let case = self.case;
        let mut sum = 0.0;
        for accelerator in 0..case.accelerators.len() {
            for site in 0..case.sites.len() {
                let pflops = case.pflops(accelerator, class, site);
                if pflops > 0.0 {
                    sum += pflops * self.at(Track::Used { accelerator, site, class }, k, t);
                }
            }
        }
        sum
    }

    pub(super) fn demand(&mut self) {
        let case = self.case;
        for (class, work) in case.classes.iter().enumerate() {
            for (k, year) in case.years.iter().enumerate() {
                match &work.demand {
                    Demand::Inference(series) => {
                        for t in 0..self.hours() {
                            let (served, asked) = (self.served(class, k, t), series.at(k, t));
                            let given = self.given(class, k, t, (served, asked));
                            let place = self.place(&work.id, k, Some(t));
                            // A thousandth of the unit of the model.
                            self.least("inference", || place, served + given, asked, asked + 1.0);
                        }
                    }
                    Demand::Training(total) => {
                        let weight = &case.hours.energy_weight;
                        let served: f64 = (0..self.hours()).map(|t| self.served(class, k, t) * weight[t]).sum();
                        let asked = total.at(year.year);
                        let given = self.untrained(class, k, (served, asked));
                        let place = self.place(&work.id, k, None);
                        self.least("training", || place, served + given, asked, asked + 1.0);
                    }
                }
            }
        }
    }
}

fn self_place(what: &str, year: i32) -> String {
    format!("{what}, {year}")
}
