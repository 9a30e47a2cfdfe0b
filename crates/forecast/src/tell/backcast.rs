//! Back from the target: what the draws that reach it have in common.

use ::report::{Block, Cell, Chart, Section, Series, Shape, Table};

use super::sensitive::question;
use super::voice::{Voice, cells, shares};
use crate::run::{Backcast, FigureOutcome, Outcome};

/// Inputs that are named in the sentence.
const NAMED: usize = 3;

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let target = outcome.targets.first()?;
    let section = Section::new("back", voice.word("head-back"));
    let Some(it) = &outcome.backcast else {
        return Some(section.with(Block::Text(voice.word("tell-no-backcast"))));
    };
    let args = [("question", question(voice, &outcome.sensitivity)), ("shifted", shifted(voice, it))];
    let section = section.with(Block::Text(voice.say("tell-backcast", &args)));
    let figure = outcome.figures.iter().find(|it| it.id == target.figure)?;
    let section = section.with(Block::Chart(path(voice, it, figure)));
    let names = ["input", "percentile", "percentile_low", "percentile_high"];
    let rows = it
        .inputs
        .iter()
        .map(|it| [Cell::Text(voice.input(&it.input))].into_iter().chain(shares(it.mean_percentile)).collect());
    let rows = rows.collect();
    Some(section.with(Block::Table(Table {
        name: "shifts",
        title: voice.word("table-shifts"),
        columns: voice.columns(&names),
        rows,
    })))
}

fn shifted(voice: &Voice<'_>, it: &Backcast) -> String {
    let named = it.inputs.iter().take(NAMED).map(|it| {
        let percentile = voice.number((it.mean_percentile.value * 100.0).round());
        voice.say("tell-shift", &[("input", voice.input(&it.input)), ("percentile", percentile)])
    });
    named.collect::<Vec<_>>().join("; ")
}

fn path(voice: &Voice<'_>, it: &Backcast, figure: &FigureOutcome) -> Chart {
    let title = format!("{}, {}", voice.name(&figure.id, figure.title.as_ref()), voice.unit(&figure.unit));
    let last = it.path.last();
    let args = [
        ("year", last.map_or(String::new(), |it| it.0.to_string())),
        ("among", last.map_or(String::new(), |it| voice.rough(it.1.value))),
        ("all", last.map_or(String::new(), |it| voice.rough(it.2.value))),
    ];
    let names = ["year", "among", "among_low", "among_high", "all", "all_low", "all_high"];
    let rows = it.path.iter().map(|(year, among, all)| {
        [Cell::Year(i32::from(*year))].into_iter().chain(cells(*among)).chain(cells(*all)).collect()
    });
    let rows = rows.collect();
    Chart {
        title,
        summary: voice.say("tell-path", &args),
        shape: Shape::Lines {
            labels: it.path.iter().map(|it| it.0.to_string()).collect(),
            series: vec![
                Series::full(voice.word("col-among"), it.path.iter().map(|it| it.1.value)),
                Series::full(voice.word("col-all"), it.path.iter().map(|it| it.2.value)),
            ],
        },
        table: Table { name: "backcast", title: String::new(), columns: voice.columns(&names), rows },
    }
}
