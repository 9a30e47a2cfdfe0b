//! What the capacity allows, year by year, and what binds.

use ::report::{Block, Cell, Chart, Section, Series, Shape, Table};

use super::voice::{Voice, shares};
use crate::run::{Binding, CapacityOutcome, Outcome, Resource};

/// The year and the resource that bind, in a sentence.
pub(super) fn binding(voice: &Voice<'_>, capacity: Option<&CapacityOutcome>) -> String {
    capacity.map_or_else(|| voice.word("tell-no-capacity"), |it| bound(voice, it.binding.as_ref()))
}

/// The same of what a difference has found.
pub(super) fn bound(voice: &Voice<'_>, binding: Option<&Binding>) -> String {
    let Some(it) = binding else { return voice.word("tell-binds-nothing") };
    let args = [
        ("year", it.year.to_string()),
        ("resource", resource(voice, it)),
        ("share", voice.chance(it.share)),
        ("too_small", voice.chance(it.too_small)),
        ("why", it.why.as_ref().map_or(String::new(), |why| format!(" ({why})"))),
    ];
    voice.say("tell-binds", &args)
}

/// What lacks, and how much of it there is.
pub(super) fn resource(voice: &Voice<'_>, it: &Binding) -> String {
    let (kind, amount) = match it.resource {
        Resource::Power => ("power", it.power_mw),
        Resource::Accelerators => ("accelerators", it.accelerators),
        Resource::Fleet => ("fleet", it.accelerators),
    };
    voice.say(&format!("resource-{kind}"), &[("amount", voice.number(amount))])
}

/// The first target if capacity were no limit: what part of the answer the capacity is.
pub(super) fn unbounded(voice: &Voice<'_>, outcome: &Outcome) -> Option<String> {
    let (free, with) = (outcome.unbounded.first()?, outcome.targets.first()?);
    let readings = free.readings.iter().zip(&with.readings).map(|(free, with)| {
        let args = [
            ("reading", voice.reading(free.span, outcome.targets[0].by)),
            ("probability", voice.chance(free.probability)),
            ("mean", voice.rough(free.mean.value)),
            ("with", voice.rough(with.mean.value)),
            ("unit", voice.unit(&outcome.targets[0].unit)),
        ];
        voice.say("tell-unbounded-one", &args)
    });
    Some(voice.say("tell-unbounded", &[("list", readings.collect::<Vec<_>>().join("; "))]))
}

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let section = Section::new("capacity", voice.word("head-capacity"));
    let section = section.with(Block::Text(binding(voice, outcome.capacity.as_ref())));
    let Some(capacity) = &outcome.capacity else { return Some(section) };
    let section = unbounded(voice, outcome).map(Block::Text).into_iter().fold(section, Section::with);
    let from = &capacity.plan.provenance;
    let args = [
        ("source", from.source.of(voice.lang).to_owned()),
        ("file", capacity.plan.file.clone().unwrap_or_else(|| "–".to_owned())),
        ("basis", voice.word(&format!("basis-{}", from.basis.as_str()))),
    ];
    let note = Block::Note(voice.say("tell-capacity-from", &args));
    if capacity.years.is_empty() {
        return Some(section.with(note));
    }
    let section = match capacity.first_binding {
        Some(year) => section.with(Block::Text(voice.say("tell-first-binding", &[("year", year.to_string())]))),
        None => section,
    };
    Some(section.with(Block::Chart(chart(voice, capacity))).with(note))
}

fn chart(voice: &Voice<'_>, it: &CapacityOutcome) -> Chart {
    let series = |key: &str, of: fn(&crate::run::Bounds) -> f64| {
        Series::full(voice.word(key), it.years.iter().map(|year| of(year) * 100.0))
    };
    Chart {
        title: voice.word("chart-capacity"),
        summary: bound(voice, it.binding.as_ref()),
        shape: Shape::Lines {
            labels: it.years.iter().map(|it| it.year.to_string()).collect(),
            series: vec![series("col-share", |it| it.share.value), series("col-too-small", |it| it.too_small.value)],
        },
        table: table(voice, it),
    }
}

fn table(voice: &Voice<'_>, capacity: &CapacityOutcome) -> Table {
    let names =
        ["year", "power_mw", "accelerators", "share", "share_low", "share_high", "too_small", "by_power", "why"];
    let rows = capacity.years.iter().zip(&capacity.plan.years).map(|(it, plan)| {
        let amounts = [Cell::Year(i32::from(it.year)), plan.power_mw.into(), plan.accelerators.into()];
        let too_small = [Cell::Share(it.too_small.value), Cell::Share(it.by_power)];
        let why = Cell::Text(plan.why.clone().unwrap_or_default());
        amounts.into_iter().chain(shares(it.share)).chain(too_small).chain([why]).collect()
    });
    Table { name: "capacity", title: String::new(), columns: voice.columns(&names), rows: rows.collect() }
}
