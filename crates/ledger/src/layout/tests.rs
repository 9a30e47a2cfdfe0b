use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{BundleId, Resource, TILE_WIDTH, TileId, bundles, new_bundles, new_tiles, partial_width, tiles};
use crate::types::{EntryIndex, TreeSize};

#[test]
fn writes_the_paths_of_the_specification() {
    let tile = |level, number, width| TileId { level, number, width }.to_string();
    assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile(1, 0, 17), "tile/1/000.p/17");
    assert_eq!(tile(0, 273, 112), "tile/0/273.p/112");
    assert_eq!(BundleId { number: 1000, width: 256 }.to_string(), "tile/entries/x001/000");
}

#[test]
fn lists_the_tiles_of_a_tree_of_70_000() {
    let all: Vec<TileId> = tiles(TreeSize(70_000)).collect();
    assert_eq!(all.iter().filter(|t| t.level == 0 && t.is_full()).count(), 273);
    assert_eq!(all.iter().filter(|t| t.level == 1 && t.is_full()).count(), 1);
    let partial: Vec<String> = all.iter().filter(|t| !t.is_full()).map(ToString::to_string).collect();
    assert_eq!(partial, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(tiles(TreeSize(256)).map(|t| t.to_string()).collect::<Vec<_>>(), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(tiles(TreeSize(0)).count(), 0);
    assert_eq!(
        bundles(TreeSize(257)).map(|t| t.to_string()).collect::<Vec<_>>(),
        ["tile/entries/000", "tile/entries/001.p/1"]
    );
}

#[test]
fn one_tile_has_one_name() {
    for path in [
        "tile/00/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/",
        "tile/entries/",
        "tile/entries/x18446744073709551/615",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "checkpoint/",
        "/checkpoint",
        "",
    ] {
        assert_eq!(Resource::parse(path), None, "{path}");
    }
}

proptest! {
    #[test]
    fn every_path_reads_back(level in 0u8..8, number in 0u64..(1 << 50), width in 1u16..=256) {
        let tile = TileId { level, number, width };
        prop_assert_eq!(Resource::parse(&tile.to_string()), Some(Resource::Tile(tile)));
        let bundle = BundleId { number, width };
        prop_assert_eq!(Resource::parse(&bundle.to_string()), Some(Resource::Bundle(bundle)));
    }

    /// Growing in two steps leaves the tiles of one step, plus partial ones of the step between.
    #[test]
    fn growth_lists_exactly_what_is_new(a in 0u64..200_000, b in 0u64..200_000) {
        let (old, new) = (TreeSize(a.min(b)), TreeSize(a.max(b)));
        let before: BTreeSet<TileId> = tiles(old).collect();
        let after: BTreeSet<TileId> = tiles(new).collect();
        let grown: BTreeSet<TileId> = new_tiles(old, new).collect();
        prop_assert_eq!(&grown, &after.difference(&before).copied().collect());
        prop_assert!(before.difference(&after).all(|tile| !tile.is_full()));
        for tile in &after {
            prop_assert!(tile.exists_at(new));
            prop_assert!(tile.is_full() || tile.width == partial_width(tile.level, new));
        }
        let entries: u64 = bundles(new).map(|bundle| u64::from(bundle.width)).sum();
        prop_assert_eq!(entries, new.0);
        prop_assert!(new_bundles(old, new).all(|bundle| bundle.exists_at(new)));
        let index = EntryIndex(old.0);
        let holding = BundleId::holding(index, new);
        prop_assert_eq!(holding.is_some(), old < new);
        prop_assert!(holding.is_none_or(|b| b.exists_at(new) && b.number == index.0 / TILE_WIDTH));
    }
}
