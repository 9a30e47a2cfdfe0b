//! Opening one item: one person asks, another agrees, and whoever has the organisation's private key opens. Each step is
//! in the ledger, without what it is about.

use std::path::Path;

use anyhow::{Context, Result};
use realm::World;
use realm::world::{ContentKey, Person};
use serde_json::json;
use store::Store;
use store::content::people::{Hand, Says, agreed};
use store::content::seal::Identity;
use store::content::{Contents, Item, Kept, KnownBy, OPENING_LASTS_MS, Opening, Unsealed, WrappedKey};

use super::compare::{Compared, Found, compare};
use super::{Run, places};
use crate::args::{ApproveArgs, OpenArgs, RequestArgs};
use crate::clock::now;
use crate::command::effect::Effect;
use crate::command::in_force::in_force;
use crate::command::{block_on, key_text};
use crate::data::DataDir;
use crate::ended::{Ended, wrong};
use crate::known::unknown;
use crate::lang::{path_arg, say, tell};
use crate::output;

/// Asks for an item to be opened.
pub(super) fn request(run: &Run, args: &RequestArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    if args.reason.trim().is_empty() {
        return Err(wrong("content-no-reason", &[]));
    }
    let realm = in_force(run, &data)?;
    let world = &realm.world;
    let opening = block_on(async {
        let (store, contents) = places(run, &data).await?;
        let (_, key, _) = item(&store, &contents, &args.req).await?;
        let hand = hand_of(world, &key.organisation, &args.hand.by, &args.hand.signer)?;
        let whose = (key.app.as_str(), key.organisation.as_str());
        let mut opening = Opening::new(&args.req, whose, args.reason.trim(), &args.hand.by, now())?;
        opening.asked_signature = hand.sign(&opening, Says::Asks);
        let keys = [&*hand.public()];
        store.ask_opening(&opening, KnownBy { realm: &realm.id.short(), keys: &keys }).await?;
        Ok((opening, Effect::of(&data, &store).await?))
    })?;
    said(run, &data, "content-requested", opening)
}

/// Agrees with what another person asked for.
pub(super) fn approve(run: &Run, args: &ApproveArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let realm = in_force(run, &data)?;
    let world = &realm.world;
    let opening = block_on(async {
        let (store, _) = places(run, &data).await?;
        let mut opening = opening(&store, &args.opening).await?;
        let hand = hand_of(world, &opening.organisation, &args.hand.by, &args.hand.signer)?;
        let signature = hand.sign(&opening, Says::Agrees);
        let mut wanted = opening.clone();
        wanted.agreed = Some((args.hand.by.clone(), signature.clone()));
        let [_, by] = agreed(&wanted, &key_of(world, &opening.organisation)?.people).map_err(|why| refused(&why))?;
        let known_by = KnownBy { realm: &realm.id.short(), keys: &[&by.key] };
        if !store.agree_opening(&opening, (&args.hand.by, &signature), known_by, now()).await? {
            return Err(wrong("content-approved-before", &[("id", opening.id)]));
        }
        opening.agreed = wanted.agreed;
        Ok((opening, Effect::of(&data, &store).await?))
    })?;
    said(run, &data, "content-approved", opening)
}

/// Opens what two people agreed on, with the organisation's private key.
pub(super) fn open(run: &Run, args: &OpenArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let realm = in_force(run, &data)?;
    let world = &realm.world;
    let identity = Identity::parse(&key_text(&args.identity)?);
    let identity = identity.map_err(|_| wrong("content-no-identity", &[path_arg(&args.identity)]))?;
    let (opening, item, secret, found) = block_on(async {
        let (store, contents) = places(run, &data).await?;
        let opening = opening(&store, &args.opening).await?;
        let people = agreed(&opening, &key_of(world, &opening.organisation)?.people).map_err(|why| refused(&why))?;
        if now().since(opening.asked) > OPENING_LASTS_MS {
            return Err(wrong("content-opening-old", &[("id", opening.id), ("at", opening.asked.to_string())]));
        }
        let (_, key, sealed) = item(&store, &contents, &opening.req).await?;
        let wrapped = key.wrapped.as_deref().unwrap_or_default();
        let data_key = identity.unwrap(key.name(), wrapped).map_err(|why| refused(&why))?;
        // The record first: what cannot be recorded is not read.
        let known_by = KnownBy { realm: &realm.id.short(), keys: &people.map(|person| &*person.key) };
        store.note_opened(&opening, known_by, (&crate::command::user(), now())).await?;
        Effect::of(&data, &store).await?;
        let plain = data_key.open(key.name(), &opening.req, &sealed).map_err(|why| refused(&why))?;
        let item = Item::from_bytes(&plain).with_context(|| tell("content-later-version", &[]))?;
        let found = Found::of(&data, &opening.req)?;
        let secret = store.record_secret_at(&opening.app, found.at().unwrap_or(item.at)).await?;
        Ok((opening, item, secret, found))
    })?;
    let compared = compare(&found, &opening, &item, secret);
    if compared.differs() && !args.even_so {
        return withheld(run, &opening, compared);
    }
    show(run, &opening, &item, compared)
}

/// What the ledger contradicts is nobody's words until somebody has looked into it.
fn withheld(run: &Run, opening: &Opening, compared: Compared) -> Result<Ended> {
    if run.json {
        let shown = json!({ "opening": opening.id, "request_id": opening.req, "record": compared.json() });
        output::json(&shown)?;
    } else {
        output::text(&format!("{}\n", compared.lines(run.lang)))?;
        eprintln!("{}", say(run.lang, "content-withheld", &[]));
    }
    Ok(Ended::No)
}

fn show(run: &Run, opening: &Opening, item: &Item, compared: Compared) -> Result<Ended> {
    let (request, answer) = (String::from_utf8_lossy(&item.request), String::from_utf8_lossy(&item.answer));
    if run.json {
        output::json(&json!({
            "opening": opening.id, "request_id": opening.req, "app": opening.app, "at": item.at.to_string(),
            "status": item.status, "cut": item.cut, "request": request, "answer": answer,
            "record": compared.json(),
        }))?;
        return Ok(Ended::Done);
    }
    let args = [
        ("request", opening.req.clone()),
        ("app", opening.app.clone()),
        ("at", item.at.to_string()),
        ("status", item.status.to_string()),
    ];
    let [head, answered] = ["content-opened", "content-answered"].map(|key| say(run.lang, key, &args));
    output::text(&format!("{head}\n{request}\n\n{answered}\n{answer}\n"))?;
    eprintln!("{}", compared.lines(run.lang));
    if item.cut {
        eprintln!("{}", say(run.lang, "content-cut", &[]));
    }
    Ok(Ended::Done)
}

fn said(run: &Run, data: &DataDir, key: &str, (opening, effect): (Opening, Effect)) -> Result<Ended> {
    let by = opening.agreed.as_ref().map_or(&opening.asked_by, |(name, _)| name).clone();
    if run.json {
        let shown = json!({ "opening": opening.id, "request": opening.req, "by": by, "effect": effect.word() });
        output::json(&shown)?;
    } else {
        let told = [("id", opening.id), ("request", opening.req), ("by", by)];
        output::text(&format!("{} {}\n", say(run.lang, key, &told), effect.sentence(data, run.lang)))?;
    }
    Ok(Ended::Done)
}

/// An item that can still be opened: what is known of it, its key, its bytes.
async fn item(store: &Store, contents: &Contents, req: &str) -> Result<(Kept, WrappedKey, Vec<u8>)> {
    let gone = || wrong("content-none", &[("request", req.to_owned())]);
    let (kept, sealed) = contents.get(req).await?.ok_or_else(gone)?;
    let key = store.content_key(&kept.key_id).await?.filter(|key| key.wrapped.is_some()).ok_or_else(gone)?;
    Ok((kept, key, sealed))
}

async fn opening(store: &Store, id: &str) -> Result<Opening> {
    let all = store.openings().await?;
    let found = all.iter().find(|opening| opening.id == id).cloned();
    found.ok_or_else(|| unknown("opening", id, &all.iter().map(|opening| &*opening.id).collect::<Vec<_>>()))
}

fn key_of<'w>(world: &'w World, organisation: &str) -> Result<&'w ContentKey> {
    let found = world.organisations.get(organisation).and_then(|organisation| organisation.content.as_ref());
    found.ok_or_else(|| wrong("content-no-people", &[("organisation", organisation.to_owned())]))
}

/// A person's own key, which must be the one that the realm names.
fn hand_of(world: &World, organisation: &str, name: &str, path: &Path) -> Result<Hand> {
    let people: &[Person] = &key_of(world, organisation)?.people;
    let known: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let person = people.iter().find(|person| person.name == name).ok_or_else(|| unknown("person", name, &known))?;
    let hand = Hand::parse(&key_text(path)?).map_err(|_| wrong("content-no-signer", &[path_arg(path)]))?;
    if hand.public() != person.key {
        return Err(wrong("content-other-signer", &[path_arg(path), ("by", name.to_owned())]));
    }
    Ok(hand)
}

/// Why it is not opened, for people.
fn refused(why: &Unsealed) -> anyhow::Error {
    let by = |name: &String| vec![("by", name.clone())];
    let (key, args) = match why {
        Unsealed::NotAgreed => ("content-not-approved", vec![]),
        Unsealed::OnePerson(name) => ("content-one-person", by(name)),
        Unsealed::NotDeclared(name) => ("content-not-declared", by(name)),
        Unsealed::BadSignature(name) => ("content-bad-signature", by(name)),
        Unsealed::OtherKey => ("content-other-key", vec![]),
        Unsealed::Changed => ("content-changed", vec![]),
        Unsealed::NoPublicKey | Unsealed::NoIdentity | Unsealed::NoHand => ("content-no-key", vec![]),
    };
    wrong(key, &args)
}
