use super::plain;
use crate::load::table::Table;
use crate::world::Pack;

/// `pack.toml`, a file of one table without a header.
pub(in crate::load) fn pack(table: &Table<'_>) -> Option<Pack> {
    let id = table.require("id", table.id("id"));
    let title = table.require("title", table.text("title"));
    let version = table.require("version", table.text("version"));
    let jurisdiction = table.jurisdiction("jurisdiction").map(plain);
    let source = table.text("source").map(plain);
    let verified_on = table.date("verified_on").map(plain);
    Some(Pack { id: id?.value, title: title?.value, version: version?.value, jurisdiction, source, verified_on })
}
