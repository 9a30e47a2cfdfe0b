//! What must be true: the line of even odds in the two inputs that matter most.

use ::report::{Block, Cell, Chart, Section, Shape, Table};

use super::sensitive::question;
use super::voice::Voice;
use crate::run::{Boundary, BoundaryPoint, Needed, Outcome};

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let it = outcome.sensitivity.boundary.as_ref()?;
    let args = [
        ("question", question(voice, &outcome.sensitivity)),
        ("first", voice.input(&it.first)),
        ("second", voice.input(&it.second)),
    ];
    let section = Section::new("true", voice.word("head-true"));
    let section = section.with(Block::Text(voice.say("tell-true", &args)));
    let is_reached = it.points.iter().any(|point| !matches!(point.second, Needed::Nothing));
    let section = if is_reached { section } else { section.with(Block::Text(voice.word("tell-true-none"))) };
    Some(section.with(Block::Chart(chart(voice, outcome, it))))
}

fn chart(voice: &Voice<'_>, outcome: &Outcome, it: &Boundary) -> Chart {
    let axis = |input: &str| format!("{}, {}", voice.input(input), voice.unit_of(input));
    let middle = |input: &str| {
        let found = outcome.inputs.iter().find(|it| it.id == input);
        found.map_or(f64::NAN, |it| it.range[1])
    };
    let line = |point: &BoundaryPoint| match point.second {
        Needed::Value { value, .. } => Some((point.first, value)),
        Needed::Any | Needed::Nothing => None,
    };
    let summaries = it.points.iter().filter(|point| [0.2, 0.5, 0.8].contains(&point.percentile));
    let summaries = summaries.map(|point| sentence(voice, it, point)).collect::<Vec<_>>().join(" ");
    Chart {
        title: voice.word("chart-true"),
        summary: summaries,
        shape: Shape::Boundary {
            across: axis(&it.first),
            up: axis(&it.second),
            points: it.points.iter().filter_map(line).collect(),
            here: (middle(&it.first), middle(&it.second)),
        },
        table: table(voice, it),
    }
}

fn needed(voice: &Voice<'_>, it: &Boundary, point: &BoundaryPoint) -> String {
    match point.second {
        Needed::Any => voice.word("needed-any"),
        Needed::Nothing => voice.word("needed-nothing"),
        Needed::Value { value, percentile } => {
            let key = if it.at_least { "needed-at-least" } else { "needed-at-most" };
            let args = [
                ("value", voice.rough(value)),
                ("unit", voice.unit_of(&it.second)),
                ("percentile", voice.number((percentile * 100.0).round())),
            ];
            voice.say(key, &args)
        }
    }
}

fn sentence(voice: &Voice<'_>, it: &Boundary, point: &BoundaryPoint) -> String {
    let args = [
        ("first", voice.input(&it.first)),
        ("value", voice.rough(point.first)),
        ("unit", voice.unit_of(&it.first)),
        ("second", voice.input(&it.second)),
        ("needed", needed(voice, it, point)),
    ];
    voice.say("tell-needed", &args)
}

fn table(voice: &Voice<'_>, it: &Boundary) -> Table {
    let names = [
        "input",
        "input_percentile",
        "input_value",
        "second_input",
        "second_needed",
        "second_percentile",
        "second_words",
    ];
    let rows = it.points.iter().map(|point| {
        let (value, percentile) = match point.second {
            Needed::Value { value, percentile } => (Cell::Number(value), Cell::Share(percentile)),
            Needed::Any | Needed::Nothing => (Cell::Unknown, Cell::Unknown),
        };
        vec![
            voice.input(&it.first).into(),
            Cell::Share(point.percentile),
            point.first.into(),
            voice.input(&it.second).into(),
            value,
            percentile,
            needed(voice, it, point).into(),
        ]
    });
    Table { name: "boundary", title: String::new(), columns: voice.columns(&names), rows: rows.collect() }
}
