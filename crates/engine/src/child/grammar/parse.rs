//! Reads GBNF, llama.cpp's notation, into rules. What it becomes is bounded before it is made: a
//! repetition is refused by its numbers, not by the memory it would have taken.

use std::collections::HashMap;

use super::rules::{Element, Rules};

/// Elements of all rules together, repetitions written out.
pub(super) const ELEMENTS_MAX: usize = 100_000;
/// Rules, with those that brackets and repetitions make.
pub(super) const RULES_MAX: usize = 20_000;
/// Times that one item may be repeated by numbers.
pub(super) const REPEAT_MAX: u64 = 2_000;
/// Brackets open at once.
pub(super) const NESTING_MAX: usize = 64;

/// The number of the one token that a text such as `<|im_end|>` is.
pub(super) type TokenOf<'a> = &'a dyn Fn(&str) -> Option<u32>;

/// Reads `text`.
pub(super) fn parse(text: &str, token_of: TokenOf<'_>) -> Result<Rules, String> {
    let mut parser = Parser {
        text,
        at: 0,
        rules: Rules::default(),
        ids: HashMap::new(),
        undefined: Vec::new(),
        optional: HashMap::new(),
        used: 0,
        token_of,
    };
    parser.space(true);
    while parser.peek().is_some() {
        parser.rule()?;
    }
    if let Some(name) = parser.undefined.iter().find(|n| parser.ids.get(*n).is_some_and(|id| parser.is_empty(*id))) {
        return Err(format!("there is no rule `{name}`"));
    }
    parser.rules.root = *parser.ids.get("root").ok_or("there is no rule `root`")?;
    Ok(parser.rules)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
    ids: HashMap<&'a str, u32>,
    /// Names in the order they were first met.
    undefined: Vec<&'a str>,
    /// Optional sequences that were made for repetitions: `x{0,200}` in a hundred places is one chain.
    optional: HashMap<Vec<Element>, u32>,
    used: usize,
    token_of: TokenOf<'a>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn advance(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        if there {
            self.advance(c);
        }
        there
    }

    fn expected<T>(&self, what: &str) -> Result<T, String> {
        let line = self.text[..self.at].bytes().filter(|b| *b == b'\n').count() + 1;
        match self.peek() {
            Some(c) => Err(format!("line {line}: expected {what}, not {c:?}")),
            None => Err(format!("line {line}: expected {what}, not the end")),
        }
    }

    fn space(&mut self, newlines: bool) {
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' => self.advance(c),
                '\r' | '\n' if newlines => self.advance(c),
                '#' => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find(['\r', '\n']).unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn while_is(&mut self, what: &str, is: impl Fn(char) -> bool) -> Result<&'a str, String> {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !is(c)).unwrap_or(rest.len());
        if len == 0 {
            return self.expected(what);
        }
        self.at += len;
        Ok(&rest[..len])
    }

    fn name(&mut self) -> Result<&'a str, String> {
        self.while_is("a name", |c| c.is_ascii_alphanumeric() || c == '-')
    }

    fn number(&mut self) -> Result<u64, String> {
        let digits = self.while_is("a number", |c| c.is_ascii_digit())?;
        // What does not fit is above every bound.
        Ok(digits.parse().unwrap_or(u64::MAX))
    }

    fn is_empty(&self, rule: u32) -> bool {
        self.rules.alternatives(rule).is_empty()
    }

    /// Counts elements before they are made.
    fn take(&mut self, n: usize) -> Result<(), String> {
        self.used = self.used.saturating_add(n);
        if self.used > ELEMENTS_MAX {
            return Err(format!(
                "it is too large: its repetitions written out, it has more than {ELEMENTS_MAX} elements; repeat less, or \
                 without an upper bound"
            ));
        }
        Ok(())
    }

    fn new_rule(&mut self, name: &str) -> Result<u32, String> {
        if self.rules.rules.len() >= RULES_MAX {
            let message =
                "rules, counting those that brackets and repetitions make; repeat less, or without an upper bound";
            return Err(format!("it is too large: it has more than {RULES_MAX} {message}"));
        }
        Ok(self.rules.new_rule(name))
    }

    fn id(&mut self, name: &'a str) -> Result<u32, String> {
        if let Some(id) = self.ids.get(name) {
            return Ok(*id);
        }
        let id = self.new_rule(name)?;
        self.ids.insert(name, id);
        self.undefined.push(name);
        Ok(id)
    }

    fn rule(&mut self) -> Result<(), String> {
        let name = self.name()?;
        let id = self.id(name)?;
        if !self.is_empty(id) {
            return Err(format!("the rule `{name}` is defined twice"));
        }
        self.space(false);
        if !self.text[self.at..].starts_with("::=") {
            return self.expected("`::=`");
        }
        self.at += 3;
        self.space(true);
        self.alternatives(name, id, 0)?;
        if !matches!(self.peek(), None | Some('\r' | '\n')) {
            return self.expected("a new line or the end");
        }
        self.space(true);
        Ok(())
    }

    fn alternatives(&mut self, name: &str, rule: u32, depth: usize) -> Result<(), String> {
        loop {
            let sequence = self.sequence(name, depth)?;
            self.take(1)?;
            self.rules.add(rule, &sequence);
            if !self.eat('|') {
                return Ok(());
            }
            self.space(true);
        }
    }

    fn sequence(&mut self, name: &str, depth: usize) -> Result<Vec<Element>, String> {
        let mut out = Vec::new();
        let mut item = 0;
        while let Some(c) = self.peek() {
            let repeats = matches!(c, '*' | '+' | '?' | '{');
            if !repeats {
                let start = out.len();
                if !self.item(c, name, depth, &mut out)? {
                    break;
                }
                item = start;
            } else if item == out.len() {
                return self.expected("something that can be repeated before it");
            } else {
                let (least, most) = self.repetition(c)?;
                self.repeat(name, &mut out, item, least, most)?;
            }
            self.space(depth > 0);
        }
        Ok(out)
    }

    /// One item onto `out`; `false`: there is none.
    fn item(&mut self, c: char, name: &str, depth: usize, out: &mut Vec<Element>) -> Result<bool, String> {
        let before = out.len();
        match c {
            '"' => self.literal(out)?,
            '[' => out.push(self.class()?),
            '<' | '!' => out.push(self.token()?),
            '.' => {
                self.advance(c);
                out.push(self.rules.class(Vec::new(), true));
            }
            '(' => out.push(self.group(name, depth)?),
            c if c.is_ascii_alphanumeric() || c == '-' => {
                let referred = self.name()?;
                out.push(Element::Rule(self.id(referred)?));
            }
            _ => return Ok(false),
        }
        self.take(out.len() - before)?;
        Ok(true)
    }

    fn literal(&mut self, out: &mut Vec<Element>) -> Result<(), String> {
        self.advance('"');
        while !self.eat('"') {
            let c = self.character()?;
            out.push(self.rules.class(vec![(c, c)], false));
        }
        Ok(())
    }

    fn class(&mut self) -> Result<Element, String> {
        self.advance('[');
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        while !self.eat(']') {
            let low = self.character()?;
            let rest = &self.text[self.at..];
            let mut high = low;
            if rest.starts_with('-') && !rest.starts_with("-]") {
                self.advance('-');
                high = self.character()?;
            }
            ranges.push((low, high));
        }
        Ok(self.rules.class(ranges, negated))
    }

    fn character(&mut self) -> Result<u32, String> {
        let Some(c) = self.peek() else { return self.expected("a character") };
        self.advance(c);
        if c != '\\' {
            return Ok(u32::from(c));
        }
        let Some(escaped) = self.peek() else { return self.expected("an escaped character") };
        let digits = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            't' => return self.escape(escaped, '\t'),
            'r' => return self.escape(escaped, '\r'),
            'n' => return self.escape(escaped, '\n'),
            '\\' | '"' | '[' | ']' | '-' => return self.escape(escaped, escaped),
            _ => return self.expected("one of the escapes x u U t r n \\ \" [ ] -"),
        };
        self.advance(escaped);
        let hex = self.text.get(self.at..self.at + digits).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = hex.and_then(|h| u32::from_str_radix(h, 16).ok());
        let Some(code) = code else { return self.expected(&format!("{digits} hexadecimal digits")) };
        self.at += digits;
        Ok(code)
    }

    fn escape(&mut self, escaped: char, meant: char) -> Result<u32, String> {
        self.advance(escaped);
        Ok(u32::from(meant))
    }

    fn token(&mut self) -> Result<Element, String> {
        let wanted = !self.eat('!');
        let start = self.at;
        if !self.eat('<') {
            return self.expected("`<`");
        }
        let Some(len) = self.text[self.at..].find('>') else { return self.expected("a token, ended by `>`") };
        let inner = &self.text[self.at..self.at + len];
        self.at += len + 1;
        let numbered = inner.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
        let id = match numbered {
            Some(number) => number.parse().ok().filter(|id| (self.token_of)(&format!("<[{id}]>")).is_some()),
            None => (self.token_of)(&self.text[start..self.at]),
        };
        let id = id.ok_or_else(|| format!("this model has no token <{inner}>"))?;
        Ok(Element::Token { id, wanted })
    }

    fn group(&mut self, name: &str, depth: usize) -> Result<Element, String> {
        if depth >= NESTING_MAX {
            return Err(format!("more than {NESTING_MAX} brackets are open at once; name the inner ones as rules"));
        }
        self.advance('(');
        self.space(true);
        let rule = self.new_rule(name)?;
        self.alternatives(name, rule, depth + 1)?;
        if !self.eat(')') {
            return self.expected("`)`");
        }
        Ok(Element::Rule(rule))
    }

    /// From how many to how many times; `None`: any number.
    fn repetition(&mut self, c: char) -> Result<(u64, Option<u64>), String> {
        self.advance(c);
        match c {
            '*' => return Ok((0, None)),
            '+' => return Ok((1, None)),
            '?' => return Ok((0, Some(1))),
            _ => {}
        }
        self.space(true);
        let least = self.number()?;
        self.space(true);
        let mut most = Some(least);
        if self.eat(',') {
            self.space(true);
            let open = self.peek() == Some('}');
            most = if open { None } else { Some(self.number()?) };
            self.space(true);
        }
        if !self.eat('}') {
            return self.expected("`}`");
        }
        if most.is_some_and(|most| most < least) {
            return Err(format!("{{{least},…}} ends below where it begins"));
        }
        if most.unwrap_or(least).max(least) > REPEAT_MAX {
            return Err(format!(
                "something is repeated more than {REPEAT_MAX} times; leave the upper bound out: `{{0,}}`"
            ));
        }
        Ok((least, most))
    }

    /// Puts `S{least,most}` in place of `S`, the elements from `item` on:
    /// `S S … S'`, where `S' ::= S S' |` without a bound, else a chain of as many optional ones.
    fn repeat(
        &mut self,
        name: &str,
        out: &mut Vec<Element>,
        item: usize,
        least: u64,
        most: Option<u64>,
    ) -> Result<(), String> {
        let one = out.split_off(item);
        for _ in 0..least {
            self.take(one.len())?;
            out.extend_from_slice(&one);
        }
        let mut last = None;
        for _ in least..most.unwrap_or(least + 1) {
            let mut sequence = one.clone();
            // The end stands for the rule itself, whose number is not known yet.
            let next = if most.is_none() { Some(Element::End) } else { last };
            sequence.extend(next);
            last = Some(Element::Rule(self.optional(name, sequence)?));
        }
        out.extend(last);
        Ok(())
    }

    /// The rule that is `sequence` or nothing.
    fn optional(&mut self, name: &str, mut sequence: Vec<Element>) -> Result<u32, String> {
        if let Some(rule) = self.optional.get(&sequence) {
            let rule = *rule;
            self.take(1)?;
            return Ok(rule);
        }
        self.take(sequence.len() + 2)?;
        let rule = self.new_rule(name)?;
        self.optional.insert(sequence.clone(), rule);
        if let Some(last) = sequence.last_mut().filter(|last| **last == Element::End) {
            *last = Element::Rule(rule);
        }
        self.rules.add(rule, &sequence);
        self.rules.add(rule, &[]);
        Ok(rule)
    }
}
