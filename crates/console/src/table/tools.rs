//! What a reader may do with a table: look for rows, choose columns, take it elsewhere, watch it grow.

use std::borrow::Cow;

use super::Table;
use crate::ask::Ask;
use crate::text::Words;

/// A table with fewer rows is seen at once.
const FIND_ROWS: usize = 8;

/// What a reader may do with a table.
#[derive(Debug, Default, Clone)]
pub struct Tools {
    /// The page's own address, for forms.
    pub here: String,
    /// The rows as JSON.
    pub json: String,
    /// The rows as CSV.
    pub csv: String,
    /// This view of the page.
    pub link: String,
    /// The same, with the live view as it is: what it asks for again and again.
    pub again: String,
    /// The field for rows that hold a text: its parameter, what it says; none where the table needs none.
    pub find: Option<(String, String)>,
    /// What its form carries besides.
    pub find_keeps: Vec<(String, String)>,
    /// The parameter of columns.
    pub cols: String,
    /// Every column: its name for programs, its heading, whether it is shown.
    pub columns: Vec<(Cow<'static, str>, String, bool)>,
    /// What their form carries besides.
    pub cols_keep: Vec<(String, String)>,
    /// The switch of the live view: where it leads, whether it is on; none where there is nothing to watch.
    pub live: Option<(String, bool)>,
    /// What was made of it, for people who listen.
    pub said: String,
}

impl Table {
    /// Offers what may be done with it. Rows and pager are those that are shown, columns still all of them.
    pub(super) fn offer(&mut self, ask: &Ask, words: &Words, total: usize) {
        let [find, cols, page] = ["find", "cols", "page"].map(|name| self.param(name));
        let owned = |without: &[&str]| -> Vec<(String, String)> {
            ask.kept(without).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
        };
        let looked = ask.param(&find).unwrap_or_default().to_owned();
        let finds = !self.narrowed && (total >= FIND_ROWS || !looked.is_empty());
        let first = ask.param(&page).is_none_or(|page| page == "1") && ask.param(&self.param("sort")).is_none();
        let on = ask.param("live") == Some("on");
        let chosen = self.chosen(ask);
        let figures = [("rows", words.count(total as u64)), ("table", self.title.clone())];
        self.tools = Tools {
            here: ask.here(),
            json: ask.twin("json", self.name),
            csv: ask.twin("csv", self.name),
            link: ask.changed(&["lang", "live"], None),
            again: ask.changed(&[], None),
            find_keeps: owned(&[&find, &page]),
            find: finds.then_some((find, looked)),
            columns: self.columns.iter().map(|it| (it.key.clone(), it.head.clone(), chosen(&it.key))).collect(),
            cols_keep: owned(&[&cols]),
            cols,
            live: (self.grows && first).then(|| (ask.changed(&["live", "page"], (!on).then_some(("live", "on"))), on)),
            said: self.pager.as_ref().map_or_else(|| words.say("table-said", &figures), |pager| pager.text.clone()),
        };
    }
}
