//! `freehold model`: model files of the embedded engine.

use anyhow::Result;

use super::Run;
use crate::args::ModelCommand;
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::output;

pub(crate) fn run(run: &Run, command: ModelCommand) -> Result<Ended> {
    let data = DataDir::new(&run.data);
    match command {
        ModelCommand::Add { file } => {
            data.create()?;
            let entry = engine::models::add(data.path(), &file, now().0).map_err(wrong)?;
            if run.json {
                output::json(&entry)?;
            } else {
                let name = entry.name.as_deref().unwrap_or(&entry.file);
                output::text(&format!("Added {name} as {}.\n", &entry.sha256[..12]))?;
                eprintln!("A deployment names it with weights_file = \"sha256:{}\".", entry.sha256);
            }
        }
        ModelCommand::Ls => list(run, &data)?,
        ModelCommand::Rm { id } => {
            let entry = engine::models::rm(data.path(), &id).map_err(wrong)?;
            if run.json {
                output::json(&entry)?;
            } else {
                output::text(&format!("Removed {}.\n", &entry.sha256[..12]))?;
            }
        }
    }
    Ok(Ended::Done)
}

fn list(run: &Run, data: &DataDir) -> Result<()> {
    let entries = engine::models::ls(data.path())?;
    if run.json {
        return output::json(&entries);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|e| {
            let toy = if e.toy { "toy" } else { "" };
            vec![
                e.sha256[..12].to_owned(),
                e.name.clone().unwrap_or_else(|| e.file.clone()),
                e.architecture.clone(),
                format!("{:.1}", e.parameters as f64 / 1e6),
                e.quantisation.clone(),
                format!("{:.1}", e.file_bytes as f64 / 1e6),
                toy.to_owned(),
            ]
        })
        .collect();
    output::table(&["SHA-256", "NAME", "ARCHITECTURE", "M PARAMETERS", "WEIGHTS", "MB", ""], &rows)
}

/// A file that is no model, or an id that means none, is the caller's to mend.
fn wrong(error: engine::Error) -> anyhow::Error {
    match error {
        engine::Error::Model { .. } | engine::Error::UnknownModel(_) | engine::Error::Argument(_) => {
            Wrong(error.to_string()).into()
        }
        other => other.into(),
    }
}
