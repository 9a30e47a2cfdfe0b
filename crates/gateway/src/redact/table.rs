//! Which token stands for which value, for one attempt of one request.

use std::collections::{HashMap, HashSet};

use realm::DataClass;

use super::token;
use crate::detect::{Hit, Kind};

/// Tokens and values. Grows with the number of distinct values in the request, no further.
#[derive(Default)]
pub struct Table {
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
}

/// One value. `Debug` is not derived on purpose.
pub(super) struct Entry {
    name: String,
    /// What it says.
    pub(super) value: String,
    /// How it stood in the text.
    pub(super) spelling: String,
    pub(super) kind: Kind,
    pub(super) class: DataClass,
}

// G6: sizes only.
impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Table {
    /// Whether nothing was redacted.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many different values were redacted.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.by_name.get(name).map(|at| &self.entries[*at])
    }

    /// Whether some token's name begins like this.
    pub(super) fn begins(&self, name: &str) -> bool {
        name.is_empty() || self.entries.iter().any(|entry| entry.name.starts_with(name))
    }
}

/// Hands out names in the order of first appearance.
pub(super) struct Naming<'h> {
    taken: &'h HashSet<String>,
    table: Table,
    /// By kind, value and spelling: two spellings of one number come back as they were.
    known: HashMap<(Kind, &'h str, &'h str), usize>,
    last: HashMap<Kind, u32>,
}

impl<'h> Naming<'h> {
    pub(super) fn new(taken: &'h HashSet<String>) -> Self {
        Self { taken, table: Table::default(), known: HashMap::new(), last: HashMap::new() }
    }

    /// The token for a find.
    pub(super) fn token(&mut self, hit: &'h Hit) -> String {
        let key = (hit.kind, hit.value.as_str(), hit.spelling.as_str());
        let at = match self.known.get(&key) {
            Some(at) => *at,
            None => {
                let name = self.fresh(hit.kind);
                let at = self.table.entries.len();
                self.known.insert(key, at);
                self.table.by_name.insert(name.clone(), at);
                let (value, spelling) = (hit.value.clone(), hit.spelling.clone());
                let (kind, class) = (hit.kind, hit.class);
                self.table.entries.push(Entry { name, value, spelling, kind, class });
                at
            }
        };
        token::spell(&self.table.entries[at].name)
    }

    /// The next number of a kind that does not stand in the input literally.
    fn fresh(&mut self, kind: Kind) -> String {
        let last = self.last.entry(kind).or_default();
        loop {
            *last += 1;
            let name = format!("{}_{last}", kind.as_str());
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    pub(super) fn finish(self) -> Table {
        self.table
    }
}
