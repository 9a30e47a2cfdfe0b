//! What a second look adds to a first one.

use super::super::known::Value;
use super::super::row::{Piece, Row};
use super::{Hit, Scan};

/// Adds the finds of a second look. What was found first stays, but where it is only part of a value.
pub(super) fn merge(scan: &mut Scan, mut more: Scan) {
    let rest = scan.hits.split_off(scan.conversation);
    let more_rest = more.hits.split_off(more.conversation);
    let conversation = both(std::mem::take(&mut scan.hits), more.hits);
    scan.conversation = conversation.len();
    scan.hits = conversation;
    scan.hits.extend(both(rest, more_rest));
    scan.classes = scan.classes.union(more.classes);
    scan.diffuse = scan.diffuse.union(more.diffuse);
}

/// Hits of one part of a body, none over another. Both lists are free of overlaps in themselves.
fn both(first: Vec<Hit>, more: Vec<Hit>) -> Vec<Hit> {
    let mut sorted: Vec<&Hit> = first.iter().collect();
    sorted.sort_by_key(|hit| hit.range.start);
    let is_new = |hit: &Hit| {
        let from = sorted.partition_point(|other| other.range.end <= hit.range.start);
        let touched = || sorted[from..].iter().take_while(|other| other.range.start < hit.range.end);
        touched().all(|other| {
            let within = hit.range.start <= other.range.start && other.range.end <= hit.range.end;
            within && other.range != hit.range
        })
    };
    let new: Vec<Hit> = more.into_iter().filter(is_new).collect();
    if new.is_empty() {
        return first;
    }
    let mut starts: Vec<_> = new.iter().map(|hit| hit.range.clone()).collect();
    starts.sort_by_key(|range| range.start);
    let is_part = |hit: &Hit| {
        let at = starts.partition_point(|range| range.end <= hit.range.start);
        starts.get(at).is_some_and(|range| range.start < hit.range.end)
    };
    let mut all: Vec<Hit> = first.into_iter().filter(|hit| !is_part(hit)).chain(new).collect();
    all.sort_by_key(|hit| hit.range.start);
    all
}

/// The values that go over several texts of a row: as one word, and as one with gaps.
pub(super) fn joined(row: &Row<'_>, pieces: &[Piece]) -> Vec<Value> {
    let same = |one: &Piece, next: &Piece| one.span == next.span && one.text < next.text;
    let of_pieces = |pieces: &[Piece], gap: &str| {
        let texts: Vec<&str> = pieces.iter().map(|piece| &row.texts[piece.text].said[piece.range.clone()]).collect();
        texts.join(gap)
    };
    let values = pieces.chunk_by(same).flat_map(|pieces| {
        let span = &pieces[0].span;
        ["", " "].map(|gap| Value { text: of_pieces(pieces, gap), kind: span.kind, class: span.class })
    });
    values.collect()
}
