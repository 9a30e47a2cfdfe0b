//! What a plan gives to whoever counts on it: accelerators and their power, calendar year by calendar year.

use std::fmt::Write as _;

use super::Plan;
use super::short::Short;
use crate::case::{Case, Demand};

/// A table with the heads `year,accelerators,power_mw,why`, as a forecast reads it: units that stand, what they draw at full power
/// with their cooling, and which caps on supply were bought to the last unit. Then a column `CLASS_per_s` for each class of inference.
/// Where work goes unserved although units stand idle, megawatts and columns are less by what the plan does not serve, and `why` says so.
pub fn to_csv(case: &Case, plan: &Plan) -> String {
    let classes: Vec<usize> = (0..case.classes.len()).filter(|class| is_inference(case, *class)).collect();
    let mut text = String::from("year,accelerators,power_mw,why");
    classes.iter().for_each(|class| text.push_str(&format!(",{}_per_s", case.classes[*class].id)));
    text.push('\n');
    for (k, year) in case.years.iter().enumerate() {
        let (mut units, mut power_mw) = (0.0, 0.0);
        for (kind, accelerator) in case.accelerators.iter().enumerate() {
            for (site, place) in case.sites.iter().enumerate() {
                let standing = plan.units_standing(case, kind, site, k);
                units += standing;
                power_mw += standing * accelerator.power_w / 1e6 * place.pue.highest(k, case.hours.count());
            }
        }
        let caps = exhausted(case, plan, k);
        let short = Short::of(case, plan, k);
        let power_mw = power_mw * short.power;
        let why = match short.said(case, plan, k, &caps) {
            Some(short) => short,
            None if caps.is_empty() => "all the work that the case asks for is served".to_owned(),
            None => caps.join(" "),
        };
        let until = case.years.get(k + 1).map_or(year.year + year.years.round() as i32, |next| next.year);
        for calendar in year.year..until {
            let _ = write!(text, "{calendar},{units:.0},{power_mw:.3},{why}");
            for class in &classes {
                let _ = write!(text, ",{:.3}", short.classes[*class] * per_s(case, plan, *class, k));
            }
            text.push('\n');
        }
    }
    text
}

fn is_inference(case: &Case, class: usize) -> bool {
    matches!(case.classes[class].demand, Demand::Inference(_))
}

/// What all units that stand could serve of a class if they did nothing else: tokens a second where the class counts tokens, else PFLOP/s.
pub(super) fn per_s(case: &Case, plan: &Plan, class: usize, k: usize) -> f64 {
    let scale = if case.classes[class].counted_in_tokens { 1e3 } else { 1.0 };
    let at = |a: usize, site: usize| case.pflops(a, class, site) * plan.units_standing(case, a, site, k);
    let every = (0..case.accelerators.len()).flat_map(|a| (0..case.sites.len()).map(move |site| (a, site)));
    scale * every.map(|(a, site)| at(a, site)).sum::<f64>()
}

/// Caps on supply that a year's purchases come up to.
fn exhausted(case: &Case, plan: &Plan, k: usize) -> Vec<String> {
    let bought = |a: usize| plan.units[a].iter().map(|by_year| by_year[k]).sum::<f64>();
    let of = |cap: &crate::case::Supply| {
        let kinds = (0..case.accelerators.len()).filter(|a| case.supplied(&cap.of, *a));
        kinds.map(bought).sum::<f64>()
    };
    let some = case.supplies.iter().filter(|cap| cap.year == k && cap.units_max > 0.0);
    let caps = some.filter(|cap| of(cap) >= 0.999 * cap.units_max);
    caps.map(|cap| format!("supply.{}", cap.id)).collect()
}
