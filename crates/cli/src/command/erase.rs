//! `freehold erase`: destroys an app's record secret, so that no record of before can be tied to a text again.

use std::io::{IsTerminal, Write};

use anyhow::Result;
use realm::{AppId, World};
use serde_json::json;

use super::effect::Effect;
use super::{Run, block_on, user};
use crate::args::EraseArgs;
use crate::clock::now;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong, wrong};
use crate::known::unknown;
use crate::lang::{Lang, say};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: &EraseArgs) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    // Not only apps of the realm: one that was taken out of it may be just the one to erase.
    let known = block_on(async { Ok(run.store(&data).await?.live().await?.secrets) })?;
    let mut known: Vec<&str> = known.keys().map(AppId::as_str).collect();
    known.sort_unstable();
    if !known.contains(&args.app.as_str()) {
        // An app has its secret from the first server that ran with it.
        let declared = realms::open(&run.realm).is_ok_and(|realm| declares(&realm.snapshot.world, &args.app));
        return Err(if declared {
            wrong("erase-nothing-yet", &[("app", args.app.clone())])
        } else {
            unknown("app", &args.app, &known)
        });
    }
    let app = AppId::new(&args.app).map_err(|e| Wrong(e.to_string()))?;
    if !args.yes {
        confirm(app.as_str(), "erase", run.lang)?;
    }
    let effect = destroy(run, &app, &data)?;
    if run.json {
        output::json(&json!({ "app": app, "erased": true, "effect": effect.word() }))?;
    } else {
        let said = say(run.lang, "erased", &[("app", app.to_string())]);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
        eprintln!("{}", say(run.lang, "erased-backups", &[]));
    }
    Ok(Ended::Done)
}

fn declares(world: &World, app: &str) -> bool {
    AppId::new(app).is_ok_and(|app| world.apps.contains_key(&app))
}

fn destroy(run: &Run, app: &AppId, data: &DataDir) -> Result<Effect> {
    block_on(async {
        let store = run.store(data).await?;
        if !store.replace_record_secret(app, &user(), now()).await? {
            return Err(unknown("app", app.as_str(), &[]));
        }
        Effect::of(data, &store).await
    })
}

/// What cannot be taken back is asked for twice: the app's name is typed again, or `--yes` was given.
pub(super) fn confirm(app: &str, deed: &str, lang: Lang) -> Result<()> {
    let args = [("app", app.to_string())];
    if !std::io::stdin().is_terminal() {
        return Err(wrong(&format!("{deed}-needs-yes"), &args));
    }
    eprint!("{} ", say(lang, &format!("{deed}-confirm"), &args));
    std::io::stderr().flush()?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    if typed.trim() == app { Ok(()) } else { Err(wrong(&format!("{deed}-not-confirmed"), &args)) }
}
