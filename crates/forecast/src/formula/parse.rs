//! From the text of a formula to its parts, by recursive descent.

use std::ops::Range;

use super::{Expr, Form, Function, Sign, Why, Wrong};

/// Longest formula.
pub(crate) const BYTES_MAX: usize = 4_096;
/// Deepest nesting.
pub(crate) const DEPTH_MAX: usize = 64;
/// Operators in one formula, at most.
const OPERATORS_MAX: usize = 128;

/// Reads a formula.
pub(crate) fn parse(text: &str) -> Result<Expr, Wrong> {
    if text.len() > BYTES_MAX {
        return Err(Wrong { why: Why::TooLong, span: 0..text.len() });
    }
    let mut parser = Parser { text, at: 0, depth: 0, operators: 0 };
    let expr = parser.sum()?;
    parser.blank();
    if parser.at < text.len() { Err(parser.shape()) } else { Ok(expr) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn shape(&self) -> Wrong {
        let end = self.rest().chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        Wrong { why: Why::Shape, span: self.at..end }
    }

    fn take(&mut self, sign: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    fn want(&mut self, sign: char) -> Result<(), Wrong> {
        if self.take(sign) { Ok(()) } else { Err(self.shape()) }
    }

    fn sum(&mut self) -> Result<Expr, Wrong> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Wrong { why: Why::TooDeep, span: self.at..self.text.len() });
        }
        let mut left = self.product()?;
        loop {
            let sign = match () {
                () if self.take('+') => Sign::Add,
                () if self.take('-') => Sign::Subtract,
                () => break,
            };
            left = two(sign, left, self.product()?);
            self.one_more()?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.signed()?;
        loop {
            let sign = match () {
                () if self.take('*') => Sign::Multiply,
                () if self.take('/') => Sign::Divide,
                () => return Ok(left),
            };
            left = two(sign, left, self.signed()?);
            self.one_more()?;
        }
    }

    /// Chains lean to one side: each operator is a level, and figures that use each other add theirs.
    fn one_more(&mut self) -> Result<(), Wrong> {
        self.operators += 1;
        if self.operators <= OPERATORS_MAX {
            return Ok(());
        }
        Err(Wrong { why: Why::TooDeep, span: self.at..self.text.len() })
    }

    fn signed(&mut self) -> Result<Expr, Wrong> {
        self.blank();
        let start = self.at;
        if !self.take('-') {
            return self.power();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Wrong { why: Why::TooDeep, span: start..self.text.len() });
        }
        let inner = self.signed()?;
        self.depth -= 1;
        let span = start..inner.span.end;
        Ok(Expr { form: Form::Minus(Box::new(inner)), span })
    }

    fn power(&mut self) -> Result<Expr, Wrong> {
        let base = self.atom()?;
        if !self.take('^') {
            return Ok(base);
        }
        let below = self.take('-');
        self.blank();
        let digits = self.word(|c| c.is_ascii_digit());
        // Only whole powers: anything else would have no unit.
        let power = self.text[digits.clone()].parse::<i32>().ok().filter(|power| *power <= 9);
        let power = power.ok_or(Wrong { why: Why::Shape, span: digits.clone() })?;
        let span = base.span.start..digits.end;
        Ok(Expr { form: Form::Power(Box::new(base), if below { -power } else { power }), span })
    }

    fn word(&mut self, fits: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        self.at += self.rest().find(|c| !fits(c)).unwrap_or(self.rest().len());
        start..self.at
    }

    fn atom(&mut self) -> Result<Expr, Wrong> {
        self.blank();
        let start = self.at;
        if self.take('(') {
            let inner = self.sum()?;
            self.want(')')?;
            return Ok(Expr { span: start..self.at, ..inner });
        }
        match self.rest().chars().next() {
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_alphabetic() => {
                let name = self.word(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
                if self.take('(') { self.call(name) } else { Ok(self.name(name)) }
            }
            _ => Err(self.shape()),
        }
    }

    fn name(&self, span: Range<usize>) -> Expr {
        Expr { form: Form::Name(self.text[span.clone()].to_owned()), span }
    }

    fn number(&mut self) -> Result<Expr, Wrong> {
        let mut span = self.word(|c| c.is_ascii_digit() || matches!(c, '.' | '_'));
        let rest = self.rest();
        let exponent = rest.strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['-', '+']).unwrap_or(rest));
        if exponent.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            self.at += 1;
            if self.rest().starts_with(['-', '+']) {
                self.at += 1;
            }
            span.end = self.word(|c| c.is_ascii_digit()).end;
        }
        let number = self.text[span.clone()].replace('_', "").parse::<f64>().ok().filter(|it| it.is_finite());
        let number = number.ok_or(Wrong { why: Why::Shape, span: span.clone() })?;
        Ok(Expr { form: Form::Number(number), span })
    }

    fn call(&mut self, name: Range<usize>) -> Result<Expr, Wrong> {
        let text = &self.text[name.clone()];
        let found = Function::ALL.iter().find(|(known, _, _)| *known == text);
        let Some((_, function, count)) = found.copied() else {
            return Err(Wrong { why: Why::Function(text.to_owned()), span: name });
        };
        let mut arguments = vec![self.sum()?];
        while self.take(',') {
            arguments.push(self.sum()?);
        }
        self.want(')')?;
        let span = name.start..self.at;
        let fits = count.map_or(arguments.len() >= 2, |count| count == arguments.len());
        if !fits {
            return Err(Wrong { why: Why::Arguments(function, arguments.len()), span });
        }
        Ok(Expr { form: Form::Call(function, arguments), span })
    }
}

fn two(sign: Sign, left: Expr, right: Expr) -> Expr {
    let span = left.span.start..right.span.end;
    Expr { form: Form::Two(sign, Box::new([left, right])), span }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, parse};
    use crate::formula::{Form, Function, Sign, Why};

    #[test]
    fn products_bind_closer_than_sums_and_powers_closer_still() {
        let expr = parse("a + 2 * -b^2 / max(c.d, 1e-3)").expect("a formula");
        let Form::Two(Sign::Add, sides) = &expr.form else { panic!("{expr:?}") };
        let Form::Two(Sign::Divide, parts) = &sides[1].form else { panic!("{expr:?}") };
        assert!(matches!(&parts[1].form, Form::Call(Function::Max, arguments) if arguments.len() == 2));
        let Form::Two(Sign::Multiply, factors) = &parts[0].form else { panic!("{expr:?}") };
        assert!(matches!(&factors[1].form, Form::Minus(inner) if matches!(inner.form, Form::Power(_, 2))));
        assert_eq!(expr.span, 0..29);
    }

    #[test]
    fn what_is_no_formula_says_where() {
        let why = |text: &str| parse(text).map_err(|wrong| (wrong.why, wrong.span));
        assert_eq!(why("a +"), Err((Why::Shape, 3..3)));
        assert_eq!(why("a b"), Err((Why::Shape, 2..3)));
        assert_eq!(why("2 + ж"), Err((Why::Shape, 4..6)));
        assert_eq!(why("foo(1)"), Err((Why::Function("foo".to_owned()), 0..3)));
        assert_eq!(why("1 + exp(1, 2)"), Err((Why::Arguments(Function::Exp, 2), 4..13)));
        assert_eq!(why("a^0.5").map_err(|it| it.0), Err(Why::Shape));
        let long = format!("1{}", "*1".repeat(super::OPERATORS_MAX + 1));
        assert!(parse(&long).is_err() && parse(&long[2..]).is_ok(), "a chain is as deep as it is long");
        let deep = format!("{}1{}", "(".repeat(DEPTH_MAX), ")".repeat(DEPTH_MAX));
        assert_eq!(why(&deep).map_err(|it| it.0), Err(Why::TooDeep));
        assert_eq!(why(&"-".repeat(4_000)).map_err(|it| it.0), Err(Why::TooDeep));
        assert_eq!(why(&"1+".repeat(3_000)).map_err(|it| it.0), Err(Why::TooLong));
    }
}
