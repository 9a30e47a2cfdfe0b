//! A chart: facts for the script that draws it, a still picture for where no script runs, and its table.

mod still;

use serde_json::{Value, json};

use crate::table::Table;
use crate::text::Words;

pub use still::Still;

/// Numbers, drawn.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its heading.
    pub title: String,
    /// What it shows, in a sentence: all that some readers get of the picture.
    pub summary: String,
    /// How it is drawn.
    pub kind: Kind,
    /// What stands along it, from the first to the last.
    pub labels: Vec<String>,
    /// Its rows of numbers; none in a chart of flows.
    pub series: Vec<Series>,
    /// From where to where how much; in a chart of flows only.
    pub flows: Vec<Flow>,
    /// The node of what went no further; empty where there is none.
    pub stopped: String,
    /// Whether its numbers are counts.
    pub whole: bool,
    /// Other views of it, as links: address, text, whether it is this one.
    pub views: Vec<(String, String, bool)>,
    /// The same numbers as a table.
    pub table: Table,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines over time.
    Line,
    /// Areas over time, one upon the other.
    Area,
    /// Bars from the left, one beside each name.
    Bar,
    /// Bars over time, one upon the other.
    Stacked,
    /// Flows from left to right.
    Sankey,
}

/// A row of numbers.
#[derive(Debug, Clone)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// One for each label; none where nothing is known.
    pub values: Vec<Option<f64>>,
}

/// So much goes from here to there. Nodes are `column:name`, so that one name may stand in two columns.
#[derive(Debug, Clone)]
pub struct Flow {
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// How much.
    pub value: f64,
}

impl Kind {
    /// The word for scripts and styles.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Area => "area",
            Self::Bar => "bar",
            Self::Stacked => "stacked",
            Self::Sankey => "sankey",
        }
    }

    /// Whether the parts of a chart of this kind add up.
    fn is_stacked(self) -> bool {
        matches!(self, Self::Area | Self::Stacked)
    }
}

impl Chart {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        let nothing = |series: &Series| series.values.iter().all(|value| value.is_none_or(|value| value == 0.0));
        self.flows.is_empty() && self.series.iter().all(nothing)
    }

    /// Its picture for where no script runs.
    pub fn still(&self) -> Still {
        Still::of(self)
    }

    /// Its facts, for the script.
    pub fn facts(&self, words: &Words) -> Value {
        let mut nodes: Vec<&str> = Vec::new();
        for name in self.flows.iter().flat_map(|flow| [flow.from.as_str(), flow.to.as_str()]) {
            if !nodes.contains(&name) {
                nodes.push(name);
            }
        }
        let text = |key: &str| words.t(&format!("chart-{key}"));
        let flows = self.flows.iter().map(|flow| json!([flow.from, flow.to, flow.value]));
        let series = self.series.iter().map(|one| json!({ "name": one.name, "values": one.values }));
        json!({
            "kind": self.kind.as_str(),
            "name": self.table.name,
            "title": self.title,
            "summary": self.summary,
            "whole": self.whole,
            "lang": words.lang_tag(),
            "labels": self.labels,
            "series": series.collect::<Vec<_>>(),
            "nodes": nodes,
            "stopped": self.stopped,
            "flows": flows.collect::<Vec<_>>(),
            "texts": {
                "png": text("png"), "svg": text("svg"), "keys": text("keys"), "role": text("role"), "none": text("no-value"),
            },
        })
    }
}
