//! `plan.json`: a plan by the names of its case, without its hours.

use std::collections::BTreeMap;

use realm::load::Lang;
use serde::{Deserialize, Serialize};

use super::{Plan, Track};
use crate::case::{Case, Demand, Item};

const VERSION: u32 = 1;

/// What `plan.json` says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    version: u32,
    status: String,
    case: String,
    currency: String,
    objective: f64,
    bound: Option<f64>,
    gap: f64,
    sources_mw: BTreeMap<String, f64>,
    stores_mw: BTreeMap<String, f64>,
    lines_mw: BTreeMap<String, f64>,
    /// By site and year.
    halls_mw: BTreeMap<String, BTreeMap<i32, f64>>,
    /// By accelerator, site and year.
    units_bought: BTreeMap<String, BTreeMap<String, BTreeMap<i32, f64>>>,
    /// By budget and item.
    paid_m: BTreeMap<String, BTreeMap<String, f64>>,
    /// By policy, then by what and where.
    stress: BTreeMap<String, BTreeMap<String, f64>>,
    /// By class and year: PFLOP-hours of training that are not done, where that may be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    untrained_pflop_hours: BTreeMap<String, BTreeMap<i32, f64>>,
    /// By limit: what one more unit of it would save.
    #[serde(default)]
    saved_by_one_more: BTreeMap<String, f64>,
}

impl Written {
    pub(super) fn of(case: &Case, plan: &Plan) -> Self {
        let mw = |ids: Vec<&String>, mw: &[f64]| ids.into_iter().cloned().zip(mw.iter().copied()).collect();
        let by_year = |values: &Vec<f64>| case.years.iter().map(|it| it.year).zip(values.iter().copied()).collect();
        let sites = || case.sites.iter().map(|it| it.id.clone());
        let units = |by_site: &Vec<Vec<f64>>| sites().zip(by_site.iter().map(by_year)).collect();
        let paid = |paid: &BTreeMap<Item, f64>| paid.iter().map(|(item, m)| (item.word().to_owned(), *m)).collect();
        let stress = |(at, tracks): (&usize, &BTreeMap<Track, f64>)| {
            let named = tracks.iter().map(|(track, value)| (track.name(case), *value)).collect();
            (case.policies[*at].id.clone(), named)
        };
        let id = |class: usize| case.classes[class].id.clone();
        Self {
            version: VERSION,
            status: "optimal".to_owned(),
            case: case.name.of(Lang::En).to_owned(),
            currency: case.currency.clone(),
            objective: plan.objective,
            bound: plan.bound,
            gap: plan.gap(),
            sources_mw: mw(case.sources.iter().map(|it| &it.id).collect(), &plan.sources),
            stores_mw: mw(case.stores.iter().map(|it| &it.id).collect(), &plan.stores),
            lines_mw: mw(case.lines.iter().map(|it| &it.id).collect(), &plan.lines),
            halls_mw: sites().zip(plan.halls.iter().map(by_year)).collect(),
            units_bought: case.accelerators.iter().map(|it| it.id.clone()).zip(plan.units.iter().map(units)).collect(),
            paid_m: case.budgets.iter().map(|it| it.id.clone()).zip(plan.paid.iter().map(paid)).collect(),
            stress: plan.stress.iter().map(stress).collect(),
            untrained_pflop_hours: untrained(case).map(|at| (id(at), by_year(&plan.untrained[at]))).collect(),
            saved_by_one_more: plan.prices.clone(),
        }
    }

    /// The gap that it states.
    pub(super) fn gap(&self) -> f64 {
        self.gap
    }

    /// The same by index; the text says what is missing or too much.
    pub(super) fn to_plan(&self, case: &Case, hourly: BTreeMap<Track, Vec<f64>>) -> Result<Plan, String> {
        self.is_of(case)?;
        let years = |values: &BTreeMap<i32, f64>| copied(pick(values, case.years.iter().map(|it| it.year)));
        let mw = |values, ids: Vec<String>| copied(pick(values, ids));
        let sites: Vec<String> = case.sites.iter().map(|it| it.id.clone()).collect();
        let halls: Result<Vec<_>, String> = pick(&self.halls_mw, sites.clone())?.into_iter().map(years).collect();
        let kinds = pick(&self.units_bought, case.accelerators.iter().map(|it| it.id.clone()))?;
        let units: Result<Vec<Vec<_>>, String> =
            kinds.into_iter().map(|it| pick(it, sites.clone())?.into_iter().map(years).collect()).collect();
        let paid = pick(&self.paid_m, case.budgets.iter().map(|it| it.id.clone()))?;
        let item = |word: &String| Item::ALL.into_iter().find(|it| it.word() == word).ok_or_else(|| word.clone());
        let paid: Result<Vec<BTreeMap<Item, f64>>, String> =
            paid.into_iter().map(|it| it.iter().map(|(word, m)| Ok((item(word)?, *m))).collect()).collect();
        let mut missing = vec![vec![0.0; case.years.len()]; case.classes.len()];
        let classes: Vec<usize> = untrained(case).collect();
        let named = pick(&self.untrained_pflop_hours, classes.iter().map(|at| case.classes[*at].id.clone()))?;
        for (class, values) in classes.into_iter().zip(named) {
            missing[class] = years(values)?;
        }
        Ok(Plan {
            objective: self.objective,
            bound: self.bound,
            sources: mw(&self.sources_mw, case.sources.iter().map(|it| it.id.clone()).collect())?,
            stores: mw(&self.stores_mw, case.stores.iter().map(|it| it.id.clone()).collect())?,
            lines: mw(&self.lines_mw, case.lines.iter().map(|it| it.id.clone()).collect())?,
            halls: halls?,
            units: units?,
            paid: paid?,
            hourly,
            untrained: missing,
            stress: self.stress(case)?,
            prices: self.saved_by_one_more.clone(),
        })
    }

    /// Whether it is a plan as this version writes it, of this case.
    fn is_of(&self, case: &Case) -> Result<(), String> {
        if self.version != VERSION {
            return Err(format!("version {}", self.version));
        }
        if self.status != "optimal" {
            return Err(format!("status {}", self.status));
        }
        for (said, is) in [(&self.case, case.name.of(Lang::En)), (&self.currency, case.currency.as_str())] {
            if said != is {
                return Err(format!("{said:?}, where the case beside it says {is:?}"));
            }
        }
        Ok(())
    }

    fn stress(&self, case: &Case) -> Result<BTreeMap<usize, BTreeMap<Track, f64>>, String> {
        let named: BTreeMap<String, Track> = Track::all(case).into_iter().map(|it| (it.name(case), it)).collect();
        let mut stress = BTreeMap::new();
        for (id, tracks) in &self.stress {
            let at = case.policies.iter().position(|it| it.id == *id).ok_or_else(|| id.clone())?;
            let mut found = BTreeMap::new();
            for (name, value) in tracks {
                found.insert(*named.get(name).ok_or_else(|| name.clone())?, *value);
            }
            stress.insert(at, found);
        }
        Ok(stress)
    }
}

/// Classes of training that may go undone.
fn untrained(case: &Case) -> impl Iterator<Item = usize> + '_ {
    let may = |class: &usize| {
        let it = &case.classes[*class];
        matches!(it.demand, Demand::Training(_)) && it.unserved.is_some()
    };
    (0..case.classes.len()).filter(may)
}

fn copied(values: Result<Vec<&f64>, String>) -> Result<Vec<f64>, String> {
    values.map(|it| it.into_iter().copied().collect())
}

/// The values of keys, in their order; a key that is missing, or one too many, is named.
fn pick<K: Ord + ToString, V>(values: &BTreeMap<K, V>, keys: impl IntoIterator<Item = K>) -> Result<Vec<&V>, String> {
    let keys: Vec<K> = keys.into_iter().collect();
    if let Some(stranger) = values.keys().find(|it| !keys.contains(it)) {
        return Err(stranger.to_string());
    }
    keys.iter().map(|key| values.get(key).ok_or_else(|| key.to_string())).collect()
}
