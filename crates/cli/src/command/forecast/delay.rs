//! `freehold forecast diff --case --delay`: what comes of a technology that is late, by two plans of one case.

use std::path::Path;

use ::plan::Plan;
use ::plan::case::Case;
use ::plan::check;
use ::plan::plan::write;
use ::plan::said::beside;
use ::plan::solve::{Failure, Options, solve};
use ::plan::why::{Answer, why};
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use super::between;
use crate::args::ForecastDiffArgs;
use crate::command::Run;
use crate::command::plan::{failed, open};
use crate::ended::{Ended, wrong};
use crate::lang::{say, tell};
use crate::output;

pub(super) fn run(run: &Run, args: &ForecastDiffArgs, dir: &Path, late: (&str, u8)) -> Result<Ended> {
    if args.set.iter().any(|(name, _)| name == "plan.capacity") {
        return Err(wrong("forecast-capacity-twice", &[]));
    }
    let case = open(dir)?;
    let mut delayed = case.clone();
    delay(&mut delayed, late)?;
    let (Some(before), Some(after)) = (planned(run, dir, &case)?, planned(run, dir, &delayed)?) else {
        // Without a plan there is no capacity, and no number stands in for one.
        eprintln!("{}", say(run.lang, "forecast-no-plan", &[]));
        return Ok(Ended::No);
    };
    let difference = between((&args.file, &args.set, args.draw), &before.capacity, &after.capacity)?;
    if run.json {
        let plans = json!({ "before": before.json(&case), "after": after.json(&delayed) });
        let mut told = serde_json::to_value(&difference)?;
        told["plans"] = plans;
        output::json(&told)?;
    } else {
        let mut report = difference.report(run.lang);
        report.sections.push(beside((&case, &before.plan), (&delayed, &after.plan), run.lang));
        output::text(&report.to_text())?;
    }
    Ok(Ended::Done)
}

/// A technology whose plants that do not stand yet come so many years later.
fn delay(case: &mut Case, (technology, years): (&str, u8)) -> Result<()> {
    let known = case.technologies.iter().map(|it| it.id.as_str());
    let Some(kind) = known.clone().position(|it| it == technology) else {
        let args = [("name", technology.to_owned()), ("names", known.collect::<Vec<_>>().join(", "))];
        return Err(wrong("delay-unknown", &args));
    };
    let first = case.years.first().map_or(i32::MIN, |it| it.year);
    let late = case.sources.iter_mut().filter(|it| it.kind == kind && (it.size.is_built() || it.in_service > first));
    late.for_each(|it| it.in_service += i32::from(years));
    Ok(())
}

/// What a plan of a case comes to.
pub(crate) struct Planned {
    /// Its table of capacity.
    pub(crate) capacity: String,
    /// The plan itself.
    plan: Plan,
}

impl Planned {
    /// For programs: what it costs and what it does not serve.
    fn json(&self, case: &Case) -> Value {
        let loss = self.plan.loss_discounted(case);
        let (cost, unserved) = (self.plan.objective - loss, self.plan.unmet(case));
        json!({ "cost": cost, "loss": loss, "currency": case.currency, "unserved": unserved })
    }
}

/// The cheapest plan of a case; none where there is none, and then the reason was said.
pub(super) fn planned(run: &Run, dir: &Path, case: &Case) -> Result<Option<Planned>> {
    eprintln!("{}", tell("impact-solving", &[("case", case.name.of(run.lang).to_owned())]));
    let stopped = |failure: Failure| {
        let args = [("case", case.name.of(run.lang).to_owned()), ("number", format!("{failure:?}"))];
        anyhow!(tell("plan-failed-solver", &args))
    };
    match solve(case, &Options::default(), &mut |_| ()) {
        Ok(plan) => {
            if let Some(finding) = check::check(case, &plan).findings.first() {
                return Err(anyhow!(finding.to_text(run.lang)));
            }
            let capacity = capacity(dir, case, &plan)?;
            Ok(Some(Planned { capacity, plan }))
        }
        Err(Failure::Infeasible) => {
            if let Answer::Infeasible(found) = why(case, &Options::default()).map_err(stopped)? {
                eprint!("{}", found.to_text(case, run.lang));
            }
            Ok(None)
        }
        Err(failure) => Err(stopped(failure)),
    }
}

/// A plan's table of capacity, as the plan writes it for a forecast.
pub(crate) fn capacity(dir: &Path, case: &Case, plan: &Plan) -> Result<String> {
    let place = tempfile::tempdir().context("a place for a plan")?;
    let out = place.path().join("plan");
    write(dir, case, plan, &out).map_err(failed)?;
    std::fs::read_to_string(out.join("capacity.csv")).context("capacity.csv")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::delay;
    use ::plan::case::load;

    #[test]
    fn what_stands_already_is_not_late_and_what_does_not_exist_is_refused() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ru-2030/plan");
        let case = load(&dir).expect("the case");
        let mut late = case.clone();
        delay(&mut late, ("ritm-200n", 3)).expect("a technology");
        let kind = case.technologies.iter().position(|it| it.id == "ritm-200n").expect("a reactor");
        for (before, after) in case.sources.iter().zip(&late.sources) {
            let by = if before.kind == kind { 3 } else { 0 };
            assert_eq!(after.in_service - before.in_service, by, "{}", before.id);
        }
        let mut late = case.clone();
        delay(&mut late, ("diesel", 3)).expect("a technology");
        let stands = |it: &&plan::case::Vintage| it.in_service <= 2026 && !it.size.is_built();
        for (before, after) in case.sources.iter().zip(&late.sources).filter(|(it, _)| stands(it)) {
            assert_eq!(before.in_service, after.in_service, "{}", before.id);
        }
        let error = delay(&mut late, ("tokamak", 3)).expect_err("none is named so");
        assert!(error.to_string().contains("ritm-200n"), "{error}");
    }
}
