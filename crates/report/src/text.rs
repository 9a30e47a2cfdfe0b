//! A report as lines for a terminal.

use crate::locale::Numbers;
use crate::sheet::{Block, Report};
use crate::table::Table;

/// Rows of a table that a terminal shows; its file has all.
const ROWS: usize = 24;

impl Report {
    /// Sentences, facts and tables in the order of the page; charts as their sentence and their table.
    pub fn to_text(&self) -> String {
        let numbers = Numbers::of(self.lang);
        let mut text = format!("{}\n", self.title);
        for said in &self.lead {
            text.push_str(&format!("{said}\n"));
        }
        for section in &self.sections {
            text.push_str(&format!("\n{}\n", section.title));
            for block in &section.blocks {
                match block {
                    Block::Text(said) | Block::Note(said) => text.push_str(&format!("  {said}\n")),
                    Block::List(items) => items.iter().for_each(|it| text.push_str(&format!("  - {it}\n"))),
                    Block::Facts(facts) => {
                        let wide = facts.iter().map(|it| it.name.chars().count()).max().unwrap_or(0);
                        for it in facts {
                            let note = if it.note.is_empty() { String::new() } else { format!("  ({})", it.note) };
                            text.push_str(&format!("  {:wide$}  {}{note}\n", it.name, it.value));
                        }
                    }
                    Block::Table(table) => text.push_str(&lines(table, numbers)),
                    Block::Chart(chart) => {
                        text.push_str(&format!("  {}\n{}", chart.summary, lines(&chart.table, numbers)));
                    }
                }
            }
        }
        text
    }
}

fn lines(table: &Table, numbers: Numbers) -> String {
    let head: Vec<String> = table.columns.iter().map(|it| it.title.clone()).collect();
    let rows = table.rows.iter().take(ROWS);
    let rows: Vec<Vec<String>> = rows.map(|row| row.iter().map(|it| it.shown(numbers)).collect()).collect();
    let wide = |at: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(at));
        cells.map(|it| it.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(wide).collect();
    let right: Vec<bool> =
        (0..head.len()).map(|at| table.rows.iter().any(|row| row.get(at).is_some_and(|it| it.is_number()))).collect();
    let mut text = String::new();
    for row in [&head].into_iter().chain(&rows) {
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let wide = widths.get(at).copied().unwrap_or(0);
            if right.get(at).copied().unwrap_or(false) { format!("{cell:>wide$}") } else { format!("{cell:wide$}") }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(&format!("  {}\n", line.trim_end()));
    }
    if table.rows.len() > ROWS {
        text.push_str(&format!("  … {} ({})\n", table.rows.len() - ROWS, table.file()));
    }
    text
}
