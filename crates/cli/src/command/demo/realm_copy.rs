//! The demo's own copy of the example realm, with the addresses that hold here.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use realm::world::DEMO_TINY;

use super::people;
use super::place::Place;
use super::stand_ins::StandIns;
use crate::ended::{Wrong, unreadable, wrong};
use crate::lang::{of_environment, path_arg, say, tell};
use crate::realms;

static REPUBLIC: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../examples/republic");

/// Cases and forecasts from public announcements, for the console to work out beside the republic's own: where each goes.
static PLANS: [(&str, Dir<'static>); 5] = [
    ("plans/ru-2030", include_dir!("$CARGO_MANIFEST_DIR/../../examples/ru-2030/plan")),
    ("plans/ru-2030-as-announced", include_dir!("$CARGO_MANIFEST_DIR/../../examples/ru-2030/plans/as-announced")),
    ("plans/eu-2030", include_dir!("$CARGO_MANIFEST_DIR/../../examples/eu-2030/plan")),
    ("forecast/ru-2030", include_dir!("$CARGO_MANIFEST_DIR/../../examples/ru-2030/forecast")),
    ("forecast/eu-2030", include_dir!("$CARGO_MANIFEST_DIR/../../examples/eu-2030/forecast")),
];

/// The addresses of the providers of a kept realm, by provider; none where the demo begins. A kept realm that does
/// not load is said before anything starts.
pub(super) fn kept(place: &Place) -> Result<BTreeMap<String, String>> {
    if !place.realm().exists() {
        return Ok(BTreeMap::new());
    }
    let checked = realms::open(&place.realm())?;
    let providers = checked.snapshot.world.providers.values();
    Ok(providers.filter_map(|it| Some((it.id.to_string(), it.base_url.clone()?))).collect())
}

/// Writes the copy where there is none. A kept realm is its owner's: only addresses that hold no more are changed in
/// it, and a model that was asked for.
pub(super) fn write(place: &Place, stand_ins: &StandIns, model: Option<&Path>) -> Result<()> {
    let realm = place.realm();
    if !realm.exists() {
        let writing = || tell("cannot-write", &[path_arg(&realm)]);
        std::fs::create_dir_all(&realm).with_context(writing)?;
        REPUBLIC.extract(&realm).with_context(writing)?;
        for (folder, files) in &PLANS {
            std::fs::create_dir_all(realm.join(folder)).with_context(writing)?;
            files.extract(realm.join(folder)).with_context(writing)?;
        }
        people::make(place, &realm)?;
    }
    if !stand_ins.moved().is_empty() {
        move_addresses(&realm, stand_ins.moved())?;
    }
    model.map_or(Ok(()), |model| use_model(&realm, model))
}

/// Puts new addresses where the old ones stand in quotes; every other byte stays.
fn move_addresses(realm: &Path, moved: &[(String, String)]) -> Result<()> {
    // Two steps, for a stand-in's new port may be another's old one.
    let swap = |text: String| {
        let marked = moved
            .iter()
            .enumerate()
            .fold(text, |text, (n, (from, _))| text.replace(&format!("\"{from}\""), &format!("\"\u{0}{n}\"")));
        moved
            .iter()
            .enumerate()
            .fold(marked, |text, (n, (_, to))| text.replace(&format!("\"\u{0}{n}\""), &format!("\"{to}\"")))
    };
    let files = std::fs::read_dir(realm).with_context(|| tell("cannot-read", &[path_arg(realm)]))?;
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            edit(&path, swap)?;
        }
    }
    Ok(())
}

/// Puts a real model in the toy's place: its file and its name.
fn use_model(realm: &Path, model: &Path) -> Result<()> {
    let lang = of_environment();
    let header = engine::gguf::read_file(model)
        .map_err(|e| wrong("engine-model", &[path_arg(model), ("why", e.to_string())]))?;
    let file = std::fs::canonicalize(model).map_err(|e| unreadable(model, &e))?;
    let file = toml_text(&file.to_string_lossy());
    let toy = format!("weights_file = \"{DEMO_TINY}\"");
    let routes = realm.join("routes.toml");
    if !std::fs::read_to_string(&routes).is_ok_and(|text| text.contains(&toy)) {
        return Err(Wrong(say(lang, "demo-model-elsewhere", &[path_arg(realm), ("toy", toy)])).into());
    }
    edit(&routes, |text| text.replace(&toy, &format!("weights_file = {file}")))?;
    let name = header.name.unwrap_or_else(|| say(lang, "demo-model-nameless", &[]));
    edit(&realm.join("models.toml"), |text| {
        let lines = text.lines().map(|line| {
            if line.starts_with("name = \"Demo Tiny") {
                format!("name = {}", toml_text(&name))
            } else {
                line.to_owned()
            }
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    })
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| tell("cannot-read", &[path_arg(path)]))?;
    let changed = change(text.clone());
    if changed == text {
        return Ok(());
    }
    std::fs::write(path, changed).with_context(|| tell("cannot-write", &[path_arg(path)]))
}

/// A string as TOML writes it; JSON's escapes are a subset of TOML's.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
