//! Published estimates, as cited beliefs: shown side by side, never as truth.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Words;
use crate::contract::Contract;

/// One published estimate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Who published it, and when.
    pub source: Words,
    /// The figure as published.
    pub figure: Words,
    /// What kind of method stands behind it.
    pub method: Words,
    /// Where it was seen, and what was worked out: the mark of how far it was checked.
    pub mark: Words,
    /// Percentage points a year, from and to, as published or spread evenly over its years. Not one scale: each is of
    /// its own contract.
    pub points_a_year: [f64; 2],
    /// What it is a figure of.
    pub contract: Contract,
}

#[derive(Deserialize)]
struct File {
    belief: Vec<Published>,
}

static PUBLISHED: LazyLock<Vec<Published>> = LazyLock::new(|| {
    let file: File =
        serde_json::from_str(include_str!("../../data/beliefs.json")).expect("the table is part of the program");
    file.belief
});

/// Published estimates that ship with the program.
pub fn published() -> &'static [Published] {
    &PUBLISHED
}
