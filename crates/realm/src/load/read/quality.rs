use rust_decimal::Decimal;

use super::plain;
use crate::ids;
use crate::load::table::Table;
use crate::world::{Otherwise, Quality};

const OTHERWISE: &[(&str, Otherwise)] = &[("last", Otherwise::Last), ("refuse", Otherwise::Refuse)];

/// `quality` of a route or an app.
pub(super) fn quality(table: &Table<'_>, name: &'static str) -> Option<Quality> {
    let read = |quality: &Table<'_>| {
        let suite = quality.require("suite", quality.shaped("suite", "suite", ids::is_id));
        let share_min = quality.decimal("share_min", Decimal::ZERO..=Decimal::ONE);
        let share_min = quality.require("share_min", share_min);
        let otherwise = quality.word("otherwise", OTHERWISE).map_or(Otherwise::Last, plain);
        Some(Quality { suite: suite?.value, share_min: share_min?.value, otherwise })
    };
    table.sub("quality", name, read).flatten()
}
