//! Targets: what they ask for, how likely they are in each reading, and how sure that is.

use ::report::{Block, Cell, Fact, Section, Table};

use super::lead::goal;
use super::voice::{Voice, shares};
use crate::run::{Outcome, TargetOutcome};

/// Of the levels of a fan: those of 5 %, 50 % and 95 %.
const SHOWN: [usize; 3] = [2, 8, 14];

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    if outcome.targets.is_empty() {
        return None;
    }
    let mut section = Section::new("targets", voice.word("head-targets"));
    for it in &outcome.targets {
        section = section.with(Block::Facts(facts(voice, it)));
        if it.readings.len() > 1 {
            section = section.with(Block::Text(voice.word("tell-both-readings")));
        }
    }
    section = section.with(Block::Table(table(voice, outcome))).with(Block::Text(sure(voice, outcome)));
    if let Some(span) = outcome.sensitivity.reading.filter(|_| outcome.targets[0].readings.len() > 1) {
        let reading = voice.reading(span, outcome.targets[0].by);
        section = section.with(Block::Note(voice.say("tell-asked-reading", &[("reading", reading)])));
    }
    Some(section)
}

fn facts(voice: &Voice<'_>, it: &TargetOutcome) -> Vec<Fact> {
    let fact = |key: &str, value: String, note: String| Fact { name: voice.word(key), value, note };
    vec![
        fact("fact-target", goal(voice, it), it.source.of(voice.lang).to_owned()),
        fact("fact-contract", voice.contract(&it.contract), String::new()),
    ]
}

fn table(voice: &Voice<'_>, outcome: &Outcome) -> Table {
    let names =
        ["target", "reading", "probability", "probability_low", "probability_high", "p5", "median", "p95", "unit"];
    let rows = outcome.targets.iter().flat_map(|target| {
        target.readings.iter().map(|it| {
            let names = [Cell::Text(target.id.clone()), voice.reading(it.span, target.by).into()];
            let levels = SHOWN.map(|at| Cell::Number(it.levels[at]));
            let unit = Cell::Text(voice.unit(&target.unit));
            names.into_iter().chain(shares(voice.bounded(it.probability))).chain(levels).chain([unit]).collect()
        })
    });
    Table { name: "targets", title: voice.word("table-targets"), columns: voice.columns(&names), rows: rows.collect() }
}

/// How sure it is: what draws say of the model is one thing, what the model says of the world another.
fn sure(voice: &Voice<'_>, outcome: &Outcome) -> String {
    let target = &outcome.targets[0];
    let asked = outcome.sensitivity.reading;
    let reading = target.readings.iter().find(|it| Some(it.span) == asked).unwrap_or(&target.readings[0]);
    let args = [
        ("reading", voice.reading(reading.span, target.by)),
        ("low", voice.rough(reading.levels[SHOWN[0]])),
        ("high", voice.rough(reading.levels[SHOWN[2]])),
        ("unit", voice.unit(&target.unit)),
    ];
    voice.say("tell-sure", &args)
}
