//! Values that go over from one text into the next: parts of one message, which a model reads as one text.
//!
//! A client chooses how many texts there are and how many values, so the work grows with the length of the row and with
//! nothing times it: what a find touches is searched for, not gone through.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use wire::json::Literal;

use super::{Detectors, Kind, Span};

/// Of a long text only so many bytes at either end can belong to a value that goes on elsewhere.
const REACH: usize = 1024;
/// Stands in for what is found already: no value holds it or goes over it. Only telephone numbers stay to be read: part
/// of an account number may look like one.
const MASK: &str = "|";

/// Texts that stand in a row.
#[derive(Default)]
pub(super) struct Row<'b> {
    /// Which row of the request.
    pub(super) number: u32,
    pub(super) texts: Vec<Text<'b>>,
}

/// One text, and what was found in it alone.
pub(super) struct Text<'b> {
    pub(super) literal: Literal,
    pub(super) said: Cow<'b, str>,
    pub(super) found: Vec<(Range<usize>, Kind)>,
}

/// A part of a value: which text says it, and where.
pub(super) struct Piece {
    pub(super) text: usize,
    pub(super) range: Range<usize>,
    pub(super) span: Span,
}

/// The pieces found so far, and which of them each text holds.
#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    of_text: HashMap<usize, Vec<Range<usize>>>,
}

impl Pieces {
    fn extend(&mut self, pieces: Vec<Piece>) {
        for piece in &pieces {
            self.of_text.entry(piece.text).or_default().push(piece.range.clone());
        }
        self.all.extend(pieces);
    }

    fn of(&self, text: usize) -> impl Iterator<Item = &Range<usize>> {
        self.of_text.get(&text).into_iter().flatten()
    }
}

impl Row<'_> {
    /// The pieces of every value that no text holds alone. No two of them overlap.
    pub(super) fn crossing(&self, detectors: &Detectors) -> Vec<Piece> {
        let mut out = Pieces::default();
        if self.texts.len() > 1 {
            let mut ends = Vec::new();
            for (index, text) in self.texts.iter().enumerate() {
                let length = text.said.len();
                if length <= 2 * REACH {
                    ends.push((index, 0..length));
                    continue;
                }
                ends.push((index, 0..text.said.floor_char_boundary(REACH)));
                self.joined(detectors, &ends, &mut out);
                ends = vec![(index, text.said.ceil_char_boundary(length - REACH)..length)];
            }
            self.joined(detectors, &ends, &mut out);
        }
        out.all
    }

    /// Reads some texts as one: right behind each other, and with a space between.
    fn joined(&self, detectors: &Detectors, ends: &[(usize, Range<usize>)], out: &mut Pieces) {
        if ends.len() < 2 {
            return;
        }
        for glue in ["", " "] {
            let mut whole = String::new();
            let mut starts = Vec::with_capacity(ends.len());
            for (index, range) in ends {
                whole.push_str(if starts.is_empty() { "" } else { glue });
                starts.push(whole.len());
                whole.push_str(&self.masked(*index, range, out));
            }
            for span in detectors.find(&whole) {
                let pieces = pieces(&span, ends, &starts);
                let is_more = span.kind != Kind::Phone || !pieces.iter().any(|piece| self.is_found(piece));
                if pieces.len() > 1 && is_more && !whole[span.range].contains(MASK) {
                    out.extend(pieces);
                }
            }
        }
    }

    /// Whether a piece touches what its text holds alone.
    fn is_found(&self, piece: &Piece) -> bool {
        let touches = |found: &Range<usize>| found.start < piece.range.end && piece.range.start < found.end;
        self.texts[piece.text].found.iter().any(|(found, _)| touches(found))
    }

    /// A part of a text, what is found in it covered up.
    fn masked(&self, index: usize, part: &Range<usize>, pieces: &Pieces) -> String {
        let text = &self.texts[index];
        let mut said = text.said[part.clone()].to_owned();
        let alone = text.found.iter().filter(|(_, kind)| *kind != Kind::Phone).map(|(range, _)| range);
        for found in alone.chain(pieces.of(index)) {
            let (from, to) = (found.start.max(part.start), found.end.min(part.end));
            if from < to {
                said.replace_range(from - part.start..to - part.start, &MASK.repeat(to - from));
            }
        }
        said
    }
}

/// What a find in texts read as one takes of each of them.
fn pieces(span: &Span, ends: &[(usize, Range<usize>)], starts: &[usize]) -> Vec<Piece> {
    let first = starts.partition_point(|start| *start <= span.range.start).saturating_sub(1);
    let after = starts.partition_point(|start| *start < span.range.end);
    let touched = ends[first..after].iter().zip(&starts[first..after]);
    touched
        .filter_map(|((index, part), start)| {
            let from = span.range.start.max(*start);
            let to = span.range.end.min(start + part.len());
            let range = || part.start + from - start..part.start + to - start;
            (from < to).then(|| Piece { text: *index, range: range(), span: span.clone() })
        })
        .collect()
}
