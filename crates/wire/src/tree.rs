//! JSON as a tree that keeps the order of members and the text of numbers.

use crate::error::Error;
use crate::json::{Cursor, Shape, escape_into};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// An object, its members in the order given.
macro_rules! map {
    ($($key:literal : $value:expr),* $(,)?) => {
        $crate::tree::Tree::Map(vec![$(($key.to_owned(), $crate::tree::Tree::from($value))),*])
    };
}
pub(crate) use map;

impl Tree {
    /// Reads a text; bounded in depth like every body.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text)?;
        let tree = value(&mut cursor, text)?;
        cursor.end()?;
        Ok(tree)
    }

    /// Reads a body; none when it is no JSON object.
    pub(crate) fn object(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        Self::parse(text.trim_start_matches('\u{feff}')).ok().filter(|tree| matches!(tree, Self::Map(_)))
    }

    /// A member; null when there is none. Of two with one name the last counts, as most readers have it.
    pub(crate) fn get(&self, name: &str) -> &Self {
        self.members().iter().rev().find(|(key, _)| key == name).map_or(&Self::Null, |(_, value)| value)
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        if let Self::Map(members) = self { members } else { &[] }
    }

    pub(crate) fn list(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The text, or an empty one.
    pub(crate) fn said(&self) -> &str {
        self.text().unwrap_or_default()
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.text() == Some(word)
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub(crate) fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self) -> Option<u64> {
        if let Self::Number(text) = self { text.parse().ok() } else { None }
    }

    pub(crate) fn float(&self) -> Option<f64> {
        if let Self::Number(text) = self { text.parse().ok() } else { None }
    }

    /// Adds a member.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Self>) {
        if let Self::Map(members) = self {
            members.push((name.to_owned(), value.into()));
        }
    }

    /// The JSON text: no white space, and only those escapes that must be.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => literal(text, out),
            Self::List(items) => {
                out.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Map(members) => {
                out.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    literal(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn literal(text: &str, out: &mut String) {
    out.push('"');
    escape_into(text, out);
    out.push('"');
}

fn value(cursor: &mut Cursor<'_>, text: &str) -> Result<Tree, Error> {
    Ok(match cursor.peek()? {
        Shape::Null => cursor.null().map(|()| Tree::Null)?,
        Shape::Bool => Tree::Bool(cursor.bool()?),
        Shape::Number => Tree::Number(text[cursor.number()?].to_owned()),
        Shape::String => Tree::Text(cursor.string()?.decode(text).into_owned()),
        Shape::Array => {
            let mut items = Vec::new();
            cursor.array(|cursor| {
                items.push(value(cursor, text)?);
                Ok(())
            })?;
            Tree::List(items)
        }
        Shape::Object => {
            let mut members = Vec::new();
            cursor.object(|cursor, key| {
                members.push((key.decode(text).into_owned(), value(cursor, text)?));
                Ok(())
            })?;
            Tree::Map(members)
        }
    })
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Tree {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Tree {
    fn from(value: u64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<Vec<Tree>> for Tree {
    fn from(items: Vec<Tree>) -> Self {
        Self::List(items)
    }
}

impl From<&Tree> for Tree {
    fn from(tree: &Tree) -> Self {
        tree.clone()
    }
}

impl<T: Into<Tree>> From<Option<T>> for Tree {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
