//! Verifies the published form: a checkpoint, tiles and entry bundles.

use std::collections::BTreeMap;

use super::recompute::Recompute;
use super::source::{Counted, Source};
use super::{Failure, Finding, Options, Report};
use crate::layout::{self, BundleId, Resource};
use crate::tile;

/// Bundle widths by number, if the source can list.
type Listed = Option<BTreeMap<u64, Vec<u16>>>;

/// Verifies a published log, wherever its files lie.
///
/// # Errors
/// Names the first thing that is wrong and where, or the file that could not be read.
pub fn published(source: &dyn Source, options: &Options<'_>) -> Result<Report, Failure> {
    let source = Counted::new(source);
    let start = Recompute::start(&source, options)?;
    let (tiles, bundles) = classify(&source)?;
    let mut recompute = start.with(tiles)?;
    let mut listed = bundles;
    for id in layout::bundles(recompute.head.size) {
        check_bundle(&source, id, &mut listed, &mut recompute)?;
    }
    if let Some((number, widths)) = listed.iter().flatten().next().filter(|_| !options.live) {
        let id = BundleId { number: *number, width: widths[0] };
        return Err(Finding::new(id.to_string(), "the bundle lies beyond the checkpoint")
            .entry(id.first_entry())
            .into());
    }
    recompute.finish(0, false)
}

/// Sorts what is there; a file that is none of the published ones is a finding.
fn classify(source: &Counted<'_>) -> Result<(Option<Vec<layout::TileId>>, Listed), Failure> {
    let Some(paths) = source.list()? else {
        return Ok((None, None));
    };
    let (mut tiles, mut bundles) = (Vec::new(), BTreeMap::<_, Vec<u16>>::new());
    for path in paths {
        match Resource::parse(&path) {
            Some(Resource::Checkpoint) => (),
            Some(Resource::Tile(id)) => tiles.push(id),
            Some(Resource::Bundle(id)) => bundles.entry(id.number).or_default().push(id.width),
            None => return Err(Finding::new(path, "this file does not belong to a published log").into()),
        }
    }
    Ok((Some(tiles), Some(bundles)))
}

/// Takes the entries of one bundle, and compares its narrower versions with it.
fn check_bundle(
    source: &Counted<'_>,
    id: BundleId,
    listed: &mut Listed,
    recompute: &mut Recompute<'_>,
) -> Result<(), Failure> {
    let (path, bytes) = read_bundle(source, id)?;
    let mut lengths = Vec::with_capacity(usize::from(id.width));
    let entries = tile::decode_bundle(&bytes).map_err(|error| {
        let at = if let tile::Error::BundleTruncated(at) = error { at } else { 0 };
        Finding::new(&path, error.to_string()).at(at as u64)
    })?;
    let asked = path == id.to_string();
    if entries.len() < usize::from(id.width) || (asked && entries.len() != usize::from(id.width)) {
        let what = format!("the bundle holds {} entries and must hold {}", entries.len(), id.width);
        return Err(Finding::new(path, what).at(bytes.len() as u64).entry(recompute.size().next_index()).into());
    }
    let mut end = 0;
    for entry in &entries[..usize::from(id.width)] {
        recompute.push(entry)?;
        end += 2 + entry.len();
        lengths.push(end);
    }
    let widths = listed.as_mut().and_then(|listed| listed.remove(&id.number)).unwrap_or_default();
    for width in widths.into_iter().filter(|width| *width != id.width) {
        let narrow = BundleId { width, ..id }.to_string();
        let found = source.need(&narrow)?;
        let expected = lengths.get(usize::from(width) - 1).and_then(|end| bytes.get(..*end));
        if expected != Some(found.as_slice()) {
            return Err(Finding::new(narrow, "the bundle differs from a wider one of the same place").into());
        }
    }
    Ok(())
}

/// A partial bundle may have given way to the full one.
fn read_bundle(source: &Counted<'_>, id: BundleId) -> Result<(String, Vec<u8>), Failure> {
    let path = id.to_string();
    if let Some(bytes) = source.read(&path)? {
        return Ok((path, bytes));
    }
    let full = BundleId { width: layout::TILE_WIDTH as u16, ..id }.to_string();
    let missing = || Finding::new(path, "the bundle is missing").entry(id.first_entry());
    let bytes = source.read(&full)?.ok_or_else(missing)?;
    Ok((full, bytes))
}
