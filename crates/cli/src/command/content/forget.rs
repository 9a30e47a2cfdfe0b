use anyhow::Result;
use serde_json::json;
use store::Store;
use store::content::Contents;

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

/// Destroys every data key of an app, then removes what they sealed, and tells the server. After the first of the three
/// nothing of it can be opened by anybody who has no older copy of the store; so the store's own older states go last,
/// which may have to wait for others. Run again, it finishes what was left.
pub(super) fn run(run: &Run, args: &ForgetArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let app = args.app.as_str();
    let known = block_on(async { Ok(places(run, &data).await?.0.content_apps().await?) })?;
    if !known.iter().any(|known| known == app) {
        return Err(unknown("app", app, &known.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    if !args.yes {
        confirm(app, "content-forget", run.lang)?;
    }
    let (count, items, effect) = block_on(async {
        let (store, contents) = places(run, &data).await?;
        let keys = store.content_keys().await?;
        let ids: Vec<String> = keys.into_iter().filter(|key| key.app == app).map(|key| key.id).collect();
        let count = store.destroy_content_keys(app, &ids, "content.forget", (&user(), now())).await?;
        let items = remove(&store, &contents, app).await?;
        let effect = Effect::of(&data, &store).await?;
        store.scrub().await?;
        Ok((count, items, effect))
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

/// Removes what destroyed keys of an app sealed, those of an earlier time too.
async fn remove(store: &Store, contents: &Contents, app: &str) -> Result<u64> {
    let mut items = 0;
    for id in contents.key_ids(Some(app)).await? {
        if store.content_key(&id).await?.is_some_and(|key| key.wrapped.is_none()) {
            items += contents.remove_sealed_by(&id).await?;
        }
    }
    Ok(items)
}
