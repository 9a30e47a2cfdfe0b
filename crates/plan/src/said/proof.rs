//! Whether it could be cheaper, and what the plan takes for granted.

use report::{Block, Section, Table};

use super::pen::Pen;

/// The proven gap and how it is proven.
pub(super) fn cheaper(pen: &Pen<'_>) -> Section {
    let plan = pen.plan;
    let section = Section::new("proof", pen.say("said-proof"));
    let section = match plan.bound {
        Some(bound) => {
            let args = [
                ("gap", pen.gap()),
                ("bound", pen.money(bound)),
                ("money", pen.money((plan.objective - bound).max(0.0))),
            ];
            section.with(Block::Text(pen.with("said-proof-modules", &args)))
        }
        None => section.with(Block::Text(pen.say("said-proof-linear"))),
    };
    section.with(Block::Text(pen.say("said-proof-check"))).with(Block::Note(pen.say("said-proof-given")))
}

/// Each figure of the case with its source.
pub(super) fn assumed(pen: &Pen<'_>) -> Section {
    let figures = &pen.case.stated.figures;
    let without = figures.iter().filter(|it| it.source.is_none()).count();
    let none = pen.say("said-no-source");
    let row = |it: &crate::case::Figure| {
        vec![
            it.table.into(),
            it.id.as_str().into(),
            it.field.as_str().into(),
            it.value.as_str().into(),
            it.source.clone().unwrap_or_else(|| none.clone()).into(),
        ]
    };
    let columns = pen.columns(&["table", "id", "field", "value", "source"]);
    let rows = figures.iter().map(row).collect();
    let table = Table { name: "assumptions", title: pen.say("said-assumed-table"), columns, rows };
    let args = [
        ("count", figures.len().to_string()),
        ("without", without.to_string()),
        ("price_year", pen.case.price_year.to_string()),
        ("currency", pen.case.currency.clone()),
        ("rate", pen.numbers.percent(pen.case.discount_rate)),
    ];
    Section::new("assumptions", pen.say("said-assumed"))
        .with(Block::Text(pen.with("said-assumed-text", &args)))
        .with(Block::Table(table))
}
