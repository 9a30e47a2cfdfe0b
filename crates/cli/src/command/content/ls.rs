use std::collections::HashSet;

use anyhow::Result;
use realm::UnixMs;
use serde_json::json;
use store::content::{Kept, Opening};

use super::{Run, places};
use crate::args::LsArgs;
use crate::command::block_on;
use crate::ended::Ended;
use crate::lang::say;
use crate::output;

/// Lists what is kept, or the openings; nothing is opened for it.
pub(super) fn run(run: &Run, args: &LsArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    if args.openings {
        return openings(run, &block_on(async { Ok(places(run, &data).await?.0.openings().await?) })?);
    }
    let (items, keys) = block_on(async {
        let (store, contents) = places(run, &data).await?;
        Ok((contents.newest(args.app.as_deref(), args.limit).await?, store.content_keys().await?))
    })?;
    let keys: HashSet<&str> = keys.iter().map(|key| key.id.as_str()).collect();
    let state = |item: &Kept| if keys.contains(item.key_id.as_str()) { "sealed" } else { "destroyed" };
    if run.json {
        let shown = |item: &Kept| {
            json!({
                "request": item.req, "app": item.app, "at": item.at.to_string(), "bytes": item.bytes,
                "key": item.key_id, "state": state(item),
            })
        };
        output::json(&items.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Ended::Done);
    }
    let row = |item: &Kept| {
        let state = say(run.lang, &format!("content-{}", state(item)), &[]);
        vec![item.req.clone(), item.app.clone(), item.at.to_string(), item.bytes.to_string(), state]
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    output::table(run.lang, &["request", "app", "ended", "bytes", "state"], &[3], &rows)?;
    Ok(Ended::Done)
}

fn openings(run: &Run, all: &[Opening]) -> Result<Ended> {
    let moment = |at: Option<UnixMs>| at.map_or_else(|| "–".to_owned(), |at| at.to_string());
    let agreed = |opening: &Opening| opening.agreed.as_ref().map(|(name, _)| name.clone());
    if run.json {
        let shown = |opening: &Opening| {
            json!({
                "opening": opening.id, "request": opening.req, "app": opening.app,
                "organisation": opening.organisation, "reason": opening.reason, "asked_by": opening.asked_by,
                "asked": opening.asked.to_string(), "approved_by": agreed(opening),
                "opened": opening.opened.map(|at| at.to_string()),
            })
        };
        output::json(&all.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Ended::Done);
    }
    let row = |opening: &Opening| {
        let agreed = agreed(opening).unwrap_or_else(|| "–".to_owned());
        let (id, req, app) = (opening.id.clone(), opening.req.clone(), opening.app.clone());
        let asked = opening.asked.to_string();
        vec![id, req, app, opening.asked_by.clone(), asked, agreed, moment(opening.opened), opening.reason.clone()]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let heads = ["opening", "request", "app", "asked-by", "asked", "approved-by", "opened", "reason"];
    output::table(run.lang, &heads, &[], &rows)?;
    Ok(Ended::Done)
}
