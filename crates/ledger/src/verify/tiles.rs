//! Compares stored tiles with the recomputed ones, byte by byte.

use std::collections::BTreeMap;

use super::source::Counted;
use super::{Failure, Finding};
use crate::layout::{self, TILE_WIDTH, TileId};
use crate::tile::Tile;
use crate::types::{Hash, TreeSize};

/// The tiles that are there, struck off as they are compared.
pub(super) struct Tiles<'a> {
    source: &'a Counted<'a>,
    /// Widths by level and number; `None` if the source cannot list: then what must be there is asked for.
    listed: Option<BTreeMap<(u8, u64), Vec<u16>>>,
    /// The log is being written: files beyond this size may be incomplete, and partial ones may come and go.
    live: Option<TreeSize>,
}

// === impl Tiles ===

impl<'a> Tiles<'a> {
    pub(super) fn new(source: &'a Counted<'a>, listed: Option<Vec<TileId>>, live: Option<TreeSize>) -> Self {
        let listed = listed.map(|ids| {
            let mut by_place = BTreeMap::<_, Vec<u16>>::new();
            for id in ids {
                by_place.entry((id.level, id.number)).or_default().push(id.width);
            }
            by_place
        });
        Self { source, listed, live }
    }

    /// Finds the first tile that a tree of this size must have and that is not listed.
    pub(super) fn require(&self, size: TreeSize) -> Result<(), Failure> {
        let Some(listed) = &self.listed else {
            return Ok(());
        };
        let missing = layout::tiles(size).find(|id| {
            let widths = listed.get(&(id.level, id.number));
            !widths
                .is_some_and(|widths| widths.iter().any(|width| *width == id.width || u64::from(*width) == TILE_WIDTH))
        });
        match missing.filter(|id| id.is_full() || self.live.is_none()) {
            Some(id) => Err(Finding::new(id.to_string(), "the tile is missing").entry(id.first_entry(0)).into()),
            None => Ok(()),
        }
    }

    /// Compares everything stored in a recomputed tile's place with it.
    pub(super) fn check(&mut self, tile: &Tile) -> Result<(), Failure> {
        let id = tile.id;
        let Some(listed) = &mut self.listed else {
            return self.check_asked(tile);
        };
        let Some(widths) = listed.remove(&(id.level, id.number)) else {
            // Whether it must be there is `require`'s business.
            return Ok(());
        };
        let (here, beyond): (Vec<u16>, Vec<u16>) = widths.into_iter().partition(|width| *width <= id.width);
        if !beyond.is_empty() {
            listed.insert((id.level, id.number), beyond);
        }
        for width in here {
            let narrow = TileId { width, ..id };
            if self.live.is_some_and(|settled| !narrow.exists_at(settled)) {
                continue;
            }
            let path = narrow.to_string();
            match self.source.read(&path)? {
                Some(bytes) => compare(&path, narrow, &bytes, tile)?,
                None if self.live.is_some() => (),
                None => return Err(Finding::new(path, "the tile is missing").into()),
            }
        }
        Ok(())
    }

    /// Without a list, a partial tile may have given way to the full one.
    fn check_asked(&self, tile: &Tile) -> Result<(), Failure> {
        let path = tile.id.to_string();
        if let Some(bytes) = self.source.read(&path)? {
            return compare(&path, tile.id, &bytes, tile);
        }
        let full = tile.id.to_full().to_string();
        let missing = || Finding::new(path, "the tile is missing").entry(tile.id.first_entry(0));
        let mut bytes = self.source.read(&full)?.ok_or_else(missing)?;
        bytes.truncate(usize::from(tile.id.width) * Hash::LEN);
        compare(&full, tile.id, &bytes, tile)
    }

    /// Reports the first tile that was never compared: it lies beyond the entries.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        let stray = self.listed.iter().flatten().next().filter(|_| self.live.is_none());
        match stray {
            Some(((level, number), widths)) => {
                let id = TileId { level: *level, number: *number, width: widths[0] };
                Err(Finding::new(id.to_string(), "the tile lies beyond the entries of the log").into())
            }
            None => Ok(()),
        }
    }
}

fn compare(path: &str, id: TileId, stored: &[u8], tile: &Tile) -> Result<(), Failure> {
    let expected = tile.narrowed(id.width).map(|tile| tile.encode()).unwrap_or_default();
    if stored == expected {
        return Ok(());
    }
    let differs = stored.iter().zip(&expected).position(|(a, b)| a != b);
    let at = differs.unwrap_or(stored.len().min(expected.len()));
    let index = id.first_entry((at / Hash::LEN) as u16);
    let what = if differs.is_some() {
        "the tile differs from what the entries hash to: one of the two was altered"
    } else {
        "the tile has a wrong length"
    };
    Err(Finding::new(path, what).at(at as u64).entry(index).into())
}
