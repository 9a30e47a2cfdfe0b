//! Path arithmetic of the published form (C2SP tlog-tiles). Pure: numbers and names, no storage.

use std::fmt;

use crate::types::{EntryIndex, TreeSize};

/// Tree levels in one tile.
pub const TILE_HEIGHT: u32 = 8;
/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;
/// The checkpoint's path.
pub const CHECKPOINT: &str = "checkpoint";
/// The media type of tiles and bundles.
pub const TILE_MEDIA_TYPE: &str = "application/octet-stream";
/// The media type of the checkpoint.
pub const CHECKPOINT_MEDIA_TYPE: &str = "text/plain; charset=utf-8";

/// A tile of hashes: `width` hashes of tree level `8 * level`, from hash number `256 * number` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// The tile level: 0 holds leaf hashes, each next one the roots of full tiles below.
    pub level: u8,
    /// The 0-based position within the level.
    pub number: u64,
    /// 1 to 256; 256 is a full tile.
    pub width: u16,
}

/// A bundle of entries: `width` entries from entry `256 * number` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId {
    /// The 0-based position.
    pub number: u64,
    /// 1 to 256; 256 is a full bundle.
    pub width: u16,
}

/// Whatever a published log serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The latest signed checkpoint.
    Checkpoint,
    /// A tile of hashes.
    Tile(TileId),
    /// A bundle of entries.
    Bundle(BundleId),
}

/// Returns how many hashes tile level `level` holds, full tiles and the partial one together.
pub fn hashes_at(level: u8, size: TreeSize) -> u64 {
    size.0.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// Returns the width of the partial tile of `level`, 0 if there is none.
pub fn partial_width(level: u8, size: TreeSize) -> u16 {
    (hashes_at(level, size) % TILE_WIDTH) as u16
}

/// Returns how many tile levels a tree has.
pub fn levels(size: TreeSize) -> u8 {
    (0..).take_while(|level| hashes_at(*level, size) > 0).count() as u8
}

/// Lists every tile of a tree, full and partial, by level and number.
pub fn tiles(size: TreeSize) -> impl Iterator<Item = TileId> {
    new_tiles(TreeSize::ZERO, size)
}

/// Lists the tiles that growth from `old` to `new` makes, full and partial, by level and number.
pub fn new_tiles(old: TreeSize, new: TreeSize) -> impl Iterator<Item = TileId> {
    (0..levels(new)).flat_map(move |level| {
        spans(hashes_at(level, old), hashes_at(level, new)).map(move |(number, width)| TileId { level, number, width })
    })
}

/// Lists every entry bundle of a tree, full and partial.
pub fn bundles(size: TreeSize) -> impl Iterator<Item = BundleId> {
    new_bundles(TreeSize::ZERO, size)
}

/// Lists the entry bundles that growth from `old` to `new` makes.
pub fn new_bundles(old: TreeSize, new: TreeSize) -> impl Iterator<Item = BundleId> {
    spans(old.0, new.0).map(|(number, width)| BundleId { number, width })
}

/// Cuts the growth of a row from `old` to `new` items into (number, width) of the pieces it completes or changes.
fn spans(old: u64, new: u64) -> impl Iterator<Item = (u64, u16)> {
    let first = if new > old { old / TILE_WIDTH } else { u64::MAX };
    let full = (first..new / TILE_WIDTH).map(|number| (number, TILE_WIDTH as u16));
    let rest = (new % TILE_WIDTH) as u16;
    full.chain((new > old && rest > 0).then_some((new / TILE_WIDTH, rest)))
}

// === impl TileId ===

impl TileId {
    /// Reports whether all 256 hashes are there.
    pub const fn is_full(self) -> bool {
        self.width as u64 == TILE_WIDTH
    }

    /// Returns the full tile of the same position.
    pub const fn to_full(self) -> Self {
        Self { width: TILE_WIDTH as u16, ..self }
    }

    /// Reports whether a tree of this size has hashes enough for the tile.
    pub fn exists_at(self, size: TreeSize) -> bool {
        let end = self.number.checked_mul(TILE_WIDTH).and_then(|start| start.checked_add(u64::from(self.width)));
        end.is_some_and(|end| end <= hashes_at(self.level, size))
    }

    /// Returns the index of the first entry below hash `position` of the tile.
    pub fn first_entry(self, position: u16) -> EntryIndex {
        let hash_number = self.number.saturating_mul(TILE_WIDTH).saturating_add(u64::from(position));
        EntryIndex(hash_number.checked_shl(u32::from(self.level) * TILE_HEIGHT).unwrap_or(u64::MAX))
    }

    /// Reads a path as `Display` writes it; `None` for every other spelling.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = parse_decimal(level).filter(|level| *level < 64)? as u8;
        let (number, width) = parse_position(rest)?;
        Some(Self { level, number, width })
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        write_position(f, self.number, self.width)
    }
}

// === impl BundleId ===

impl BundleId {
    /// Returns the bundle that holds an entry in a tree of this size; `None` if the tree does not hold the entry.
    pub fn holding(index: EntryIndex, size: TreeSize) -> Option<Self> {
        let number = index.0 / TILE_WIDTH;
        let width = size.0.saturating_sub(number * TILE_WIDTH).min(TILE_WIDTH) as u16;
        size.contains(index).then_some(Self { number, width })
    }

    /// Reports whether all 256 entries are there.
    pub const fn is_full(self) -> bool {
        self.width as u64 == TILE_WIDTH
    }

    /// Returns the index of the bundle's first entry.
    pub const fn first_entry(self) -> EntryIndex {
        EntryIndex(self.number * TILE_WIDTH)
    }

    /// Reports whether a tree of this size has entries enough for the bundle.
    pub fn exists_at(self, size: TreeSize) -> bool {
        let id = TileId { level: 0, number: self.number, width: self.width };
        id.exists_at(size)
    }

    /// Reads a path as `Display` writes it; `None` for every other spelling.
    pub fn parse(path: &str) -> Option<Self> {
        let (number, width) = parse_position(path.strip_prefix("tile/entries/")?)?;
        Some(Self { number, width })
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tile/entries/")?;
        write_position(f, self.number, self.width)
    }
}

// === impl Resource ===

impl Resource {
    /// Reads a path below a log's prefix.
    pub fn parse(path: &str) -> Option<Self> {
        if path == CHECKPOINT {
            return Some(Self::Checkpoint);
        }
        BundleId::parse(path).map(Self::Bundle).or_else(|| TileId::parse(path).map(Self::Tile))
    }
}

/// Writes `N[.p/W]`, N in groups of three digits, all but the last marked `x`.
fn write_position(f: &mut fmt::Formatter<'_>, number: u64, width: u16) -> fmt::Result {
    let mut groups = vec![number % 1000];
    let mut rest = number / 1000;
    while rest > 0 {
        groups.push(rest % 1000);
        rest /= 1000;
    }
    for group in groups.iter().skip(1).rev() {
        write!(f, "x{group:03}/")?;
    }
    write!(f, "{:03}", groups[0])?;
    if u64::from(width) < TILE_WIDTH {
        write!(f, ".p/{width}")?;
    }
    Ok(())
}

fn parse_position(text: &str) -> Option<(u64, u16)> {
    let (text, width) = match text.split_once(".p/") {
        Some((number, width)) => (number, parse_width(width)?),
        None => (text, TILE_WIDTH as u16),
    };
    let mut number = 0u64;
    let mut groups = text.split('/').peekable();
    let mut first = true;
    while let Some(group) = groups.next() {
        let last = groups.peek().is_none();
        let digits = if last { group } else { group.strip_prefix('x')? };
        let three = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
        // A leading group of zeros would give one tile two names.
        if !three || (first && !last && digits == "000") {
            return None;
        }
        number = number.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        first = false;
    }
    number.checked_mul(TILE_WIDTH)?.checked_add(TILE_WIDTH)?;
    Some((number, width))
}

fn parse_width(text: &str) -> Option<u16> {
    parse_decimal(text).filter(|width| (1..TILE_WIDTH).contains(width)).map(|width| width as u16)
}

/// Reads a decimal number in its only spelling: digits, no leading zero.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|_| digits && canonical)
}

#[cfg(test)]
mod tests;
