//! A call on its way: who, what the path names, what the query and the body say.

use bytes::Bytes;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use store::Visitor;

use super::ORGANISATION;
use super::answer::Refused;
use crate::around::Begin;
use crate::desk::Desk;

/// More than any call of ours has.
pub(super) const PAIRS_MAX: usize = 64;

pub(super) struct Call<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) visitor: Visitor,
    pub(super) token: String,
    /// The parts that the path names, decoded.
    pub(super) named: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
    /// How to begin an answer in parts.
    pub(super) begin: &'a Begin,
}

/// What a query says, in order; one more than may be, where it says more.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(query.as_bytes()).take(PAIRS_MAX + 1);
    pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

impl Call<'_> {
    /// What the path names first.
    pub(super) fn name(&self) -> &str {
        self.named.first().map_or("", String::as_str)
    }

    /// A number that the path names.
    pub(super) fn index(&self) -> Result<u64, Refused> {
        self.name().parse().map_err(|_| crate::Trouble::NotFound.into())
    }

    /// The query, read as a shape that refuses what it does not know.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        let own = self.query.iter().filter(|(key, _)| key != ORGANISATION);
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish();
        serde_urlencoded::from_str(&text).map_err(|error| Refused::about("query", format!("the query: {error}")))
    }

    /// A query that says nothing but of which organisation the answer is to be.
    pub(super) fn plain(&self) -> Result<(), Refused> {
        match self.query.iter().find(|(key, _)| key != ORGANISATION) {
            None => Ok(()),
            Some((key, _)) => Err(Refused::about("query", format!("the query: unknown parameter `{key}`"))),
        }
    }

    /// The body, read as a shape that refuses what it does not know.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_slice(&self.body).map_err(|error| Refused::about("body", format!("the body: {error}")))
    }
}

/// A day, written `2026-11-26`.
pub(super) fn day(name: &'static str, text: Option<&String>) -> Result<Option<Date>, Refused> {
    let wrong = |text: &String| Refused::about(name, format!("`{text}` is no day: expected one like 2026-11-26"));
    text.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}
