//! `freehold approval`: requests that wait for people, and a person's word.

use anyhow::Result;
use realm::AppId;
use serde_json::{Value, json};
use store::approval::{Decided, Saying, Ticket};

use super::effect::Effect;
use super::{Run, block_on, user};
use crate::args::{ApprovalCommand, ApprovalSayArgs};
use crate::clock::now;
use crate::ended::{Ended, wrong};
use crate::known::unknown;
use crate::lang::{Lang, say};
use crate::{output, realms};

pub(crate) fn run(run: &Run, command: &ApprovalCommand) -> Result<Ended> {
    match command {
        ApprovalCommand::Ls { app } => ls(run, app.as_deref()),
        ApprovalCommand::Approve(args) => decide(run, args, true),
        ApprovalCommand::Refuse(args) => decide(run, args, false),
    }
}

fn ls(run: &Run, app: Option<&str>) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let apps = apps(run, app)?;
    let tickets = block_on(async { Ok(run.store(&data).await?.tickets(&apps).await?) })?;
    if run.json {
        output::json(&tickets.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Ended::Done);
    }
    if tickets.is_empty() {
        output::text(&format!("{}\n", say(run.lang, "approval-none", &[])))?;
    }
    for ticket in &tickets {
        output::text(&format!("{}\n", line(run.lang, ticket)))?;
    }
    Ok(Ended::Done)
}

/// The apps of the realm, or the one that was named.
fn apps(run: &Run, named: Option<&str>) -> Result<Vec<AppId>> {
    let snapshot = realms::open(&run.realm)?.snapshot;
    let all: Vec<AppId> = snapshot.world.apps.keys().cloned().collect();
    let Some(named) = named else { return Ok(all) };
    match all.iter().find(|app| app.as_str() == named) {
        Some(app) => Ok(vec![app.clone()]),
        None => Err(unknown("app", named, &all.iter().map(AppId::as_str).collect::<Vec<_>>())),
    }
}

/// Says a person's word; who may open the store may say it, under the name that the system knows them by.
fn decide(run: &Run, args: &ApprovalSayArgs, agrees: bool) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let by = user();
    let bare = by.split(" (").next().unwrap_or_default();
    let (decided, effect) = block_on(async {
        let store = run.store(&data).await?;
        let saying = Saying { person: &by, names: &[by.as_str(), bare], by: &by, agrees, reason: &args.reason };
        let decided = store.say_of_ticket(&args.id, saying, now()).await?;
        Ok((decided, Effect::of(&data, &store).await?))
    })?;
    let ticket = match decided {
        Decided::Said(ticket) => ticket,
        Decided::NoSuch => return Err(wrong("approval-unknown", &[("id", args.id.clone())])),
        Decided::Over(state) => {
            return Err(wrong("approval-over", &[("id", args.id.clone()), ("state", state.as_str().to_owned())]));
        }
        Decided::Asker => return Err(wrong("approval-asker", &[("id", args.id.clone())])),
        Decided::Before => return Err(wrong("approval-before", &[("id", args.id.clone())])),
    };
    if run.json {
        output::json(&json!({ "ticket": shown(&ticket), "effect": effect.word() }))?;
    } else {
        output::text(&format!("{} {}\n", line(run.lang, &ticket), effect.sentence(&data, run.lang)))?;
    }
    Ok(Ended::Done)
}

fn line(lang: Lang, ticket: &Ticket) -> String {
    let rules: Vec<&str> = ticket.rules.iter().map(|rule| rule.id.as_str()).collect();
    let args = [
        ("id", ticket.id.clone()),
        ("state", ticket.state(now()).as_str().to_owned()),
        ("app", ticket.app.clone()),
        ("route", ticket.route.clone()),
        ("purpose", ticket.purpose.clone()),
        ("rules", rules.join(", ")),
        ("agreed", ticket.agreed().to_string()),
        ("needed", ticket.needed.to_string()),
        ("until", ticket.until.to_string()),
    ];
    say(lang, "approval-line", &args)
}

fn shown(ticket: &Ticket) -> Value {
    let words: Vec<Value> = ticket
        .words
        .iter()
        .map(|word| json!({ "by": word.by, "at": word.at.to_string(), "agrees": word.agrees, "reason": word.reason }))
        .collect();
    json!({
        "id": ticket.id,
        "state": ticket.state(now()),
        "app": ticket.app,
        "request": ticket.req,
        "route": ticket.route,
        "purpose": ticket.purpose,
        "classes": ticket.classes,
        "deployments": ticket.deployments,
        "rules": ticket.rules,
        "needed": ticket.needed,
        "agreed": ticket.agreed(),
        "asked": ticket.asked.to_string(),
        "until": ticket.until.to_string(),
        "words": words,
        "used_by": ticket.used.as_ref().map(|used| used.req.as_str()),
    })
}
