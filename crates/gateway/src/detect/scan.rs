//! Looking through a whole request, texts within texts included.

mod again;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use realm::{ClassSet, DataClass};
use wire::json::{Leaf, LeafKind, Literal, is_container, leaves};
use wire::openai::{Form, Place, Request, Section};

use super::data::{self, Payload};
use super::known::{Known, Value};
use super::row::{self, Row};
use super::{Detectors, Kind, Span, label, number};
use crate::redact::token;

/// What detectors found in one request: made once, used for every attempt.
#[derive(Default)]
pub struct Scan {
    hits: Vec<Hit>,
    /// So many of them are the conversation's.
    conversation: usize,
    /// Values of which no text holds more than a piece.
    joined: Vec<Value>,
    taken: HashSet<String>,
    classes: ClassSet,
    diffuse: ClassSet,
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

/// A body with more finds is a table, in which each column has its word: it is not looked through once more.
const AGAIN_HITS_MAX: usize = 10_000;

impl Scan {
    /// Looks through a request; where something is found, once more for the same values in other places, where no word
    /// explains them.
    pub fn of(detectors: &Detectors, request: &Request) -> Self {
        let mut scan = Self::once(detectors, request);
        let few = scan.hits.len() <= AGAIN_HITS_MAX;
        let telling: Vec<Value> = scan.values().take_while(|_| few).filter(Value::is_telling).collect();
        if !telling.is_empty() {
            let known = Detectors::only(Arc::new(Known::of(telling)));
            again::merge(&mut scan, Self::once(&known, request));
        }
        scan
    }

    fn once(detectors: &Detectors, request: &Request) -> Self {
        let body = request.text();
        let mut scan = Self::default();
        let (mut row, mut crossed) = (Row::default(), false);
        let conversation = request.places().partition_point(|place| place.section == Section::Messages);
        let (conversation, rest) = request.places().split_at(conversation);
        for place in conversation {
            let text = scan.place(detectors, body, place);
            let (Some(number), Some(text)) = (place.row, text) else { continue };
            if row.number != number {
                crossed |= scan.crossing(detectors, body, &std::mem::take(&mut row));
                row.number = number;
            }
            row.texts.push(text);
        }
        crossed |= scan.crossing(detectors, body, &row);
        if crossed {
            scan.hits.sort_by_key(|hit| hit.range.start);
        }
        scan.conversation = scan.hits.len();
        for place in rest {
            scan.place(detectors, body, place);
        }
        scan
    }

    /// The classes found at known places.
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// The classes found, or feared, where nothing can be replaced.
    pub fn diffuse(&self) -> ClassSet {
        self.diffuse
    }

    /// The finds: the conversation's first, each part in its order.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Every value found, in each spelling that it has.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> + '_ {
        let of_hits = self.hits.iter().flat_map(|hit| {
            let differs = (hit.spelling != hit.value).then_some(&hit.spelling);
            [Some(&hit.value), differs].into_iter().flatten().map(|text| Value {
                text: text.clone(),
                kind: hit.kind,
                class: hit.class,
            })
        });
        of_hits.chain(self.joined.iter().cloned())
    }

    /// Names of tokens that stand literally in the request, such as `IBAN_1`.
    pub(crate) fn taken(&self) -> &HashSet<String> {
        &self.taken
    }

    /// Looks at one place; a text comes back for what it may say together with the next one.
    fn place<'b>(&mut self, detectors: &Detectors, body: &'b str, place: &Place) -> Option<row::Text<'b>> {
        let literal = place.literal;
        match place.form {
            Form::Number | Form::Setting => {
                let span = number::find(detectors, literal.raw(body))?;
                if place.form == Form::Setting {
                    self.diffuse = self.diffuse.with(span.class);
                } else {
                    self.keep(literal.inner(), literal.raw(body), Found::at(0..0, &span, Bare::Body));
                }
                None
            }
            Form::Data => {
                let text = literal.decode(body);
                let (payload, clear) = data::whole(&text);
                self.payloads(detectors, payload, LEVELS_MAX);
                let found = self.text(detectors, &text[..clear], false, LEVELS_MAX);
                self.locate(body, literal, &text, found);
                None
            }
            Form::Text | Form::Arguments | Form::Key => {
                let said = literal.decode(body);
                let found = self.text(detectors, &said, place.form == Form::Arguments, LEVELS_MAX);
                let kinds = found.iter().map(|found| (found.range.clone(), found.kind)).collect();
                self.locate(body, literal, &said, found);
                Some(row::Text { literal, said, found: kinds })
            }
        }
    }

    /// Keeps finds in what a literal says.
    fn locate(&mut self, body: &str, literal: Literal, said: &str, found: Vec<Found>) {
        if found.is_empty() {
            return;
        }
        let ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        for (found, range) in found.into_iter().zip(literal.locate(body, &ranges)) {
            self.keep(range, &said[found.range.clone()], found);
        }
    }

    fn keep(&mut self, range: Range<usize>, spelling: &str, found: Found) {
        let spelling = spelling.to_owned();
        let value = found.value.unwrap_or_else(|| spelling.clone());
        self.classes = self.classes.with(found.class);
        self.hits.push(Hit { range, kind: found.kind, class: found.class, value, spelling, bare: found.bare });
    }

    /// Keeps the pieces of values that go over from one text into the next, a token for each: so every text comes
    /// back as it was, and none becomes empty, which some providers refuse.
    fn crossing(&mut self, detectors: &Detectors, body: &str, row: &Row<'_>) -> bool {
        let pieces = row.crossing(detectors);
        let before = self.hits.len();
        for piece in &pieces {
            let text = &row.texts[piece.text];
            self.locate(body, text.literal, &text.said, vec![Found::at(piece.range.clone(), &piece.span, Bare::No)]);
        }
        // What a text holds alone gives way to them.
        let mut taken: Vec<_> = self.hits[before..].iter().map(|hit| hit.range.clone()).collect();
        taken.sort_by_key(|range| range.start);
        let free = |range: &Range<usize>| {
            let next = taken.partition_point(|taken| taken.end <= range.start);
            taken.get(next).is_none_or(|taken| range.end <= taken.start)
        };
        let crossing = self.hits.split_off(before);
        if !crossing.is_empty() {
            self.hits.retain(|hit| free(&hit.range));
        }
        self.hits.extend(crossing);
        if self.joined.len() < AGAIN_HITS_MAX {
            self.joined.extend(again::joined(row, &pieces));
        }
        !pieces.is_empty()
    }

    /// Looks into payloads. What is said to be text and cannot be read may hold anything.
    fn payloads(&mut self, detectors: &Detectors, payloads: impl IntoIterator<Item = Payload>, levels: u8) {
        for payload in payloads {
            match payload {
                Payload::Text(text) => {
                    let found = self.text(detectors, &text, false, levels.saturating_sub(1));
                    self.diffuse = found.iter().fold(self.diffuse, |classes, found| classes.with(found.class));
                }
                Payload::Unreadable => self.diffuse = self.diffuse.with(DataClass::Personal),
                Payload::Binary => {}
            }
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
            let (mut found, mut label) = (Vec::new(), None);
            for leaf in leaves {
                if leaf.kind == LeafKind::Key {
                    label = Some(leaf.literal.decode(text));
                }
                let bare = if arguments && leaf.kind == LeafKind::Number { Bare::Text } else { Bare::No };
                self.leaf(detectors, (label.as_deref(), text), leaf, (bare, levels - 1), &mut found);
            }
            return found;
        }
        if levels > 0 {
            self.payloads(detectors, data::payloads(text).into_iter().chain(data::bare(text)), levels);
        }
        detectors.find(text).into_iter().map(|span| Found::at(span.range.clone(), &span, Bare::No)).collect()
    }

    /// The finds in a leaf of JSON text, as positions of that text.
    fn leaf(
        &mut self,
        detectors: &Detectors,
        (label, text): (Option<&str>, &str),
        leaf: Leaf,
        how: (Bare, u8),
        out: &mut Vec<Found>,
    ) {
        let (Leaf { literal, kind }, (bare, levels)) = (leaf, how);
        let labelled = |said: &str| label.map(|label| label::find(detectors, label, said)).unwrap_or_default();
        if kind == LeafKind::Number {
            let said = literal.raw(text);
            let span = number::find(detectors, said).or_else(|| labelled(said).into_iter().next());
            out.extend(span.map(|span| Found::at(literal.inner(), &span, bare)));
            return;
        }
        let said = literal.decode(text);
        let mut found = self.text(detectors, &said, false, levels);
        if found.is_empty() && kind == LeafKind::String {
            found = labelled(&said).iter().map(|span| Found::at(span.range.clone(), span, Bare::No)).collect();
        }
        let ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let at = literal.locate(text, &ranges);
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

impl Found {
    fn at(range: Range<usize>, span: &Span, bare: Bare) -> Self {
        Self { range, kind: span.kind, class: span.class, value: None, bare }
    }
}
