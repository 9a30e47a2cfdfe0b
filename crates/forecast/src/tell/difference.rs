//! What a change changes.

use ::report::{Block, Cell, Fact, Report, Section, Table};
use realm::load::Lang;

use super::capacity::{bound, resource};
use super::voice::Voice;
use crate::run::{Binding, Difference, ReadingDifference};
use crate::sensitivity::Estimate;

pub(super) fn report(it: &Difference, lang: Lang) -> Report {
    let voice = Voice::plain(it.draws, lang);
    let mut lead: Vec<String> = it.readings.iter().map(|reading| said(&voice, it, reading)).collect();
    lead.push(it.changes_most.as_ref().map_or_else(|| voice.word("tell-changes-nothing"), |it| changes(&voice, it)));
    let changes = Section::new("change", voice.word("head-difference")).with(Block::Table(readings(&voice, it)));
    let changes = changes.with(Block::Table(steps(&voice, it)));
    let args = [("count", it.unchanged.len().to_string()), ("form", voice.form(it.unchanged.len()))];
    let changes = changes.with(Block::Note(voice.say("tell-unchanged", &args)));
    let binding = Section::new("capacity", voice.word("head-capacity")).with(Block::Facts(vec![
        binds(&voice, "fact-before", it.binding_before.as_ref()),
        binds(&voice, "fact-after", it.binding_after.as_ref()),
    ]));
    let method = Section::new("method", voice.word("head-method"));
    let draws = [("draws", voice.number(it.draws as f64)), ("seed", it.seed.to_string())];
    let method = method.with(Block::Text(voice.say("tell-common-draws", &draws)));
    let title = voice.say("tell-difference-title", &[("title", it.after.of(lang).to_owned())]);
    Report { lang, title, lead, sections: vec![changes, binding, method] }
}

fn said(voice: &Voice<'_>, it: &Difference, reading: &ReadingDifference) -> String {
    let args = [
        ("reading", voice.reading_from(reading.span, it.first_year, it.by)),
        ("before", voice.chance(reading.before)),
        ("after", voice.chance(reading.after)),
        ("change", voice.points(reading.change, true)),
        ("value_before", voice.give_or_take(reading.value_before)),
        ("value_after", voice.give_or_take(reading.value_after)),
        ("value_change", voice.give_or_take(reading.value_change)),
        ("unit", voice.unit(&it.unit)),
    ];
    voice.say("tell-difference", &args)
}

/// The year in which what can run changes most, and what lacks in it.
fn changes(voice: &Voice<'_>, [before, after]: &[Binding; 2]) -> String {
    let args = [
        ("year", after.year.to_string()),
        ("before", voice.chance(before.share)),
        ("after", voice.chance(after.share)),
        ("resource_before", resource(voice, before)),
        ("resource", resource(voice, after)),
        ("why", after.why.as_ref().map_or(String::new(), |why| format!(" ({why})"))),
    ];
    voice.say("tell-changes-most", &args)
}

fn binds(voice: &Voice<'_>, key: &str, binding: Option<&Binding>) -> Fact {
    Fact { name: voice.word(key), value: bound(voice, binding), note: String::new() }
}

fn readings(voice: &Voice<'_>, it: &Difference) -> Table {
    let names = [
        "reading",
        "before",
        "after",
        "change",
        "change_low",
        "change_high",
        "value_before",
        "value_after",
        "value_change",
        "unit",
    ];
    let rows = it.readings.iter().map(|reading| {
        let change = reading.change;
        let chances = [reading.before.value, reading.after.value, change.value, change.low, change.high];
        let values = [reading.value_before, reading.value_after, reading.value_change].map(|it: Estimate| it.value);
        let name = Cell::Text(voice.reading_from(reading.span, it.first_year, it.by));
        let unit = Cell::Text(voice.unit(&it.unit));
        let numbers = chances.map(Cell::Share).into_iter().chain(values.map(Cell::Number));
        [name].into_iter().chain(numbers).chain([unit]).collect()
    });
    let rows = rows.collect();
    Table { name: "difference", title: String::new(), columns: voice.columns(&names), rows }
}

fn steps(voice: &Voice<'_>, it: &Difference) -> Table {
    let rows = it.readings.iter().flat_map(|reading| {
        reading.steps.iter().map(|step| {
            let what = match step.what.as_str() {
                "capacity" | "correlations" | "structure" => voice.word(&format!("step-{}", step.what)),
                input => voice.name(input, it.titles.get(input)),
            };
            let span = voice.reading_from(reading.span, it.first_year, it.by);
            let change = [step.change.value, step.change.low, step.change.high].map(Cell::Share);
            [span.into(), what.into()].into_iter().chain(change).collect()
        })
    });
    let rows = rows.collect();
    let columns = voice.columns(&["reading", "what", "change", "change_low", "change_high"]);
    Table { name: "steps", title: voice.word("table-steps"), columns, rows }
}
