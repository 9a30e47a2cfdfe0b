use super::plain;
use crate::load::table::Table;
use crate::world::{Pack, PackTexts};
use crate::{Jurisdiction, PackId};

/// `pack.toml`, a file of one table without a header. A pack is called like its folder.
pub(in crate::load) fn pack(table: &Table<'_>, folder: &PackId) -> Option<Pack> {
    let id = table.require("id", table.id::<PackId>("id"));
    if let Some(id) = id.as_ref().filter(|id| id.value != *folder) {
        let problem = id.place.error("realm.pack_id_differs").arg("id", id.value.as_str());
        table.cx.report(problem.arg("folder", folder.as_str()));
    }
    let title = table.require("title", table.text("title"));
    let version = table.require("version", table.text("version"));
    // A label: a law may be of a union that no realm has declared as a bloc.
    let jurisdiction = table.text("jurisdiction").map(|text| Jurisdiction::new(&text.value));
    let named = table.texts("sources").into_iter().flat_map(plain).map(plain);
    let sources = table.text("source").map(plain).into_iter().chain(named).collect();
    let verified_on = table.date("verified_on").map(plain);
    Some(Pack {
        id: id?.value,
        title: title?.value,
        version: version?.value,
        jurisdiction,
        sources,
        verified_on,
        texts: PackTexts::default(),
        catalogue: None,
    })
}
