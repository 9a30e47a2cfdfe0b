//! Proposing, approving and ending a live drill. Each step is in the ledger.

use std::path::Path;
use std::sync::Arc;

use ::drill::{LiveCut, Scenario, cut_off};
use anyhow::{Context, Result, bail};
use realm::snapshot::Snapshot;
use realm::{UnixMs, World};
use serde_json::json;
use store::Store;
use store::content::people::Hand;
use store::drill::{Approval, Drill, Ended as DrillEnded, How, Mode, Says, Step, Unapproved, approved, sign};

use super::{Read, Run, desk, read};
use crate::args::{DrillApproveArgs, DrillStartArgs};
use crate::clock::now;
use crate::command::effect::Effect;
use crate::command::in_force::in_force;
use crate::command::{block_on, key_text, user};
use crate::data::DataDir;
use crate::ended::{Ended, Problems, wrong};
use crate::known::unknown;
use crate::lang::{path_arg, say, tell};
use crate::output;

/// Proposes a drill; nothing happens until another person approves it.
pub(super) fn start(run: &Run, args: &DrillStartArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let realm = in_force(run, &data)?;
    let hand = hand_of(&realm.world, &args.hand.by, &args.hand.signer)?;
    let (mut drill, deployments) = proposal(&data, &realm, args)?;
    drill.proposed.signature = sign(&hand, &drill, Says::Proposes);
    let effect = block_on(async {
        let store = run.store(&data).await?;
        store.propose_drill(&drill).await?;
        Effect::of(&data, &store).await
    })?;
    if run.json {
        let effect = effect.word();
        output::json(&json!({ "drill": drill.id, "by": args.hand.by, "deployments": deployments, "effect": effect }))?;
    } else {
        let told = [("id", drill.id.clone()), ("by", args.hand.by.clone()), ("deployments", deployments.join(", "))];
        let key = if drill.mode == Mode::Shadow { "drill-proposed-shadow" } else { "drill-proposed" };
        let said = say(run.lang, key, &told);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
    }
    Ok(Ended::Done)
}

/// What is proposed, nobody's yet, and which deployments of the realm in force it would cut off.
fn proposal(data: &DataDir, realm: &Arc<Snapshot>, args: &DrillStartArgs) -> Result<(Drill, Vec<String>)> {
    let Read { text, sha256, mut scenario } = read(&args.scenario)?;
    let cuts = cuts(data, realm, &mut scenario)?;
    let reached: Vec<String> = cut_off(&realm.world, &cuts).keys().map(ToString::to_string).collect();
    if reached.is_empty() {
        return Err(wrong("drill-reaches-nothing", &[]));
    }
    let drill = Drill {
        id: Drill::new_id()?,
        title: scenario.title.clone(),
        scenario: text,
        sha256,
        cuts: serde_json::to_string(&cuts)?,
        mode: args.mode.into(),
        percent: percent(args, &scenario)?,
        minutes: args.minutes,
        reason: args.reason.clone(),
        realm: realm.id.to_string(),
        proposed: Step { by: args.hand.by.clone(), at: now(), signature: String::new() },
        approved: None,
        until: None,
        started: None,
        ended: None,
    };
    Ok((drill, reached))
}

/// Approves what another person proposed: with it the drill begins.
pub(super) fn approve(run: &Run, args: &DrillApproveArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let realm = in_force(run, &data)?;
    let hand = hand_of(&realm.world, &args.hand.by, &args.hand.signer)?;
    let (drill, until, effect) = block_on(async {
        let store = run.store(&data).await?;
        let mut drill = find(&store, &args.id).await?;
        let step = Step { by: args.hand.by.clone(), at: now(), signature: String::new() };
        (drill.until, drill.approved) = (Some(drill.ends(step.at)), Some(step.clone()));
        let step = Step { signature: sign(&hand, &drill, Says::Approves), ..step };
        drill.approved = Some(step.clone());
        approved(&drill, &realm.world.head.drill_people).map_err(|why| refused(&why))?;
        let until = until(store.approve_drill(&drill, &step).await?, &drill)?;
        Ok((drill, until, Effect::of(&data, &store).await?))
    })?;
    if run.json {
        let until = until.to_string();
        output::json(&json!({ "drill": drill.id, "by": args.hand.by, "until": until, "effect": effect.word() }))?;
    } else {
        let told = [("id", drill.id), ("by", args.hand.by.clone()), ("until", until.to_string())];
        let said = say(run.lang, "drill-approved", &told);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
    }
    Ok(Ended::Done)
}

/// Ends a drill, or takes a proposal back. It takes one person, and no key: what is dangerous is to begin.
pub(super) fn abort(run: &Run, id: &str, reason: &str) -> Result<Ended> {
    let data = run.existing_data()?;
    let (ended, effect) = block_on(async {
        let store = run.store(&data).await?;
        let drill = find(&store, id).await?;
        let end = DrillEnded { at: now(), how: How::Aborted, by: user(), why: reason.to_owned() };
        Ok((store.end_drill(&drill, &end).await?, Effect::of(&data, &store).await?))
    })?;
    if run.json {
        output::json(&json!({ "drill": id, "ended": ended, "effect": effect.word() }))?;
    } else {
        let key = if ended { "drill-aborted" } else { "drill-ended-before" };
        let said = say(run.lang, key, &[("id", id.to_owned())]);
        output::text(&format!("{said} {}\n", effect.sentence(&data, run.lang)))?;
    }
    Ok(Ended::Done)
}

/// A drill by its id.
pub(super) async fn find(store: &Store, id: &str) -> Result<Drill> {
    let all = store.drills().await?;
    if let Some((_, why)) = all.unreadable.iter().find(|(one, _)| one == id) {
        bail!(why.escape_debug().to_string());
    }
    let found = all.drills.iter().find(|drill| drill.id == id).cloned();
    found.ok_or_else(|| unknown("drill", id, &all.drills.iter().map(|drill| &*drill.id).collect::<Vec<_>>()))
}

/// What a scenario cuts off, names settled by the traffic and known to the realm in force.
fn cuts(data: &DataDir, realm: &Arc<Snapshot>, scenario: &mut Scenario) -> Result<Vec<LiveCut>> {
    if scenario.needs_exposure() {
        desk::settle(data, scenario)?;
    }
    let compiled = policy::compile(&realm.world).map_err(Problems)?;
    scenario.check_names(&Arc::new(compiled)).map_err(Problems)?;
    Ok(scenario.live_cuts().map_err(Problems)?)
}

fn percent(args: &DrillStartArgs, scenario: &Scenario) -> Result<u8> {
    match (Mode::from(args.mode), args.percent) {
        (Mode::Shadow, Some(_)) => Err(wrong("drill-percent-of-shadow", &[])),
        (Mode::Shadow, None) => match &scenario.shadow {
            Some(shadow) => Ok(shadow.percent),
            None => Err(wrong("drill-no-shadow", &[path_arg(&args.scenario)])),
        },
        (Mode::Full, None) => Ok(100),
        (Mode::Canary, Some(percent)) => Ok(percent),
        (Mode::Full, Some(_)) => Err(wrong("drill-percent-of-full", &[])),
        (Mode::Canary, None) => Err(wrong("drill-percent-missing", &[])),
    }
}

fn until(approval: Approval, drill: &Drill) -> Result<UnixMs> {
    let id = ("id", drill.id.clone());
    match approval {
        Approval::Until(until) => Ok(until),
        Approval::Before => Err(wrong("drill-approved-before", &[id])),
        Approval::TooOld => Err(wrong("drill-too-old", &[id, ("at", drill.proposed.at.to_string())])),
        Approval::Another(other) => Err(wrong("drill-another", &[id, ("other", other)])),
    }
}

/// A person's own key, which must be the one that the realm names.
fn hand_of(world: &World, name: &str, path: &Path) -> Result<Hand> {
    let people = &world.head.drill_people;
    if people.is_empty() {
        return Err(wrong("drill-no-people", &[]));
    }
    let known: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let person = people.iter().find(|person| person.name == name);
    let person = person.ok_or_else(|| unknown("drill-person", name, &known))?;
    let hand = Hand::parse(&key_text(path)?).map_err(|_| wrong("content-no-signer", &[path_arg(path)]))?;
    if hand.public() != person.key {
        return Err(wrong("drill-other-signer", &[path_arg(path), ("by", name.to_owned())]));
    }
    Ok(hand)
}

pub(super) fn refused(why: &Unapproved) -> anyhow::Error {
    let (key, by) = match why {
        Unapproved::Alone => ("drill-not-approved", None),
        Unapproved::OnePerson(name) => ("drill-one-person", Some(name)),
        Unapproved::NotDeclared(name) => ("drill-not-declared", Some(name)),
        Unapproved::BadSignature(name) => ("drill-bad-signature", Some(name)),
        Unapproved::OtherScenario => ("drill-other-scenario", None),
        Unapproved::OtherEnd(_) => ("drill-other-end", None),
    };
    wrong(key, &by.map(|by| vec![("by", by.clone())]).unwrap_or_default())
}

/// The cuts that a drill of the store holds.
pub(super) fn kept_cuts(drill: &Drill) -> Result<Vec<LiveCut>> {
    serde_json::from_str(&drill.cuts).with_context(|| tell("drill-unreadable", &[("id", drill.id.clone())]))
}
