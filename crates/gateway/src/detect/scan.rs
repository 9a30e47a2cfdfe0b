//! Looking through a whole request, texts within texts included.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use realm::{ClassSet, DataClass};
use wire::json::{LeafKind, Literal, is_container, leaves};
use wire::openai::{Form, Place, Request};

use super::{Detectors, Kind};
use crate::redact::token;

/// What detectors found in one request: made once, used for every attempt.
#[derive(Default)]
pub struct Scan {
    hits: Vec<Hit>,
    taken: HashSet<String>,
    classes: ClassSet,
}

/// One find, in the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// The bytes of the body that say it.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// The class it raises.
    pub class: DataClass,
    /// What it says.
    pub(crate) value: String,
    /// How it stands in the text that a model reads: other than the value where that text is JSON with
    /// escapes in it.
    pub(crate) spelling: String,
    /// It stands where only a number can: the token must bring its own quotes.
    pub(crate) bare: Bare,
}

/// How a number without quotes has to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// It is text: no quotes.
    No,
    /// A number of the body: plain quotes.
    Body,
    /// A number in JSON text within a string: escaped quotes.
    Text,
}

// G6: neither a value nor its spelling may reach a log.
impl std::fmt::Debug for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hit").field("range", &self.range).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan").field("hits", &self.hits.len()).field("classes", &self.classes).finish_non_exhaustive()
    }
}

/// JSON text in a string in JSON text …: how many levels are looked into.
const LEVELS_MAX: u8 = 4;

impl Scan {
    /// Looks through a request.
    pub fn of(detectors: &Detectors, request: &Request) -> Self {
        let body = request.text();
        let mut scan = Self::default();
        for place in request.places() {
            scan.place(detectors, body, place);
        }
        scan
    }

    /// The classes found, all of them located.
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// The finds: the conversation's first, each part in its order.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Names of tokens that stand literally in the request, such as `IBAN_1`.
    pub(crate) fn taken(&self) -> &HashSet<String> {
        &self.taken
    }

    fn place(&mut self, detectors: &Detectors, body: &str, place: &Place) {
        let text = place.literal.decode(body);
        let found = self.text(detectors, &text, place.form == Form::Arguments, LEVELS_MAX);
        if found.is_empty() {
            return;
        }
        let said: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        for (found, range) in found.into_iter().zip(place.literal.locate(body, &said)) {
            let spelling = text[found.range.clone()].to_owned();
            let value = found.value.unwrap_or_else(|| spelling.clone());
            let bare = if place.form == Form::Number { Bare::Body } else { found.bare };
            self.classes = self.classes.with(found.class);
            self.hits.push(Hit { range, kind: found.kind, class: found.class, value, spelling, bare });
        }
    }

    /// The finds in a text, sorted. Text that is JSON is read as JSON, or the `n` of an escaped line end
    /// would stick to the word after it, and escaped letters would hide one.
    fn text(&mut self, detectors: &Detectors, text: &str, arguments: bool, levels: u8) -> Vec<Found> {
        token::literal_names(text, &mut self.taken);
        if levels > 0
            && is_container(text)
            && let Ok(leaves) = leaves(text)
        {
            let mut found = Vec::new();
            for leaf in leaves {
                let bare = if arguments && leaf.kind == LeafKind::Number { Bare::Text } else { Bare::No };
                self.leaf(detectors, text, leaf.literal, (bare, levels - 1), &mut found);
            }
            return found;
        }
        let whole = |span: super::Span| Found {
            range: span.range,
            kind: span.kind,
            class: span.class,
            value: None,
            bare: Bare::No,
        };
        detectors.find(text).into_iter().map(whole).collect()
    }

    /// The finds in a leaf of JSON text, as positions of that text.
    fn leaf(&mut self, detectors: &Detectors, text: &str, leaf: Literal, how: (Bare, u8), out: &mut Vec<Found>) {
        let (bare, levels) = how;
        let said = leaf.decode(text);
        let found = self.text(detectors, &said, false, levels);
        let ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let at = leaf.locate(text, &ranges);
        for (found, at) in found.into_iter().zip(at) {
            let value = found.value.unwrap_or_else(|| said[found.range].to_owned());
            let differs = matches!(said, Cow::Owned(_)) || text[at.clone()] != value;
            let value = differs.then_some(value);
            out.push(Found { range: at, value, bare, ..found });
        }
    }
}

/// A find in a text at some level.
struct Found {
    range: Range<usize>,
    kind: Kind,
    class: DataClass,
    /// What it says, where that is not what stands there.
    value: Option<String>,
    bare: Bare,
}
