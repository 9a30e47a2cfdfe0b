//! The demo's own copy of the example realm, with the addresses that hold here.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use include_dir::{Dir, include_dir};
use realm::world::DEMO_TINY;

use super::place::Place;
use super::stand_ins::StandIns;
use crate::ended::Wrong;

static REPUBLIC: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../examples/republic");

/// Writes the copy. A kept demo starts from the example again: its ports, and perhaps its model, are new.
pub(super) fn write(place: &Place, stand_ins: &StandIns, model: Option<&Path>) -> Result<()> {
    let realm = place.realm();
    if realm.exists() {
        std::fs::remove_dir_all(&realm).with_context(|| format!("cannot renew {}", realm.display()))?;
    }
    std::fs::create_dir_all(&realm).with_context(|| format!("cannot make {}", realm.display()))?;
    REPUBLIC.extract(&realm).with_context(|| format!("cannot write the example realm to {}", realm.display()))?;
    let moved: Vec<_> = stand_ins.moved().collect();
    edit(&realm.join("providers.toml"), |text| {
        moved.iter().fold(text, |text, (from, to)| text.replace(from.as_str(), to))
    })?;
    if let Some(model) = model {
        use_model(&realm, model)?;
    }
    Ok(())
}

/// Puts a real model in the toy's place: its file and its name.
fn use_model(realm: &Path, model: &Path) -> Result<()> {
    let header = engine::gguf::read_file(model).map_err(|e| Wrong(format!("{}: {e}", model.display())))?;
    let file = std::fs::canonicalize(model).with_context(|| format!("cannot find {}", model.display()))?;
    let file = toml_text(&file.to_string_lossy());
    let toy = format!("weights_file = \"{DEMO_TINY}\"");
    edit(&realm.join("routes.toml"), |text| text.replace(&toy, &format!("weights_file = {file}")))?;
    let name = header.name.unwrap_or_else(|| "a model from a file".to_owned());
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
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let changed = change(text);
    ensure!(!changed.is_empty(), "{} would be empty", path.display());
    std::fs::write(path, changed).with_context(|| format!("cannot write {}", path.display()))
}

/// A string as TOML writes it; JSON's escapes are a subset of TOML's.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
