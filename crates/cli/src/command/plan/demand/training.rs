//! Training that the realm's initiatives declare, for a plan and for people.

use ::plan::demand::{Mfu, Peak, Represents, Run, Training};
use realm::World;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lang::{Lang, say};
use crate::output::lay_out;

/// What initiatives are to train; what one says of its use of a peak goes before what was given for those that say nothing.
pub(super) fn runs(world: &World, given: Option<Represents>) -> Vec<Run> {
    let float = |it: Decimal| it.to_f64();
    let given = given.map(|it| Mfu { low: it.low, mid: it.mid, high: it.high, source: "given: --mfu".to_owned() });
    let declared = |it: &realm::world::Mfu| {
        Some(Mfu { low: float(it.low)?, mid: float(it.mid)?, high: float(it.high)?, source: it.source.clone() })
    };
    let one = |it: &realm::world::Initiative| {
        let run = it.training.as_ref()?;
        Some(Run {
            initiative: it.id.to_string(),
            flop_log10: float(run.flop_log10)?,
            from: it.starts,
            by: run.by,
            mfu: run.mfu.as_ref().and_then(declared).or_else(|| given.clone()),
        })
    };
    world.initiatives.values().filter_map(one).collect()
}

/// Peaks as the realm declares them.
pub(super) fn peaks(world: &World) -> Vec<Peak> {
    let one = |it: &realm::world::Accelerator| {
        let tflops = it.bf16_tflops.and_then(|peak| peak.to_f64());
        Peak { accelerator: it.id.to_string(), tflops }
    };
    world.accelerators.values().map(one).collect()
}

/// Each training: how much, when, and what each accelerator would take for it.
pub(super) fn text(lang: Lang, training: &[Training]) -> String {
    let mut text = String::new();
    for it in training {
        let key = if it.from_declared { "demand-training" } else { "demand-training-year" };
        let args = [
            ("initiative", it.initiative.clone()),
            ("flop", it.flop_log10.to_string()),
            ("work", format!("{:.0}", it.pflop_hours)),
            ("from", it.from.clone()),
            ("by", it.by.clone()),
        ];
        text.push_str(&(say(lang, key, &args) + "\n"));
        text.push_str(&years(lang, it));
        let args = [
            ("low", it.mfu.low.to_string()),
            ("mid", it.mfu.mid.to_string()),
            ("high", it.mfu.high.to_string()),
            ("source", it.mfu.source.clone()),
        ];
        text.push_str(&(say(lang, "demand-training-mfu", &args) + "\n"));
        text.push_str(&indented(&accelerators(lang, it)));
    }
    text
}

fn years(lang: Lang, it: &Training) -> String {
    let heads = ["year", "pflop-hours"].map(|head| say(lang, &format!("col-{head}"), &[]));
    let rows: Vec<Vec<String>> =
        it.by_calendar_year.iter().map(|(year, work)| vec![year.to_string(), format!("{work:.0}")]).collect();
    let mut text = indented(&lay_out(&heads, &[1], &rows));
    if it.outside > 0.0 {
        let args = [("work", format!("{:.0}", it.outside))];
        text.push_str(&(say(lang, "demand-training-outside", &args) + "\n"));
    }
    if it.after_by >= 0.005 * it.pflop_hours {
        let args = [("work", format!("{:.0}", it.after_by)), ("by", it.by.clone())];
        text.push_str(&(say(lang, "demand-training-late", &args) + "\n"));
    }
    text
}

fn accelerators(lang: Lang, it: &Training) -> String {
    let heads = ["accelerator", "tflops", "hours-low", "hours-mid", "hours-high"];
    let heads = heads.map(|head| say(lang, &format!("col-{head}"), &[]));
    let row = |takes: &::plan::demand::Takes| {
        let hours = [takes.hours_low, takes.hours, takes.hours_high].map(|hours| format!("{hours:.0}"));
        [takes.accelerator.clone(), takes.tflops.to_string()].into_iter().chain(hours).collect()
    };
    let rows: Vec<Vec<String>> = it.accelerators.iter().map(row).collect();
    lay_out(&heads, &[1, 2, 3, 4], &rows)
}

fn indented(table: &str) -> String {
    table.lines().map(|line| format!("  {line}\n")).collect()
}
