use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use jiff::civil::Date;
use realm::World;
use realm::load::{Diagnostic, SourceSet, check};
use toml::de::DeTable;

use super::given::Given;

/// Tables that a case can change, by the name it gives them, with the realm's table each belongs to.
pub(super) const KINDS: [(&str, &str); 12] = [
    ("realm", "[realm]"),
    ("blocs", "[blocs]"),
    ("sector", "[[sector]]"),
    ("organisation", "[[organisation]]"),
    ("developer", "[[organisation]]"),
    ("operator", "[[organisation]]"),
    ("parent", "[[organisation]]"),
    ("app", "[[app]]"),
    ("model", "[[model]]"),
    ("provider", "[[provider]]"),
    ("deployment", "[[deployment]]"),
    ("route", "[[route]]"),
];

/// Fields by kind, and evidence by `<kind>.<key>`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) tables: BTreeMap<String, BTreeMap<String, Given>>,
    pub(super) evidence: BTreeMap<String, Given>,
}

impl Facts {
    /// The world of every case before it says what is different.
    pub(super) fn base() -> Self {
        let text = include_str!("base.toml");
        let parsed = DeTable::parse(text).expect("the base world is part of the program: a test parses it");
        let tables = parsed.get_ref().iter().map(|(kind, fields)| {
            let Given::Table(fields) = Given::of(fields.get_ref()) else { return (String::new(), BTreeMap::new()) };
            (kind.get_ref().to_string(), fields)
        });
        Self { tables: tables.collect(), evidence: BTreeMap::new() }
    }

    /// These with others over them, field by field.
    pub(super) fn under(&self, over: &Self) -> Self {
        let mut merged = self.clone();
        for (kind, fields) in &over.tables {
            let table = merged.tables.entry(kind.clone()).or_default();
            table.extend(fields.iter().map(|(field, value)| (field.clone(), value.clone())));
        }
        merged.evidence.extend(over.evidence.iter().map(|(key, value)| (key.clone(), value.clone())));
        merged
    }

    /// As a realm's file. An empty text takes a field or a piece of evidence away.
    pub(super) fn to_toml(&self) -> String {
        let mut page = String::new();
        for (kind, head) in KINDS {
            let Some(fields) = self.tables.get(kind) else { continue };
            page.push_str(head);
            page.push('\n');
            for (field, value) in fields.iter().filter(|(_, value)| value.text() != Some("")) {
                writeln!(page, "\"{field}\" = {value}").expect("writing to a string cannot fail");
            }
        }
        for (key, value) in self.evidence.iter().filter(|(_, value)| value.text() != Some("")) {
            let (kind, name) = key.split_once('.').unwrap_or((key, ""));
            // The realm knows developers, operators and parents as organisations.
            let of = if ["developer", "operator", "parent"].contains(&kind) { "organisation" } else { kind };
            write!(page, "[[evidence]]\nsubject = \"{of}:{kind}\"\nkey = \"{name}\"\n")
                .expect("writing to a string cannot fail");
            match value {
                Given::Table(fields) => {
                    for (field, value) in fields {
                        writeln!(page, "\"{field}\" = {value}").expect("writing to a string cannot fail");
                    }
                }
                value => writeln!(page, "value = {value}").expect("writing to a string cannot fail"),
            }
        }
        page
    }

    /// The world they describe, without any rule.
    pub(super) fn world(&self, today: Date) -> Result<World, Vec<Diagnostic>> {
        let mut files = SourceSet::default();
        files.insert(Path::new("realm.toml"), self.to_toml());
        check(&files, today).map(|loaded| loaded.snapshot.world.clone())
    }
}
