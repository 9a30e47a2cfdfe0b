//! `freehold console`: links that let people in to the console, and accounts of those who come often.

use anyhow::Result;
use api::{NAME_CHARS_MAX, is_name};
use realm::OrganisationId;
use serde_json::json;
use store::{Account, LINK_MS, Roles, Store};

use super::{Run, block_on, user};
use crate::args::{AccountCommand, ConsoleCommand, GrantArgs, Ttl};
use crate::clock::now;
use crate::ended::{Ended, wrong};
use crate::known::unknown;
use crate::lang::say;
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, command: ConsoleCommand) -> Result<Ended> {
    match command {
        ConsoleCommand::Link { grant, name, url } => print_link(run, &grant, name, &url),
        ConsoleCommand::Token { name, ttl } => token(run, &name, ttl),
        ConsoleCommand::Account(AccountCommand::Add { name, grant }) => add(run, &name, &grant),
        ConsoleCommand::Account(AccountCommand::Ls) => ls(run),
        ConsoleCommand::Account(AccountCommand::Disable { name }) => disable(run, &name, true),
        ConsoleCommand::Account(AccountCommand::Enable { name }) => disable(run, &name, false),
    }
}

fn checked(name: &str) -> Result<&str> {
    let name = name.trim();
    if !is_name(name) {
        return Err(wrong("console-name-wrong", &[("most", NAME_CHARS_MAX.to_string())]));
    }
    Ok(name)
}

/// The roles that are meant; an organisation that the realm does not have is a slip of the pen.
fn roles(run: &Run, grant: &GrantArgs) -> Result<Roles> {
    if !grant.organisation.is_empty() {
        let realm = realms::open(&run.realm)?;
        let world = &realm.snapshot.world;
        for named in &grant.organisation {
            if !world.organisations.contains_key(named) {
                let known: Vec<&str> = world.organisations.keys().map(OrganisationId::as_str).collect();
                return Err(unknown("organisation", named.as_str(), &known));
            }
        }
    }
    Ok(grant.roles())
}

fn print_link(run: &Run, grant: &GrantArgs, name: Option<String>, url: &str) -> Result<Ended> {
    let name = name.unwrap_or_else(user);
    let (name, role, roles) = (checked(&name)?, grant.role, roles(run, grant)?);
    let data = run.place_of_store(false)?;
    let made = block_on(async {
        let store = run.store(&data).await?;
        link(&store, url.trim_end_matches('/'), &roles, name, &user()).await
    })?;
    if run.json {
        let minutes = LINK_MS / 60_000;
        let roles = roles.to_string();
        output::json(&json!({ "link": made, "role": role, "roles": roles, "person": name, "minutes": minutes }))?;
    } else {
        let minutes = (LINK_MS / 60_000).to_string();
        let args = [("minutes", minutes), ("role", role.to_string()), ("name", name.to_owned())];
        output::text(&format!("{made}\n"))?;
        eprintln!("{}", say(run.lang, "console-linked", &args));
    }
    Ok(Ended::Done)
}

/// A link for a person, below the address at which the console answers.
pub(crate) async fn link(store: &Store, url: &str, roles: &Roles, person: &str, by: &str) -> Result<String> {
    let token = store.new_link(person, roles, by, now()).await?;
    Ok(format!("{url}/console/enter?token={token}"))
}

fn add(run: &Run, name: &str, grant: &GrantArgs) -> Result<Ended> {
    let (name, roles) = (checked(name)?, roles(run, grant)?);
    let data = run.place_of_store(true)?;
    let (password, salt) = store::new_password()?;
    let hashed = api::password::hash(&password, salt)?;
    let added = block_on(async {
        let store = run.store(&data).await?;
        Ok(store.add_account(name, &hashed, &roles, &user(), now()).await?)
    })?;
    if !added {
        return Err(wrong("account-taken", &[("name", name.to_owned())]));
    }
    if run.json {
        output::json(&json!({ "name": name, "password": password, "roles": roles.to_string() }))?;
    } else {
        output::text(&format!("{password}\n"))?;
        let args = [("name", name.to_owned()), ("roles", roles.to_string())];
        eprintln!("{}", say(run.lang, "account-added", &args));
    }
    Ok(Ended::Done)
}

/// A token for programs. One that never ends would outlive whoever asked for it.
fn token(run: &Run, name: &str, ttl: Ttl) -> Result<Ended> {
    let lasts_ms = ttl.0.ok_or_else(|| wrong("token-never", &[]))?;
    let data = run.place_of_store(false)?;
    let made = block_on(async {
        let store = run.store(&data).await?;
        let made = store.new_token(name, lasts_ms, &user(), now()).await?;
        if made.is_none() {
            let accounts = store.accounts().await?;
            let open: Vec<&str> =
                accounts.iter().filter(|it| it.disabled.is_none()).map(|it| it.name.as_str()).collect();
            return Err(unknown("account", name, &open));
        }
        Ok(made)
    })?;
    let Some(session) = made else { return Ok(Ended::Done) };
    let expires = session.visitor.expires.to_string();
    if run.json {
        output::json(&json!({ "name": name, "token": session.text, "expires": expires }))?;
    } else {
        output::text(&format!("{}\n", session.text))?;
        eprintln!("{}", say(run.lang, "token-made", &[("name", name.to_owned()), ("until", expires)]));
    }
    Ok(Ended::Done)
}

fn ls(run: &Run) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let accounts = block_on(async { Ok(run.store(&data).await?.accounts().await?) })?;
    let state = |account: &Account| if account.disabled.is_some() { "disabled" } else { "open" };
    if run.json {
        let one = |account: &Account| {
            let (roles, created) = (account.roles.to_string(), account.created.to_string());
            json!({ "name": account.name, "roles": roles, "state": state(account), "created": created })
        };
        output::json(&accounts.iter().map(one).collect::<Vec<_>>())?;
        return Ok(Ended::Done);
    }
    let row = |account: &Account| {
        let said = say(run.lang, &format!("account-{}", state(account)), &[]);
        vec![account.name.clone(), account.roles.to_string(), said, account.created.to_string()]
    };
    let rows: Vec<Vec<String>> = accounts.iter().map(row).collect();
    output::table(run.lang, &["name", "roles", "state", "created"], &[], &rows)?;
    Ok(Ended::Done)
}

fn disable(run: &Run, name: &str, disable: bool) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let changed = block_on(async {
        let store = run.store(&data).await?;
        let accounts = store.accounts().await?;
        if !accounts.iter().any(|account| account.name == name) {
            let known: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
            return Err(unknown("account", name, &known));
        }
        Ok(store.disable_account(name, disable, &user(), now()).await?)
    })?;
    let key = match (disable, changed) {
        (true, true) => "account-is-disabled",
        (true, false) => "account-was-disabled",
        (false, true) => "account-is-enabled",
        (false, false) => "account-was-enabled",
    };
    if run.json {
        output::json(&json!({ "name": name, "disabled": disable, "changed": changed }))?;
    } else {
        output::text(&format!("{}\n", say(run.lang, key, &[("name", name.to_owned())])))?;
    }
    Ok(Ended::Done)
}
