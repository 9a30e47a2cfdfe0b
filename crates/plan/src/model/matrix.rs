//! Rows into compressed columns: counted first, then filled. 12 bytes a non-zero, nothing beside it.

use super::{Model, Row, Sink};

/// What the solver is handed.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    pub(crate) cost: Vec<f64>,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
    /// Columns of whole numbers.
    pub(crate) whole: Vec<u32>,
    pub(crate) row_lower: Vec<f64>,
    pub(crate) row_upper: Vec<f64>,
    pub(crate) start: Vec<u32>,
    pub(crate) index: Vec<u32>,
    pub(crate) value: Vec<f64>,
    /// Smallest and largest magnitude of a coefficient.
    pub(crate) range: (f64, f64),
}

impl Problem {
    pub(crate) fn rows(&self) -> usize {
        self.row_lower.len()
    }

    pub(crate) fn columns(&self) -> usize {
        self.cost.len()
    }
}

/// Takes one row after another: what it says, its bounds, its terms.
pub(crate) type Take<'s> = dyn FnMut(Row, f64, f64, &[(u32, f64)]) + 's;

/// Something that has rows: a model, or one that was changed on the way.
pub(crate) trait Rows {
    fn each(&self, sink: &mut Take<'_>);
}

impl Rows for Model<'_> {
    fn each(&self, sink: &mut Take<'_>) {
        self.rows(&mut Each(sink));
    }
}

struct Each<'s, 't>(&'s mut Take<'t>);

impl Sink for Each<'_, '_> {
    fn row(&mut self, row: Row, lower: f64, upper: f64, terms: &[(u32, f64)]) {
        (self.0)(row, lower, upper, terms);
    }
}

/// The matrix of rows over columns that are given with their cost and bounds in `problem`.
pub(crate) fn assemble(rows: &impl Rows, mut problem: Problem) -> Problem {
    let columns = problem.cost.len();
    let mut start = vec![0_u32; columns + 1];
    rows.each(&mut |_, lower, upper, terms| {
        problem.row_lower.push(lower);
        problem.row_upper.push(upper);
        for (column, _) in terms {
            start[*column as usize + 1] += 1;
        }
    });
    for column in 0..columns {
        start[column + 1] += start[column];
    }
    let mut next: Vec<u32> = start[..columns].to_vec();
    problem.index = vec![0; start[columns] as usize];
    problem.value = vec![0.0; start[columns] as usize];
    let mut row_at = 0;
    let mut range = (f64::INFINITY, 0.0_f64);
    rows.each(&mut |_, _, _, terms| {
        for (column, value) in terms {
            let slot = &mut next[*column as usize];
            problem.index[*slot as usize] = row_at;
            problem.value[*slot as usize] = *value;
            *slot += 1;
            let size = value.abs();
            if size > 0.0 {
                range = (range.0.min(size), range.1.max(size));
            }
        }
        row_at += 1;
    });
    problem.start = start;
    problem.range = range;
    problem
}
