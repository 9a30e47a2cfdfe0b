//! The one table: sorted, narrowed and paged here, never in the browser; its rows are also the page's JSON and CSV.

mod arrange;
mod tools;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::text::Words;

pub use arrange::window;
pub use tools::Tools;

/// Rows on a page.
pub const ROWS: usize = 50;

/// Rows and columns.
#[derive(Debug, Default, Clone)]
pub struct Table {
    /// Its name for programs and in the address.
    pub name: &'static str,
    /// Its heading.
    pub title: String,
    /// A sentence under the heading.
    pub note: String,
    /// What stands there where there are no rows.
    pub empty: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows there are, where only those of the page were made.
    pub total: Option<usize>,
    /// Whether fields of the page narrow it, so that it needs no field of its own.
    pub narrowed: bool,
    /// Whether it grows while one looks: it may then be watched.
    pub grows: bool,
    /// Whether it is the table that the page's plain parameters are about.
    pub main: bool,
    /// Which part of it is shown, where it is long.
    pub pager: Option<Pager>,
    /// What a reader may do with it.
    pub tools: Tools,
}

/// A column.
#[derive(Debug, Default, Clone)]
pub struct Column {
    /// Its name for programs.
    pub key: Cow<'static, str>,
    /// Its heading.
    pub head: String,
    /// Whether it holds numbers: they stand at the right.
    pub number: bool,
    /// Where a click on the heading leads; none where it does not sort.
    pub sort: Option<String>,
    /// `none`, `ascending` or `descending`.
    pub sorted: &'static str,
}

/// A cell: what people see and what programs get.
#[derive(Debug, Default, Clone)]
pub struct Cell {
    /// What people see.
    pub text: String,
    /// What programs get.
    pub value: Value,
    /// Where it leads.
    pub href: Option<String>,
    /// `good`, `bad`, `warn`, `quiet` or empty.
    pub tone: &'static str,
    /// Whether it is to be read letter by letter.
    pub code: bool,
    /// More of it, in small.
    pub note: String,
}

/// Which part of a long table is shown.
#[derive(Debug, Default, Clone)]
pub struct Pager {
    /// The sentence that says it.
    pub text: String,
    /// Where the part before is.
    pub before: Option<String>,
    /// Where the next part is.
    pub next: Option<String>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: Value::String(text.clone()), text, ..Self::default() }
    }

    /// An id or a hash.
    pub fn code(text: impl Into<String>) -> Self {
        Self { code: true, ..Self::text(text) }
    }

    /// Text for people and a value for programs.
    pub fn of(text: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { text: text.into(), value: value.into(), ..Self::default() }
    }

    /// Nothing known.
    pub fn none() -> Self {
        Self { text: "–".to_owned(), tone: "quiet", ..Self::default() }
    }

    /// The same, leading somewhere.
    #[must_use]
    pub fn to(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }

    /// The same in a tone.
    #[must_use]
    pub fn tone(self, tone: &'static str) -> Self {
        Self { tone, ..self }
    }

    /// The same with more in small.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// A column of texts, headed by `col-<key>`.
pub fn column(words: &Words, key: &'static str) -> Column {
    let head = words.say(&format!("col-{key}"), &[("currency", words.currency.clone())]);
    Column { key: key.into(), head, sorted: "none", ..Column::default() }
}

/// A column of numbers.
fn numbers(words: &Words, key: &'static str) -> Column {
    Column { number: true, ..column(words, key) }
}

/// Columns by their names; `#` marks those of numbers.
pub fn columns(words: &Words, names: &'static str) -> Vec<Column> {
    let one = |name: &'static str| match name.strip_prefix('#') {
        Some(key) => numbers(words, key),
        None => column(words, name),
    };
    names.split(' ').map(one).collect()
}

impl Table {
    /// What tells a row from the others while the table grows: its request.
    pub fn key(&self, row: &[Cell]) -> String {
        let cells = self.columns.iter().zip(row).find(|(column, _)| column.key == "request");
        cells.map(|(_, cell)| cell.text.clone()).unwrap_or_default()
    }

    /// Whether only rows that hold a text are shown.
    pub fn is_looked_through(&self) -> bool {
        self.tools.find.as_ref().is_some_and(|(_, text)| !text.is_empty())
    }

    /// For programs: an object a row.
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let pairs = self.columns.iter().zip(row).filter(|(column, _)| !column.key.is_empty());
            Value::Object(
                pairs.map(|(column, cell)| (column.key.to_string(), cell.value.clone())).collect::<Map<_, _>>(),
            )
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// For spreadsheets.
    pub fn to_csv(&self) -> String {
        let heads: Vec<String> = self.columns.iter().map(|column| column.key.to_string()).collect();
        let lines = self.rows.iter().map(|row| row.iter().map(|cell| quoted(&plain(&cell.value))).collect::<Vec<_>>());
        let lines = [heads].into_iter().chain(lines).map(|cells| format!("{}\r\n", cells.join(",")));
        lines.collect()
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let safe = if formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Table};

    #[test]
    fn csv_holds_no_formula_and_json_the_same_rows() {
        let column = |key: &'static str| Column { key: key.into(), ..Column::default() };
        let rows = vec![vec![Cell::text("=1+1"), Cell::of("−2", -2)], vec![Cell::text("a,\"b"), Cell::none()]];
        let table = Table { columns: vec![column("name"), column("n")], rows, ..Table::default() };
        assert_eq!(table.to_csv(), "name,n\r\n'=1+1,-2\r\n\"a,\"\"b\",\r\n");
        assert_eq!(table.to_json().to_string(), r#"[{"name":"=1+1","n":-2},{"name":"a,\"b","n":null}]"#);
    }
}
