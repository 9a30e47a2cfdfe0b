//! The RFC 6962 tree: how entries and nodes are hashed, and a frontier that grows by one leaf at a time.

use sha2::{Digest, Sha256};

use crate::types::{Hash, TreeSize};

/// The right edge of a growing tree: the roots of its maximal perfect subtrees, widest first.
///
/// Holds one hash per bit set in the size; a push costs one node hash on average.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: TreeSize,
    frontier: Vec<Hash>,
}

/// Hashes an entry into its leaf.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new_with_prefix([0]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// Hashes two children into their parent.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [0u8; 65];
    message[0] = 1;
    message[1..33].copy_from_slice(&left.0);
    message[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(message).into())
}

/// Returns the root of the tree without entries.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Returns the root over leaf hashes, in order.
pub fn root_of(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

// === impl Tree ===

impl Tree {
    /// Starts the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Resumes a tree from its frontier; `None` unless there is one hash per bit set in `size`.
    pub fn from_frontier(size: TreeSize, frontier: Vec<Hash>) -> Option<Self> {
        (frontier.len() == size.0.count_ones() as usize).then_some(Self { size, frontier })
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _| ());
    }

    /// Adds the next leaf and shows every perfect subtree that it completes: its height (0 is the leaf) and root.
    pub(crate) fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u32, Hash)) {
        let mut node = leaf;
        completed(0, node);
        for height in 1..=self.size.0.trailing_ones() {
            let left = self.frontier.pop().expect("one frontier hash per bit set in the size");
            node = node_hash(&left, &node);
            completed(height, node);
        }
        self.frontier.push(node);
        self.size.0 += 1;
    }

    /// Returns how many leaves the tree holds.
    pub const fn size(&self) -> TreeSize {
        self.size
    }

    /// Returns the roots of the maximal perfect subtrees, widest first.
    pub fn frontier(&self) -> &[Hash] {
        &self.frontier
    }

    /// Computes the root.
    pub fn root(&self) -> Hash {
        fold_right(&self.frontier).unwrap_or_else(empty_root)
    }
}

/// Joins perfect subtrees, widest first, into the root over all of them.
pub(crate) fn fold_right(subtrees: &[Hash]) -> Option<Hash> {
    let (last, rest) = subtrees.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex_hash(text: &str) -> Hash {
        Hash(hex::decode(text).unwrap().try_into().unwrap())
    }

    #[test]
    fn matches_the_reference_roots_of_certificate_transparency() {
        // The eight inputs and roots that Certificate Transparency implementations have shared since RFC 6962.
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new();
        assert_eq!(tree.root(), hex_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        for (entry, root) in entries.iter().zip(roots) {
            tree.push(leaf_hash(entry));
            assert_eq!(tree.root(), hex_hash(root), "size {}", tree.size());
        }
    }

    #[test]
    fn resumes_from_its_frontier() {
        let mut whole = Tree::new();
        for n in 0..100u8 {
            whole.push(leaf_hash(&[n]));
            let resumed = Tree::from_frontier(whole.size(), whole.frontier().to_vec()).unwrap();
            assert_eq!(resumed, whole);
        }
        assert!(Tree::from_frontier(TreeSize(3), vec![Hash::default()]).is_none());
    }
}
