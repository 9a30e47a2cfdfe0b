//! `freehold pack score`: a supplier by a framework's weights, from criteria that the operator entered.

use std::path::Path;

use anyhow::Result;
use policy::duty::{Abroad, Assessment};
use realm::World;
use realm::world::AccessPath;

use super::find;
use crate::command::Run;
use crate::ended::{Ended, Problems, unreadable, wrong};
use crate::known::unknown;
use crate::{output, realms};

pub(super) fn run(run: &Run, pack: &str, file: &Path) -> Result<Ended> {
    let opened = find::opened(run, pack)?;
    let framework = opened.compiled.frameworks().first();
    let framework = framework.ok_or_else(|| wrong("pack-no-framework", &[("pack", pack.to_owned())]))?;
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let assessment = Assessment::read(file, &text, framework).map_err(Problems)?;
    let abroad = match &assessment.provider {
        Some(provider) => abroad(&realms::open(&run.realm)?.snapshot.world, provider)?,
        None => Abroad::default(),
    };
    let assessed = framework.assess(&assessment, abroad, realms::today());
    if run.json {
        output::json(&assessed.to_json())?;
    } else {
        output::text(&assessed.to_text(framework, run.lang, output::columns()))?;
    }
    Ok(Ended::Done)
}

/// What the realm says of a provider: home is the realm's home, whichever bloc or country that is.
fn abroad(world: &World, provider: &str) -> Result<Abroad> {
    let known: Vec<&str> = world.providers.keys().map(|id| id.as_str()).collect();
    let found = world.providers.get(provider).ok_or_else(|| unknown("provider", provider, &known))?;
    let operator = world.organisations.get(&found.operator);
    let parent = operator.and_then(|operator| world.organisations.get(&operator.ultimate_parent));
    let home = world.home_places();
    let reaches = matches!(found.access_path, AccessPath::Admin | AccessPath::Update);
    Ok(Abroad {
        parent: parent.map(|parent| !home.contains(&parent.jurisdiction)),
        access: operator.map(|operator| reaches && !home.contains(&operator.jurisdiction)),
    })
}
