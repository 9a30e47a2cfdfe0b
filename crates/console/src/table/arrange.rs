//! What the query makes of a table: its order, the rows that hold a text, the part that is shown, the columns.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Cell, Pager, ROWS, Table, plain};
use crate::ask::Ask;
use crate::text::Words;

/// The page that the query asks for, the last one, and the rows on it.
pub fn window(page: Option<&str>, total: usize) -> (usize, usize, std::ops::Range<usize>) {
    let last = total.div_ceil(ROWS).max(1);
    let page = page.and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, last);
    let from = (page - 1) * ROWS;
    (page, last, from..(from + ROWS).min(total))
}

impl Table {
    /// Arranges the table that the page's plain parameters are about; `all`: for programs, every row.
    #[must_use]
    pub fn arranged(self, ask: &Ask, words: &Words, all: bool) -> Self {
        Self { main: true, ..self }.ordered(ask, words, all)
    }

    /// The same of rows that are in the order that the query wants already.
    #[must_use]
    pub fn headed(self, ask: &Ask, words: &Words, all: bool) -> Self {
        Self { main: true, ..self }.shown(ask, words, all)
    }

    /// Arranges any table: parameters of one that is not the page's main one carry its name.
    #[must_use]
    pub(crate) fn ordered(mut self, ask: &Ask, words: &Words, all: bool) -> Self {
        self.sort(ask);
        self.shown(ask, words, all)
    }

    fn shown(mut self, ask: &Ask, words: &Words, all: bool) -> Self {
        self.find(ask);
        self.head(ask);
        let total = self.total.unwrap_or(self.rows.len());
        if !all {
            self.keep_page(ask, words, total);
            self.offer(ask, words, total);
        }
        self.choose(ask);
        self
    }

    /// The name of a parameter in the query.
    pub(super) fn param(&self, name: &str) -> String {
        if self.main { name.to_owned() } else { format!("{}-{name}", self.name) }
    }

    /// Keeps the rows that hold the text that is looked for.
    fn find(&mut self, ask: &Ask) {
        let wanted = ask.param(&self.param("find")).unwrap_or_default().to_lowercase();
        if wanted.is_empty() || self.total.is_some() || self.narrowed {
            return;
        }
        let holds = |cell: &Cell| [&cell.text, &cell.note].iter().any(|text| text.to_lowercase().contains(&wanted));
        self.rows.retain(|row| row.iter().any(holds));
    }

    /// The column that the query sorts by, and whether from the greatest.
    fn wanted<'a>(&self, ask: &'a Ask) -> (&'a str, bool) {
        let wanted = ask.param(&self.param("sort")).unwrap_or_default();
        wanted.strip_prefix('-').map_or((wanted, false), |key| (key, true))
    }

    fn sort(&mut self, ask: &Ask) {
        let (key, down) = self.wanted(ask);
        if let Some(place) = self.columns.iter().position(|column| column.key == key) {
            self.rows.sort_by(|a, b| {
                let order = compare(&a[place].value, &b[place].value);
                if down { order.reverse() } else { order }
            });
        }
    }

    /// Says at each heading how the table is sorted, and leads to the next order.
    fn head(&mut self, ask: &Ask) {
        let (key, down) = self.wanted(ask);
        let (param, page) = (self.param("sort"), self.param("page"));
        for column in &mut self.columns {
            let now = column.key == key;
            column.sorted = match (now, down) {
                (false, _) => "none",
                (true, true) => "descending",
                (true, false) => "ascending",
            };
            // Numbers are looked at from the greatest first.
            let next = match (now, down) {
                (false, _) if column.number => format!("-{}", column.key),
                (true, false) => format!("-{}", column.key),
                _ => column.key.to_string(),
            };
            // A column of links to press has no order.
            let sorts = column.key != "action";
            column.sort = sorts.then(|| ask.changed(&[&param, &page], Some((&param, &next))));
        }
    }

    fn keep_page(&mut self, ask: &Ask, words: &Words, total: usize) {
        if total <= ROWS {
            return;
        }
        let param = self.param("page");
        let (page, last, shown) = window(ask.param(&param), total);
        let from = shown.start;
        if self.total.is_none() {
            self.rows = self.rows.drain(shown).collect();
        }
        let there = |page: usize| ask.changed(&[&param], Some((&param, &page.to_string())));
        let figures = [from + 1, from + self.rows.len(), total].map(|n| words.count(n as u64));
        let [first, until, all] = figures;
        self.pager = Some(Pager {
            text: words.say("pager", &[("first", first), ("until", until), ("all", all)]),
            before: (page > 1).then(|| there(page - 1)),
            next: (page < last).then(|| there(page + 1)),
        });
    }

    /// Keeps the columns that were chosen; all of them where none was.
    fn choose(&mut self, ask: &Ask) {
        let chosen = self.chosen(ask);
        if self.columns.iter().all(|column| chosen(&column.key)) || !self.columns.iter().any(|it| chosen(&it.key)) {
            return;
        }
        let keep: Vec<bool> = self.columns.iter().map(|column| chosen(&column.key)).collect();
        for row in &mut self.rows {
            let mut kept = keep.iter();
            row.retain(|_| kept.next().copied().unwrap_or(true));
        }
        let mut kept = keep.iter();
        self.columns.retain(|_| kept.next().copied().unwrap_or(true));
    }

    /// Which columns the query names; `cols=a,b` and `cols=a&cols=b` are the same.
    pub(super) fn chosen<'a>(&self, ask: &'a Ask) -> impl Fn(&str) -> bool + use<'a> {
        let param = self.param("cols");
        let named = ask.query.iter().filter(|(key, _)| *key == param).flat_map(|(_, value)| value.split(','));
        let named: Vec<&str> = named.filter(|key| !key.is_empty()).collect();
        move |key| named.is_empty() || named.contains(&key)
    }
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

#[cfg(test)]
mod tests;
