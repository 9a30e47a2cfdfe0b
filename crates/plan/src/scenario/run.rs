//! Every scenario solved, and every first step tried under every other: in parallel, one thread of the solver each.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Scenario;
use super::hold::Orders;
use crate::case::Case;
use crate::check::check;
use crate::plan::Plan;
use crate::solve::{Failure, Options, solve, solve_held};
use crate::why::{Answer, why};

/// What a scenario comes to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The scenario.
    pub scenario: Scenario,
    /// The case under it.
    pub case: Case,
    /// Its best plan, or why there is none.
    pub plan: Result<Plan, Failure>,
    /// Where no plan meets everything: the year from which one would, if any.
    pub first_year: Option<i32>,
}

/// All scenarios, and the cost of having begun for another.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Each scenario, in their order.
    pub outcomes: Vec<Outcome>,
    /// Decisions ordered before it are held.
    pub before: i32,
    /// By the scenario whose first decisions are taken, then by the one that comes: the cost, or none where there is no plan. Empty where no
    /// regret was asked for.
    pub costs: Vec<Vec<Option<f64>>>,
    /// The proven gap that each cost may be off by, as a share.
    pub gap: f64,
}

/// What is done.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// How many problems are solved.
    pub done: usize,
    /// Of how many.
    pub of: usize,
    /// Whose first decisions were held, if any were.
    pub begun_for: Option<&'a str>,
    /// The scenario that came.
    pub comes: &'a str,
}

impl Outcome {
    /// Units that stand in the last year, of each kind and site.
    fn standing(&self, plan: &Plan) -> Vec<(usize, usize, f64)> {
        let last = self.case.years.len() - 1;
        let sites = self.case.sites.len();
        let every = (0..self.case.accelerators.len()).flat_map(|a| (0..sites).map(move |site| (a, site)));
        every.map(|(a, site)| (a, site, plan.units_standing(&self.case, a, site, last))).collect()
    }

    /// Accelerators that stand in the last year.
    pub fn accelerators(&self, plan: &Plan) -> f64 {
        self.standing(plan).iter().map(|it| it.2).sum()
    }

    /// What they draw at full power, cooling included.
    pub fn power_mw(&self, plan: &Plan) -> f64 {
        let (last, hours) = (self.case.years.len() - 1, self.case.hours.count());
        let mw = |(a, site, units): &(usize, usize, f64)| {
            units * self.case.accelerators[*a].power_w / 1e6 * self.case.sites[*site].pue.highest(last, hours)
        };
        self.standing(plan).iter().map(mw).sum()
    }
}

impl Compared {
    /// What it costs to have begun for one scenario where another comes: above that one's own best. None where either has no plan.
    pub fn regret(&self, begun_for: usize, comes: usize) -> Option<f64> {
        let own = self.outcomes[comes].plan.as_ref().ok()?.objective;
        self.costs.get(begun_for)?.get(comes).copied().flatten().map(|cost| cost - own)
    }
}

/// Solves a case under each scenario; then, where `regret`, each one's decisions ordered before a year held under each other.
pub fn compare(
    case: &Case,
    scenarios: Vec<Scenario>,
    (options, threads): (&Options, usize),
    (before, regret): (i32, bool),
    tell: &(dyn Fn(Progress<'_>) + Sync),
) -> Compared {
    let options = Options { threads: Some(1), ..options.clone() };
    let count = scenarios.len();
    let held = if regret { count * count.saturating_sub(1) } else { 0 };
    let done = AtomicUsize::new(0);
    let told = |begun_for: Option<&str>, comes: &str| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        tell(Progress { done, of: count + held, begun_for, comes });
    };
    let outcomes = each(scenarios, threads, &|scenario| {
        let outcome = outcome(case, scenario, &options);
        told(None, &outcome.scenario.id);
        outcome
    });
    let pairs: Vec<(usize, usize)> = (0..count).flat_map(|a| (0..count).map(move |b| (a, b))).collect();
    let pairs: Vec<(usize, usize)> = if regret { pairs } else { Vec::new() };
    let found = each(pairs, threads, &|(a, b)| {
        let cost = begun(&outcomes, (a, b), before, &options);
        if a != b {
            told(Some(&outcomes[a].scenario.id), &outcomes[b].scenario.id);
        }
        cost
    });
    let costs = found.chunks(count.max(1)).map(<[_]>::to_vec).collect();
    Compared { outcomes, before, costs, gap: options.gap }
}

fn outcome(case: &Case, scenario: Scenario, options: &Options) -> Outcome {
    let case = scenario.apply(case);
    let plan = solve(&case, options, &mut |_| ()).and_then(|plan| {
        // What the check refuses is told as a failure of the solver.
        if check(&case, &plan).findings.is_empty() { Ok(plan) } else { Err(Failure::Solver(0)) }
    });
    let first_year = match (&plan, options.time_limit_s) {
        (Err(Failure::Infeasible), _) => match why(&case, options) {
            Ok(Answer::Infeasible(found)) => found.first_year,
            _ => None,
        },
        _ => case.years.first().map(|it| it.year),
    };
    Outcome { scenario, case, plan, first_year }
}

/// What it costs where the first decisions of one were taken and the other came.
fn begun(outcomes: &[Outcome], (a, b): (usize, usize), before: i32, options: &Options) -> Option<f64> {
    let (mine, other) = (&outcomes[a], &outcomes[b]);
    let (taken, own) = (mine.plan.as_ref().ok()?, other.plan.as_ref().ok()?);
    if a == b {
        return Some(own.objective);
    }
    let orders = Orders::of(&mine.case, taken, before);
    solve_held(&other.case, options, &mut |_| (), &|model| orders.hold(&other.case, model))
        .ok()
        .map(|plan| plan.objective)
}

/// Does a piece of work for each, in as many threads as are given; results in the order of what was given.
fn each<T: Send, R: Send>(work: Vec<T>, threads: usize, one: &(dyn Fn(T) -> R + Sync)) -> Vec<R> {
    let count = work.len();
    let queue = Mutex::new(work.into_iter().enumerate());
    let results: Mutex<Vec<Option<R>>> = Mutex::new((0..count).map(|_| None).collect());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                while let Some((at, work)) = next() {
                    let result = one(work);
                    if let Ok(mut results) = results.lock() {
                        results[at] = Some(result);
                    }
                }
            });
        }
    });
    results.into_inner().map_or_else(|_| Vec::new(), |results| results.into_iter().flatten().collect())
}
