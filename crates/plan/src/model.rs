//! A case as a linear model: typed columns and rows, streamed into a sparse matrix without a symbolic layer.
//!
//! Vintages of one kind at one site share one dispatch column in each hour. What is fixed is a bound of a column, not a
//! row. Rows are generated twice, once to count and once to fill, and are never stored; their names are made when asked.
//! Scales: MW, MWh, millions of money, thousands of accelerators, EFLOP/s, thousands of tonnes of CO₂.

mod caps;
mod compute;
mod layout;
mod linked;
mod matrix;
mod names;
mod network;
mod stores;
mod stress;
mod unserved;

pub(crate) use layout::{Columns, Pair};
pub(crate) use linked::Linked;
pub(crate) use matrix::{Problem, Rows, Take, assemble};
pub(crate) use names::Limit;

use crate::case::{Case, Group};

/// A million of money.
pub(crate) const MILLION: f64 = 1e6;
/// Accelerators of one unit of a column.
pub(crate) const THOUSAND: f64 = 1e3;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Balance {
        site: usize,
        k: usize,
        t: usize,
    },
    Capacity {
        group: usize,
        k: usize,
        t: usize,
    },
    MustRun {
        group: usize,
        k: usize,
        t: usize,
    },
    RampUp {
        group: usize,
        k: usize,
        t: usize,
    },
    RampDown {
        group: usize,
        k: usize,
        t: usize,
    },
    Grid {
        site: usize,
        k: usize,
        t: usize,
    },
    Charge {
        group: usize,
        k: usize,
        t: usize,
    },
    Discharge {
        group: usize,
        k: usize,
        t: usize,
    },
    Stored {
        group: usize,
        k: usize,
        t: usize,
    },
    State {
        group: usize,
        k: usize,
        t: usize,
    },
    /// The most and the least that a linked store's content differs, in a run, from what the run began with.
    Highest {
        group: usize,
        k: usize,
        t: usize,
    },
    Lowest {
        group: usize,
        k: usize,
        t: usize,
    },
    /// What a linked store holds from one occurrence of a run to the next, and its bounds meanwhile.
    Carried {
        group: usize,
        k: usize,
        at: usize,
    },
    Fullest {
        group: usize,
        k: usize,
        at: usize,
    },
    Emptiest {
        group: usize,
        k: usize,
        at: usize,
    },
    FlowMost {
        group: usize,
        k: usize,
        t: usize,
    },
    FlowLeast {
        group: usize,
        k: usize,
        t: usize,
    },
    Work {
        accelerator: usize,
        site: usize,
        k: usize,
        t: usize,
    },
    Inference {
        class: usize,
        k: usize,
        t: usize,
    },
    Training {
        class: usize,
        k: usize,
    },
    HallRoom {
        site: usize,
        k: usize,
    },
    HallMost {
        site: usize,
        k: usize,
    },
    PowerCap {
        site: usize,
        k: usize,
    },
    StandingMost {
        at: usize,
        k: usize,
    },
    StandingLeast {
        at: usize,
        k: usize,
    },
    Area {
        site: usize,
        k: usize,
    },
    Supply {
        at: usize,
    },
    Spent {
        k: usize,
        item: usize,
    },
    Budget {
        at: usize,
    },
    Policy {
        at: usize,
    },
    /// Only where limits are relaxed: otherwise a bound of the column.
    VintageMost {
        column: u32,
    },
    StressBalance {
        at: usize,
        site: usize,
    },
    StressCapacity {
        at: usize,
        group: usize,
    },
    StressServed {
        at: usize,
        class: usize,
    },
    StressWork {
        at: usize,
        accelerator: usize,
        site: usize,
    },
}

/// Takes rows: what it says, its bounds, and its terms by column, each column once.
pub(crate) trait Sink {
    fn row(&mut self, row: Row, lower: f64, upper: f64, terms: &[(u32, f64)]);
}

/// A case with its columns.
pub(crate) struct Model<'c> {
    pub(crate) case: &'c Case,
    pub(crate) sources: Vec<Group>,
    pub(crate) stores: Vec<Group>,
    pub(crate) lines: Vec<Group>,
    /// Which accelerator does which class where.
    pub(crate) pairs: Vec<Pair>,
    pub(crate) columns: Columns,
}

impl<'c> Model<'c> {
    pub(crate) fn new(case: &'c Case) -> Self {
        let (sources, stores, lines) = (case.source_groups(), case.store_groups(), case.line_groups());
        let pairs = layout::pairs(case);
        let columns = layout::columns(case, &sources, &stores, &lines, &pairs);
        Self { case, sources, stores, lines, pairs, columns }
    }

    pub(crate) fn years(&self) -> usize {
        self.case.years.len()
    }

    pub(crate) fn hours(&self) -> usize {
        self.case.hours.count()
    }

    /// Every row, in an order that never changes.
    pub(crate) fn rows(&self, sink: &mut impl Sink) {
        self.dispatch_rows(sink);
        self.balance_rows(sink);
        self.grid_rows(sink);
        self.line_rows(sink);
        self.store_rows(sink);
        self.compute_rows(sink);
        self.hall_rows(sink);
        self.cap_rows(sink);
        self.money_rows(sink);
        self.policy_rows(sink);
        self.stress_rows(sink);
    }
}
