//! What reports say to people, in English and in Russian.

use realm::load::{Catalogue, Lang};

/// Messages of this crate.
pub(crate) static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

/// A message, filled in.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&'static str, String)]) -> String {
    MESSAGES.text(lang, key, args).message
}

/// A text in the making.
pub(crate) struct Page {
    pub(crate) lang: Lang,
    text: String,
}

impl Page {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { lang, text: String::new() }
    }

    /// A message on a line of its own.
    pub(crate) fn line(&mut self, key: &str, args: &[(&'static str, String)]) {
        let said = say(self.lang, key, args);
        self.text.push_str(said.trim_end());
        self.text.push('\n');
    }

    /// The same as one of a list.
    pub(crate) fn item(&mut self, key: &str, args: &[(&'static str, String)]) {
        self.text.push_str("  - ");
        self.line(key, args);
    }

    /// A message that belongs to the one of a list before it.
    pub(crate) fn under(&mut self, key: &str, args: &[(&'static str, String)]) {
        self.text.push_str("      ");
        self.line(key, args);
    }

    /// A heading after an empty line.
    pub(crate) fn head(&mut self, key: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(key, &[]);
    }

    /// Rows under heads of the catalogue (`col-…`); all columns but the first ones, which hold texts, align right.
    pub(crate) fn table(&mut self, heads: &[&str], texts: usize, rows: &[Vec<String>]) {
        let heads: Vec<String> = heads.iter().map(|head| say(self.lang, &format!("col-{head}"), &[])).collect();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).chain(heads.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        for row in [&heads].into_iter().chain(rows) {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                let blank = " ".repeat(width - cell.chars().count());
                if column < texts { format!("{cell}{blank}") } else { format!("{blank}{cell}") }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            self.text.push_str("  ");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Names, one after another.
pub(crate) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
