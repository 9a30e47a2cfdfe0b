//! Each figure by year, as a fan.

use ::report::{Block, Cell, Chart, Section, Series, Shape, Table};

use super::voice::{Voice, cells};
use crate::run::{FigureOutcome, Outcome};

/// Of the levels of a fan: 5, 25, 50, 75 and 95 %.
const SHOWN: [usize; 5] = [2, 5, 8, 11, 14];
/// Names of the tables, as many as a model may have figures.
const NAMES: [&str; crate::model::FIGURES_MAX] = [
    "fan-1", "fan-2", "fan-3", "fan-4", "fan-5", "fan-6", "fan-7", "fan-8", "fan-9", "fan-10", "fan-11", "fan-12",
    "fan-13", "fan-14", "fan-15", "fan-16", "fan-17", "fan-18", "fan-19", "fan-20", "fan-21", "fan-22", "fan-23",
    "fan-24", "fan-25", "fan-26", "fan-27", "fan-28", "fan-29", "fan-30", "fan-31", "fan-32",
];

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let mut section = Section::new("figures", voice.word("head-figures"));
    for (it, name) in outcome.figures.iter().zip(NAMES) {
        let args = [("formula", it.formula.clone()), ("contract", voice.contract(&it.contract))];
        let why = it.why.as_ref().map_or(String::new(), |it| format!(" {}", it.of(voice.lang)));
        let said = voice.say("tell-formula", &args);
        section = section.with(Block::Chart(fan(voice, it, name))).with(Block::Note(format!("{said}{why}")));
    }
    Some(section)
}

fn fan(voice: &Voice<'_>, it: &FigureOutcome, name: &'static str) -> Chart {
    let level = |at: usize| {
        let values = it.years.iter().map(|year| year.levels[at].value);
        Series::full(voice.numbers.percent(crate::run::LEVELS[at]), values)
    };
    let title = format!("{}, {}", voice.name(&it.id, it.title.as_ref()), voice.unit(&it.unit));
    let last = it.years.last();
    let at = |at: usize| last.map_or(f64::NAN, |it| it.levels[at].value);
    let args = [
        ("figure", title.clone()),
        ("year", last.map_or(String::new(), |it| it.year.to_string())),
        ("low", voice.rough(at(SHOWN[0]))),
        ("median", voice.rough(at(SHOWN[2]))),
        ("high", voice.rough(at(SHOWN[4]))),
    ];
    let mut summary = voice.say("tell-fan", &args);
    if let Some(asked) = it.asked {
        summary = format!("{summary} {}", voice.say("tell-fan-asked", &[("asked", voice.number(asked))]));
    }
    Chart {
        title,
        summary,
        shape: Shape::Fan {
            labels: it.years.iter().map(|it| it.year.to_string()).collect(),
            bands: vec![(level(SHOWN[0]), level(SHOWN[4])), (level(SHOWN[1]), level(SHOWN[3]))],
            median: level(SHOWN[2]),
            mark: it.asked,
        },
        table: table(voice, it, name),
    }
}

fn table(voice: &Voice<'_>, it: &FigureOutcome, name: &'static str) -> Table {
    let names = ["year", "p5", "p25", "median", "p75", "p95", "mean", "mean_low", "mean_high"];
    let rows = it.years.iter().map(|it| {
        let levels = SHOWN.map(|at| Cell::Number(it.levels[at].value));
        [Cell::Year(i32::from(it.year))].into_iter().chain(levels).chain(cells(it.mean)).collect()
    });
    Table { name, title: String::new(), columns: voice.columns(&names), rows: rows.collect() }
}
