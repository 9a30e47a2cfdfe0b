//! Words and numbers of one language, and what several sections count.

use realm::load::Lang;
use report::{Cell, Column, Fact, Numbers};

use super::account::{Entry, entries};
use crate::case::Case;
use crate::plan::{Plan, Track};
use crate::say::say;

/// MW below which nothing was built: the solver's own tolerance.
pub(super) const TRACE_MW: f64 = 1e-3;

/// A plan that is being told.
pub(super) struct Pen<'a> {
    pub(super) case: &'a Case,
    pub(super) plan: &'a Plan,
    pub(super) lang: Lang,
    pub(super) numbers: Numbers,
    /// What everything costs.
    pub(super) entries: Vec<Entry>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(case: &'a Case, plan: &'a Plan, lang: Lang) -> Self {
        Self { case, plan, lang, numbers: Numbers::of(lang), entries: entries(case, plan) }
    }

    pub(super) fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    pub(super) fn with(&self, key: &str, args: &[(&'static str, String)]) -> String {
        say(self.lang, key, args)
    }

    pub(super) fn number(&self, value: f64) -> String {
        self.numbers.number(value)
    }

    /// A column by its name for programs and the key of its title.
    pub(super) fn column(&self, name: &'static str) -> Column {
        Column::new(name, self.with(&format!("said-col-{name}"), &[("currency", self.case.currency.clone())]))
    }

    pub(super) fn columns(&self, names: &[&'static str]) -> Vec<Column> {
        names.iter().map(|name| self.column(name)).collect()
    }

    pub(super) fn fact(&self, key: &str, value: String, note: String) -> Fact {
        Fact { name: self.say(key), value, note }
    }

    /// Money in words: whole, in millions or in thousands of millions.
    pub(super) fn money(&self, value: f64) -> String {
        let (key, of) = match value.abs() {
            it if it >= 1e9 => ("said-money-bn", 1e9),
            it if it >= 1e6 => ("said-money-m", 1e6),
            _ => ("said-money", 1.0),
        };
        self.with(key, &[("n", self.number(value / of)), ("currency", self.case.currency.clone())])
    }

    /// How far the plan may be from the best one, in words.
    pub(super) fn gap(&self) -> String {
        match self.plan.gap() {
            gap if gap < 1e-5 => self.with("said-less-than", &[("n", self.numbers.percent(1e-5))]),
            gap => self.numbers.percent(gap),
        }
    }

    pub(super) fn site(&self, at: usize) -> &str {
        self.case.stated.title("site", &self.case.sites[at].id, self.lang)
    }

    pub(super) fn technology(&self, at: usize) -> &str {
        self.case.stated.title("technology", &self.case.technologies[at].id, self.lang)
    }

    pub(super) fn storage(&self, at: usize) -> &str {
        self.case.stated.title("storage", &self.case.storages[at].id, self.lang)
    }

    pub(super) fn accelerator(&self, at: usize) -> &str {
        self.case.stated.title("accelerator", &self.case.accelerators[at].id, self.lang)
    }

    pub(super) fn class(&self, at: usize) -> &str {
        self.case.stated.title("class", &self.case.classes[at].id, self.lang)
    }

    pub(super) fn years(&self) -> usize {
        self.case.years.len()
    }

    pub(super) fn last(&self) -> usize {
        self.case.years.len() - 1
    }

    pub(super) fn year(&self, k: usize) -> i32 {
        self.case.years[k].year
    }

    /// The years as labels of a chart.
    pub(super) fn labels(&self) -> Vec<String> {
        self.case.years.iter().map(|it| it.year.to_string()).collect()
    }

    /// A track in an hour; what the plan does not state is nothing.
    pub(super) fn at(&self, track: Track, k: usize, t: usize) -> f64 {
        self.plan.hourly.get(&track).map_or(0.0, |series| series[k * self.case.hours.count() + t])
    }

    /// A track over one year, in its unit times hours.
    pub(super) fn over_year(&self, track: Track, k: usize) -> f64 {
        let weight = &self.case.hours.energy_weight;
        (0..self.case.hours.count()).map(|t| weight[t] * self.at(track, k, t)).sum()
    }

    /// MW that accelerators at a site draw in an hour, cooling included.
    pub(super) fn drawn_mw(&self, site: usize, k: usize, t: usize) -> f64 {
        let case = self.case;
        let mut watts = 0.0;
        for (a, kind) in case.accelerators.iter().enumerate().filter(|(a, _)| case.may_stand(*a, site)) {
            watts += kind.idle_w * self.plan.units_standing(case, a, site, k);
            let used = (0..case.classes.len()).map(|class| self.at(Track::Used { accelerator: a, site, class }, k, t));
            watts += (kind.power_w - kind.idle_w) * used.sum::<f64>();
        }
        watts / 1e6 * case.sites[site].pue.at(k, t)
    }

    /// Units of a kind that stand in a year, at all sites.
    pub(super) fn units(&self, a: usize, k: usize) -> f64 {
        (0..self.case.sites.len()).map(|site| self.plan.units_standing(self.case, a, site, k)).sum()
    }

    /// MW that accelerators at a site may draw in a year, all at work, cooling included.
    pub(super) fn full_mw(&self, site: usize, k: usize) -> f64 {
        let case = self.case;
        let pue = case.sites[site].pue.highest(k, case.hours.count());
        let watts = |a: usize| case.accelerators[a].power_w * self.plan.units_standing(case, a, site, k);
        (0..case.accelerators.len()).map(watts).sum::<f64>() / 1e6 * pue
    }

    /// MW of halls that stand at a site in a year.
    pub(super) fn halls_mw(&self, site: usize, k: usize) -> f64 {
        let Some(hall) = &self.case.sites[site].hall else { return 0.0 };
        let stands = hall.existing_until.is_none_or(|last| self.year(k) <= last);
        let built = self.plan.halls[site].iter().enumerate().take(k + 1);
        let serving = built.filter(|(v, _)| self.case.serves(k, self.year(*v), hall.cost.life_years));
        serving.map(|(_, mw)| mw).sum::<f64>() + if stands { hall.existing_mw } else { 0.0 }
    }

    /// Sources and stores with something in them: a name, its MW in a year, whether it is a store.
    pub(super) fn plants(&self) -> Vec<Kind> {
        let sources = (0..self.case.technologies.len()).map(Kind::Source);
        sources.chain((0..self.case.storages.len()).map(Kind::Store)).collect()
    }

    pub(super) fn plant(&self, kind: Kind) -> &str {
        match kind {
            Kind::Source(at) => self.technology(at),
            Kind::Store(at) => self.storage(at),
        }
    }

    /// MW of a plant at all sites in a year.
    pub(super) fn plant_mw(&self, kind: Kind, k: usize) -> f64 {
        (0..self.case.sites.len()).map(|site| self.plan.standing(self.case, kind, site, k)).sum()
    }
}

pub(super) use crate::case::Plant as Kind;

/// A whole number where a fraction means nothing.
pub(super) fn whole(value: f64) -> Cell {
    Cell::Number(value.round())
}

/// What is below the solver's tolerance is nothing.
pub(super) fn clean(value: f64) -> Cell {
    Cell::Number(if value.abs() < TRACE_MW { 0.0 } else { value })
}
