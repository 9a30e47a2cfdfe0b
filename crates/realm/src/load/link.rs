//! What must resolve once every file is read.

use super::codes;
use super::context::Context;
use super::draft::Draft;
use super::nearest::nearest;

/// Every id that is named must be declared.
pub(super) fn ids(cx: &Context) {
    for link in cx.links.borrow().iter() {
        let items = cx.items.borrow();
        // Packs are not declared in tables.
        if link.kind == "pack" || items.get(link.kind).is_some_and(|of_kind| of_kind.contains_key(&link.id)) {
            continue;
        }
        let elsewhere = items.iter().find(|(_, of_kind)| of_kind.contains_key(&link.id)).map(|(kind, _)| *kind);
        drop(items);
        let known = cx.ids(link.kind);
        let near = nearest(&link.id, known.iter().map(String::as_str));
        let problem = link.place.error("realm.unresolved").arg("kind", link.kind).arg("id", &*link.id);
        cx.report(problem.arg_if("elsewhere", elsewhere).arg_if("nearest", near));
    }
}

/// Every place must be a country or a declared bloc.
pub(super) fn jurisdictions(cx: &Context, draft: &Draft) {
    for written in cx.jurisdictions.borrow().iter() {
        let code = written.value.as_str();
        if codes::is_country(code) || draft.blocs.contains_key(code) {
            continue;
        }
        let blocs = draft.blocs.keys().map(|bloc| bloc.as_str());
        let near = codes::country_meant(code).or_else(|| nearest(code, blocs));
        let problem = written.place.error("realm.unknown_jurisdiction").arg("code", code);
        cx.report(problem.arg_if("nearest", near));
    }
}
