use anyhow::Result;
use serde_json::json;

use super::{Run, places};
use crate::args::ForgetArgs;
use crate::clock::now;
use crate::command::effect::Effect;
use crate::command::erase::confirm;
use crate::command::{block_on, user};
use crate::ended::Ended;
use crate::known::unknown;
use crate::lang::say;
use crate::output;

/// Destroys every data key of an app, then removes what they sealed. After the first of the two nothing of it can be
/// opened by anybody, whatever copies of the items exist.
pub(super) fn run(run: &Run, args: &ForgetArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let app = args.app.as_str();
    let keys = block_on(async { Ok(places(run, &data).await?.0.content_keys().await?) })?;
    let ids: Vec<String> = keys.iter().filter(|key| key.app == app).map(|key| key.id.clone()).collect();
    if ids.is_empty() {
        let mut known: Vec<&str> = keys.iter().map(|key| key.app.as_str()).collect();
        known.dedup();
        return Err(unknown("app", app, &known));
    }
    if !args.yes {
        confirm(app, "content-forget", run.lang)?;
    }
    let (count, items, effect) = block_on(async {
        let (store, contents) = places(run, &data).await?;
        let count = store.destroy_content_keys(app, &ids, "content.forget", (&user(), now())).await?;
        let mut items = 0;
        for id in &ids {
            items += contents.remove_sealed_by(id).await?;
        }
        Ok((count, items, Effect::of(&data, &store).await?))
    })?;
    if run.json {
        output::json(&json!({ "app": app, "keys": count, "items": items, "effect": effect.word() }))?;
    } else {
        let told = [("app", app.to_owned()), ("keys", count.to_string()), ("items", items.to_string())];
        let said = say(run.lang, "content-forgotten", &told);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
        eprintln!("{}", say(run.lang, "erased-backups", &[]));
    }
    Ok(Ended::Done)
}
