//! Every input with where it comes from, and what of all this nobody measured.

use ::report::{Block, Cell, Section, Table};

use super::voice::Voice;
use crate::model::Adopted;
use crate::run::Outcome;

/// How many inputs are assumed or estimated, in a sentence.
pub(super) fn counted(voice: &Voice<'_>, outcome: &Outcome) -> String {
    let assumed = outcome.inputs.iter().filter(|it| it.provenance.basis.is_judged()).count();
    let args = [
        ("assumed", assumed.to_string()),
        ("inputs", outcome.inputs.len().to_string()),
        ("form", voice.form(outcome.inputs.len())),
        ("how_many", ["none", "one", "many"][assumed.min(2)].to_owned()),
    ];
    voice.say("tell-counted", &args)
}

pub(super) fn assumed(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let section = Section::new("assumed", voice.word("head-assumed")).with(Block::Text(counted(voice, outcome)));
    let judged = outcome.inputs.iter().filter(|it| it.provenance.basis.is_judged());
    let mut items: Vec<String> = judged
        .map(|it| {
            let args = [
                ("input", voice.name(&it.id, it.title.as_ref())),
                ("basis", voice.word(&format!("basis-{}", it.provenance.basis.as_str()))),
                ("source", it.provenance.source.of(voice.lang).to_owned()),
            ];
            voice.say("tell-judged", &args)
        })
        .collect();
    if let Some(capacity) = outcome.capacity.as_ref().filter(|it| it.plan.provenance.basis.is_judged()) {
        let args = [
            ("input", voice.word("head-capacity")),
            ("basis", voice.word(&format!("basis-{}", capacity.plan.provenance.basis.as_str()))),
            ("source", capacity.plan.provenance.source.of(voice.lang).to_owned()),
        ];
        items.push(voice.say("tell-judged", &args));
    }
    let sectors = outcome.sectors.iter().filter(|it| it.adopted == Adopted::Assumed);
    let sectors: Vec<String> = sectors.map(|it| voice.name(&it.id, it.title.as_ref())).collect();
    if !sectors.is_empty() {
        items.push(voice.say("tell-adopted-assumed", &[("sectors", sectors.join(", "))]));
    }
    for pair in outcome.correlations.iter().filter(|_| outcome.correlations_repaired) {
        let names = pair.between.iter().map(|it| voice.input(it)).collect::<Vec<_>>().join(" – ");
        let args = [("pair", names), ("asked", voice.rough(pair.asked)), ("used", voice.rough(pair.used))];
        items.push(voice.say("tell-repaired", &args));
    }
    Some(section.with(Block::List(items)))
}

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let names = ["input", "id", "p5", "median", "p95", "unit", "basis", "source", "owner", "date", "expires"];
    let rows = outcome.inputs.iter().map(|it| {
        let from = &it.provenance;
        let texts = [
            voice.unit(&it.unit),
            voice.word(&format!("basis-{}", from.basis.as_str())),
            from.source.of(voice.lang).to_owned(),
            from.owner.clone(),
            from.date.to_string(),
            from.expires.to_string(),
        ];
        let names = [voice.name(&it.id, it.title.as_ref()).into(), Cell::Text(it.id.clone())];
        names.into_iter().chain(it.range.map(Cell::Number)).chain(texts.map(Cell::Text)).collect()
    });
    let rows = rows.collect();
    let table = Table { name: "inputs", title: String::new(), columns: voice.columns(&names), rows };
    let section = Section::new("inputs", voice.word("head-inputs")).with(Block::Table(table));
    if outcome.correlations.is_empty() {
        return Some(section);
    }
    let rows = outcome.correlations.iter().map(|it| {
        let [a, b] = &it.between;
        vec![voice.input(a).into(), voice.input(b).into(), it.asked.into(), it.used.into()]
    });
    let rows = rows.collect();
    let columns = voice.columns(&["input", "second_input", "asked", "used"]);
    let title = voice.word("table-correlations");
    Some(section.with(Block::Table(Table { name: "correlations", title, columns, rows })))
}
