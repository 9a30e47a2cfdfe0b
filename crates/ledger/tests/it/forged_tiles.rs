//! The verifier trap: a tile that does not follow from the entries is rejected at every level and position, also where
//! several subtrees of the proof share a tile, and also if its parents are forged to fit.

use ledger::layout::{self, TILE_WIDTH, TileId};
use ledger::proof::{TileNodes, inclusion, verify_inclusion};
use ledger::tile::decode;
use ledger::tree::{leaf_hash, root_of};
use ledger::{EntryIndex, TreeSize};

use crate::fixture::{Published, entry, finding};

fn tile(level: u8, number: u64) -> TileId {
    TileId { level, number, width: TILE_WIDTH as u16 }
}

#[test]
fn each_hash_of_each_tile_counts() {
    // 1300 has more bits set than the tree has tile levels.
    let size = TreeSize(1300);
    assert!(size.0.count_ones() > u32::from(layout::levels(size)));
    let good = Published::numbered(size.0);
    assert_eq!(good.verify().unwrap().size, size);
    for id in layout::tiles(size) {
        for position in (0..usize::from(id.width)).step_by(5).chain([usize::from(id.width) - 1]) {
            let mut bad = good.clone();
            bad.spoil_hash(id, position);
            let found = finding(bad.verify());
            assert_eq!((found.path, found.byte_offset), (id.to_string(), Some(32 * position as u64)));
            assert_eq!(found.index, Some(id.first_entry(position as u16)));
            bad.can_list = false;
            assert_eq!(finding(bad.verify()).path, id.to_string());
        }
    }
}

#[test]
fn a_forged_leaf_among_shared_subtrees_is_rejected() {
    let size = TreeSize(70_000);
    let index = EntryIndex(25_607);
    let good = Published::numbered(size.0);
    assert_eq!(good.verify().unwrap().size, size);

    // The entry and its hash, nothing above: a reader that trusts tiles by their place would believe it.
    let mut bad = good.clone();
    let forged = bad.forge_entry(index, size);
    bad.forge_hash(tile(0, 100), 7, leaf_hash(&forged));
    assert_eq!(finding(bad.verify()).path, tile(1, 0).to_string());
    let proves = |published: &Published, entry: &[u8]| {
        let read = |id: TileId| decode(id, &published.files[&id.to_string()]);
        let proof = inclusion(&mut TileNodes::new(size, read), index, size).unwrap().unwrap();
        let head = ledger::checkpoint::Checkpoint::parse(published.note().text()).unwrap();
        verify_inclusion(leaf_hash(entry), index, size, &proof, head.root).is_ok()
    };
    assert!(proves(&good, &entry(index.0)));
    assert!(!proves(&bad, &forged));

    // Every tile above forged to fit: only the signed root is left to disagree.
    let level_0 = decode(tile(0, 100), &bad.files[&tile(0, 100).to_string()]).unwrap();
    bad.forge_hash(tile(1, 0), 100, root_of(&level_0.hashes));
    let level_1 = decode(tile(1, 0), &bad.files[&tile(1, 0).to_string()]).unwrap();
    let level_2 = TileId { level: 2, number: 0, width: 1 };
    assert_eq!(finding(bad.verify()).path, level_2.to_string());
    bad.forge_hash(level_2, 0, root_of(&level_1.hashes));
    assert_eq!(finding(bad.verify()).path, layout::CHECKPOINT);
    assert!(!proves(&bad, &forged));

    // The entry alone, the hash alone.
    let mut bad = good.clone();
    bad.forge_entry(index, size);
    assert_eq!(finding(bad.verify()).path, tile(0, 100).to_string());
    for id in layout::tiles(size).filter(|id| !id.is_full() || id.number % 90 == 0) {
        for position in [0, usize::from(id.width) / 2, usize::from(id.width) - 1] {
            let mut bad = good.clone();
            bad.spoil_hash(id, position);
            assert_eq!(finding(bad.verify()).path, id.to_string());
        }
    }
}
