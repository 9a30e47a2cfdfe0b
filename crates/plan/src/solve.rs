//! The only place that touches the solver. Simplex for small models, an interior point for large ones; whole modules by
//! relaxing, rounding, and branching from there, with the proven gap told.

mod highs;
mod prices;

use std::path::{Path, PathBuf};

use crate::case::Case;
use crate::model::{Model, Problem, assemble};
use crate::plan::Plan;
use highs::{Duals, Ended, Highs};

/// Columns from which the interior point is taken. Of 22,000 to 27,000 columns, cases of few sites take simplex 0.3 to 0.8 of
/// its time, and the example of Russia a third; networks of a dozen sites and more take simplex 1.3 to 2.8 times as long, and
/// with 32,000 by the hour many times. Who plans such a network names the solver.
const LARGE_COLUMNS: usize = 30_000;

/// By which method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// By the size of the model.
    #[default]
    Auto,
    /// Dual simplex.
    Simplex,
    /// Interior point, as the solver has it built in (IPX).
    Ipm,
    /// Interior point over a multifrontal factorisation (HiPO): of a library that is loaded when asked for.
    Hipo,
}

impl Method {
    /// What the solver calls it.
    fn word(self, columns: usize) -> &'static str {
        match self {
            Self::Auto if columns < LARGE_COLUMNS => "simplex",
            Self::Simplex => "simplex",
            // "ipm" would mean HiPO wherever its library happens to be found.
            Self::Auto | Self::Ipm => "ipx",
            Self::Hipo => "hipo",
        }
    }
}

/// How to solve.
#[derive(Debug, Clone)]
pub struct Options {
    /// By which method.
    pub method: Method,
    /// Whether the interior point ends in a vertex.
    pub crossover: bool,
    /// Relative gap at which whole modules are good enough.
    pub gap: f64,
    /// When to give up, in seconds.
    pub time_limit_s: Option<f64>,
    /// How many threads.
    pub threads: Option<i32>,
    /// Where the solver writes what it does.
    pub log: Option<PathBuf>,
    /// The directory of HiPO's library; none: wherever the system's loader looks.
    pub hipo: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: Method::Auto,
            crossover: false,
            gap: 1e-4,
            time_limit_s: None,
            threads: None,
            log: None,
            hipo: None,
        }
    }
}

/// What happens meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// The model is made.
    Built {
        /// Its columns.
        columns: usize,
        /// Its rows.
        rows: usize,
        /// Its non-zeros.
        entries: usize,
        /// The smallest and the largest coefficient.
        range: (f64, f64),
    },
    /// The solver begins.
    Solving {
        /// Whole numbers are left out for now.
        relaxed: bool,
        /// Interior point.
        interior: bool,
    },
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No plan meets everything that is asked.
    Infeasible,
    /// Something is paid for without end: a negative cost without a cap.
    Unbounded,
    /// Time ran out.
    TimeLimit,
    /// The model has more than 2³¹ entries.
    TooLarge,
    /// HiPO was asked for, and its library is not there or of another version.
    NoHipo,
    /// The solver ended in another state, by its number.
    Solver(i32),
}

/// The best plan of a case.
///
/// # Errors
/// Whatever is not proven optimal (with whole modules: within the gap).
pub fn solve(case: &Case, options: &Options, tell: &mut dyn FnMut(Step)) -> Result<Plan, Failure> {
    solve_held(case, options, tell, &|_| true)
}

/// The best plan of a case among those that a change of the model's bounds allows; none where it allows none.
pub(crate) fn solve_held(
    case: &Case,
    options: &Options,
    tell: &mut dyn FnMut(Step),
    hold: &dyn Fn(&mut Model<'_>) -> bool,
) -> Result<Plan, Failure> {
    // Before a large model is made in vain.
    if options.method == Method::Hipo && !has_hipo(options.hipo.as_deref()) {
        return Err(Failure::NoHipo);
    }
    let mut model = Model::new(case);
    if !hold(&mut model) {
        return Err(Failure::Infeasible);
    }
    let problem = assemble(&model, base(&model));
    tell(Step::Built {
        columns: problem.columns(),
        rows: problem.rows(),
        entries: problem.index.len(),
        range: problem.range,
    });
    let solution = optimum(&problem, options, tell)?;
    let mut plan = Plan::of(&model, &solution.values, solution.bound);
    plan.prices = prices::of(&model, &solution);
    Ok(plan)
}

/// Whether HiPO's library can be loaded, from a directory or wherever the system's loader looks. What is asked or solved
/// first decides for the process: a solver that began without it goes on without it.
pub fn has_hipo(directory: Option<&Path>) -> bool {
    highs::has_hipo(directory)
}

/// Only the model, handed over to the solver, for benches: what that takes without solving. Columns, rows, entries.
///
/// # Errors
/// [`Failure::TooLarge`].
pub fn build_only(case: &Case) -> Result<[usize; 3], Failure> {
    let model = Model::new(case);
    let problem = assemble(&model, base(&model));
    let size = [problem.columns(), problem.rows(), problem.index.len()];
    Highs::new(&problem, false).ok_or(Failure::TooLarge)?;
    Ok(size)
}

/// Columns, costs and bounds of a model, without rows yet.
pub(crate) fn base(model: &Model<'_>) -> Problem {
    let columns = &model.columns;
    Problem {
        cost: columns.cost.clone(),
        lower: columns.lower.clone(),
        upper: columns.upper.clone(),
        whole: columns.whole.clone(),
        ..Problem::default()
    }
}

/// A point, and what no plan can be better than (in the scale of the problem).
pub(crate) struct Solution {
    pub(crate) values: Vec<f64>,
    pub(crate) bound: Option<f64>,
    /// Of the linear rest, with the modules held where they are; empty where that gave none.
    duals: Duals,
}

/// The optimum of a problem.
pub(crate) fn optimum(problem: &Problem, options: &Options, tell: &mut dyn FnMut(Step)) -> Result<Solution, Failure> {
    let relaxed = continuous(problem, options, tell)?;
    if problem.whole.is_empty() || is_whole(problem, &relaxed.values) {
        return Ok(relaxed);
    }
    let start = rounded(problem, &relaxed.values, options);
    let highs = Highs::new(problem, false).ok_or(Failure::TooLarge)?;
    highs.set_options(options, "choose");
    if let Some(start) = start {
        highs.begin_from(&start);
    }
    tell(Step::Solving { relaxed: false, interior: false });
    ended(highs.run())?;
    let mut values = highs.values(problem.columns());
    for column in &problem.whole {
        values[*column as usize] = values[*column as usize].round();
    }
    let bound = highs.told("mip_dual_bound");
    // The last word on the continuous rest, with the modules held where they are.
    match held(problem, &values, options) {
        Some((values, duals)) => Ok(Solution { values, bound: Some(bound), duals }),
        None => Ok(Solution { values, bound: Some(bound), duals: Duals::default() }),
    }
}

fn continuous(problem: &Problem, options: &Options, tell: &mut dyn FnMut(Step)) -> Result<Solution, Failure> {
    let highs = Highs::new(problem, true).ok_or(Failure::TooLarge)?;
    let method = options.method.word(problem.columns());
    let interior = method != "simplex";
    highs.set_options(options, method);
    if interior {
        highs.scale_costs(scale_of_costs(&problem.cost));
    }
    tell(Step::Solving { relaxed: !problem.whole.is_empty(), interior });
    let mut end = highs.run();
    if matches!(end, Ended::Other(_)) {
        // A method that ends without an answer gave none: the other one is asked.
        highs.set_options(options, if interior { "simplex" } else { "ipx" });
        end = highs.run();
    }
    ended(end)?;
    let duals = highs.duals(problem.columns(), problem.rows());
    Ok(Solution { values: highs.values(problem.columns()), bound: None, duals })
}

/// The power of two that puts the smallest cost at one. A millionth of a million is what an hour of a small weight costs, and
/// beside bounds of thousands HiPO stands still where costs are so small; larger ones do no harm, and IPX is a tenth faster.
#[expect(clippy::cast_possible_truncation, reason = "between -30 and 30")]
fn scale_of_costs(costs: &[f64]) -> i32 {
    let least = costs.iter().map(|it| it.abs()).filter(|it| *it > 0.0).fold(f64::INFINITY, f64::min);
    if least.is_finite() { (-least.log2()).round().clamp(-30.0, 30.0) as i32 } else { 0 }
}

fn ended(ended: Ended) -> Result<(), Failure> {
    match ended {
        Ended::Optimal => Ok(()),
        Ended::Infeasible => Err(Failure::Infeasible),
        Ended::Unbounded => Err(Failure::Unbounded),
        Ended::TimeLimit => Err(Failure::TimeLimit),
        Ended::Other(status) => Err(Failure::Solver(status)),
    }
}

/// Rows and columns of a problem that cannot all hold together, and of which none is to spare; modules may be divided.
pub(crate) fn conflict(problem: &Problem, options: &Options) -> Result<[Vec<usize>; 2], Failure> {
    let highs = Highs::new(problem, true).ok_or(Failure::TooLarge)?;
    highs.set_options(options, "simplex");
    match highs.run() {
        Ended::Infeasible => Ok(highs.in_conflict(problem.rows(), problem.columns()).unwrap_or_default()),
        Ended::Optimal => Ok([Vec::new(), Vec::new()]),
        other => ended(other).map(|()| [Vec::new(), Vec::new()]),
    }
}

fn is_whole(problem: &Problem, values: &[f64]) -> bool {
    problem.whole.iter().map(|column| values[*column as usize]).all(|value| (value - value.round()).abs() < 1e-7)
}

/// Modules rounded up, the rest solved for them: a plan to begin from, if there is one.
fn rounded(problem: &Problem, values: &[f64], options: &Options) -> Option<Vec<f64>> {
    let mut values = values.to_vec();
    for column in &problem.whole {
        let at = *column as usize;
        values[at] = (values[at] - 1e-6).ceil().min(problem.upper[at]).max(problem.lower[at]);
    }
    held(problem, &values, options).map(|(values, _)| values)
}

/// The best plan with these numbers of modules.
fn held(problem: &Problem, values: &[f64], options: &Options) -> Option<(Vec<f64>, Duals)> {
    let highs = Highs::new(problem, true)?;
    for column in &problem.whole {
        let value = values[*column as usize];
        highs.bound(*column, value, value);
    }
    highs.set_options(options, options.method.word(problem.columns()));
    let (columns, rows) = (problem.columns(), problem.rows());
    (highs.run() == Ended::Optimal).then(|| (highs.values(columns), highs.duals(columns, rows)))
}
