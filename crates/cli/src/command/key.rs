//! `freehold key`: makes, lists and revokes API keys.

use anyhow::Result;
use realm::{AppId, UnixMs};
use serde_json::json;
use store::{KeyInfo, KeyState};

use super::effect::Effect;
use super::{Run, block_on, user};
use crate::args::{KeyCommand, Ttl};
use crate::clock::now;
use crate::ended::{Ended, Wrong};
use crate::known::unknown;
use crate::lang::say;
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
    let realm = realms::open(&run.realm)?;
    let known: Vec<&str> = realm.snapshot.world.apps.keys().map(AppId::as_str).collect();
    if !known.contains(&app) {
        return Err(unknown("app", app, &known));
    }
    let app = AppId::new(app).map_err(|e| Wrong(e.to_string()))?;
    let data = run.place_of_store(true)?;
    let expires = ttl.0.map(|ms| UnixMs(now().0.saturating_add(ms)));
    let (key, effect) = block_on(async {
        let store = run.store(&data).await?;
        let key = store.new_key(&app, expires, &user(), now()).await?;
        Ok((key, Effect::of(&data, &store).await?))
    })?;
    if run.json {
        let expires = expires.map(|e| e.to_string());
        let effect = effect.word();
        output::json(&json!({ "id": key.id, "app": app, "key": key.text, "expires": expires, "effect": effect }))?;
    } else {
        output::text(&format!("{}\n", key.text))?;
        let mut args = vec![("id", key.id.to_string()), ("app", app.to_string())];
        let said = match expires {
            Some(end) => {
                args.push(("until", end.to_string()));
                say(run.lang, "key-new", &args)
            }
            None => say(run.lang, "key-new-lasting", &args),
        };
        eprintln!("{said} {}", effect.sentence(&data, run.lang));
    }
    Ok(Ended::Done)
}

fn ls(run: &Run) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let keys = block_on(async { Ok(run.store(&data).await?.keys().await?) })?;
    let state = |key: &KeyInfo| match key.state(now()) {
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
    let row = |k: &KeyInfo| {
        let state = say(run.lang, &format!("key-{}", state(k)), &[]);
        vec![k.id.to_string(), k.app.to_string(), state, k.created.to_string(), moment(k.expires)]
    };
    let rows: Vec<Vec<String>> = keys.iter().map(row).collect();
    output::table(run.lang, &["key", "app", "state", "created", "expires"], &[], &rows)?;
    Ok(Ended::Done)
}

fn revoke(run: &Run, id: &str) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let (revoked, effect) = block_on(async {
        let store = run.store(&data).await?;
        let revoked = match store.revoke_key(id, &user(), now()).await {
            Err(store::Error::NoSuchKey(_)) => {
                let keys = store.keys().await?;
                return Err(unknown("key", id, &keys.iter().map(|key| key.id.0.as_str()).collect::<Vec<_>>()));
            }
            other => other?,
        };
        Ok((revoked, Effect::of(&data, &store).await?))
    })?;
    let (key, new) = revoked;
    if run.json {
        let at = key.revoked.map(|r| r.to_string());
        output::json(&json!({ "id": key.id, "app": key.app, "revoked": at, "effect": effect.word() }))?;
    } else {
        let at = key.revoked.map(|at| at.to_string()).unwrap_or_default();
        let args = [("id", key.id.to_string()), ("app", key.app.to_string()), ("at", at)];
        let said = say(run.lang, if new { "key-is-revoked" } else { "key-was-revoked" }, &args);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
    }
    Ok(Ended::Done)
}
