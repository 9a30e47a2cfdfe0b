//! Money: the objective, and what budgets pay.

use super::Looking;
use super::limits::is_new;
use crate::case::{Cost, Item, annuity};
use crate::plan::Track;

/// One thing that was built: MW, what a MW costs once and yearly, from when and for how long, and how it is paid.
struct Bought<'a> {
    item: Item,
    mw: f64,
    once: f64,
    yearly: f64,
    in_service: i32,
    life_years: f64,
    cost: Option<&'a Cost>,
}

impl Looking<'_> {
    fn bought(&self) -> Vec<Bought<'_>> {
        let (case, plan) = (self.case, self.plan);
        let mut all = Vec::new();
        let sources = case.sources.iter().zip(&plan.sources).map(|it| (it, &case.technologies[it.0.kind].cost));
        let stores = case.stores.iter().zip(&plan.stores).map(|it| (it, &case.storages[it.0.kind].cost));
        for ((it, mw), cost) in sources.chain(stores).filter(|((it, _), _)| is_new(it.size)) {
            let (once, yearly) = (it.capital_per_mw, it.annual_per_mw);
            let (in_service, life_years) = (it.in_service, it.life_years);
            all.push(Bought { item: Item::Energy, mw: *mw, once, yearly, in_service, life_years, cost: Some(cost) });
        }
        for (it, mw) in case.lines.iter().zip(&plan.lines).filter(|(it, _)| is_new(it.size)) {
            let (once, yearly) = (it.capital_per_mw, it.annual_per_mw);
            let (in_service, life_years) = (it.in_service, it.life_years);
            all.push(Bought { item: Item::Lines, mw: *mw, once, yearly, in_service, life_years, cost: None });
        }
        for (site, built) in case.sites.iter().zip(&plan.halls) {
            let Some(hall) = &site.hall else { continue };
            for (year, mw) in case.years.iter().zip(built) {
                let in_service = year.year;
                let (once, yearly) = (hall.cost.capital_per_mw.at(in_service), hall.cost.annual_per_mw.at(in_service));
                let (life_years, cost) = (hall.cost.life_years, Some(&hall.cost));
                all.push(Bought { item: Item::Sites, mw: *mw, once, yearly, in_service, life_years, cost });
            }
        }
        all
    }

    fn weight(&self, in_service: i32, life_years: f64) -> f64 {
        let years = self.case.years.iter();
        let serving = years.filter(|it| it.year >= in_service && f64::from(it.year - in_service) < life_years);
        serving.map(|it| it.weight).sum()
    }

    /// The objective, from the case's figures.
    pub(super) fn objective(&self) -> f64 {
        let (case, plan) = (self.case, self.plan);
        let rate = case.discount_rate;
        let mut total = 0.0;
        for it in self.bought() {
            let grown = match it.cost {
                Some(cost) if !cost.spending.is_empty() => {
                    let years = (0..).zip(&cost.spending).map(|(j, share)| (cost.lead_years - j, share));
                    years.map(|(left, share)| share * (1.0 + rate).powi(left)).sum()
                }
                _ => 1.0,
            };
            let yearly = it.yearly + it.once * grown * annuity(rate, it.life_years);
            total += it.mw * yearly * self.weight(it.in_service, it.life_years);
        }
        for (kind, by_site) in case.accelerators.iter().zip(&plan.units) {
            for (year, v) in case.years.iter().zip(0..) {
                let units: f64 = by_site.iter().map(|it| it[v]).sum();
                let yearly = kind.price.at(year.year) * annuity(rate, kind.life_years);
                total += units * yearly * self.weight(year.year, kind.life_years);
            }
        }
        total + (0..self.years()).map(|k| case.years[k].weight * (self.running(k) + self.lost(k))).sum::<f64>()
    }

    /// Fuel and other running costs of one year.
    fn running(&self, k: usize) -> f64 {
        let case = self.case;
        let year = case.years[k].year;
        let mut sum = 0.0;
        for track in self.plan.hourly.keys() {
            let each = match *track {
                Track::Output { kind, .. } => case.technologies[kind].marginal_cost_per_mwh.at(year),
                Track::Discharge { kind, .. } => case.storages[kind].marginal_cost_per_mwh,
                Track::Flow { line } => case.lines[line].marginal_cost_per_mwh,
                Track::Charge { .. } | Track::Stored { .. } | Track::Used { .. } => continue,
                // A loss, not a payment: no budget bears it.
                Track::Unserved { .. } | Track::Shed { .. } => continue,
            };
            let weight = &case.hours.weight;
            sum += each * (0..self.hours()).map(|t| weight[t] * self.at(*track, k, t)).sum::<f64>();
        }
        sum
    }

    /// What a period spends on an item, in millions.
    fn spent(&self, k: usize, item: Item) -> f64 {
        let case = self.case;
        let year = &case.years[k];
        let mut sum = 0.0;
        for it in self.bought() {
            if item == Item::Running {
                let serves = case.serves(k, it.in_service, it.life_years);
                sum += if serves { it.mw * it.yearly * year.years } else { 0.0 };
            } else if it.item == item {
                let payments = it.cost.map_or_else(|| vec![(it.in_service, 1.0)], |cost| cost.payments(it.in_service));
                let now = payments.iter().filter(|(paid, _)| case.period_of(*paid) == Some(k));
                sum += it.mw * it.once * now.map(|(_, share)| share).sum::<f64>();
            }
        }
        if item == Item::Running {
            sum += year.years * self.running(k);
        }
        if item == Item::Accelerators {
            let kinds = case.accelerators.iter().zip(&self.plan.units);
            let prices = kinds.map(|(kind, it)| kind.price.at(year.year) * it.iter().map(|it| it[k]).sum::<f64>());
            sum += prices.sum::<f64>();
        }
        sum / 1e6
    }

    pub(super) fn budgets(&mut self) {
        let case = self.case;
        for (budget, paid) in case.budgets.iter().zip(&self.plan.paid) {
            let sum: f64 = paid.values().sum();
            self.most("budget", || budget.id.clone(), sum, budget.limit_m, budget.limit_m);
            for (item, m) in paid {
                self.least("paid_negative", || budget.id.clone(), *m, 0.0, 0.0);
                if !budget.covers.contains(item) {
                    self.most("paid_for", || budget.id.clone(), *m, 0.0, 0.0);
                }
            }
        }
        for k in 0..self.years() {
            for item in Item::ALL {
                let mine = || case.budgets.iter().zip(&self.plan.paid).filter(|(it, _)| it.year == k);
                if !mine().any(|(it, _)| it.covers.contains(&item)) {
                    continue;
                }
                let paid: f64 = mine().filter_map(|(_, paid)| paid.get(&item)).sum();
                let spent = self.spent(k, item);
                let place = self.place(item.word(), k, None);
                self.most("unpaid", || place.clone(), spent, paid, spent);
                self.most("overpaid", || place, paid, spent, spent);
            }
        }
    }
}
