//! A model whose named limits give: one slack a limit, in shares of what it states; the least of them is sought.

use std::collections::BTreeMap;

use crate::case::{Rule, Size};
use crate::model::{Limit, Model, Problem, Row, Rows, THOUSAND, Take, assemble};
use crate::solve::{self, Failure, Options};

/// A limit and by what share of itself it gives.
pub(super) type Soft = (Limit, f64);

/// A slack below this is none.
const NOTHING: f64 = 1e-7;

/// Every limit of a model, in order.
pub(super) fn limits(model: &Model<'_>) -> Vec<Limit> {
    let mut found = BTreeMap::new();
    model.each(&mut |row, lower, upper, _| {
        if let Some(limit) = Limit::of(row) {
            let asks = !limit.is_demand() || lower > 0.0 || upper < 0.0;
            if asks {
                found.insert(limit, ());
            }
        }
    });
    for (limit, _, _) in vintages(model) {
        found.insert(limit, ());
    }
    found.into_keys().collect()
}

/// Vintages with a most: limit, column, and the most in units of the column.
fn vintages(model: &Model<'_>) -> Vec<(Limit, u32, f64)> {
    let (case, columns) = (model.case, &model.columns);
    let mut found = Vec::new();
    let mut add = |limit: Limit, size: Size, column: Option<(u32, f64)>| {
        if let (Size::Build { max, .. }, Some((column, mw))) = (size, column)
            && max.is_finite()
        {
            found.push((limit, column, max / mw));
        }
    };
    for (at, (it, column)) in case.sources.iter().zip(&columns.source).enumerate() {
        add(Limit::Source { at }, it.size, *column);
    }
    for (at, (it, column)) in case.stores.iter().zip(&columns.store).enumerate() {
        add(Limit::Store { at }, it.size, *column);
    }
    for (at, (it, column)) in case.lines.iter().zip(&columns.line).enumerate() {
        add(Limit::Line { at }, it.size, *column);
    }
    found
}

/// What a limit states in units of its rows, and what one of those is in units of the case. None: an hourly series.
pub(super) fn stated(model: &Model<'_>, limit: Limit) -> Option<(f64, f64)> {
    let case = model.case;
    let year = |k: usize| case.years[k].year;
    let most = |size: Size| match size {
        Size::Build { max, .. } => Some((max, 1.0)),
        Size::Fixed(_) => None,
    };
    match limit {
        Limit::Grid { site, k } => case.sites[site].grid_connection_mw.as_ref().map(|it| (it.0.at(year(k)), 1.0)),
        Limit::Hall { site, k } => {
            let most = case.sites[site].hall.as_ref().and_then(|it| it.mw_max.as_ref());
            most.map(|it| (it.0.at(year(k)), 1.0))
        }
        Limit::Power { site, k } => case.sites[site].power_cap_mw.as_ref().map(|it| (it.0.at(year(k)), 1.0)),
        Limit::Area { site, .. } => case.sites[site].area_km2.map(|it| (it.0, 1.0)),
        Limit::Most { at, k } => case.standing[at].mw_max.as_ref().map(|it| (it.at(year(k)), 1.0)),
        Limit::Least { at, k } => case.standing[at].mw_min.as_ref().map(|it| (it.at(year(k)), 1.0)),
        Limit::Supply { at } => Some((case.supplies[at].units_max / THOUSAND, THOUSAND)),
        Limit::Budget { at } => Some((case.budgets[at].limit_m, 1.0)),
        Limit::Policy { at } => match case.policies[at].rule {
            Rule::Co2Cap { t_max } => Some((t_max / THOUSAND, THOUSAND)),
            Rule::HomeShare { share } => Some((share, 1.0)),
            Rule::Stress { .. } => None,
        },
        Limit::Source { at } => most(case.sources[at].size),
        Limit::Store { at } => most(case.stores[at].size),
        Limit::Line { at } => most(case.lines[at].size),
        Limit::Class { .. } | Limit::Load { .. } => None,
    }
}

/// What a limit would have to state, in units of the case, if it gives by a slack.
pub(super) fn relaxed(model: &Model<'_>, limit: Limit, slack: f64) -> Option<f64> {
    let (value, unit) = stated(model, limit)?;
    match limit {
        Limit::Least { .. } => Some((value - size_of(value) * slack).max(0.0) * unit),
        // What a share of energy gives by is energy: no number of the same kind.
        Limit::Policy { at } if !matches!(model.case.policies[at].rule, Rule::Co2Cap { .. }) => None,
        _ => Some((value + size_of(value) * slack) * unit),
    }
}

/// What a slack of one stands for: the limit itself, or one unit where that is next to nothing.
fn size_of(value: f64) -> f64 {
    if value.abs() > 1e-3 { value.abs() } else { 1.0 }
}

/// The model with slacks after its own columns.
pub(super) struct Elastic<'m, 'c> {
    model: &'m Model<'c>,
    slack: BTreeMap<Limit, u32>,
    vintages: Vec<(Limit, u32, f64)>,
    /// Whether what may give way must be served, too.
    all_served: bool,
}

impl<'m, 'c> Elastic<'m, 'c> {
    pub(super) fn new(model: &'m Model<'c>, soft: &[Limit]) -> Self {
        let first = u32::try_from(model.columns.count()).unwrap_or(u32::MAX);
        let mut soft = soft.to_vec();
        soft.sort_unstable();
        let slack: BTreeMap<Limit, u32> = soft.into_iter().zip(first..).collect();
        let vintages = vintages(model).into_iter().filter(|it| slack.contains_key(&it.0)).collect();
        Self { model, slack, vintages, all_served: false }
    }

    /// The same, where nothing gives way unless its slack says so.
    pub(super) fn all_served(self) -> Self {
        Self { all_served: true, ..self }
    }

    fn problem(&self) -> Problem {
        let mut problem = solve::base(self.model);
        // Whether there is a plan does not depend on what it costs; and parts of modules are left to another question.
        problem.cost.fill(0.0);
        problem.whole.clear();
        for (_, column, _) in &self.vintages {
            problem.upper[*column as usize] = f64::INFINITY;
        }
        if self.all_served {
            self.model.columns.all_unserved(self.model.case).for_each(|column| problem.upper[column] = 0.0);
        }
        for limit in self.slack.keys() {
            problem.cost.push(1.0);
            problem.lower.push(0.0);
            problem.upper.push(if limit.is_demand() { 1.0 } else { f64::INFINITY });
        }
        assemble(self, problem)
    }

    /// The limits that give, by the least sum of shares. None: not enough whatever they give.
    pub(super) fn least(&self, options: &Options) -> Result<Option<Vec<Soft>>, Failure> {
        let problem = self.problem();
        match solve::optimum(&problem, options, &mut |_| ()) {
            Ok(solution) => {
                let given = self.slack.iter().map(|(limit, column)| (*limit, solution.values[*column as usize]));
                Ok(Some(given.filter(|(_, slack)| *slack > NOTHING).collect()))
            }
            Err(Failure::Infeasible) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The demand that must survive in a row of what must: where less is asked for, less of it must.
    fn asked_for(&self, row: Row) -> Option<Limit> {
        let year = |at: usize| self.model.case.policies[at].year;
        match row {
            Row::StressBalance { at, site } => Some(Limit::Load { site, k: year(at) }),
            Row::StressServed { at, class } => Some(Limit::Class { class, k: year(at) }),
            _ => None,
        }
    }

    /// What one of a slack adds to a row.
    fn coefficient(&self, limit: Limit, lower: f64, upper: f64) -> f64 {
        match limit {
            Limit::Load { .. } | Limit::Class { .. } => lower,
            Limit::Policy { at } if self.model.is_stress(at) => lower,
            Limit::Policy { at } if lower == 0.0 && upper == f64::INFINITY => self.energy(at),
            _ => {
                let size = size_of(stated(self.model, limit).map_or(1.0, |it| it.0));
                if upper.is_finite() { -size } else { size }
            }
        }
    }

    /// Energy of a policy's year as its rows count it, roughly: what all loads take, and one.
    fn energy(&self, policy: usize) -> f64 {
        let case = self.model.case;
        let k = case.policies[policy].year;
        let hour = |t: usize| case.loads.iter().map(|it| it.mw.at(k, t)).sum::<f64>() * case.hours.energy_weight[t];
        (0..case.hours.count()).map(hour).sum::<f64>() / THOUSAND + 1.0
    }
}

impl Rows for Elastic<'_, '_> {
    fn each(&self, sink: &mut Take<'_>) {
        let mut longer = Vec::new();
        self.model.each(&mut |row, lower, upper, terms| {
            longer.clear();
            longer.extend_from_slice(terms);
            for limit in [Limit::of(row), self.asked_for(row)].into_iter().flatten() {
                let coefficient = self.coefficient(limit, lower, upper);
                let slack = self.slack.get(&limit).filter(|_| coefficient != 0.0);
                longer.extend(slack.map(|column| (*column, coefficient)));
            }
            sink(row, lower, upper, &longer);
        });
        for (limit, column, most) in &self.vintages {
            let Some(slack) = self.slack.get(limit) else { continue };
            let row = Row::VintageMost { column: *column };
            sink(row, f64::NEG_INFINITY, *most, &[(*column, 1.0), (*slack, -size_of(*most))]);
        }
    }
}
