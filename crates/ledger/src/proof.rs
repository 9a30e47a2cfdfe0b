//! Inclusion and consistency proofs of RFC 6962: made from stored nodes, checked from nothing but the proof.

mod span;

use std::collections::BTreeMap;

use crate::layout::{TILE_HEIGHT, TILE_WIDTH, TileId, hashes_at};
use crate::tile::Tile;
use crate::tree::{empty_root, fold_right, node_hash, root_of};
use crate::types::{EntryIndex, Hash, TreeSize};

pub use span::{span, verify_span};

/// Hashes in the longest proof of one entry.
pub const PROOF_HASHES_MAX: usize = 64;

/// Where proofs get the roots of perfect subtrees from.
pub trait Nodes {
    /// Why a node cannot be had.
    type Error;

    /// Returns the root of the perfect subtree of `2^height` leaves that starts at leaf `number * 2^height`.
    ///
    /// # Errors
    /// Whatever storage says.
    fn node(&mut self, height: u32, number: u64) -> Result<Hash, Self::Error>;
}

/// Nodes read from the tiles of a tree of one size; keeps the tiles it has read.
pub struct TileNodes<F> {
    size: TreeSize,
    read: F,
    tiles: BTreeMap<TileId, Vec<Hash>>,
}

/// Nodes computed from all leaf hashes, for small trees and tests.
pub struct LeafNodes<'a>(pub &'a [Hash]);

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The entry is not in a tree of that size, or the old tree is larger than the new one.
    #[error("the proof is about an entry or size beyond the tree")]
    OutOfRange,
    /// It has too many or too few hashes.
    #[error("the proof has a wrong number of hashes")]
    Length,
    /// It leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Makes the proof that a tree of `size` holds the entry `index`; `None` if it does not.
///
/// # Errors
/// Whatever the nodes say.
pub fn inclusion<N: Nodes>(nodes: &mut N, index: EntryIndex, size: TreeSize) -> Result<Option<Vec<Hash>>, N::Error> {
    if !size.contains(index) {
        return Ok(None);
    }
    let mut proof = Vec::new();
    let (mut low, mut high) = (0, size.0);
    while high - low > 1 {
        let middle = low + split(high - low);
        if index.0 < middle {
            proof.push(range(nodes, middle, high)?);
            high = middle;
        } else {
            proof.push(range(nodes, low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Makes the proof that the tree of size `old` is how the tree of size `new` began; `None` if `old` is larger.
///
/// # Errors
/// Whatever the nodes say.
pub fn consistency<N: Nodes>(nodes: &mut N, old: TreeSize, new: TreeSize) -> Result<Option<Vec<Hash>>, N::Error> {
    if old > new {
        return Ok(None);
    }
    let mut proof = Vec::new();
    if old == TreeSize::ZERO || old == new {
        return Ok(Some(proof));
    }
    let (mut low, mut high) = (0, new.0);
    while high != old.0 {
        let middle = low + split(high - low);
        if old.0 <= middle {
            proof.push(range(nodes, middle, high)?);
            high = middle;
        } else {
            proof.push(range(nodes, low, middle)?);
            low = middle;
        }
    }
    if low > 0 {
        proof.push(range(nodes, low, high)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Checks that the tree of `size` with `root` holds a leaf at `index`.
///
/// # Errors
/// The proof must have exactly the hashes it needs and lead to the root.
pub fn verify_inclusion(
    leaf: Hash,
    index: EntryIndex,
    size: TreeSize,
    proof: &[Hash],
    root: Hash,
) -> Result<(), Error> {
    if !size.contains(index) {
        return Err(Error::OutOfRange);
    }
    let (mut node, mut last, mut hash) = (index.0, size.0 - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(Error::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A right edge without sibling moves up unhashed.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match (last == 0, hash == root) {
        (false, _) => Err(Error::Length),
        (true, false) => Err(Error::Root),
        (true, true) => Ok(()),
    }
}

/// Checks that the tree of `old` size and root is how the tree of `new` size and root began.
///
/// # Errors
/// The proof must have exactly the hashes it needs and lead to both roots.
pub fn verify_consistency(old: (TreeSize, Hash), new: (TreeSize, Hash), proof: &[Hash]) -> Result<(), Error> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return Err(Error::OutOfRange);
    }
    if old_size == TreeSize::ZERO || old_size == new_size {
        let expected = if old_size == new_size { new_root } else { empty_root() };
        return match (proof.is_empty(), old_root == expected) {
            (false, _) => Err(Error::Length),
            (true, false) => Err(Error::Root),
            (true, true) => Ok(()),
        };
    }
    let (mut node, mut last) = (old_size.0 - 1, new_size.0 - 1);
    let skipped = node.trailing_ones();
    node >>= skipped;
    last >>= skipped;
    // An old tree that is one perfect subtree is its own first hash.
    let (start, rest) = if old_size.0.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(Error::Length)?;
        (*first, rest)
    };
    let (mut old_hash, mut new_hash) = (start, start);
    for sibling in rest {
        if last == 0 {
            return Err(Error::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match (last == 0, old_hash == old_root && new_hash == new_root) {
        (false, _) => Err(Error::Length),
        (true, false) => Err(Error::Root),
        (true, true) => Ok(()),
    }
}

/// Returns the largest power of two below `n`, which is at least 2.
const fn split(n: u64) -> u64 {
    1 << (u64::BITS - 1 - (n - 1).leading_zeros())
}

/// Computes the root over the leaves `low..high`, a subtree as the proofs cut them.
fn range<N: Nodes>(nodes: &mut N, low: u64, high: u64) -> Result<Hash, N::Error> {
    let mut at = low;
    let mut subtrees = Vec::new();
    while at < high {
        let fits = (high - at).ilog2();
        let height = if at == 0 { fits } else { fits.min(at.trailing_zeros()) };
        subtrees.push(nodes.node(height, at >> height)?);
        at += 1 << height;
    }
    Ok(fold_right(&subtrees).expect("ranges of proofs are not empty"))
}

// === impl TileNodes ===

impl<F> TileNodes<F> {
    /// Reads the tiles of a tree of `size` by `read`, which gets the id of a tile as that size has it.
    pub const fn new(size: TreeSize, read: F) -> Self {
        Self { size, read, tiles: BTreeMap::new() }
    }
}

impl<E, F: FnMut(TileId) -> Result<Tile, E>> Nodes for TileNodes<F> {
    type Error = E;

    fn node(&mut self, height: u32, number: u64) -> Result<Hash, E> {
        let (level, within) = ((height / TILE_HEIGHT) as u8, height % TILE_HEIGHT);
        let start = number << within;
        let tile = start / TILE_WIDTH;
        let width = (hashes_at(level, self.size) - tile * TILE_WIDTH).min(TILE_WIDTH) as u16;
        let id = TileId { level, number: tile, width };
        if !self.tiles.contains_key(&id) {
            self.tiles.insert(id, (self.read)(id)?.hashes);
        }
        let from = (start % TILE_WIDTH) as usize;
        Ok(root_of(&self.tiles[&id][from..from + (1 << within)]))
    }
}

// === impl LeafNodes ===

impl Nodes for LeafNodes<'_> {
    type Error = std::convert::Infallible;

    fn node(&mut self, height: u32, number: u64) -> Result<Hash, Self::Error> {
        let start = (number << height) as usize;
        Ok(root_of(&self.0[start..start + (1 << height)]))
    }
}

#[cfg(test)]
mod tests;
