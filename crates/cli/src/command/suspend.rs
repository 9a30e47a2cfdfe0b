//! `freehold suspend` and `freehold resume`.

use anyhow::Result;
use realm::World;
use serde_json::json;
use store::{Store, Suspendable};

use super::effect::Effect;
use super::{Run, block_on, user};
use crate::args::{Kind, SuspendArgs};
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::Ended;
use crate::known::unknown;
use crate::lang::say;
use crate::output;
use crate::realms;

pub(crate) fn suspend(run: &Run, args: &SuspendArgs) -> Result<Ended> {
    let kind = kind_of(args.kind);
    match realms::check(&run.realm) {
        // A suspension of something that is not there would protect nobody: a slip of the pen is refused.
        Ok(checked) => {
            let ids = ids(kind, &checked.snapshot.world);
            if !ids.contains(&args.id.as_str()) {
                return Err(unknown(kind.as_str(), &args.id, &ids));
            }
        }
        // A realm that is broken keeps nobody from stopping what runs: the one before still serves.
        Err(_) if run.place_of_store(false).is_ok() => {
            let words = [("kind", kind.to_string()), ("id", args.id.clone())];
            eprintln!("{}", say(run.lang, "suspended-unchecked", &words));
        }
        Err(_) => drop(realms::open(&run.realm)?),
    }
    let data = run.place_of_store(true)?;
    let (new, effect) = block_on(async {
        let store = run.store(&data).await?;
        Ok((store.suspend(kind, &args.id, &user(), now()).await?, Effect::of(&data, &store).await?))
    })?;
    let said = if new { "suspended" } else { "suspended-already" };
    told(run, &data, args, said, effect)
}

pub(crate) fn resume(run: &Run, args: &SuspendArgs) -> Result<Ended> {
    let kind = kind_of(args.kind);
    let data = run.place_of_store(false)?;
    let (ended, effect) = block_on(async {
        let store = run.store(&data).await?;
        let ended = store.resume(kind, &args.id, &user(), now()).await?;
        if !ended {
            known_here(run, kind, &args.id, &store).await?;
        }
        Ok((ended, Effect::of(&data, &store).await?))
    })?;
    let said = if ended { "resumed" } else { "resumed-already" };
    told(run, &data, args, said, effect)
}

/// What is not suspended may be in use already, or misspelt: then what was meant may be suspended still. A realm that
/// does not load knows nothing, and stops nobody from resuming.
async fn known_here(run: &Run, kind: Suspendable, id: &str, store: &Store) -> Result<()> {
    let suspended = store.suspensions().await?;
    let suspended: Vec<&str> = suspended.iter().filter(|it| it.kind == kind).map(|it| it.id.as_str()).collect();
    let checked = realms::check(&run.realm).ok();
    let in_realm = checked.as_ref().map(|checked| ids(kind, &checked.snapshot.world));
    match in_realm {
        Some(ids) if !ids.contains(&id) => {
            Err(unknown(kind.as_str(), id, if suspended.is_empty() { &ids } else { &suspended }))
        }
        _ => Ok(()),
    }
}

fn told(run: &Run, data: &DataDir, args: &SuspendArgs, said: &str, effect: Effect) -> Result<Ended> {
    let kind = kind_of(args.kind);
    if run.json {
        let suspended = said.starts_with("suspended");
        output::json(&json!({ "kind": kind, "id": args.id, "suspended": suspended, "effect": effect.word() }))?;
    } else {
        let words = [("kind", kind.to_string()), ("id", args.id.clone())];
        output::text(&format!("{} {}\n", say(run.lang, said, &words), effect.sentence(data, run.lang)))?;
    }
    Ok(Ended::Done)
}

fn kind_of(kind: Kind) -> Suspendable {
    match kind {
        Kind::App => Suspendable::App,
        Kind::Provider => Suspendable::Provider,
        Kind::Deployment => Suspendable::Deployment,
    }
}

fn ids(kind: Suspendable, world: &World) -> Vec<&str> {
    match kind {
        Suspendable::App => world.apps.keys().map(|id| id.as_str()).collect(),
        Suspendable::Provider => world.providers.keys().map(|id| id.as_str()).collect(),
        Suspendable::Deployment => world.deployments.keys().map(|id| id.as_str()).collect(),
    }
}
