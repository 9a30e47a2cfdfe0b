//! What a case says of itself for people: names, and where its figures come from.

use std::collections::BTreeMap;

/// Figures as written, with their sources, and names.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// Each figure of `case.toml`, in its order.
    pub figures: Vec<Figure>,
    names: BTreeMap<(&'static str, String), String>,
}

/// One figure of a case as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The kind of table it stands in: `site`.
    pub table: &'static str,
    /// The id of the table; empty where it has none.
    pub id: String,
    /// The field.
    pub field: String,
    /// Its value as written, on one line.
    pub value: String,
    /// Where it comes from; none where the case names no source.
    pub source: Option<String>,
}

impl Stated {
    pub(super) fn name(&mut self, table: &'static str, id: String, name: String) {
        self.names.insert((table, id), name);
    }

    /// What people call the table with this id; its id where the case gives no name.
    pub fn title<'a>(&'a self, table: &'static str, id: &'a str) -> &'a str {
        self.names.get(&(table, id.to_owned())).map_or(id, String::as_str)
    }
}
