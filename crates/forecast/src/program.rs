//! Formulas made ready: a list of steps over columns of draws, year by year.

mod compile;
mod machine;

pub(crate) use compile::{Compiler, Definition, What};
pub(crate) use machine::{Columns, Machine, Stop};

/// Most steps of a model.
pub(crate) const STEPS_MAX: usize = 20_000;
/// Most inputs of a model: each is a bit of what a step depends on.
pub(crate) const INPUTS_MAX: usize = 128;

/// A step by its number.
pub(crate) type Node = usize;

/// One step. Amounts are in base units, times in hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Op {
    Number(f64),
    Input(usize),
    Series(usize),
    /// Time since the first year.
    Time,
    Minus(Node),
    Add(Node, Node),
    Subtract(Node, Node),
    Multiply(Node, Node),
    Divide(Node, Node),
    Power(Node, i32),
    Min(Node, Node),
    Max(Node, Node),
    Exp(Node),
    Ln(Node),
    Sqrt(Node),
    Abs(Node),
    Bass(Node, Node, Node),
    BassTime(Node, Node, Node),
    Logistic(Node, Node, Node),
    Gompertz(Node, Node, Node),
    Cumulate(Node),
    Present(Node, Node),
    Capped(Node, Node),
    IfAtLeast(Node, Node, Node, Node),
}

impl Op {
    /// The steps it reads.
    pub(crate) fn reads(self) -> impl Iterator<Item = Node> {
        let all = match self {
            Self::Number(_) | Self::Input(_) | Self::Series(_) | Self::Time => [None; 4],
            Self::Minus(a)
            | Self::Power(a, _)
            | Self::Exp(a)
            | Self::Ln(a)
            | Self::Sqrt(a)
            | Self::Abs(a)
            | Self::Cumulate(a) => [Some(a), None, None, None],
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::Present(a, b)
            | Self::Capped(a, b) => [Some(a), Some(b), None, None],
            Self::Bass(a, b, c) | Self::BassTime(a, b, c) | Self::Logistic(a, b, c) | Self::Gompertz(a, b, c) => {
                [Some(a), Some(b), Some(c), None]
            }
            Self::IfAtLeast(a, b, c, d) => [Some(a), Some(b), Some(c), Some(d)],
        };
        all.into_iter().flatten()
    }

    /// Whether it may have no value where what it reads has one.
    fn may_fail(self) -> bool {
        use Op::{Bass, BassTime, Divide, Exp, Gompertz, Ln, Logistic, Power, Present, Sqrt};
        matches!(
            self,
            Divide(..)
                | Exp(_)
                | Ln(_)
                | Sqrt(_)
                | Power(..)
                | Present(..)
                | Bass(..)
                | BassTime(..)
                | Logistic(..)
                | Gompertz(..)
        )
    }
}

/// A model's formulas as steps; a step reads earlier ones only.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Program {
    pub(crate) ops: Vec<Op>,
    /// Whether a step differs from year to year.
    pub(crate) yearly: Vec<bool>,
    /// Which inputs a step depends on, a bit each.
    pub(crate) inputs: Vec<u128>,
    /// Of which figure a step is: an index into the names of figures.
    pub(crate) owner: Vec<u16>,
}

impl Program {
    /// The same with no more than some steps need, and the new numbers of those.
    pub(crate) fn only(&self, wanted: &[Node]) -> (Self, Vec<Node>) {
        let mut needed = vec![false; self.ops.len()];
        wanted.iter().for_each(|node| needed[*node] = true);
        for node in (0..self.ops.len()).rev().filter(|node| *node < self.ops.len()) {
            if needed[node] {
                self.ops[node].reads().for_each(|read| needed[read] = true);
            }
        }
        let mut moved = vec![0; self.ops.len()];
        let mut kept = Self::default();
        for node in (0..self.ops.len()).filter(|node| needed[*node]) {
            moved[node] = kept.ops.len();
            kept.ops.push(renumbered(self.ops[node], &moved));
            kept.yearly.push(self.yearly[node]);
            kept.inputs.push(self.inputs[node]);
            kept.owner.push(self.owner[node]);
        }
        (kept, wanted.iter().map(|node| moved[*node]).collect())
    }

    /// Whether any step needs the years before.
    pub(crate) fn remembers(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Cumulate(_) | Op::Present(..)))
    }
}

fn renumbered(op: Op, to: &[Node]) -> Op {
    let t = |node: Node| to[node];
    match op {
        Op::Number(_) | Op::Input(_) | Op::Series(_) | Op::Time => op,
        Op::Minus(a) => Op::Minus(t(a)),
        Op::Add(a, b) => Op::Add(t(a), t(b)),
        Op::Subtract(a, b) => Op::Subtract(t(a), t(b)),
        Op::Multiply(a, b) => Op::Multiply(t(a), t(b)),
        Op::Divide(a, b) => Op::Divide(t(a), t(b)),
        Op::Power(a, power) => Op::Power(t(a), power),
        Op::Min(a, b) => Op::Min(t(a), t(b)),
        Op::Max(a, b) => Op::Max(t(a), t(b)),
        Op::Exp(a) => Op::Exp(t(a)),
        Op::Ln(a) => Op::Ln(t(a)),
        Op::Sqrt(a) => Op::Sqrt(t(a)),
        Op::Abs(a) => Op::Abs(t(a)),
        Op::Bass(a, b, c) => Op::Bass(t(a), t(b), t(c)),
        Op::BassTime(a, b, c) => Op::BassTime(t(a), t(b), t(c)),
        Op::Logistic(a, b, c) => Op::Logistic(t(a), t(b), t(c)),
        Op::Gompertz(a, b, c) => Op::Gompertz(t(a), t(b), t(c)),
        Op::Cumulate(a) => Op::Cumulate(t(a)),
        Op::Present(a, b) => Op::Present(t(a), t(b)),
        Op::Capped(a, b) => Op::Capped(t(a), t(b)),
        Op::IfAtLeast(a, b, c, d) => Op::IfAtLeast(t(a), t(b), t(c), t(d)),
    }
}
