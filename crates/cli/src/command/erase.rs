//! `freehold erase`: destroys an app's record secret, so that no record of before can be tied to a text again.

use anyhow::Result;
use realm::AppId;
use serde_json::json;
use store::Store;

use super::{Run, block_on, user};
use crate::args::EraseArgs;
use crate::clock::now;
use crate::ended::{Ended, Wrong};
use crate::lang::say;
use crate::output;

pub(crate) fn run(run: &Run, args: &EraseArgs) -> Result<Ended> {
    // Not only apps of the realm: one that was taken out of it may be just the one to erase.
    let app = AppId::new(&args.app).map_err(|e| Wrong(e.to_string()))?;
    let data = run.existing_data()?;
    let (destroyed, known) = block_on(async {
        let store = Store::open(&data.store()).await?;
        let known = store.live().await?.secrets.into_keys().map(|app| app.to_string()).collect::<Vec<_>>();
        Ok((store.replace_record_secret(&app, &user(), now()).await?, known))
    })?;
    if !destroyed {
        let mut known = known;
        known.sort();
        let args = [("app", app.to_string()), ("known", known.join(", "))];
        return Err(Wrong(say(run.lang, "erase-no-secret", &args)).into());
    }
    if run.json {
        output::json(&json!({ "app": app, "erased": true }))?;
    } else {
        output::text(&format!("{}\n", say(run.lang, "erased", &[("app", app.to_string())])))?;
        eprintln!("{}", say(run.lang, "erased-backups", &[]));
    }
    Ok(Ended::Done)
}
