//! Formulas as people write them: `+ − * / ^`, names, numbers, functions. No loops, bounded in size.

mod parse;

use std::ops::Range;

pub(crate) use parse::{BYTES_MAX, DEPTH_MAX, parse};

/// A formula, or a part of one, with where it stands in its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) form: Form,
    pub(crate) span: Range<usize>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    Number(f64),
    Name(String),
    Minus(Box<Expr>),
    Two(Sign, Box<[Expr; 2]>),
    Power(Box<Expr>, i32),
    Call(Function, Vec<Expr>),
}

/// Between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Functions that formulas may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    Min,
    Max,
    Exp,
    Ln,
    Sqrt,
    Abs,
    /// Share adopted after Bass: time, p, q.
    Bass,
    /// When a share has adopted after Bass: share, p, q.
    BassTime,
    /// Logistic share: time, middle, rate.
    Logistic,
    /// Gompertz' share: time, middle, rate.
    Gompertz,
    /// The sum of yearly amounts from the first year to this one.
    Cumulate,
    /// The same, each discounted to the first year: amounts, rate a year.
    Present,
    /// How much of what is needed there is, at most 1: supply, need. 1 where nothing is needed.
    Capped,
    /// One value where the first is at least the second, else another: first, second, then, else.
    IfAtLeast,
}

impl Function {
    /// Name, function, how many arguments (none: two or more).
    pub(crate) const ALL: [(&str, Self, Option<usize>); 14] = [
        ("min", Self::Min, None),
        ("max", Self::Max, None),
        ("exp", Self::Exp, Some(1)),
        ("ln", Self::Ln, Some(1)),
        ("sqrt", Self::Sqrt, Some(1)),
        ("abs", Self::Abs, Some(1)),
        ("bass", Self::Bass, Some(3)),
        ("bass_time", Self::BassTime, Some(3)),
        ("logistic", Self::Logistic, Some(3)),
        ("gompertz", Self::Gompertz, Some(3)),
        ("cumulate", Self::Cumulate, Some(1)),
        ("present", Self::Present, Some(2)),
        ("capped", Self::Capped, Some(2)),
        ("if_at_least", Self::IfAtLeast, Some(4)),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function, _)| *function == self).map_or("", |(name, _, _)| name)
    }
}

/// Why a text is no formula, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wrong {
    pub(crate) why: Why,
    pub(crate) span: Range<usize>,
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// Something else was expected.
    Shape,
    TooLong,
    TooDeep,
    Function(String),
    Arguments(Function, usize),
}
