//! Caps: what stands, ground, supply, emissions, home's share.

use super::Looking;
use crate::case::{Rule, Size};
use crate::plan::Track;

impl Looking<'_> {
    pub(super) fn standing(&mut self) {
        let case = self.case;
        for limit in &case.standing {
            for (k, year) in case.years.iter().enumerate() {
                let mw = self.plan.standing(case, limit.plant, limit.site, k);
                let place = self.place(&case.sites[limit.site].id, k, None);
                if let Some(most) = &limit.mw_max {
                    self.most("standing_max", || place.clone(), mw, most.at(year.year), mw);
                }
                if let Some(least) = &limit.mw_min {
                    self.least("standing_min", || place, mw, least.at(year.year), mw);
                }
            }
        }
        for (site, it) in case.sites.iter().enumerate() {
            let Some((most, _)) = it.area_km2 else { continue };
            for k in 0..self.years() {
                let here = case.sources.iter().zip(&self.plan.sources).filter(|(it, _)| it.site == site);
                let serving = here.filter(|(it, _)| case.serves(k, it.in_service, it.life_years));
                let area: f64 = serving.map(|(it, mw)| case.technologies[it.kind].area_km2_per_mw * mw).sum();
                let place = self.place(&it.id, k, None);
                self.most("area", || place, area, most, area);
            }
        }
    }

    pub(super) fn supply(&mut self) {
        let case = self.case;
        for supply in &case.supplies {
            let kinds = (0..case.accelerators.len()).filter(|a| case.supplied(&supply.of, *a));
            let bought: f64 = kinds.flat_map(|a| self.plan.units[a].iter().map(|it| it[supply.year])).sum();
            self.most("supply", || supply.id.clone(), bought, supply.units_max, bought);
        }
    }

    /// A year's energy of each technology and site, times a factor.
    fn energy(&self, k: usize, factor: impl Fn(usize, usize) -> f64) -> f64 {
        let weight = &self.case.hours.energy_weight;
        let mut sum = 0.0;
        for track in self.plan.hourly.keys() {
            let Track::Output { site, kind } = *track else { continue };
            let mwh: f64 = (0..self.hours()).map(|t| weight[t] * self.at(*track, k, t)).sum();
            sum += factor(kind, site) * mwh;
        }
        sum
    }

    pub(super) fn policies(&mut self) {
        let case = self.case;
        for (at, policy) in case.policies.iter().enumerate() {
            let k = policy.year;
            let year = &case.years[k];
            match &policy.rule {
                Rule::Co2Cap { t_max } => {
                    let each = |kind: usize, _| case.technologies[kind].co2_t_per_mwh.at(year.year);
                    let tonnes = year.years * self.energy(k, each);
                    self.most("co2_cap", || policy.id.clone(), tonnes, *t_max, tonnes);
                }
                Rule::HomeShare { share } => {
                    let all = self.energy(k, |_, _| 1.0);
                    let home = self.energy(k, |kind, site| if case.is_home(kind, site) { 1.0 } else { 0.0 });
                    self.least("home_share", || policy.id.clone(), home, share * all, all);
                }
                Rule::Stress { lost, share, margin } => self.survives(at, lost, *share, *margin),
            }
        }
    }
}

/// Whether there is something to pay for.
pub(super) fn is_new(size: Size) -> bool {
    size.is_built()
}
