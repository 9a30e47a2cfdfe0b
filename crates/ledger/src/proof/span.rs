//! Proofs that a run of entries is in a tree, whole and in its place: nothing between the first and the last can be left
//! out, put in or changed.

use super::{Error, Nodes, range, split};
use crate::tree::node_hash;
use crate::types::{EntryIndex, Hash, TreeSize};

/// Makes the proof that the tree of `size` holds the leaves `from..until`; `None` if it does not, or if there are none.
///
/// # Errors
/// Whatever the nodes say.
pub fn span<N: Nodes>(
    nodes: &mut N,
    (from, until): (EntryIndex, EntryIndex),
    size: TreeSize,
) -> Result<Option<Vec<Hash>>, N::Error> {
    if from >= until || until.0 > size.0 {
        return Ok(None);
    }
    let mut proof = Vec::new();
    outside(nodes, (from.0, until.0), (0, size.0), &mut proof)?;
    Ok(Some(proof))
}

/// The roots of the largest subtrees outside of the run, from left to right.
fn outside<N: Nodes>(
    nodes: &mut N,
    (from, until): (u64, u64),
    (low, high): (u64, u64),
    proof: &mut Vec<Hash>,
) -> Result<(), N::Error> {
    if high <= from || until <= low {
        proof.push(range(nodes, low, high)?);
    } else if low < from || until < high {
        let middle = low + split(high - low);
        outside(nodes, (from, until), (low, middle), proof)?;
        outside(nodes, (from, until), (middle, high), proof)?;
    }
    Ok(())
}

/// Checks that the tree of `size` with `root` holds these leaves, one after another from `from` on.
///
/// # Errors
/// The proof must have exactly the hashes it needs and lead to the root.
pub fn verify_span(leaves: &[Hash], from: EntryIndex, size: TreeSize, proof: &[Hash], root: Hash) -> Result<(), Error> {
    let until = from.0.checked_add(leaves.len() as u64).ok_or(Error::OutOfRange)?;
    if leaves.is_empty() || until > size.0 {
        return Err(Error::OutOfRange);
    }
    let mut hashes = proof.iter();
    let run = Run { leaves, from: from.0, until };
    let found = run.root((0, size.0), &mut hashes)?;
    match (hashes.next(), found == root) {
        (Some(_), _) => Err(Error::Length),
        (None, false) => Err(Error::Root),
        (None, true) => Ok(()),
    }
}

struct Run<'a> {
    leaves: &'a [Hash],
    from: u64,
    until: u64,
}

impl Run<'_> {
    /// The root over `low..high`: of the leaves where they are, of the proof where they are not. As deep as the tree.
    fn root(&self, (low, high): (u64, u64), proof: &mut std::slice::Iter<'_, Hash>) -> Result<Hash, Error> {
        if high <= self.from || self.until <= low {
            return proof.next().copied().ok_or(Error::Length);
        }
        if high - low == 1 {
            return Ok(self.leaves[(low - self.from) as usize]);
        }
        let middle = low + split(high - low);
        let left = self.root((low, middle), proof)?;
        Ok(node_hash(&left, &self.root((middle, high), proof)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::proof::{LeafNodes, inclusion};
    use crate::tree::{leaf_hash, root_of};

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_le_bytes())).collect()
    }

    fn proved(leaves: &[Hash], from: u64, until: u64) -> Vec<Hash> {
        let size = TreeSize(leaves.len() as u64);
        span(&mut LeafNodes(leaves), (EntryIndex(from), EntryIndex(until)), size).unwrap().unwrap()
    }

    #[test]
    fn every_run_of_every_small_tree_is_proved_and_no_other() {
        for count in 1..20u64 {
            let all = leaves(count);
            let (size, root) = (TreeSize(count), root_of(&all));
            for from in 0..count {
                for until in from + 1..=count {
                    let (proof, run) = (proved(&all, from, until), &all[from as usize..until as usize]);
                    assert_eq!(verify_span(run, EntryIndex(from), size, &proof, root), Ok(()));
                    assert!(verify_span(&run[1..], EntryIndex(from + 1), size, &proof, root).is_err());
                    assert!(verify_span(&run[..run.len() - 1], EntryIndex(from), size, &proof, root).is_err());
                    let moved = verify_span(run, EntryIndex(from + 1), size, &proof, root);
                    assert!(moved.is_err() || run.len() as u64 == count, "{from}..{until} of {count}");
                }
            }
        }
    }

    #[test]
    fn a_run_of_one_takes_as_many_hashes_as_an_entry_alone() {
        let all = leaves(13);
        let one = inclusion(&mut LeafNodes(&all), EntryIndex(5), TreeSize(13)).unwrap().unwrap();
        assert_eq!(proved(&all, 5, 6).len(), one.len());
        assert!(proved(&all, 0, 13).is_empty(), "of a whole tree nothing is missing");
        let nothing = span(&mut LeafNodes(&all), (EntryIndex(3), EntryIndex(3)), TreeSize(13)).unwrap();
        assert_eq!(nothing, None);
    }

    proptest! {
        #[test]
        fn no_changed_leaf_and_no_changed_hash_passes(count in 2u64..60, a: prop::sample::Index, b: prop::sample::Index, at: prop::sample::Index) {
            let all = leaves(count);
            let (a, b) = (a.index(count as usize) as u64, b.index(count as usize) as u64);
            let (from, until) = (a.min(b), a.max(b) + 1);
            let (mut proof, mut run) = (proved(&all, from, until), all[from as usize..until as usize].to_vec());
            let at = at.index(proof.len() + run.len());
            match at.checked_sub(proof.len()) {
                None => proof[at].0[0] ^= 1,
                Some(at) => run[at].0[0] ^= 1,
            }
            prop_assert!(verify_span(&run, EntryIndex(from), TreeSize(count), &proof, root_of(&all)).is_err());
        }
    }
}
