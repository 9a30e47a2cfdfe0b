//! A cursor that checks JSON while it walks it, keeping nothing.

use std::ops::Range;

use super::{DEPTH_MAX, Literal};
use crate::eight;
use crate::error::{Error, Problem};

type Result<T> = std::result::Result<T, Error>;

/// Walks one text. Every method leaves the cursor after what it read.
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u8,
}

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// What ends the fast run inside a string: the quote, the backslash and control characters.
fn ends_run(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\')
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Result<Self> {
        if u32::try_from(text.len()).is_err() {
            return Err(Error::new(0, Problem::TooLong));
        }
        Ok(Self { bytes: text.as_bytes(), at: 0, depth: 0 })
    }

    /// Where the cursor stands.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn fail<T>(&self, problem: Problem) -> Result<T> {
        Err(Error::new(self.at, problem))
    }

    fn syntax<T>(&self) -> Result<T> {
        self.fail(if self.at >= self.bytes.len() { Problem::Unfinished } else { Problem::Syntax })
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Skips white space and says what the next value is.
    pub(crate) fn peek(&mut self) -> Result<Shape> {
        self.skip_space();
        match self.bytes.get(self.at) {
            Some(b'{') => Ok(Shape::Object),
            Some(b'[') => Ok(Shape::Array),
            Some(b'"') => Ok(Shape::String),
            Some(b'-' | b'0'..=b'9') => Ok(Shape::Number),
            Some(b't' | b'f') => Ok(Shape::Bool),
            Some(b'n') => Ok(Shape::Null),
            _ => self.syntax(),
        }
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.bytes.get(self.at) == Some(&byte) {
            self.at += 1;
            return Ok(());
        }
        self.syntax()
    }

    /// Reads `null`, `true` or `false`.
    fn word(&mut self, word: &str) -> Result<()> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        // The text may simply stop inside the word.
        while self.at < self.bytes.len() && word.as_bytes().contains(&self.bytes[self.at]) {
            self.at += 1;
        }
        self.syntax()
    }

    pub(crate) fn null(&mut self) -> Result<()> {
        self.word("null")
    }

    pub(crate) fn bool(&mut self) -> Result<bool> {
        let value = self.bytes.get(self.at) == Some(&b't');
        self.word(if value { "true" } else { "false" })?;
        Ok(value)
    }

    fn digits(&mut self) -> Result<()> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
        }
        if self.at == from { self.syntax() } else { Ok(()) }
    }

    /// Reads a number of any precision; its range.
    pub(crate) fn number(&mut self) -> Result<Range<usize>> {
        let from = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(from..self.at)
    }

    /// Reads a string literal.
    pub(crate) fn string(&mut self) -> Result<Literal> {
        self.expect(b'"')?;
        let from = self.at;
        let mut escaped = false;
        loop {
            self.at = eight::find(self.bytes, self.at, eight::ends_run, |at| ends_run(self.bytes[at]));
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    let literal = Literal::new(from, self.at, escaped);
                    self.at += 1;
                    return Ok(literal);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return self.syntax(),
            }
        }
    }

    /// Reads one escape. A lone surrogate is grammatical JSON and passes; decoding replaces it.
    fn escape(&mut self) -> Result<()> {
        self.at += 1;
        match self.bytes.get(self.at) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    match self.bytes.get(self.at) {
                        Some(byte) if byte.is_ascii_hexdigit() => self.at += 1,
                        _ => return self.syntax(),
                    }
                }
            }
            _ => return self.syntax(),
        }
        Ok(())
    }

    fn enter(&mut self) -> Result<()> {
        if self.depth == DEPTH_MAX {
            return self.fail(Problem::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// After a member or element: true when another one follows.
    fn more(&mut self, close: u8) -> Result<bool> {
        self.skip_space();
        match self.bytes.get(self.at) {
            Some(b',') => {
                self.at += 1;
                self.skip_space();
                Ok(true)
            }
            Some(byte) if *byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            _ => self.syntax(),
        }
    }

    fn closed(&mut self, close: u8) -> bool {
        if self.bytes.get(self.at) != Some(&close) {
            return false;
        }
        self.at += 1;
        self.depth -= 1;
        true
    }

    /// Reads an object; `each` must read exactly the member's value.
    pub(crate) fn object(&mut self, mut each: impl FnMut(&mut Self, Literal) -> Result<()>) -> Result<()> {
        self.enter()?;
        if self.closed(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            each(self, key)?;
            if !self.more(b'}')? {
                return Ok(());
            }
        }
    }

    /// Reads an array; `each` must read exactly one element.
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.enter()?;
        if self.closed(b']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if !self.more(b']')? {
                return Ok(());
            }
        }
    }

    /// Checks and passes one value; its range.
    pub(crate) fn skip(&mut self) -> Result<Range<usize>> {
        let shape = self.peek()?;
        let from = self.at;
        match shape {
            Shape::Object => self.object(|cursor, _| cursor.skip().map(drop))?,
            Shape::Array => self.array(|cursor| cursor.skip().map(drop))?,
            Shape::String => drop(self.string()?),
            Shape::Number => {
                self.number()?;
            }
            Shape::Bool => drop(self.bool()?),
            Shape::Null => self.null()?,
        }
        Ok(from..self.at)
    }

    /// Checks that nothing but white space follows.
    pub(crate) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.at == self.bytes.len() { Ok(()) } else { self.fail(Problem::Syntax) }
    }
}
