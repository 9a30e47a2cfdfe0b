//! What must survive: the hour that the plan itself states for each such policy, recomputed.

use super::Looking;
use crate::case::{Demand, Lost, Plant};
use crate::plan::Track;

impl Looking<'_> {
    pub(super) fn survives(&mut self, at: usize, lost: &Lost, share: f64, margin: f64) {
        let case = self.case;
        let k = case.policies[at].year;
        let Some(hour) = self.plan.stress.get(&at) else {
            self.wrong("survival_missing", case.policies[at].id.clone(), 0.0, 0.0);
            return;
        };
        let is_dark = |site: usize| *lost == Lost::Site(site);
        let id = &case.policies[at].id;
        for (track, value) in hour {
            let (least, most) = self.firm(*track, k, lost);
            let named = format!("{id}: {}", track.name(case));
            self.most("survival_firm", || named.clone(), *value, most, most.abs());
            self.least("survival_firm", || named, *value, least, least.abs());
        }
        for site in (0..case.sites.len()).filter(|site| !is_dark(*site)) {
            let mut sum = 0.0;
            for (track, value) in hour {
                match *track {
                    Track::Output { site: at, .. } | Track::Discharge { site: at, .. } if at == site => sum += value,
                    Track::Flow { line } if case.lines[line].from == site => sum -= value,
                    Track::Flow { line } if case.lines[line].to == site => sum += value * case.lines[line].efficiency,
                    Track::Used { accelerator, site: at, .. } if at == site => {
                        let pue = case.sites[site].pue.highest(k, self.hours());
                        sum -= value * case.accelerators[accelerator].power_w / 1e6 * pue * (1.0 + margin);
                    }
                    _ => {}
                }
            }
            let loads = case.loads.iter().filter(|it| it.site == site);
            let peak: f64 = loads.map(|it| it.mw.highest(k, self.hours())).sum();
            let needed = peak * share * (1.0 + margin);
            self.least("survival_balance", || format!("{id}: {}", case.sites[site].id), sum, needed, needed);
        }
        self.work_survives(at, lost, share);
    }

    /// Least and most of a track in that hour.
    fn firm(&self, track: Track, k: usize, lost: &Lost) -> (f64, f64) {
        let case = self.case;
        let is_dark = |site: usize| *lost == Lost::Site(site);
        match track {
            Track::Output { site, kind } => {
                let technology = &case.technologies[kind];
                let gone = is_dark(site) || technology.is_lost(kind, lost);
                let mw = self.plan.standing(case, Plant::Source(kind), site, k) * technology.firm_share;
                (0.0, if gone { 0.0 } else { mw })
            }
            Track::Discharge { site, kind } => {
                let mw = self.plan.standing(case, Plant::Store(kind), site, k) * case.storages[kind].firm_share;
                (0.0, if is_dark(site) { 0.0 } else { mw })
            }
            Track::Flow { line } => {
                let it = &case.lines[line];
                let group = case.line_groups().into_iter().find(|group| group.members[0] == line);
                let mw = group.map_or(0.0, |group| self.line_mw(&group.members, k));
                let mw = if is_dark(it.from) || is_dark(it.to) { 0.0 } else { mw };
                (if it.both_ways { -mw } else { 0.0 }, mw)
            }
            Track::Used { accelerator, site, .. } => {
                (0.0, if is_dark(site) { 0.0 } else { self.left(accelerator, site, k, lost) })
            }
            Track::Charge { .. } | Track::Stored { .. } | Track::Unserved { .. } | Track::Shed { .. } => (0.0, 0.0),
        }
    }

    /// Units that are left: an origin that is lost sends none in that year.
    fn left(&self, a: usize, site: usize, k: usize, lost: &Lost) -> f64 {
        let is_lost = matches!(lost, Lost::Origin(origin) if self.case.accelerators[a].origin.as_ref() == Some(origin));
        self.stock(a, site, k) - if is_lost { self.plan.units[a][site][k] } else { 0.0 }
    }

    fn work_survives(&mut self, at: usize, lost: &Lost, share: f64) {
        let case = self.case;
        let policy = &case.policies[at];
        let k = policy.year;
        let Some(hour) = self.plan.stress.get(&at) else { return };
        for (class, work) in case.classes.iter().enumerate() {
            let Demand::Inference(series) = &work.demand else { continue };
            let mut served = 0.0;
            for (track, units) in hour {
                if let Track::Used { accelerator, site, class: of } = *track
                    && of == class
                {
                    served += units * case.pflops(accelerator, class, site);
                }
            }
            let needed = share * series.highest(k, self.hours());
            self.least("survival_served", || format!("{}: {}", policy.id, work.id), served, needed, needed + 1.0);
        }
        for a in 0..case.accelerators.len() {
            for site in (0..case.sites.len()).filter(|site| *lost != Lost::Site(*site)) {
                let mine = hour.iter().filter(|(track, _)| {
                    matches!(track, Track::Used { accelerator, site: at, .. } if *accelerator == a && *at == site)
                });
                let used: f64 = mine.map(|(_, units)| units).sum();
                let left = self.left(a, site, k, lost);
                self.most("survival_units", || format!("{}: {}", policy.id, case.sites[site].id), used, left, left);
            }
        }
    }
}
