//! A report and its parts.

use realm::load::Lang;
use serde::Serialize;

use crate::chart::Chart;
use crate::table::Table;

/// A report, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The language of its texts.
    #[serde(serialize_with = "tag")]
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What a reader in a hurry has to know: sentences.
    pub lead: Vec<String>,
    /// Its parts, from top to bottom.
    pub sections: Vec<Section>,
}

/// A part with its heading.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Its name in an address: small letters and hyphens.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// What a part holds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Sentences.
    Text(String),
    /// Sentences about where something comes from or what it is not: smaller.
    Note(String),
    /// Sentences, one below the other.
    List(Vec<String>),
    /// Names and values.
    Facts(Vec<Fact>),
    /// Rows and columns.
    Table(Table),
    /// Numbers, drawn, with their table.
    Chart(Chart),
}

/// A name and its value.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value, with its unit.
    pub value: String,
    /// More about it.
    pub note: String,
}

impl Report {
    /// All tables, those of charts with them, in the order of the page.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Chart(chart) => Some(&chart.table),
            _ => None,
        })
    }
}

impl Section {
    /// A part without anything in it yet.
    pub fn new(id: &'static str, title: String) -> Self {
        Self { id, title, blocks: Vec::new() }
    }

    /// The same with a block more.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }
}

fn tag<S: serde::Serializer>(lang: &Lang, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(crate::locale::tag(*lang))
}
