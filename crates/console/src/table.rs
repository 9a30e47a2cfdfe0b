//! The one table: sorted and paged here, never in the browser; its rows are also the page's JSON and CSV.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::text::Words;

/// Rows on a page.
pub const ROWS: usize = 50;

/// Rows and columns.
#[derive(Debug, Default)]
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
    /// Which part of it is shown, where it is long.
    pub pager: Option<Pager>,
}

/// A column.
#[derive(Debug, Default)]
pub struct Column {
    /// Its name for programs.
    pub key: &'static str,
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
#[derive(Debug, Default)]
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
    Column { key, head, sorted: "none", ..Column::default() }
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

/// The page that the query asks for, the last one, and the rows on it.
pub fn window(page: Option<&str>, total: usize) -> (usize, usize, std::ops::Range<usize>) {
    let last = total.div_ceil(ROWS).max(1);
    let page = page.and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, last);
    let from = (page - 1) * ROWS;
    (page, last, from..(from + ROWS).min(total))
}

impl Table {
    /// Sorts as the query says and, where people read it, keeps the part that it asks for.
    #[must_use]
    pub fn arranged(mut self, ask: &Ask, words: &Words, all: bool) -> Self {
        let (key, down) = wanted_order(ask);
        if let Some(place) = self.columns.iter().position(|column| column.key == key) {
            self.rows.sort_by(|a, b| {
                let order = compare(&a[place].value, &b[place].value);
                if down { order.reverse() } else { order }
            });
        }
        self.headed(ask, words, all)
    }

    /// The same of rows that are in order already.
    #[must_use]
    pub fn headed(mut self, ask: &Ask, words: &Words, all: bool) -> Self {
        let (key, down) = wanted_order(ask);
        for column in &mut self.columns {
            let now = column.key == key;
            column.sorted = if !now {
                "none"
            } else if down {
                "descending"
            } else {
                "ascending"
            };
            // Numbers are looked at from the greatest first.
            let next = match (now, down) {
                (false, _) if column.number => format!("-{}", column.key),
                (true, false) => format!("-{}", column.key),
                _ => column.key.to_owned(),
            };
            column.sort = Some(ask.with("sort", Some(&next)));
        }
        let total = self.total.unwrap_or(self.rows.len());
        if !all {
            self.keep_page(ask, words, total);
        }
        self
    }

    fn keep_page(&mut self, ask: &Ask, words: &Words, total: usize) {
        if total <= ROWS {
            return;
        }
        let (page, last, shown) = window(ask.param("page"), total);
        let from = shown.start;
        if self.total.is_none() {
            self.rows = self.rows.drain(shown).collect();
        }
        let there = |page: usize| {
            let base = ask.with("page", None);
            format!("{base}{}page={page}", if base.contains('?') { '&' } else { '?' })
        };
        let figures = [from + 1, from + self.rows.len(), total].map(|n| words.count(n as u64));
        let [first, until, all] = figures;
        self.pager = Some(Pager {
            text: words.say("pager", &[("first", first), ("until", until), ("all", all)]),
            before: (page > 1).then(|| there(page - 1)),
            next: (page < last).then(|| there(page + 1)),
        });
    }

    /// For programs: an object a row.
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let pairs = self.columns.iter().zip(row).filter(|(column, _)| !column.key.is_empty());
            Value::Object(
                pairs.map(|(column, cell)| (column.key.to_owned(), cell.value.clone())).collect::<Map<_, _>>(),
            )
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// For spreadsheets.
    pub fn to_csv(&self) -> String {
        let heads: Vec<String> = self.columns.iter().map(|column| column.key.to_owned()).collect();
        let lines = self.rows.iter().map(|row| row.iter().map(|cell| quoted(&plain(&cell.value))).collect::<Vec<_>>());
        let lines = [heads].into_iter().chain(lines).map(|cells| format!("{}\r\n", cells.join(",")));
        lines.collect()
    }
}

/// The column that the query sorts by, and whether from the greatest.
fn wanted_order(ask: &Ask) -> (&str, bool) {
    let wanted = ask.param("sort").unwrap_or_default();
    wanted.strip_prefix('-').map_or((wanted, false), |key| (key, true))
}

/// Numbers by size, texts by letters, nothing last.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => plain(a).cmp(&plain(b)),
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
        let column = |key| Column { key, ..Column::default() };
        let rows = vec![vec![Cell::text("=1+1"), Cell::of("−2", -2)], vec![Cell::text("a,\"b"), Cell::none()]];
        let table = Table { columns: vec![column("name"), column("n")], rows, ..Table::default() };
        assert_eq!(table.to_csv(), "name,n\r\n'=1+1,-2\r\n\"a,\"\"b\",\r\n");
        assert_eq!(table.to_json().to_string(), r#"[{"name":"=1+1","n":-2},{"name":"a,\"b","n":null}]"#);
    }
}
