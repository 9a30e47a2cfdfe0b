//! `freehold model`: model files of the embedded engine.

mod download;
mod hub;

use std::path::Path;

use anyhow::Result;
use engine::models::Entry;

use super::Run;
use crate::args::ModelCommand;
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::foreign;
use crate::lang::{of_environment, say};
use crate::output;

pub(crate) fn run(run: &Run, command: ModelCommand) -> Result<Ended> {
    let data = DataDir::new(&run.data);
    match command {
        ModelCommand::Add { file, hub, sha256 } => {
            data.create()?;
            let entry = add(&data, &file, hub, sha256.as_deref())?;
            if run.json {
                output::json(&entry)?;
            } else {
                let name = entry.name.as_deref().unwrap_or(&entry.file);
                let args =
                    [("name", name.to_owned()), ("id", entry.sha256[..12].to_owned()), ("hash", entry.sha256.clone())];
                output::text(&format!("{}\n", say(run.lang, "model-added", &args)))?;
                eprintln!("{}", say(run.lang, "model-named", &args));
            }
        }
        ModelCommand::Ls => list(run, &data)?,
        ModelCommand::Rm { id } => {
            let entry = engine::models::rm(data.path(), &id).map_err(wrong)?;
            if run.json {
                output::json(&entry)?;
            } else {
                let args = [("id", entry.sha256[..12].to_owned())];
                output::text(&format!("{}\n", say(run.lang, "model-removed", &args)))?;
            }
        }
    }
    Ok(Ended::Done)
}

/// From a hub or a file; with `sha256` only what has that hash.
fn add(data: &DataDir, file: &str, hub: Option<String>, sha256: Option<&str>) -> Result<Entry> {
    match hub::Reference::read(file) {
        Some(reference) => {
            let token = std::env::var("HF_TOKEN").ok().filter(|token| !token.is_empty());
            let hub = hub::Hub::at(hub.as_deref().unwrap_or(hub::HUB), token, sha256.is_some())?;
            download::add(data.path(), &hub, &reference?, sha256)
        }
        None => engine::models::add(data.path(), Path::new(file), sha256, now().0).map_err(wrong),
    }
}

fn list(run: &Run, data: &DataDir) -> Result<()> {
    let entries = engine::models::ls(data.path())?;
    if run.json {
        return output::json(&entries);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|e| {
            let toy = if e.toy { say(run.lang, "model-toy", &[]) } else { String::new() };
            vec![
                e.sha256[..12].to_owned(),
                e.name.clone().unwrap_or_else(|| e.file.clone()),
                e.architecture.clone(),
                format!("{:.1}", e.parameters as f64 / 1e6),
                e.quantisation.clone(),
                format!("{:.1}", e.file_bytes as f64 / 1e6),
                toy,
            ]
        })
        .collect();
    let heads = ["sha256", "name", "architecture", "parameters", "weights", "megabytes", "note"];
    output::table(run.lang, &heads, &[3, 5], &rows)
}

/// A file that is no model, or an id that means none, is the caller's to mend.
fn wrong(error: engine::Error) -> anyhow::Error {
    match error {
        engine::Error::Model { .. }
        | engine::Error::OtherHash { .. }
        | engine::Error::UnknownModel(_)
        | engine::Error::Argument(_) => Wrong(foreign::words(&error, of_environment())).into(),
        other => other.into(),
    }
}
