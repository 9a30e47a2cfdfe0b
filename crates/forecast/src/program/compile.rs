//! From formulas to steps, with units and contracts checked on the way.

use std::collections::HashMap;
use std::ops::Range;

use super::{Node, Op, Program, STEPS_MAX};
use crate::contract::{Contract, Span, in_words};
use crate::formula::{Expr, Form, Function, Sign};
use crate::unit::Kind;

/// Something that formulas may name.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) what: What,
    /// What it measures, where that is declared.
    pub(crate) kind: Option<Kind>,
    pub(crate) contract: Option<Contract>,
    /// Whether its formula may leave contracts aside: what the built-in structure makes.
    pub(crate) is_built_in: bool,
    /// Where its formula begins in the file.
    pub(crate) span: Range<usize>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Input(usize),
    Series(usize),
    Formula(Expr),
    /// A number that measures something.
    Constant(f64, Kind),
}

/// What is known of a part of a formula.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) node: Node,
    pub(crate) kind: Kind,
    pub(crate) contract: Option<Contract>,
    /// A zero fits every unit and every contract.
    is_zero: bool,
}

/// A problem: its code, place and what fills the message in.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) code: &'static str,
    pub(crate) span: Range<usize>,
    pub(crate) args: Vec<(&'static str, String)>,
}

enum State {
    Open,
    Doing,
    Done(Option<Standing>),
}

/// Compiles definitions, each once.
pub(crate) struct Compiler<'a> {
    definitions: &'a [Definition],
    by_name: HashMap<&'a str, usize>,
    states: Vec<State>,
    path: Vec<usize>,
    made: HashMap<String, Node>,
    pub(crate) program: Program,
    pub(crate) troubles: Vec<Trouble>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(definitions: &'a [Definition]) -> Self {
        Self {
            definitions,
            by_name: definitions.iter().enumerate().map(|(at, it)| (it.name.as_str(), at)).collect(),
            states: definitions.iter().map(|_| State::Open).collect(),
            path: Vec::new(),
            made: HashMap::new(),
            program: Program::default(),
            troubles: Vec::new(),
        }
    }

    /// What is known of a name; `None` after a problem that was said.
    pub(crate) fn name(&mut self, name: &str, at: Range<usize>) -> Option<Standing> {
        let Some(index) = self.by_name.get(name).copied() else {
            let near = realm::load::nearest(name, self.by_name.keys().copied());
            let mut args = vec![("name", name.to_owned())];
            args.extend(near.map(|near| ("nearest", near)));
            self.troubles.push(Trouble { code: "forecast.unknown_name", span: at, args });
            return None;
        };
        match &self.states[index] {
            State::Done(standing) => standing.clone(),
            State::Doing => {
                let start = self.path.iter().position(|it| *it == index).unwrap_or(0);
                let names = self.path[start..].iter().chain([&index]).map(|it| self.definitions[*it].name.as_str());
                let path = names.collect::<Vec<_>>().join(" → ");
                self.trouble("forecast.circular", at, &[("path", path)]);
                None
            }
            State::Open => {
                self.states[index] = State::Doing;
                self.path.push(index);
                let standing = self.define(index);
                self.path.pop();
                self.states[index] = State::Done(standing.clone());
                standing
            }
        }
    }

    fn define(&mut self, index: usize) -> Option<Standing> {
        let definition = &self.definitions[index];
        let declared = definition.kind.clone().unwrap_or_default();
        let known = |node, kind| Standing { node, kind, contract: definition.contract.clone(), is_zero: false };
        match &definition.what {
            What::Input(input) => Some(known(self.push(Op::Input(*input)), declared)),
            What::Series(series) => Some(known(self.push(Op::Series(*series)), declared)),
            What::Constant(number, kind) => Some(known(self.push(Op::Number(*number)), kind.clone())),
            What::Formula(expr) => {
                let found = self.expr(expr)?;
                let span = self.place(&expr.span);
                if !found.is_zero && definition.kind.as_ref().is_some_and(|kind| *kind != found.kind) {
                    let args = [("found", found.kind.to_string()), ("declared", declared.to_string())];
                    self.trouble("forecast.unit_of_figure", span, &args);
                    return None;
                }
                if let (Some(mine), Some(its)) = (&definition.contract, &found.contract) {
                    let unlike = mine.unlike(its);
                    if !unlike.is_empty() {
                        self.trouble("forecast.contract_of_figure", span, &[("differ", in_words(&unlike))]);
                        return None;
                    }
                }
                let kind = definition.kind.clone().unwrap_or(found.kind);
                let contract = definition.contract.clone().or(found.contract);
                Some(Standing { node: found.node, kind, contract, is_zero: found.is_zero })
            }
        }
    }

    /// Where a part of the formula at hand stands in the file.
    fn place(&self, part: &Range<usize>) -> Range<usize> {
        let Some(definition) = self.path.last().map(|index| &self.definitions[*index]) else { return part.clone() };
        if definition.is_built_in {
            return definition.span.clone();
        }
        definition.span.start + part.start..definition.span.start + part.end
    }

    fn trouble(&mut self, code: &'static str, span: Range<usize>, args: &[(&'static str, String)]) {
        self.troubles.push(Trouble { code, span, args: args.to_vec() });
    }

    fn push(&mut self, op: Op) -> Node {
        // Equal steps are one: `-0.0` and `0.0` print differently, as they must.
        let key = format!("{op:?}");
        if let Some(node) = self.made.get(&key) {
            return *node;
        }
        let node = self.program.ops.len();
        let reads: Vec<Node> = op.reads().collect();
        let own = matches!(op, Op::Time | Op::Series(_) | Op::Cumulate(_) | Op::Present(..));
        let bit = if let Op::Input(input) = op { 1u128 << input } else { 0 };
        self.program.yearly.push(own || reads.iter().any(|read| self.program.yearly[*read]));
        self.program.inputs.push(reads.iter().fold(bit, |all, read| all | self.program.inputs[*read]));
        self.program.owner.push(self.path.last().map_or(0, |index| u16::try_from(*index).unwrap_or(u16::MAX)));
        self.program.ops.push(op);
        self.made.insert(key, node);
        node
    }

    fn expr(&mut self, expr: &Expr) -> Option<Standing> {
        if self.program.ops.len() > STEPS_MAX {
            let span = self.place(&expr.span);
            self.trouble("forecast.too_large", span, &[("max", STEPS_MAX.to_string())]);
            return None;
        }
        match &expr.form {
            Form::Number(number) => {
                let node = self.push(Op::Number(*number));
                Some(Standing { node, kind: Kind::none(), contract: None, is_zero: *number == 0.0 })
            }
            Form::Name(name) if name == "time" => {
                let node = self.push(Op::Time);
                Some(Standing { node, kind: Kind::time(), contract: None, is_zero: false })
            }
            Form::Name(name) => {
                let at = self.place(&expr.span);
                self.name(name, at)
            }
            Form::Minus(inner) => {
                let inner = self.expr(inner)?;
                Some(Standing { node: self.push(Op::Minus(inner.node)), ..inner })
            }
            Form::Power(base, power) => {
                let base = self.expr(base)?;
                let node = self.push(Op::Power(base.node, *power));
                Some(Standing { node, kind: base.kind.power(*power), contract: None, is_zero: false })
            }
            Form::Two(sign, sides) => self.two(*sign, &sides[0], &sides[1], &expr.span),
            Form::Call(function, arguments) => self.call(*function, arguments, &expr.span),
        }
    }

    fn two(&mut self, sign: Sign, left: &Expr, right: &Expr, span: &Range<usize>) -> Option<Standing> {
        // Both sides are read even after a problem, so that all are said in one run.
        let (left_side, right_side) = (self.expr(left), self.expr(right));
        let (left, right) = (left_side?, right_side?);
        let plain = |it: &Standing| it.kind.is_none() && it.contract.is_none();
        let (op, kind) = match sign {
            Sign::Add | Sign::Subtract => {
                let kind = self.alike(&[&left, &right], span)?;
                let op = if sign == Sign::Add { Op::Add } else { Op::Subtract };
                (op(left.node, right.node), kind)
            }
            Sign::Multiply => (Op::Multiply(left.node, right.node), left.kind.times(&right.kind, 1)),
            Sign::Divide => (Op::Divide(left.node, right.node), left.kind.times(&right.kind, -1)),
        };
        let is_number = |it: &Standing| plain(it) && self.program.inputs[it.node] == 0 && !self.program.yearly[it.node];
        let contract = match sign {
            Sign::Add | Sign::Subtract => left.contract.or(right.contract),
            // A multiple by a plain number is still the same figure; by anything else it is another one.
            _ if is_number(&right) => left.contract,
            Sign::Multiply if is_number(&left) => right.contract,
            _ => None,
        };
        Some(Standing { node: self.push(op), kind, contract, is_zero: false })
    }

    /// What several parts measure that are added or compared; a problem where it differs.
    fn alike(&mut self, parts: &[&Standing], span: &Range<usize>) -> Option<Kind> {
        let counted: Vec<&&Standing> = parts.iter().filter(|it| !it.is_zero).collect();
        let Some(first) = counted.first() else { return Some(parts[0].kind.clone()) };
        for other in &counted[1..] {
            if first.kind != other.kind {
                let args = [("left", first.kind.to_string()), ("right", other.kind.to_string())];
                let place = self.place(span);
                self.trouble("forecast.unlike_units", place, &args);
                return None;
            }
            let differ = match (&first.contract, &other.contract) {
                (Some(left), Some(right)) => in_words(&left.unlike(right)),
                (None, None) => String::new(),
                // Money without a contract may be anything.
                _ if first.kind.is_money() => "contract: stated / not stated".to_owned(),
                _ => String::new(),
            };
            if !differ.is_empty() {
                let place = self.place(span);
                self.trouble("forecast.unlike_contracts", place, &[("differ", differ)]);
                return None;
            }
        }
        Some(first.kind.clone())
    }

    fn call(&mut self, function: Function, arguments: &[Expr], span: &Range<usize>) -> Option<Standing> {
        let read: Vec<Option<Standing>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let of: Vec<Standing> = read.into_iter().collect::<Option<_>>()?;
        let n: Vec<Node> = of.iter().map(|it| it.node).collect();
        let plain = |node| Standing { node, kind: Kind::none(), contract: None, is_zero: false };
        match function {
            Function::Min | Function::Max => {
                let kind = self.alike(&of.iter().collect::<Vec<_>>(), span)?;
                let op = if function == Function::Min { Op::Min } else { Op::Max };
                let node = n[1..].iter().fold(n[0], |so_far, next| self.push(op(so_far, *next)));
                let contract = of.iter().find_map(|it| it.contract.clone());
                Some(Standing { node, kind, contract, is_zero: false })
            }
            Function::Exp | Function::Ln => {
                self.wants(function, arguments, &of, &[Kind::none()])?;
                let op = if function == Function::Exp { Op::Exp } else { Op::Ln };
                Some(plain(self.push(op(n[0]))))
            }
            Function::Sqrt => {
                let Some(kind) = of[0].kind.root() else {
                    return self.wants(function, arguments, &of, &[Kind::none()]).map(|()| plain(n[0]));
                };
                Some(Standing { node: self.push(Op::Sqrt(n[0])), kind, contract: None, is_zero: false })
            }
            Function::Abs => Some(Standing { node: self.push(Op::Abs(n[0])), ..of[0].clone() }),
            Function::Bass | Function::Logistic | Function::Gompertz | Function::BassTime => {
                self.curve(function, arguments, &of, &n)
            }
            Function::Cumulate => {
                let node = self.push(Op::Cumulate(n[0]));
                Some(summed(node, &of[0]))
            }
            Function::Present => {
                let kinds = [of[0].kind.clone(), Kind::time().power(-1)];
                self.wants(function, arguments, &of, &kinds)?;
                let node = self.push(Op::Present(n[0], n[1]));
                Some(summed(node, &of[0]))
            }
            Function::Capped => {
                self.alike(&[&of[0], &of[1]], span)?;
                Some(plain(self.push(Op::Capped(n[0], n[1]))))
            }
            Function::IfAtLeast => {
                self.alike(&[&of[0], &of[1]], span)?;
                let kind = self.alike(&[&of[2], &of[3]], span)?;
                let node = self.push(Op::IfAtLeast(n[0], n[1], n[2], n[3]));
                Some(Standing {
                    node,
                    kind,
                    contract: of[2].contract.clone().or(of[3].contract.clone()),
                    is_zero: false,
                })
            }
        }
    }

    fn curve(&mut self, function: Function, arguments: &[Expr], of: &[Standing], n: &[Node]) -> Option<Standing> {
        let (time, rate) = (Kind::time(), Kind::time().power(-1));
        let (wanted, op, kind) = match function {
            Function::Bass => ([time, rate.clone(), rate], Op::Bass(n[0], n[1], n[2]), Kind::none()),
            Function::BassTime => ([Kind::none(), rate.clone(), rate], Op::BassTime(n[0], n[1], n[2]), time),
            Function::Gompertz => ([time.clone(), time, rate], Op::Gompertz(n[0], n[1], n[2]), Kind::none()),
            _ => ([time.clone(), time, rate], Op::Logistic(n[0], n[1], n[2]), Kind::none()),
        };
        self.wants(function, arguments, of, &wanted)?;
        Some(Standing { node: self.push(op), kind, contract: None, is_zero: false })
    }

    /// Arguments that must measure something in particular.
    fn wants(&mut self, function: Function, written: &[Expr], of: &[Standing], wanted: &[Kind]) -> Option<()> {
        let mut fits = true;
        for ((expr, found), wanted) in written.iter().zip(of).zip(wanted) {
            if found.kind != *wanted && !found.is_zero {
                let args = [
                    ("function", function.name().to_owned()),
                    ("found", found.kind.to_string()),
                    ("wanted", wanted.to_string()),
                ];
                let place = self.place(&expr.span);
                self.trouble("forecast.argument_unit", place, &args);
                fits = false;
            }
        }
        fits.then_some(())
    }
}

/// Amounts a year, added up.
fn summed(node: Node, amounts: &Standing) -> Standing {
    let contract = amounts.contract.as_ref().map(|it| it.over(Span::Cumulative));
    Standing { node, kind: amounts.kind.times(&Kind::time(), 1), contract, is_zero: false }
}
