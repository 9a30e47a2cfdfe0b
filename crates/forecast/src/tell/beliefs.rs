//! Published estimates: as they are, and what they would make of the target.

use ::report::{Block, Cell, Section, Table};

use super::lead::disagree;
use super::voice::{Voice, shares};
use crate::run::Outcome;

pub(super) fn published(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let names = ["source", "published", "contract", "points_a_year_low", "points_a_year_high", "method", "mark"];
    let rows = outcome.disagreement.published.iter().map(|it| {
        let [low, high] = it.points_a_year;
        let text = |it: &crate::model::Words| Cell::Text(it.of(voice.lang).to_owned());
        let (source, figure, method, mark) = (text(&it.source), text(&it.figure), text(&it.method), text(&it.mark));
        vec![source, figure, voice.contract(&it.contract).into(), low.into(), high.into(), method, mark]
    });
    let table = Table {
        name: "published",
        title: voice.word("table-published"),
        columns: voice.columns(&names),
        rows: rows.collect(),
    };
    let section = Section::new("published", voice.word("head-published"));
    Some(section.with(Block::Text(disagree(voice, outcome))).with(Block::Table(table)))
}

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let target = outcome.targets.first().filter(|_| !outcome.beliefs.is_empty())?;
    let weights: f64 = outcome.beliefs.iter().filter_map(|it| it.weight).sum();
    let names = ["source", "weight", "reading", "probability", "probability_low", "probability_high", "assumes"];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for it in &outcome.beliefs {
        let weight = it.weight.filter(|_| weights > 0.0).map_or(Cell::Unknown, |it| Cell::Share(it / weights));
        let assumes = it.assumes.as_ref().map_or("", |it| it.of(voice.lang));
        for (span, chance) in &it.readings {
            let begin = [it.source.of(voice.lang).into(), weight.clone(), voice.reading(*span, target.by).into()];
            rows.push(begin.into_iter().chain(shares(*chance)).chain([assumes.into()]).collect());
        }
    }
    for (span, chance) in &outcome.weighted {
        let begin = [voice.word("tell-mixture").into(), Cell::Share(1.0), voice.reading(*span, target.by).into()];
        rows.push(begin.into_iter().chain(shares(*chance)).chain([voice.word("tell-mixture-is").into()]).collect());
    }
    let table = Table { name: "beliefs", title: String::new(), columns: voice.columns(&names), rows };
    let section = Section::new("beliefs", voice.word("head-beliefs")).with(Block::Text(voice.word("tell-beliefs")));
    Some(section.with(Block::Table(table)))
}
