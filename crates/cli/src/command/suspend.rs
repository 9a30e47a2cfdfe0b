//! `freehold suspend` and `freehold resume`.

use anyhow::Result;
use serde_json::json;
use store::{Store, Suspendable};

use super::{Run, block_on, user};
use crate::args::{Kind, SuspendArgs};
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::output;
use crate::realms;

pub(crate) fn suspend(run: &Run, args: &SuspendArgs) -> Result<Ended> {
    let kind = known(run, args)?;
    let data = DataDir::new(&run.data);
    data.create()?;
    let new = block_on(async { Ok(Store::open(&data.store()).await?.suspend(kind, &args.id, &user(), now()).await?) })?;
    let state = if new { "is suspended" } else { "was suspended already" };
    said(run, kind, &args.id, state, true)
}

pub(crate) fn resume(run: &Run, args: &SuspendArgs) -> Result<Ended> {
    let kind = kind_of(args.kind);
    let data = run.existing_data()?;
    let done = block_on(async { Ok(Store::open(&data.store()).await?.resume(kind, &args.id, &user(), now()).await) })?;
    done.map_err(|error| match error {
        store::Error::NotSuspended(_) => anyhow::Error::from(Wrong(error.to_string())),
        other => other.into(),
    })?;
    said(run, kind, &args.id, "is in use again", false)
}

fn said(run: &Run, kind: Suspendable, id: &str, state: &str, suspended: bool) -> Result<Ended> {
    if run.json {
        output::json(&json!({ "kind": kind, "id": id, "suspended": suspended }))?;
    } else {
        output::text(&format!("{kind} `{id}` {state}.\n"))?;
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

/// A suspension of something that is not there would protect nobody: a slip of the pen is refused.
fn known(run: &Run, args: &SuspendArgs) -> Result<Suspendable> {
    let kind = kind_of(args.kind);
    let world = &realms::open(&run.realm, run.lang)?.snapshot.world;
    let ids: Vec<&str> = match kind {
        Suspendable::App => world.apps.keys().map(|id| id.as_str()).collect(),
        Suspendable::Provider => world.providers.keys().map(|id| id.as_str()).collect(),
        Suspendable::Deployment => world.deployments.keys().map(|id| id.as_str()).collect(),
    };
    if ids.contains(&args.id.as_str()) {
        return Ok(kind);
    }
    Err(Wrong(format!("the realm has no {kind} `{}`: it has {}", args.id, ids.join(", "))).into())
}
