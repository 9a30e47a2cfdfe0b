//! Runs the steps over a block of draws.

use super::{Node, Op, Program};
use crate::growth;
use crate::unit::YEAR_H;

/// Where a model has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop {
    /// The step.
    pub(crate) node: Node,
    /// Whether something was divided by zero.
    pub(crate) by_zero: bool,
    /// The row within the block.
    pub(crate) row: usize,
    /// The year, counted from the first.
    pub(crate) year: usize,
}

/// The memory of one run: a column for each step.
#[derive(Debug)]
pub(crate) struct Machine<'a> {
    program: &'a Program,
    columns: Vec<Vec<f64>>,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(program: &'a Program, rows: usize) -> Self {
        let column = |op: &Op| if matches!(op, Op::Input(_)) { Vec::new() } else { vec![0.0; rows] };
        Self { program, columns: program.ops.iter().map(column).collect() }
    }

    /// Runs all years, or only the last of them where no step needs those before, and shows the columns after each.
    /// `series` are values by year; `skip` says which years nobody looks at.
    pub(crate) fn run(
        &mut self,
        inputs: &[Vec<f64>],
        series: &[Vec<f64>],
        years: std::ops::Range<usize>,
        mut show: impl FnMut(usize, &Columns<'_>),
    ) -> Result<(), Stop> {
        let first = years.start;
        for year in years {
            for node in 0..self.program.ops.len() {
                if year == first || self.program.yearly[node] {
                    self.step(node, inputs, series, year, year == first)?;
                }
            }
            show(year, &Columns { program: self.program, columns: &self.columns, inputs });
        }
        Ok(())
    }

    fn step(
        &mut self,
        node: Node,
        inputs: &[Vec<f64>],
        series: &[Vec<f64>],
        year: usize,
        is_first: bool,
    ) -> Result<(), Stop> {
        let op = self.program.ops[node];
        if matches!(op, Op::Input(_)) {
            return Ok(());
        }
        let mut to = std::mem::take(&mut self.columns[node]);
        let columns = Columns { program: self.program, columns: &self.columns, inputs };
        columns.fill(op, &mut to, series, year, is_first);
        let failed = op.may_fail() && to.iter().map(|it| it * 0.0).sum::<f64>().is_nan();
        let stop = failed.then(|| {
            let row = to.iter().position(|it| !it.is_finite()).unwrap_or(0);
            let by_zero = matches!(op, Op::Divide(_, below) if columns.of(below)[row] == 0.0);
            Stop { node, by_zero, row, year }
        });
        self.columns[node] = to;
        stop.map_or(Ok(()), Err)
    }
}

/// The columns of all steps.
pub(crate) struct Columns<'a> {
    program: &'a Program,
    columns: &'a [Vec<f64>],
    inputs: &'a [Vec<f64>],
}

impl<'a> Columns<'a> {
    /// The column of a step.
    pub(crate) fn of(&self, node: Node) -> &'a [f64] {
        match self.program.ops[node] {
            Op::Input(input) => &self.inputs[input],
            _ => &self.columns[node],
        }
    }

    fn fill(&self, op: Op, to: &mut [f64], series: &[Vec<f64>], year: usize, is_first: bool) {
        match op {
            Op::Number(number) => to.fill(number),
            Op::Input(_) => {}
            Op::Series(at) => to.fill(series[at][year]),
            Op::Time => to.fill(year as f64 * YEAR_H),
            Op::Minus(a) => self.one(to, a, |a| -a),
            Op::Add(a, b) => self.two(to, a, b, |a, b| a + b),
            Op::Subtract(a, b) => self.two(to, a, b, |a, b| a - b),
            Op::Multiply(a, b) => self.two(to, a, b, |a, b| a * b),
            Op::Divide(a, b) => self.two(to, a, b, |a, b| a / b),
            Op::Power(a, power) => self.one(to, a, |a| a.powi(power)),
            Op::Min(a, b) => self.two(to, a, b, f64::min),
            Op::Max(a, b) => self.two(to, a, b, f64::max),
            Op::Exp(a) => self.one(to, a, f64::exp),
            Op::Ln(a) => self.one(to, a, f64::ln),
            Op::Sqrt(a) => self.one(to, a, f64::sqrt),
            Op::Abs(a) => self.one(to, a, f64::abs),
            Op::Bass(a, b, c) => self.three(to, [a, b, c], growth::bass),
            Op::BassTime(a, b, c) => self.three(to, [a, b, c], growth::bass_time),
            Op::Logistic(a, b, c) => self.three(to, [a, b, c], growth::logistic),
            Op::Gompertz(a, b, c) => self.three(to, [a, b, c], growth::gompertz),
            Op::Cumulate(a) => {
                let kept = if is_first { 0.0 } else { 1.0 };
                to.iter_mut().zip(self.of(a)).for_each(|(to, a)| *to = *to * kept + a * YEAR_H);
            }
            Op::Present(a, rate) => {
                let kept = if is_first { 0.0 } else { 1.0 };
                let years = i32::try_from(year).unwrap_or(i32::MAX);
                for ((to, a), rate) in to.iter_mut().zip(self.of(a)).zip(self.of(rate)) {
                    *to = *to * kept + a * YEAR_H / (1.0 + rate * YEAR_H).powi(years);
                }
            }
            Op::Capped(a, b) => self.two(to, a, b, |supply, need| if supply >= need { 1.0 } else { supply / need }),
            Op::IfAtLeast(a, b, c, d) => {
                let (a, b, c, d) = (self.of(a), self.of(b), self.of(c), self.of(d));
                for (row, to) in to.iter_mut().enumerate() {
                    *to = if a[row] >= b[row] { c[row] } else { d[row] };
                }
            }
        }
    }

    fn one(&self, to: &mut [f64], a: Node, f: impl Fn(f64) -> f64) {
        to.iter_mut().zip(self.of(a)).for_each(|(to, a)| *to = f(*a));
    }

    fn two(&self, to: &mut [f64], a: Node, b: Node, f: impl Fn(f64, f64) -> f64) {
        to.iter_mut().zip(self.of(a)).zip(self.of(b)).for_each(|((to, a), b)| *to = f(*a, *b));
    }

    fn three(&self, to: &mut [f64], of: [Node; 3], f: impl Fn(f64, f64, f64) -> f64) {
        let [a, b, c] = of.map(|node| self.of(node));
        for (row, to) in to.iter_mut().enumerate() {
            *to = f(a[row], b[row], c[row]);
        }
    }
}
