//! `freehold key`: makes, lists and revokes API keys.

use anyhow::Result;
use realm::{AppId, UnixMs};
use serde_json::json;
use store::{KeyState, Store};

use super::{Run, block_on, user};
use crate::args::{KeyCommand, Ttl};
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, command: KeyCommand) -> Result<Ended> {
    match command {
        KeyCommand::New { app, ttl } => new(run, &app, ttl),
        KeyCommand::Ls => ls(run),
        KeyCommand::Revoke { id } => revoke(run, &id),
    }
}

fn new(run: &Run, app: &str, ttl: Ttl) -> Result<Ended> {
    let app = AppId::new(app).map_err(|e| Wrong(e.to_string()))?;
    let realm = realms::open(&run.realm, run.lang)?;
    if !realm.snapshot.world.apps.contains_key(&app) {
        let known: Vec<&str> = realm.snapshot.world.apps.keys().map(AppId::as_str).collect();
        let message = format!("the realm {} has no app `{app}`: it has {}", run.realm.display(), known.join(", "));
        return Err(Wrong(message).into());
    }
    let data = DataDir::new(&run.data);
    data.create()?;
    let expires = ttl.0.map(|ms| UnixMs(now().0.saturating_add(ms)));
    let key = block_on(async {
        let store = Store::open(&data.store()).await?;
        Ok(store.new_key(&app, expires, &user(), now()).await?)
    })?;
    if run.json {
        output::json(&json!({ "id": key.id, "app": app, "key": key.text, "expires": expires.map(|e| e.to_string()) }))?;
    } else {
        let until = expires.map_or_else(|| "until it is revoked".to_owned(), |end| format!("until {end}"));
        output::text(&format!("{}\n", key.text))?;
        eprintln!("Key {} of app {app}, {until}. It is shown this once.", key.id);
    }
    Ok(Ended::Done)
}

fn ls(run: &Run) -> Result<Ended> {
    let data = run.existing_data()?;
    let keys = block_on(async { Ok(Store::open(&data.store()).await?.keys().await?) })?;
    let state = |key: &store::KeyInfo| match key.state(now()) {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    };
    if run.json {
        let list: Vec<_> = keys
            .iter()
            .map(|k| {
                json!({
                    "id": k.id, "app": k.app, "state": state(k), "created": k.created.to_string(),
                    "expires": k.expires.map(|e| e.to_string()), "revoked": k.revoked.map(|r| r.to_string()),
                })
            })
            .collect();
        output::json(&list)?;
        return Ok(Ended::Done);
    }
    let moment = |at: Option<UnixMs>| at.map_or_else(|| "–".to_owned(), |at| at.to_string());
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|k| {
            vec![k.id.to_string(), k.app.to_string(), state(k).to_owned(), k.created.to_string(), moment(k.expires)]
        })
        .collect();
    output::table(&["KEY", "APP", "STATE", "CREATED", "EXPIRES"], &rows)?;
    Ok(Ended::Done)
}

fn revoke(run: &Run, id: &str) -> Result<Ended> {
    let data = run.existing_data()?;
    let key = block_on(async { Ok(Store::open(&data.store()).await?.revoke_key(id, &user(), now()).await) })?;
    let key = key.map_err(|error| match error {
        store::Error::NoSuchKey(_) => anyhow::Error::from(Wrong(error.to_string())),
        other => other.into(),
    })?;
    if run.json {
        output::json(&json!({ "id": key.id, "app": key.app, "revoked": key.revoked.map(|r| r.to_string()) }))?;
    } else {
        output::text(&format!("Key {} of app {} is revoked.\n", key.id, key.app))?;
    }
    Ok(Ended::Done)
}
