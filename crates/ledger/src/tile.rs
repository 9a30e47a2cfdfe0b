//! What tiles and entry bundles contain, and the right edge from which a growing log makes them.

use crate::layout::{self, TILE_WIDTH, TileId};
use crate::tree::Tree;
use crate::types::{Hash, TreeSize};

/// The longest entry that a bundle can carry.
pub const ENTRY_BYTES_MAX: usize = u16::MAX as usize;

/// The hashes of every unfinished tile of a growing tree, with its frontier.
///
/// One push costs one node hash on average: a full tile's root is a node of the tree anyway.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    tree: Tree,
    /// Per tile level, the hashes since its last full tile: always fewer than 256.
    levels: Vec<Vec<Hash>>,
}

/// A tile with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Which tile it is.
    pub id: TileId,
    /// Its `width` hashes, in order.
    pub hashes: Vec<Hash>,
}

/// Why bytes are not a tile, an edge or a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file's length does not fit the tile's width.
    #[error("{id} must hold {expected} bytes and holds {found}")]
    TileLength {
        /// The tile.
        id: TileId,
        /// 32 times its width.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// An entry exceeds what a bundle can carry.
    #[error("an entry of {0} bytes exceeds the limit of 65535")]
    EntryTooLong(usize),
    /// The bundle ends within an entry.
    #[error("the bundle ends within the entry that starts at byte {0}")]
    BundleTruncated(usize),
}

/// Reads the hashes of a tile.
///
/// # Errors
/// The length must fit the width.
pub fn decode(id: TileId, bytes: &[u8]) -> Result<Tile, Error> {
    let expected = usize::from(id.width) * Hash::LEN;
    if bytes.len() != expected {
        return Err(Error::TileLength { id, expected, found: bytes.len() });
    }
    let hashes = bytes.as_chunks::<32>().0.iter().map(|bytes| Hash(*bytes)).collect();
    Ok(Tile { id, hashes })
}

/// Adds an entry to a bundle: its length in two big-endian bytes, then itself.
///
/// # Errors
/// Refuses entries longer than 65,535 bytes.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), Error> {
    let length = u16::try_from(entry.len()).map_err(|_| Error::EntryTooLong(entry.len()))?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// Writes a bundle.
///
/// # Errors
/// Refuses entries longer than 65,535 bytes.
pub fn encode_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
    let mut bundle = Vec::new();
    for entry in entries {
        push_entry(&mut bundle, entry)?;
    }
    Ok(bundle)
}

/// Reads the entries of a bundle.
///
/// # Errors
/// The bundle must end where an entry ends.
pub fn decode_bundle(bundle: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < bundle.len() {
        let rest = &bundle[at..];
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Error::BundleTruncated(at))?;
        let length = usize::from(u16::from_be_bytes(*length));
        entries.push(rest.get(..length).ok_or(Error::BundleTruncated(at))?);
        at += 2 + length;
    }
    Ok(entries)
}

// === impl Tile ===

impl Tile {
    /// Returns the bytes that the tile's path serves.
    pub fn encode(&self) -> Vec<u8> {
        self.hashes.iter().map(|hash| hash.0).collect::<Vec<_>>().into_flattened()
    }

    /// Returns the partial tile of `width` hashes that preceded this one; `None` if this one is narrower.
    pub fn narrowed(&self, width: u16) -> Option<Self> {
        let hashes = self.hashes.get(..usize::from(width))?.to_vec();
        Some(Self { id: TileId { width, ..self.id }, hashes })
    }
}

// === impl Edge ===

impl Edge {
    /// Starts at the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Resumes a tree from its partial tiles, which `read` supplies; the result's root is for the caller to compare.
    ///
    /// # Errors
    /// Whatever `read` returns.
    pub fn resume<E>(size: TreeSize, mut read: impl FnMut(TileId) -> Result<Tile, E>) -> Result<Self, E> {
        let mut levels = Vec::new();
        for level in 0..layout::levels(size) {
            let width = layout::partial_width(level, size);
            let number = layout::hashes_at(level, size) / TILE_WIDTH;
            let id = TileId { level, number, width };
            levels.push(if width == 0 { Vec::new() } else { read(id)?.hashes });
        }
        let tree = Self::frontier_of(size, &levels);
        Ok(Self { tree, levels })
    }

    /// The frontier of the whole tree is the frontiers of the partial tiles, the highest level first.
    fn frontier_of(size: TreeSize, levels: &[Vec<Hash>]) -> Tree {
        let mut frontier = Vec::new();
        for hashes in levels.iter().rev() {
            let mut tile = Tree::new();
            hashes.iter().for_each(|hash| tile.push(*hash));
            frontier.extend_from_slice(tile.frontier());
        }
        Tree::from_frontier(size, frontier).expect("partial tiles hold one perfect subtree per bit of the size")
    }

    /// Adds a leaf and hands every tile that it completes to `full`, lower levels first.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(Tile)) {
        let grown = TreeSize(self.tree.size().0 + 1);
        let levels = &mut self.levels;
        self.tree.push_with(leaf, |height, node| {
            if height % layout::TILE_HEIGHT != 0 {
                return;
            }
            let level = (height / layout::TILE_HEIGHT) as u8;
            if levels.len() == usize::from(level) {
                levels.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let hashes = &mut levels[usize::from(level)];
            hashes.push(node);
            if hashes.len() == TILE_WIDTH as usize {
                let next = Vec::with_capacity(TILE_WIDTH as usize);
                let number = layout::hashes_at(level, grown) / TILE_WIDTH - 1;
                let id = TileId { level, number, width: TILE_WIDTH as u16 };
                full(Tile { id, hashes: std::mem::replace(hashes, next) });
            }
        });
    }

    /// Returns how many leaves were added.
    pub const fn size(&self) -> TreeSize {
        self.tree.size()
    }

    /// Computes the root.
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Borrows the frontier.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Makes the partial tiles of the current size, lower levels first.
    pub fn partials(&self) -> impl Iterator<Item = Tile> {
        let size = self.tree.size();
        self.levels.iter().enumerate().filter(|(_, hashes)| !hashes.is_empty()).map(move |(level, hashes)| {
            let level = level as u8;
            let number = layout::hashes_at(level, size) / TILE_WIDTH;
            Tile { id: TileId { level, number, width: hashes.len() as u16 }, hashes: hashes.clone() }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::tree::{leaf_hash, root_of};

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn tiles_hold_what_the_specification_defines() {
        // More than 256 * 256, so that three levels exist and one level-1 tile is full.
        let leaves = leaves(70_000);
        let mut edge = Edge::new();
        let mut tiles = BTreeMap::new();
        for leaf in &leaves {
            edge.push(*leaf, |tile| assert!(tiles.insert(tile.id, tile.hashes).is_none()));
        }
        tiles.extend(edge.partials().map(|tile| (tile.id, tile.hashes)));
        let expected: Vec<TileId> = layout::tiles(TreeSize(70_000)).collect();
        assert_eq!(tiles.keys().copied().collect::<Vec<_>>(), expected);
        for (id, hashes) in &tiles {
            let span = 256usize.pow(u32::from(id.level));
            for (i, hash) in hashes.iter().enumerate() {
                let start = (id.number as usize * 256 + i) * span;
                assert_eq!(*hash, root_of(&leaves[start..start + span]), "{id} hash {i}");
            }
        }
        assert_eq!(edge.root(), root_of(&leaves));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn resumes_anywhere(before in 0usize..1500, after in 0usize..600) {
            let leaves = leaves(before + after);
            let mut edge = Edge::new();
            leaves[..before].iter().for_each(|leaf| edge.push(*leaf, |_| ()));
            let partials: BTreeMap<TileId, Tile> = edge.partials().map(|tile| (tile.id, tile)).collect();
            let read = |id: TileId| decode(id, &partials[&id].encode());
            let mut resumed = Edge::resume(edge.size(), read).unwrap();
            prop_assert_eq!(resumed.root(), edge.root());
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for leaf in &leaves[before..] {
                edge.push(*leaf, |tile| a.push(tile));
                resumed.push(*leaf, |tile| b.push(tile));
            }
            prop_assert_eq!(a, b);
            prop_assert_eq!(resumed.root(), root_of(&leaves));
            prop_assert_eq!(resumed.partials().collect::<Vec<_>>(), edge.partials().collect::<Vec<_>>());
        }

        #[test]
        fn bundles_read_back(entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let bundle = encode_bundle(entries.iter().map(Vec::as_slice)).unwrap();
            prop_assert_eq!(decode_bundle(&bundle).unwrap(), entries);
            if let Some((_, cut)) = bundle.split_last() {
                prop_assert!(decode_bundle(cut).is_err() || cut.is_empty() || bundle.ends_with(&[0, 0]));
            }
        }
    }

    #[test]
    fn refuses_wrong_lengths() {
        let id = TileId { level: 0, number: 0, width: 2 };
        assert!(matches!(decode(id, &[0; 63]), Err(Error::TileLength { expected: 64, found: 63, .. })));
        assert_eq!(decode_bundle(&[0, 3, 1, 2]), Err(Error::BundleTruncated(0)));
        assert_eq!(decode_bundle(&[0, 0, 9]), Err(Error::BundleTruncated(2)));
        assert_eq!(encode_bundle([[0; 65_536].as_slice()]), Err(Error::EntryTooLong(65_536)));
    }
}
