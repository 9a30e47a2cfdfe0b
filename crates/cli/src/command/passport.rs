//! `freehold passport`: what papers say of models, taken from other people's documents, shown with what is missing, and
//! written for others.

mod import;
mod place;
mod show;

use ::passport::{Document, export};
use anyhow::Result;
use realm::world::{Model, World};

use super::Run;
use crate::args::PassportCommand;
use crate::clock::now;
use crate::ended::Ended;
use crate::known::unknown;
use crate::{output, realms};

pub(crate) fn run(run: &Run, command: PassportCommand) -> Result<Ended> {
    match command {
        PassportCommand::Import(args) => import::run(run, &args),
        PassportCommand::Ls => show::ls(run),
        PassportCommand::Show { model } => show::show(run, &model),
        PassportCommand::Export { model, .. } => {
            let checked = realms::open(&run.realm)?;
            let world = &checked.snapshot.world;
            let model = named(world, &model)?;
            output::json(&export(&Document::of(world, model), model.id.as_str(), now()))?;
            Ok(Ended::Done)
        }
    }
}

/// A model of the realm.
fn named<'w>(world: &'w World, id: &str) -> Result<&'w Model> {
    let found = world.models.values().find(|model| model.id.as_str() == id);
    let known: Vec<&str> = world.models.keys().map(realm::ModelId::as_str).collect();
    found.ok_or_else(|| unknown("model", id, &known))
}
