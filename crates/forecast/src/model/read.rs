//! From the text of a model to a model. Every problem in one run.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use realm::load::{Diagnostic, Source};
use toml::de::DeTable;

use super::table::{Reading, Table};
use super::{Around, FIGURES_MAX, Model, head, input, sector, settle};
use crate::program::INPUTS_MAX;
use crate::usage::Usage;

/// Problems of syntax that are said; the rest follows from them more often than not.
const SYNTAX_PROBLEMS_MAX: usize = 5;
/// Names that formulas have of themselves.
const RESERVED: [&str; 4] = ["time", "year", "capacity", "sectors"];

pub(super) fn read(
    path: &Path,
    text: &str,
    around: &Around<'_>,
    usage: Option<&Usage>,
) -> Result<Model, Vec<Diagnostic>> {
    read_tables(path, text, around.today, |top| model(top, around, usage))
}

/// Where the capacity's file cannot be read, that is the cause: what then lacks the capacity is no problem of its own.
fn without_follow_ons(problems: &mut Vec<Diagnostic>) {
    if !problems.iter().any(|it| it.code == "forecast.capacity_file") {
        return;
    }
    let names = |it: &Diagnostic, start: &str| it.args.iter().any(|(_, value)| value.starts_with(start));
    problems.retain(|it| match it.code {
        "forecast.unknown_set" => !names(it, "plan.capacity"),
        "forecast.unknown_name" => !names(it, "capacity."),
        _ => true,
    });
}

/// Reads a file by its tables; every problem of it in one run.
pub(crate) fn read_tables<T>(
    path: &Path,
    text: &str,
    today: Date,
    read: impl FnOnce(&Table<'_>) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let source = Arc::new(Source { path: path.to_owned(), text: text.to_owned() });
    let reading =
        Reading { source: Arc::clone(&source), today, problems: RefCell::default(), own_units: RefCell::default() };
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(SYNTAX_PROBLEMS_MAX) {
        let why = [("why", error.message().to_owned())];
        reading.problem("forecast.syntax", error.span().unwrap_or(0..0), &why);
    }
    let top = Table::new(&reading, "model", 0..0, document.get_ref());
    let found = errors.is_empty().then(|| read(&top)).flatten();
    let mut problems = reading.problems.into_inner();
    without_follow_ons(&mut problems);
    problems.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
    match found {
        Some(found) if problems.is_empty() => Ok(found),
        _ => Err(problems),
    }
}

fn model(top: &Table<'_>, around: &Around<'_>, usage: Option<&Usage>) -> Option<Model> {
    let head_table = top.require("forecast", top.sub("forecast"));
    let head = head_table.as_ref().and_then(head::head);
    let years = head.as_ref().map_or(2000..=2000, |head| head.years.clone());
    let (inputs, sectors) = inputs_and_sectors(top, around, *years.start(), usage);
    let correlated = top.many("correlation");
    let may_repair = head.as_ref().is_some_and(|head| head.may_repair);
    let correlations = super::correlation::correlations(&correlated, &inputs, may_repair);
    let series: Vec<_> = top.many("series").iter().filter_map(|it| head::series(it, &years)).collect();
    let set = around.sets.iter().find(|(name, _)| name == "plan.capacity").map(|(_, value)| value.as_str());
    let capacity =
        top.sub("capacity").and_then(|it| super::capacity::capacity(&it, years.clone(), set, around.files, &inputs));
    let contract = sectors_contract(top, !sectors.is_empty());
    let figures: Vec<_> = top.many("figure").iter().filter_map(head::figure).collect();
    let targets: Vec<_> = top.many("target").iter().filter_map(|it| head::target(it, &years)).collect();
    let beliefs: Vec<_> = top.many("belief").iter().filter_map(head::belief).collect();
    let decision = top.text("decision");
    top.finish();
    bounds(top, inputs.len(), figures.len());
    let written = settle::Written {
        inputs: &inputs,
        series,
        capacity: capacity.as_ref(),
        sectors: &sectors,
        contract: contract.as_ref(),
        figures,
        targets,
        beliefs,
        decision,
    };
    by_class(top, &written);
    names(top, &written, around.sets);
    let settled = settle::settle(top.reading, written, *years.start());
    let head = head?;
    let mut model = settled?;
    (model.id, model.title) = (head.id, head.title);
    (model.first_year, model.last_year) = (*head.years.start(), *head.years.end());
    (model.inputs, model.correlations, model.capacity) = (inputs, correlations, capacity);
    Some(model)
}

/// Inputs, among them what usage records became, and sectors.
fn inputs_and_sectors(
    top: &Table<'_>,
    around: &Around<'_>,
    first_year: i16,
    usage: Option<&Usage>,
) -> (Vec<input::Input>, Vec<sector::Written>) {
    let mut inputs: Vec<_> = top.many("input").iter().filter_map(|it| input::input(it, around.sets)).collect();
    let sectors = top.many("sector");
    let sectors: Vec<_> = sectors.iter().filter_map(|it| sector::sector(it, &inputs, first_year, usage)).collect();
    inputs.extend(sectors.iter().filter_map(sector::Written::counted_input));
    (inputs, sectors)
}

/// Capacity is told by accelerators, or by class of work: then of every sector that needs any, in every year.
fn by_class(top: &Table<'_>, written: &settle::Written<'_>) {
    let Some(capacity) = written.capacity else { return };
    let place = |it: &sector::Written| it.class.as_ref().map_or(it.span.clone(), |class| class.span.clone());
    if sector::classes(written.sectors).is_empty() {
        let factors =
            [("accelerator_power", &capacity.factors.accelerator_power), ("throughput", &capacity.factors.throughput)];
        for (field, _) in factors.into_iter().filter(|(_, factor)| factor.is_none()) {
            let args = [("table", "capacity".to_owned()), ("field", field.to_owned())];
            top.reading.problem("forecast.missing_field", capacity.span.clone(), &args);
        }
        return;
    }
    for it in written.sectors.iter().filter(|it| it.needs_capacity()) {
        match &it.class {
            None => top.reading.problem("forecast.class_missing", it.span.clone(), &[("sector", it.id.clone())]),
            Some(class) if !capacity.tells(&class.value) => {
                let lacking = capacity.years.iter().find(|year| !year.per_s.contains_key(&class.value));
                let year = lacking.map_or(String::new(), |it| it.year.to_string());
                let args = [("class", class.value.clone()), ("year", year)];
                top.reading.problem("forecast.class_unknown", place(it), &args);
            }
            Some(_) => {}
        }
    }
}

/// The contract of what sectors make together: it must be said once.
fn sectors_contract(top: &Table<'_>, has_sectors: bool) -> Option<crate::contract::Contract> {
    let table = top.sub("sectors");
    if table.is_none() && has_sectors {
        top.require("sectors", None::<()>);
    }
    let table = table?;
    let contract = table.require("contract", input::contract(&table));
    table.finish();
    contract.flatten()
}

fn bounds(top: &Table<'_>, inputs: usize, figures: usize) {
    for (what, found, most) in [("input", inputs, INPUTS_MAX), ("figure", figures, FIGURES_MAX)] {
        if found > most {
            let args = [("what", what.to_owned()), ("found", found.to_string()), ("max", most.to_string())];
            top.reading.problem("forecast.too_many", 0..0, &args);
        }
    }
    if figures == 0 && !top.has("figure") {
        top.require("figure", None::<()>);
    }
}

/// No name twice, none that formulas have of themselves; what is set from outside must be there.
fn names(top: &Table<'_>, written: &settle::Written<'_>, sets: &[(String, String)]) {
    let mut seen: HashSet<&str> = HashSet::new();
    let inputs = written.inputs.iter().map(|it| it.id.as_str());
    let series = written.series.iter().map(|it| it.series.name.as_str());
    let figures = written.figures.iter().map(|it| it.id.as_str());
    for name in inputs.clone().chain(series).chain(figures) {
        if RESERVED.contains(&name) || !seen.insert(name) {
            let at = place(&top.reading.source.text, name);
            top.reading.problem("forecast.name_taken", at, &[("name", name.to_owned())]);
        }
    }
    for (name, _) in sets {
        let is_known = match name.strip_prefix("input.") {
            Some(id) => inputs.clone().any(|it| it == id),
            None => name == "plan.capacity" && written.capacity.is_some(),
        };
        if !is_known {
            top.reading.problem("forecast.unknown_set", 0..0, &[("name", name.clone())]);
        }
    }
}

/// The last place where a table names itself so.
fn place(text: &str, name: &str) -> std::ops::Range<usize> {
    let written = format!("\"{name}\"");
    let ids = text.match_indices(&written).filter(|(at, _)| text[..*at].trim_end().ends_with("id ="));
    ids.last().map_or(0..0, |(at, written)| at..at + written.len())
}
