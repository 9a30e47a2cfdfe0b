//! What would change it most: swings, shares of the variance, and what knowing would be worth.

use ::report::{Block, Cell, Chart, Section, Shape, Swing, Table};

use super::voice::{Voice, cells};
use crate::run::{InputSensitivity, Outcome, Sensitivity};
use crate::sensitivity::Estimate;

/// Most bars of the picture; its table has all.
const BARS_MAX: usize = 12;

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let it = &outcome.sensitivity;
    let mut section = Section::new("change", voice.word("head-change"));
    section = section.with(Block::Text(voice.say("tell-change", &[("question", question(voice, it))])));
    section = section.with(Block::Chart(tornado(voice, it)));
    let is_indexed = it.inputs.iter().any(|it| it.index.is_some());
    if is_indexed {
        section = section.with(Block::Text(voice.word("tell-sobol"))).with(Block::Table(indices(voice, it)));
    }
    if !it.groups.is_empty() {
        section = section.with(Block::Table(groups(voice, it)));
    }
    if it.reading.is_some() {
        let best = it.inputs.iter().max_by(|a, b| a.brier_gain.value.total_cmp(&b.brier_gain.value));
        // Worth that cannot be told from nothing is none to be named.
        let told = best.filter(|it| it.brier_gain.low > 0.0).map(|it| voice.input(&it.input));
        let worth =
            told.map_or_else(|| voice.word("tell-worth-none"), |best| voice.say("tell-worth", &[("best", best)]));
        section = section.with(Block::Text(format!("{} {worth}", voice.word("tell-brier"))));
        section = section.with(Block::Table(knowing(voice, it)));
    }
    if let Some(gain) = it.perfect_information {
        section = section.with(Block::Text(voice.say("tell-perfect", &[("gain", voice.give_or_take(gain))])));
    }
    Some(section)
}

/// What is asked about, in words: figure, reading, year, unit.
pub(super) fn question(voice: &Voice<'_>, it: &Sensitivity) -> String {
    let when = it.reading.map_or_else(|| it.year.to_string(), |span| voice.reading(span, it.year));
    format!("{}, {when}, {}", voice.figure(&it.figure), voice.unit(&it.unit))
}

fn tornado(voice: &Voice<'_>, it: &Sensitivity) -> Chart {
    let swings = it.tornado.iter().take(BARS_MAX);
    let swings = swings.map(|bar| Swing { name: voice.input(&bar.input), low: bar.low, high: bar.high });
    let first = it.tornado.first();
    let args = [
        ("question", question(voice, it)),
        ("input", first.map_or(String::new(), |bar| voice.input(&bar.input))),
        ("low", first.map_or(String::new(), |bar| voice.rough(bar.low))),
        ("high", first.map_or(String::new(), |bar| voice.rough(bar.high))),
        ("middle", voice.rough(it.middle)),
    ];
    let names = ["input", "input_low", "input_high", "input_unit"];
    let columns =
        voice.columns(&names).into_iter().chain([voice.in_unit("low", &it.unit), voice.in_unit("high", &it.unit)]);
    let rows = it.tornado.iter().map(|bar| {
        let ends = [bar.input_low.into(), bar.input_high.into(), Cell::Text(voice.unit_of(&bar.input))];
        let name = Cell::Text(voice.input(&bar.input));
        [name].into_iter().chain(ends).chain([bar.low.into(), bar.high.into()]).collect()
    });
    let rows = rows.collect();
    Chart {
        title: voice.word("chart-tornado"),
        summary: voice.say("tell-tornado", &args),
        shape: Shape::Tornado { swings: swings.collect(), middle: it.middle },
        table: Table { name: "tornado", title: String::new(), columns: columns.collect(), rows },
    }
}

const INDICES: [&str; 7] = ["input", "first", "first_low", "first_high", "total", "total_low", "total_high"];

fn indices(voice: &Voice<'_>, it: &Sensitivity) -> Table {
    let row = |it: &InputSensitivity| -> Option<Vec<Cell>> {
        let index = it.index?;
        let name = Cell::Text(voice.input(&it.input));
        Some([name].into_iter().chain(cells(index.first)).chain(cells(index.total)).collect())
    };
    let rows = it.inputs.iter().filter_map(row).collect();
    Table { name: "sensitivity", title: voice.word("table-sobol"), columns: voice.columns(&INDICES), rows }
}

fn groups(voice: &Voice<'_>, it: &Sensitivity) -> Table {
    let rows = it.groups.iter().map(|(inputs, index)| {
        let names = inputs.iter().map(|it| voice.input(it)).collect::<Vec<_>>().join("; ");
        [Cell::Text(names)].into_iter().chain(cells(index.first)).chain(cells(index.total)).collect()
    });
    let rows = rows.collect();
    Table { name: "groups", title: voice.word("table-groups"), columns: voice.columns(&INDICES), rows }
}

/// Knowing is never worth less than nothing: what is below it is chance of the draws.
fn at_least_nothing(it: Estimate) -> Estimate {
    Estimate { value: it.value.max(0.0), low: it.low.max(0.0), high: it.high.max(0.0) }
}

fn knowing(voice: &Voice<'_>, it: &Sensitivity) -> Table {
    let names = ["input", "brier", "brier_low", "brier_high", "decision", "decision_low", "decision_high"];
    let is_decided = it.inputs.iter().any(|it| it.decision_gain.is_some());
    let names = if is_decided { names.as_slice() } else { &names[..4] };
    let mut all: Vec<&InputSensitivity> = it.inputs.iter().collect();
    all.sort_by(|a, b| b.brier_gain.value.total_cmp(&a.brier_gain.value));
    let rows = all.into_iter().map(|it| {
        let name = Cell::Text(voice.input(&it.input));
        let decided = it.decision_gain.map(cells).into_iter().flatten();
        [name].into_iter().chain(cells(at_least_nothing(it.brier_gain))).chain(decided).collect()
    });
    let rows = rows.collect();
    Table { name: "knowing", title: voice.word("table-knowing"), columns: voice.columns(names), rows }
}
