use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;

use super::{Error, LeafNodes, TileNodes, consistency, inclusion, verify_consistency, verify_inclusion};
use crate::layout::TileId;
use crate::tile::{Edge, Tile};
use crate::tree::{leaf_hash, node_hash, root_of};
use crate::types::{EntryIndex, Hash, TreeSize};

/// RFC 6962 as its text defines it, by recursion on slices: the oracle.
mod naive {
    use super::{Hash, leaf_hash, node_hash};

    fn cut(n: usize) -> usize {
        (0..).map(|i| 1 << i).take_while(|k| *k < n).last().unwrap()
    }

    pub(super) fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => crate::tree::empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(cut(leaves.len()));
                node_hash(&root(left), &root(right))
            }
        }
    }

    pub(super) fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let k = cut(leaves.len());
        let (left, right) = leaves.split_at(k);
        let (mut path, sibling) = if m < k { (path(m, left), root(right)) } else { (path(m - k, right), root(left)) };
        path.push(sibling);
        path
    }

    pub(super) fn subproof(m: usize, leaves: &[Hash], complete: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if complete { Vec::new() } else { vec![root(leaves)] };
        }
        let k = cut(leaves.len());
        let (left, right) = leaves.split_at(k);
        let (mut proof, sibling) = if m <= k {
            (subproof(m, left, complete), root(right))
        } else {
            (subproof(m - k, right, false), root(left))
        };
        proof.push(sibling);
        proof
    }

    pub(super) fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&(n as u64).to_le_bytes())).collect()
    }
}

fn tiles_of(leaves: &[Hash]) -> BTreeMap<TileId, Tile> {
    let mut edge = Edge::new();
    let mut tiles = BTreeMap::new();
    for leaf in leaves {
        edge.push(*leaf, |tile| drop(tiles.insert(tile.id, tile)));
    }
    tiles.extend(edge.partials().map(|tile| (tile.id, tile)));
    tiles
}

#[test]
fn small_trees_agree_with_the_definition_everywhere() {
    let leaves = naive::leaves(40);
    for size in 1..=leaves.len() {
        let (tree, root) = (&leaves[..size], naive::root(&leaves[..size]));
        assert_eq!(root_of(tree), root);
        let tree_size = TreeSize(size as u64);
        for m in 0..size {
            let index = EntryIndex(m as u64);
            let proof = inclusion(&mut LeafNodes(tree), index, tree_size).unwrap().unwrap();
            assert_eq!(proof, naive::path(m, tree), "path of {m} in {size}");
            assert_eq!(verify_inclusion(tree[m], index, tree_size, &proof, root), Ok(()));
        }
        for old in 1..=size {
            let old_size = TreeSize(old as u64);
            let proof = consistency(&mut LeafNodes(tree), old_size, tree_size).unwrap().unwrap();
            assert_eq!(proof, naive::subproof(old, tree, true), "{old} to {size}");
            let old_root = naive::root(&leaves[..old]);
            assert_eq!(verify_consistency((old_size, old_root), (tree_size, root), &proof), Ok(()));
        }
    }
}

#[test]
fn the_ends_are_exact() {
    let leaves = naive::leaves(5);
    let root = root_of(&leaves);
    let nodes = &mut LeafNodes(&leaves);
    assert_eq!(inclusion(nodes, EntryIndex(5), TreeSize(5)).unwrap(), None);
    assert_eq!(consistency(nodes, TreeSize(6), TreeSize(5)).unwrap(), None);
    let (empty, five) = ((TreeSize(0), root_of(&[])), (TreeSize(5), root));
    assert_eq!(verify_inclusion(leaves[0], EntryIndex(5), TreeSize(5), &[], root), Err(Error::OutOfRange));
    assert_eq!(verify_inclusion(leaves[0], EntryIndex(0), TreeSize(0), &[], root_of(&[])), Err(Error::OutOfRange));
    assert_eq!(verify_inclusion(leaves[0], EntryIndex(0), TreeSize(5), &[], leaves[0]), Err(Error::Length));
    assert_eq!(verify_consistency(empty, five, &[]), Ok(()));
    assert_eq!(verify_consistency((TreeSize(0), root), five, &[]), Err(Error::Root));
    assert_eq!(verify_consistency(empty, five, &[root]), Err(Error::Length));
    assert_eq!(verify_consistency(five, five, &[]), Ok(()));
    assert_eq!(verify_consistency((TreeSize(5), leaves[0]), five, &[]), Err(Error::Root));
    assert_eq!(verify_consistency(five, (TreeSize(4), root), &[]), Err(Error::OutOfRange));
    assert_eq!(verify_consistency((TreeSize(3), root), five, &[]), Err(Error::Length));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Proofs read from tiles are those of the definition, and no altered proof, leaf, place or root passes.
    #[test]
    fn proofs_from_tiles_hold_and_alterations_do_not(
        size in 1usize..1400, m: prop::sample::Index, older: prop::sample::Index, at: prop::sample::Index, bit in 0usize..256,
    ) {
        let leaves = naive::leaves(size);
        let tiles = tiles_of(&leaves);
        let tree_size = TreeSize(size as u64);
        let mut nodes = TileNodes::new(tree_size, |id| Ok::<_, Infallible>(tiles[&id].clone()));
        let (m, old) = (m.index(size), older.index(size) + 1);
        let root = naive::root(&leaves);
        let flip = |hash: &Hash| { let mut bad = *hash; bad.0[bit / 8] ^= 1 << (bit % 8); bad };

        let index = EntryIndex(m as u64);
        let proof = inclusion(&mut nodes, index, tree_size).unwrap().unwrap();
        prop_assert_eq!(&proof, &naive::path(m, &leaves));
        prop_assert_eq!(verify_inclusion(leaves[m], index, tree_size, &proof, root), Ok(()));
        prop_assert!(verify_inclusion(flip(&leaves[m]), index, tree_size, &proof, root).is_err());
        prop_assert!(verify_inclusion(leaves[m], index, tree_size, &proof, flip(&root)).is_err());
        let elsewhere = EntryIndex((m as u64 + 1) % tree_size.0);
        prop_assert!(size == 1 || verify_inclusion(leaves[m], elsewhere, tree_size, &proof, root).is_err());

        let (old_size, old_root) = (TreeSize(old as u64), naive::root(&leaves[..old]));
        let steps = consistency(&mut nodes, old_size, tree_size).unwrap().unwrap();
        prop_assert_eq!(&steps, &naive::subproof(old, &leaves, true));
        let check = |proof: &[Hash]| verify_consistency((old_size, old_root), (tree_size, root), proof);
        prop_assert_eq!(check(&steps), Ok(()));
        prop_assert!(verify_consistency((old_size, flip(&old_root)), (tree_size, root), &steps).is_err());
        prop_assert!(verify_consistency((old_size, old_root), (tree_size, flip(&root)), &steps).is_err());

        let check_inclusion = |proof: &[Hash]| verify_inclusion(leaves[m], index, tree_size, proof, root);
        for (proof, check) in [(&proof, &check_inclusion as &dyn Fn(&[Hash]) -> _), (&steps, &check)] {
            let longer = [proof.as_slice(), &[root]].concat();
            prop_assert!(check(&longer).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                prop_assert!(check(shorter).is_err());
                let mut forged = proof.clone();
                let at = at.index(forged.len());
                forged[at] = flip(&forged[at]);
                prop_assert!(check(&forged).is_err());
            }
        }
    }
}
