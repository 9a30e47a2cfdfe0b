//! What of its capacity a plan does not deliver in a year: work that goes unserved while units stand idle, for want of energy.

use super::capacity::per_s;
use super::{NotServed, Plan, Track, Whose};
use crate::case::{Case, Demand};
use crate::said::names;

/// Limits that are named.
const NAMED: usize = 3;

/// What is delivered in a year, as a share of what the units that stand could do.
pub(super) struct Short {
    /// Of megawatts.
    pub(super) power: f64,
    /// By class of work.
    pub(super) classes: Vec<f64>,
    /// Classes that go short, with the share of what they ask for that is not served.
    unserved: Vec<(usize, f64)>,
}

impl Short {
    pub(super) fn of(case: &Case, plan: &Plan, k: usize) -> Self {
        let gone: Vec<NotServed> = plan.unserved(case).into_iter().filter(|it| it.k == k).collect();
        let mut short = Self { power: 1.0, classes: vec![1.0; case.classes.len()], unserved: Vec::new() };
        for it in gone {
            let Whose::Class(class) = it.of else { continue };
            short.unserved.push((class, it.share()));
            short.classes[class] = 1.0 - idle(case, plan, class, k, it.amount) / it.asked;
        }
        if !short.unserved.is_empty() {
            short.power = short.of_power(case, plan, k);
        }
        short
    }

    /// Megawatts by the classes' shares of the fleet: what a class asks for over what all units could do of it.
    fn of_power(&self, case: &Case, plan: &Plan, k: usize) -> f64 {
        let (mut all, mut delivered) = (0.0, 0.0);
        for class in 0..case.classes.len() {
            let most = per_s(case, plan, class, k) / if case.classes[class].counted_in_tokens { 1e3 } else { 1.0 };
            let part = if most > 0.0 { asked(case, class, k) / most } else { 0.0 };
            all += part;
            delivered += part * self.classes[class];
        }
        if all > 0.0 { delivered / all } else { 1.0 }
    }

    /// What is short, by how much, and which limits of that year bind; none where every class is served.
    pub(super) fn said(&self, case: &Case, plan: &Plan, k: usize, caps: &[String]) -> Option<String> {
        if self.unserved.is_empty() {
            return None;
        }
        let binding = names(case, plan).into_iter().filter(|(year, ..)| *year == case.years[k].year);
        let mut limits: Vec<(String, bool)> = binding.map(|(_, name, priced)| (name, priced)).collect();
        let others = caps.iter().filter(|cap| limits.iter().all(|(name, _)| name != *cap)).cloned();
        limits.extend(others.map(|cap| (cap, false)).collect::<Vec<_>>());
        let word = self.resource(&limits);
        let classes = self.unserved.iter();
        let classes =
            classes.map(|(class, share)| format!("{} {:.1}% unserved", case.classes[*class].id, 100.0 * share));
        let limits: Vec<String> = limits.into_iter().take(NAMED).map(|it| it.0).collect();
        let limits = if limits.is_empty() { String::new() } else { format!("; {}", limits.join(" ")) };
        Some(format!("{word} short: {}{limits}", classes.collect::<Vec<_>>().join(" ")))
    }

    /// Power where units stand idle, else what the dearest limit is of; where none has a price, supply that was bought to the last unit.
    fn resource(&self, limits: &[(String, bool)]) -> &'static str {
        let of = |name: &str| match name.split('.').next() {
            Some("supply") => "accelerators",
            Some("budget") => "money",
            _ => "power",
        };
        if self.power < 1.0 - 1e-6 {
            return "power";
        }
        let dearest = limits.iter().find(|it| it.1).map(|it| of(&it.0));
        dearest.unwrap_or(if limits.iter().any(|it| it.0.starts_with("supply.")) { "accelerators" } else { "capacity" })
    }
}

/// Mean work that a class asks for in a year, in the unit of its demand.
fn asked(case: &Case, class: usize, k: usize) -> f64 {
    let weight = &case.hours.energy_weight;
    let hours: f64 = weight.iter().sum();
    match &case.classes[class].demand {
        Demand::Training(total) => total.at(case.years[k].year) / hours,
        Demand::Inference(series) => weight.iter().enumerate().map(|(t, w)| w * series.at(k, t)).sum::<f64>() / hours,
    }
}

/// What units that stand idle could have served of what a class lacks: of inference hour by hour, of training over the year.
fn idle(case: &Case, plan: &Plan, class: usize, k: usize, gone: f64) -> f64 {
    let is_training = matches!(case.classes[class].demand, Demand::Training(_));
    let hours = case.hours.count();
    let at = |track: Track, t: usize| plan.hourly.get(&track).map_or(0.0, |series| series[k * hours + t]);
    let mut sum = 0.0;
    for (t, weight) in case.hours.energy_weight.iter().enumerate() {
        let mut could = 0.0;
        for a in 0..case.accelerators.len() {
            for site in (0..case.sites.len()).filter(|site| case.pflops(a, class, *site) > 0.0) {
                let used = |class| at(Track::Used { accelerator: a, site, class }, t);
                let working: f64 = (0..case.classes.len()).map(used).sum();
                could += case.pflops(a, class, site) * (plan.units_standing(case, a, site, k) - working).max(0.0);
            }
        }
        let lacks = if is_training { could } else { at(Track::Unserved { class }, t).max(0.0) };
        sum += weight * could.min(lacks);
    }
    sum.min(gone)
}
