//! The work of an answer, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forecast::{Around, Model, Sampling, Settings};
use jiff::civil::Date;
use plan::case::{Case, load};
use plan::check::check;
use plan::plan::capacity_csv;
use plan::scenario::Scenario;
use plan::solve::{Failure, Options, Step, solve};
use plan::why::{Answer, why};
use plan::{Diagnostic, Plan};
use realm::regular;

use super::files::{case_folder, model_file};
use super::{Came, Differing, Foresight, InTheWay, Late, Question};

/// How long a solver may take before it gives up.
const SOLVE_S: f64 = 900.0;
/// Hours times what may run in them, of all years: more takes gigabytes beside the threads that serve.
const PLACES_MAX: usize = 400_000;
/// Draws of a forecast: its error is a few thousandths of a probability.
const DRAWS: usize = 100_000;
/// Points of the design for Sobol's indices.
const SOBOL_BASE: usize = 8_192;
/// Bytes of a file.
const BYTES_MAX: u64 = 4 << 20;
/// The name that a model reads a plan's capacity by.
const CAPACITY: &str = "capacity of the plan";

/// Says that an answer is lost, unless something came of it before.
struct Ending(Arc<Foresight>);

impl Drop for Ending {
    fn drop(&mut self) {
        if self.0.came().is_none() {
            self.0.end(Came::Lost(String::new()));
        }
    }
}

/// Begins the work beside the threads that serve.
pub(super) fn begin(realm: PathBuf, today: Date, asked: Arc<Foresight>) {
    let lost = Arc::clone(&asked);
    let work = move || {
        let ending = Ending(asked);
        let came = answer(&realm, today, &ending.0).unwrap_or_else(|came| came);
        ending.0.end(came);
    };
    // A thread of its own, not one of the runtime's: those are waited for when the server ends, and a solver takes its time.
    if let Err(error) = std::thread::Builder::new().name("foresight".to_owned()).spawn(work) {
        lost.end(Came::Lost(error.to_string()));
    }
}

fn answer(realm: &Path, today: Date, asked: &Foresight) -> Result<Came, Came> {
    match &asked.question {
        Question::Plan(name) => {
            let (case, plan) = planned(&case_folder(realm, name), asked.late.as_ref(), asked)?;
            Ok(Came::Plan(Box::new((case, plan))))
        }
        Question::Forecast(name) => {
            let model = model(realm, name, today, None)?;
            let outcome = forecast::run(&model, &settings()).map_err(Came::Wrong)?;
            Ok(Came::Forecast(Box::new(outcome)))
        }
        Question::Both { case, model: name } => {
            let folder = case_folder(realm, case);
            let (before, after) = (planned(&folder, None, asked)?, planned(&folder, asked.late.as_ref(), asked)?);
            let with = |(case, plan): &(Case, Plan)| model(realm, name, today, Some(&capacity_csv(case, plan)));
            let difference = forecast::diff(&with(&before)?, &with(&after)?, &settings()).map_err(Came::Wrong)?;
            Ok(Came::Difference(Box::new(Differing { difference, before, after })))
        }
    }
}

fn settings() -> Settings {
    Settings { draws: DRAWS, seed: 1, threads: 1, sampling: Sampling::Latin, sobol_base: Some(SOBOL_BASE) }
}

/// The cheapest plan of a case, verified without the solver.
fn planned(folder: &Path, late: Option<&Late>, asked: &Foresight) -> Result<(Case, Plan), Came> {
    let case = case(folder, late).map_err(Came::Wrong)?;
    if places(&case) > PLACES_MAX {
        return Err(Came::TooLarge(places(&case)));
    }
    let options = Options { time_limit_s: Some(SOLVE_S), threads: Some(1), ..Options::default() };
    let plan = match solve(&case, &options, &mut |step: Step| asked.say(step)) {
        Ok(plan) => plan,
        Err(Failure::Infeasible) => return Err(reasons(case, &options)),
        Err(failure) => return Err(Came::Failed(failure)),
    };
    match check(&case, &plan).findings.first() {
        None => Ok((case, plan)),
        // A plan that does not hold is never shown.
        Some(finding) => Err(Came::Lost(finding.to_text(realm::load::Lang::En))),
    }
}

/// About how many columns the model of a case has.
fn places(case: &Case) -> usize {
    let plants = case.sources.len() + case.stores.len() + case.lines.len();
    let work = case.accelerators.len() * case.sites.len() * case.classes.len();
    case.years.len() * case.hours.count() * (plants + work).max(1)
}

fn reasons(case: Case, options: &Options) -> Came {
    match why(&case, options) {
        Ok(Answer::Infeasible(why)) => Came::NoPlan(Box::new(InTheWay { case, why: Some(*why), rows: Vec::new() })),
        Ok(Answer::Conflict(rows)) => Came::NoPlan(Box::new(InTheWay { case, why: None, rows })),
        Ok(Answer::Feasible | Answer::Modules) => Came::Failed(Failure::Infeasible),
        Err(failure) => Came::Failed(failure),
    }
}

/// A model of the realm, with a plan's capacity in place of its own where there is one.
fn model(realm: &Path, name: &str, today: Date, capacity: Option<&str>) -> Result<Model, Came> {
    let path = model_file(realm, name);
    let text = text(&path).map_err(Came::Lost)?;
    let sets: Vec<_> = capacity.iter().map(|_| ("plan.capacity".to_owned(), CAPACITY.to_owned())).collect();
    let beside = path.parent().unwrap_or(realm).to_owned();
    let files = |file: &str| match capacity {
        Some(table) if file == CAPACITY => Ok(table.to_owned()),
        _ => within(&beside, file),
    };
    Model::parse(&path, &text, &Around { today, sets: &sets, files: &files }).map_err(Came::Wrong)
}

/// A file of the models' folder; a name that leads out of it is none.
fn within(folder: &Path, name: &str) -> Result<String, String> {
    let plain = Path::new(name).components().all(|it| matches!(it, std::path::Component::Normal(_)));
    if plain { text(&folder.join(name)) } else { Err(format!("{name} lies outside the folder")) }
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = regular::read(path, BYTES_MAX).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The case as it lies, or with a technology so many years later.
fn case(folder: &Path, late: Option<&Late>) -> Result<Case, Vec<Diagnostic>> {
    let case = load(folder)?;
    let Some(late) = late else { return Ok(case) };
    let kinds = case.technologies.iter().enumerate().filter(|(_, it)| it.id == late.technology);
    let delays = kinds.map(|(kind, _)| (kind, i32::from(late.years))).collect();
    Ok(Scenario { delays, ..Scenario::unchanged() }.apply(&case))
}
