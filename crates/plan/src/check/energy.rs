//! Sizes of what is built; sources, lines and the balance, hour by hour.

use super::Looking;
use crate::case::{Plant, Size};
use crate::plan::Track;

impl Looking<'_> {
    /// Bounds, whole modules, lead times; and that every list is as long as the case's.
    pub(super) fn sizes(&mut self) {
        let (case, plan) = (self.case, self.plan);
        let hours = self.hours() * self.years();
        let lengths = [
            (plan.sources.len(), case.sources.len()),
            (plan.stores.len(), case.stores.len()),
            (plan.lines.len(), case.lines.len()),
            (plan.halls.len(), case.sites.len()),
            (plan.units.len(), case.accelerators.len()),
            (plan.paid.len(), case.budgets.len()),
            (plan.untrained.len(), case.classes.len()),
        ];
        let short = plan.hourly.values().any(|it| it.len() != hours)
            || plan.untrained.iter().any(|it| it.len() != case.years.len());
        if lengths.iter().any(|(found, right)| found != right) || short {
            self.wrong("form", String::new(), 0.0, 0.0);
            return;
        }
        for (list, sizes, is_source) in [(&case.sources, &plan.sources, true), (&case.stores, &plan.stores, false)] {
            for (it, mw) in list.iter().zip(sizes) {
                let cost = if is_source { &case.technologies[it.kind].cost } else { &case.storages[it.kind].cost };
                self.size(&it.id, it.size, *mw);
                if let Some(module) = it.module_mw {
                    let count = mw / module;
                    self.near("modules", || it.id.clone(), (count, count.round()), 0.0);
                }
                if it.size.is_built() {
                    self.lead_time(&it.id, *mw, it.in_service, cost.lead_years);
                }
            }
        }
        for (it, mw) in case.lines.iter().zip(&plan.lines) {
            self.size(&it.id, it.size, *mw);
            if it.size.is_built() {
                self.lead_time(&it.id, *mw, it.in_service, it.lead_years);
            }
        }
    }

    fn size(&mut self, id: &str, size: Size, mw: f64) {
        match size {
            Size::Fixed(stands) => self.near("stands", || id.to_owned(), (mw, stands), stands),
            Size::Build { min, max, .. } => {
                self.least("mw_min", || id.to_owned(), mw, min, min);
                self.most("mw_max", || id.to_owned(), mw, max, if max.is_finite() { max } else { 0.0 });
            }
        }
    }

    pub(super) fn lead_time(&mut self, id: &str, mw: f64, in_service: i32, lead_years: i32) {
        let earliest = self.case.first_order_year + lead_years;
        if lead_years > 0 && in_service < earliest {
            self.most("lead_time", || id.to_owned(), mw, 0.0, 0.0);
        }
    }

    pub(super) fn sources(&mut self) {
        let case = self.case;
        for (kind, technology) in case.technologies.iter().enumerate() {
            for site in 0..case.sites.len() {
                let track = Track::Output { site, kind };
                if !self.plan.hourly.contains_key(&track) {
                    continue;
                }
                for k in 0..self.years() {
                    let mw = self.plan.standing(case, Plant::Source(kind), site, k);
                    for t in 0..self.hours() {
                        let there = mw * case.availability(kind, site, k, t);
                        let output = self.at(track, k, t);
                        let place = |it: &Self| it.place(&track.name(case), k, Some(t));
                        let named = place(self);
                        self.least("output_negative", || named.clone(), output, 0.0, mw);
                        self.most("output", || named.clone(), output, there, mw);
                        self.least("must_run", || named, output, technology.must_run * there, mw);
                    }
                    self.ramps(track, k, mw, technology.ramp_up, technology.ramp_down);
                }
            }
        }
        self.connections();
    }

    fn ramps(&mut self, track: Track, k: usize, mw: f64, up: Option<f64>, down: Option<f64>) {
        if up.is_none() && down.is_none() {
            return;
        }
        let first_hours = self.case.hours.starts.clone();
        for t in (0..self.hours()).filter(|t| !first_hours.contains(t)) {
            let change = self.at(track, k, t) - self.at(track, k, t - 1);
            for (share, change) in [(up, change), (down, -change)] {
                let Some(share) = share else { continue };
                let place = self.place(&track.name(self.case), k, Some(t));
                self.most("ramp", || place, change, share * mw, mw);
            }
        }
    }

    fn connections(&mut self) {
        let case = self.case;
        for (site, it) in case.sites.iter().enumerate() {
            let Some((most, _)) = &it.grid_connection_mw else { continue };
            for k in 0..self.years() {
                let most = most.at(case.years[k].year);
                for t in 0..self.hours() {
                    let via = (0..case.technologies.len()).filter(|kind| case.technologies[*kind].via_grid);
                    let sum: f64 = via.map(|kind| self.at(Track::Output { site, kind }, k, t)).sum();
                    let place = self.place(&it.id, k, Some(t));
                    self.most("grid_connection", || place, sum, most, most);
                }
            }
        }
    }

    /// MW of lines that share a flow, in a year.
    pub(super) fn line_mw(&self, members: &[usize], k: usize) -> f64 {
        members.iter().filter(|at| self.case.line_serves(**at, k)).map(|at| self.plan.lines[*at]).sum()
    }

    pub(super) fn lines(&mut self) {
        let case = self.case;
        for group in case.line_groups() {
            let line = group.members[0];
            for k in 0..self.years() {
                let mw = self.line_mw(&group.members, k);
                let least = if case.lines[line].both_ways { -mw } else { 0.0 };
                for t in 0..self.hours() {
                    let flow = self.at(Track::Flow { line }, k, t);
                    let place = self.place(&case.lines[line].id, k, Some(t));
                    self.most("flow", || place.clone(), flow, mw, mw);
                    self.least("flow", || place, flow, least, mw);
                }
            }
        }
    }

    /// What comes into a site is what goes out of it.
    pub(super) fn balances(&mut self) {
        let case = self.case;
        let tracks: Vec<Track> = self.plan.hourly.keys().copied().collect();
        for site in 0..case.sites.len() {
            for k in 0..self.years() {
                for t in 0..self.hours() {
                    let mut sum = 0.0;
                    let mut size = 0.0;
                    let mut add = |mw: f64| {
                        sum += mw;
                        size += mw.abs();
                    };
                    for track in &tracks {
                        let value = self.at(*track, k, t);
                        match *track {
                            Track::Output { site: at, .. } | Track::Discharge { site: at, .. } if at == site => {
                                add(value)
                            }
                            Track::Charge { site: at, .. } if at == site => add(-value),
                            Track::Flow { line } if case.lines[line].from == site => add(-value),
                            Track::Flow { line } if case.lines[line].to == site => {
                                add(value * case.lines[line].efficiency)
                            }
                            Track::Shed { load } if case.loads[load].site == site => add(value),
                            _ => {}
                        }
                    }
                    add(-self.drawn_mw(site, k, t));
                    case.loads.iter().filter(|it| it.site == site).for_each(|it| add(-it.mw.at(k, t)));
                    let place = self.place(&case.sites[site].id, k, Some(t));
                    self.near("balance", || place, (sum, 0.0), size);
                }
            }
        }
    }
}
