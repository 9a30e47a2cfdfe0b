//! Adoption by sector: what would adopt, what can, and where the share so far comes from.

use ::report::{Block, Cell, Chart, Section, Series, Shape, Table};

use super::voice::Voice;
use crate::run::{Outcome, SectorOutcome};

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    if outcome.sectors.is_empty() {
        return None;
    }
    let section = Section::new("adoption", voice.word("head-adoption"));
    let so_far = outcome.sectors.iter().map(|it| so_far(voice, it)).collect();
    Some(section.with(Block::List(so_far)).with(Block::Chart(chart(voice, outcome))))
}

/// Where adoption so far comes from.
fn so_far(voice: &Voice<'_>, it: &SectorOutcome) -> String {
    let share = it.years.first().map_or(f64::NAN, |it| it.1.value);
    let args = [
        ("sector", voice.name(&it.id, it.title.as_ref())),
        ("share", voice.hundredths(share)),
        ("year", it.years.first().map_or(String::new(), |it| it.0.to_string())),
        ("basis", it.adopted.as_str().to_owned()),
        ("active", it.counted.map_or(String::new(), |it| it.sum.active.to_string())),
        ("apps", it.counted.map_or(String::new(), |it| it.sum.apps.to_string())),
        ("date", it.counted.map_or(String::new(), |it| it.until.to_string())),
    ];
    voice.say("tell-so-far", &args)
}

fn chart(voice: &Voice<'_>, outcome: &Outcome) -> Chart {
    let years = outcome.sectors.first().map(|it| it.years.as_slice()).unwrap_or_default();
    let series = outcome
        .sectors
        .iter()
        .map(|it| Series::full(voice.name(&it.id, it.title.as_ref()), it.years.iter().map(|it| it.2.value * 100.0)));
    let rows = outcome.sectors.iter().flat_map(|it| {
        let name = voice.name(&it.id, it.title.as_ref());
        let basis = voice.word(&format!("adopted-{}", it.adopted.as_str()));
        it.years.iter().map(move |(year, wanted, can)| {
            vec![
                name.as_str().into(),
                it.curve.into(),
                basis.as_str().into(),
                Cell::Year(i32::from(*year)),
                Cell::Share(wanted.value),
                Cell::Share(can.value),
            ]
        })
    });
    let rows = rows.collect();
    let names = ["sector", "curve", "so_far", "year", "wanted", "can"];
    Chart {
        title: voice.word("chart-adoption"),
        summary: voice.word("tell-adoption"),
        shape: Shape::Lines { labels: years.iter().map(|it| it.0.to_string()).collect(), series: series.collect() },
        table: Table { name: "adoption", title: String::new(), columns: voice.columns(&names), rows },
    }
}
