//! A report that a planner or a forecast made, taken apart into the blocks of a page.

use report::{Block as Part, Cell as Told, Numbers, Report, Section};
use serde_json::Value;

use crate::block::{Block, Fact, Facts, Line, Picture, Prose};
use crate::context::Context;
use crate::table::{Cell, Column, Table};

/// The blocks of a report, from what a reader in a hurry has to know on.
pub fn blocks(cx: &Context<'_>, report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !report.lead.is_empty() {
        let lines = report.lead.iter().map(|it| (Line::First, it.clone())).collect();
        blocks.push(Block::Prose(Prose { title: cx.t("report-lead"), lines }));
    }
    for section in &report.sections {
        of_section(report, section, &mut blocks);
    }
    blocks
}

/// Sentences that follow one another are one block; the section's heading stands over its first.
fn of_section(report: &Report, section: &Section, blocks: &mut Vec<Block>) {
    let mut title = section.title.clone();
    let mut prose = Prose::default();
    for part in &section.blocks {
        match part {
            Part::Text(text) => prose.lines.push((Line::Plain, text.clone())),
            Part::Note(text) => prose.lines.push((Line::Note, text.clone())),
            Part::List(items) => prose.lines.extend(items.iter().map(|it| (Line::Item, it.clone()))),
            Part::Facts(facts) => {
                flush(&mut title, &mut prose, blocks);
                let fact = |it: &report::Fact| Fact {
                    name: it.name.clone(),
                    value: it.value.clone(),
                    note: it.note.clone(),
                    ..Fact::default()
                };
                let items = facts.iter().map(fact).collect();
                blocks.push(Block::Facts(Facts { title: std::mem::take(&mut title), large: true, items }));
            }
            Part::Table(it) => {
                flush(&mut title, &mut prose, blocks);
                let head = std::mem::take(&mut title);
                let made = table(report, it);
                let title = if made.title.is_empty() { head } else { made.title.clone() };
                blocks.push(Block::Table(Table { title, ..made }));
            }
            Part::Chart(it) => {
                flush(&mut title, &mut prose, blocks);
                title.clear();
                blocks.push(Block::Picture(Picture {
                    title: it.title.clone(),
                    summary: it.summary.clone(),
                    svg: it.to_svg(report.lang),
                    table: table(report, &it.table),
                }));
            }
        }
    }
    flush(&mut title, &mut prose, blocks);
}

fn flush(title: &mut String, prose: &mut Prose, blocks: &mut Vec<Block>) {
    if !prose.lines.is_empty() {
        let lines = std::mem::take(&mut prose.lines);
        blocks.push(Block::Prose(Prose { title: std::mem::take(title), lines }));
    }
}

fn table(report: &Report, it: &report::Table) -> Table {
    let numbers = Numbers::of(report.lang);
    let is_number = |at: usize| it.rows.iter().any(|row| row.get(at).is_some_and(Told::is_number));
    let column = |(at, column): (usize, &report::Column)| Column {
        key: column.name.clone(),
        head: column.title.clone(),
        number: is_number(at),
        sorted: "none",
        ..Column::default()
    };
    let cell = |it: &Told| match it {
        Told::Unknown => Cell::none(),
        Told::Text(text) => Cell::text(text.as_str()),
        Told::Year(year) => Cell::of(year.to_string(), *year),
        Told::Number(value) | Told::Share(value) => {
            let value = serde_json::Number::from_f64(*value).map_or(Value::Null, Value::Number);
            Cell::of(it.shown(numbers), value)
        }
    };
    Table {
        name: it.name,
        title: it.title.clone(),
        columns: it.columns.iter().enumerate().map(column).collect(),
        rows: it.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        ..Table::default()
    }
}
