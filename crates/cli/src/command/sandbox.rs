//! `freehold sandbox`: dated exemptions, and a person's signature under one.

use anyhow::Result;
use jiff::civil::Date;
use realm::World;
use realm::world::Sandbox;
use serde_json::json;
use store::content::people::Hand;

use super::{Run, key_text};
use crate::args::{SandboxCommand, SandboxSignArgs};
use crate::clock::now;
use crate::ended::{Ended, wrong};
use crate::known::unknown;
use crate::lang::{Lang, path_arg, say};
use crate::{output, realms};

pub(crate) fn run(run: &Run, command: SandboxCommand) -> Result<Ended> {
    match command {
        SandboxCommand::Ls => ls(run),
        SandboxCommand::Sign(args) => sign(run, &args),
    }
}

fn ls(run: &Run) -> Result<Ended> {
    let world = realms::open(&run.realm)?.snapshot;
    let (world, today) = (&world.world, now().date_in(&world.world.head.timezone));
    if run.json {
        let shown: Vec<_> = world.sandboxes.values().map(|it| shown(it, today)).collect();
        output::json(&shown)?;
        return Ok(Ended::Done);
    }
    if world.sandboxes.is_empty() {
        output::text(&format!("{}\n", say(run.lang, "sandbox-none", &[])))?;
    }
    for sandbox in world.sandboxes.values() {
        output::text(&format!("{}\n", line(run.lang, sandbox, today)))?;
    }
    Ok(Ended::Done)
}

fn line(lang: Lang, sandbox: &Sandbox, today: Date) -> String {
    let list = |all: Vec<String>| if all.is_empty() { "–".to_owned() } else { all.join(", ") };
    let args = [
        ("id", sandbox.id.to_string()),
        ("state", sandbox.state(today).to_owned()),
        ("apps", list(sandbox.apps.iter().map(ToString::to_string).collect())),
        ("rules", list(sandbox.rules.iter().map(ToString::to_string).collect())),
        ("from", sandbox.from.to_string()),
        ("until", sandbox.until.to_string()),
        ("signed", list(sandbox.signed_by.clone())),
        ("cite", sandbox.cite.clone()),
    ];
    say(lang, "sandbox-line", &args)
}

fn shown(sandbox: &Sandbox, today: Date) -> serde_json::Value {
    json!({
        "id": sandbox.id,
        "state": sandbox.state(today),
        "apps": sandbox.apps,
        "rules": sandbox.rules,
        "from": sandbox.from.to_string(),
        "until": sandbox.until.to_string(),
        "cite": sandbox.cite,
        "signed_by": sandbox.signed_by,
    })
}

/// Signs what the realm's files say now; what is printed goes there.
fn sign(run: &Run, args: &SandboxSignArgs) -> Result<Ended> {
    let snapshot = realms::open(&run.realm)?.snapshot;
    let sandbox = found(&snapshot.world, &args.id)?;
    let hand = Hand::parse(&key_text(&args.hand.signer)?)?;
    let people = &snapshot.world.head.sandbox_people;
    let known: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let person = people.iter().find(|person| person.name == args.hand.by);
    let person = person.ok_or_else(|| unknown("sandbox-person", &args.hand.by, &known))?;
    if hand.public() != person.key {
        return Err(wrong("sandbox-other-signer", &[path_arg(&args.hand.signer), ("by", args.hand.by.clone())]));
    }
    let signature = hex::encode(hand.sign_bytes(&sandbox.statement()));
    if run.json {
        output::json(&json!({ "by": person.name, "signature": signature }))?;
        return Ok(Ended::Done);
    }
    let entry = format!("{{ by = \"{}\", signature = \"{signature}\" }}", person.name);
    let args = [("id", sandbox.id.to_string()), ("entry", entry), ("line", line(run.lang, sandbox, sandbox.from))];
    output::text(&format!("{}\n", say(run.lang, "sandbox-signed", &args)))?;
    Ok(Ended::Done)
}

fn found<'w>(world: &'w World, id: &str) -> Result<&'w Sandbox> {
    let known: Vec<&str> = world.sandboxes.keys().map(realm::SandboxId::as_str).collect();
    world.sandboxes.values().find(|it| it.id.as_str() == id).ok_or_else(|| unknown("sandbox", id, &known))
}
