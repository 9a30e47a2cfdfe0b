//! Rows of stores that are carried through the year: what each run of hours adds is handed on to the next in the order of the
//! year, and the store is neither overfull nor empty meanwhile.
//!
//! A run occurs many times and its hours are columns once. So each run has a highest and a lowest content, counted from what it
//! began with, and each occurrence bounds what it began with by these. Losses are taken where they are on the safe side: what is
//! held counts whole against the most, and as it is at the run's end against the least.

use super::network::{Terms, hour};
use super::{Model, Row, Sink};

/// First columns of a linked store in a year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked {
    /// MWh at the beginning of each occurrence.
    pub(crate) held: u32,
    /// By run: most and least beyond what it began with.
    pub(crate) highest: u32,
    pub(crate) lowest: u32,
}

impl Model<'_> {
    /// `built` is what may be built, with the sign of the other side; `stored` counts from each run's beginning.
    pub(super) fn linked_rows(
        &self,
        (group, k): (usize, usize),
        linked: Linked,
        stored: u32,
        (built, fixed): (&Terms, f64),
        sink: &mut impl Sink,
    ) {
        let kind = self.stores[group].kind;
        let runs: Vec<_> = self.case.hours.runs().collect();
        for (run, hours) in runs.iter().enumerate() {
            for t in hours.clone() {
                let within = [(hour(stored, t), 1.0), (hour(linked.highest, run), -1.0)];
                sink.row(Row::Highest { group, k, t }, f64::NEG_INFINITY, 0.0, &within);
                let within = [(hour(stored, t), 1.0), (hour(linked.lowest, run), -1.0)];
                sink.row(Row::Lowest { group, k, t }, 0.0, f64::INFINITY, &within);
            }
        }
        let size = self.case.storages[kind].hours;
        let order = &self.case.hours.order;
        for (at, run) in order.iter().copied().enumerate() {
            let kept: f64 = runs[run].clone().map(|t| self.case.kept(kind, t)).product();
            let (now, next) = (hour(linked.held, at), hour(linked.held, (at + 1) % order.len()));
            let mut terms = vec![(hour(linked.highest, run), 1.0), (now, 1.0)];
            terms.extend(built.iter().map(|(column, mw)| (*column, size * mw)));
            sink.row(Row::Fullest { group, k, at }, f64::NEG_INFINITY, size * fixed, &terms);
            let terms = [(hour(linked.lowest, run), 1.0), (now, kept)];
            sink.row(Row::Emptiest { group, k, at }, 0.0, f64::INFINITY, &terms);
            let end = (hour(stored, runs[run].end - 1), -1.0);
            match now == next {
                true => sink.row(Row::Carried { group, k, at }, 0.0, 0.0, &[(now, 1.0 - kept), end]),
                false => sink.row(Row::Carried { group, k, at }, 0.0, 0.0, &[(next, 1.0), (now, -kept), end]),
            }
        }
    }
}
