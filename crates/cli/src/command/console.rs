//! `freehold console`: links that let people in to the console.

use anyhow::Result;
use serde_json::json;
use store::{LINK_MS, Role, Store};

use super::{Run, block_on, user};
use crate::args::ConsoleCommand;
use crate::clock::now;
use crate::ended::{Ended, wrong};
use crate::lang::say;
use crate::output;

/// A name is read by people in records and on pages.
const NAME_CHARS_MAX: usize = 80;

pub(crate) fn run(run: &Run, command: ConsoleCommand) -> Result<Ended> {
    let ConsoleCommand::Link { role, name, url } = command;
    let name = name.unwrap_or_else(user);
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(wrong("console-name-wrong", &[("most", NAME_CHARS_MAX.to_string())]));
    }
    let data = run.place_of_store(false)?;
    let made = block_on(async {
        let store = run.store(&data).await?;
        link(&store, url.trim_end_matches('/'), role, name.trim(), &user()).await
    })?;
    if run.json {
        output::json(&json!({ "link": made, "role": role, "person": name, "minutes": LINK_MS / 60_000 }))?;
    } else {
        let args = [("minutes", (LINK_MS / 60_000).to_string()), ("role", role.to_string()), ("name", name)];
        output::text(&format!("{made}\n"))?;
        eprintln!("{}", say(run.lang, "console-linked", &args));
    }
    Ok(Ended::Done)
}

/// A link for a person, below the address at which the console answers.
pub(crate) async fn link(store: &Store, url: &str, role: Role, person: &str, by: &str) -> Result<String> {
    let token = store.new_link(person, role, by, now()).await?;
    Ok(format!("{url}/console/enter?token={token}"))
}
