//! One file a command.

mod approval;
mod backup;
mod check;
mod completions;
mod console;
mod content;
mod demo;
mod drill;
mod effect;
mod engine;
mod erase;
mod eval;
mod explain;
mod exposure;
mod forecast;
mod impact;
mod in_force;
mod init;
mod key;
mod ledger;
mod model;
mod pack;
mod passport;
mod plan;
mod receipt;
mod sandbox;
mod serve;
mod suspend;
mod usage;

pub(crate) use drill::binding;
pub(crate) use eval::evaluations;
pub(crate) use ledger::{Opened, Witness, cosign, is_cosigned, keys_beside};

use std::future::Future;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use realm::regular;
use store::DatabaseUrl;

use crate::args::{Args, Command};
use crate::data::DataDir;
use crate::database;
use crate::ended::{Ended, wrong};
use crate::lang::{Lang, of_environment, path_arg, tell};

/// What every command may need to know.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) data: PathBuf,
    pub(crate) realm: PathBuf,
    /// Where several gateways share a store.
    pub(crate) database: Option<DatabaseUrl>,
    pub(crate) json: bool,
    pub(crate) lang: Lang,
}

/// Runs one command to its end.
pub(crate) fn run(args: Args) -> Result<Ended> {
    let database = database::url(args.database_url.as_deref())?;
    let run = Run { data: args.data, realm: args.realm, database, json: args.json, lang: of_environment() };
    match args.command {
        Command::Demo(args) => demo::run(&run, args),
        Command::Serve(args) => serve::run(&run, args),
        Command::Init(args) => init::run(&run, &args),
        Command::Check(args) => check::run(&run, args),
        Command::Explain(args) => explain::run(&run, &args),
        Command::Console(command) => console::run(&run, command),
        Command::Key(command) => key::run(&run, command),
        Command::Suspend(args) => suspend::suspend(&run, &args),
        Command::Resume(args) => suspend::resume(&run, &args),
        Command::Erase(args) => erase::run(&run, &args),
        Command::Content(command) => content::run(&run, command),
        Command::Ledger(command) => ledger::run(&run, command),
        Command::Receipt(command) => receipt::run(&run, command),
        Command::Usage(args) => usage::run(&run, &args),
        Command::Exposure(args) => exposure::run(&run, args),
        Command::Drill(command) => drill::run(&run, &command),
        Command::Impact(args) => impact::run(&run, &args),
        Command::Eval(command) => eval::run(&run, command),
        Command::Forecast(command) => forecast::run(&run, &command),
        Command::Pack(command) => pack::run(&run, command),
        Command::Passport(command) => passport::run(&run, command),
        Command::Plan(command) => plan::run(&run, command),
        Command::Sandbox(command) => sandbox::run(&run, command),
        Command::Approval(command) => approval::run(&run, &command),
        Command::Model(command) => model::run(&run, command),
        Command::Backup(args) => backup::backup(&run, &args),
        Command::Restore(args) => backup::restore(&run, &args),
        Command::Completions(args) => completions::run(&args),
        Command::Engine(args) => engine::run(args),
    }
}

impl Run {
    /// The data directory, which must be there.
    pub(crate) fn existing_data(&self) -> Result<DataDir> {
        DataDir::existing(&self.data)
    }
}

/// Runs a future on a small runtime of its own: for commands that only need the store.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.with_context(|| tell("no-runtime", &[]))?.block_on(work)
}

/// The text of a key's file.
pub(crate) fn key_text(path: &Path) -> Result<String> {
    /// More than any key is long.
    const BYTES_MAX: u64 = 4 << 10;
    let bytes = regular::read(path, BYTES_MAX);
    let bytes = bytes.map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Who runs this command, for records of changes: the operating-system user, by name and number. With `sudo`, the
/// person behind it.
pub(crate) fn user() -> String {
    let uid = rustix::process::getuid().as_raw();
    let by_number = |uid: u32| {
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        name_of(&users, uid).map(str::to_owned)
    };
    let sudo = std::env::var("SUDO_UID").ok().and_then(|uid| uid.parse().ok()).filter(|_| uid == 0);
    let uid = sudo.unwrap_or(uid);
    match by_number(uid) {
        Some(name) => format!("{name} (uid {uid})"),
        None => format!("uid {uid}"),
    }
}

/// The name that belongs to a number in the text of `/etc/passwd`.
fn name_of(users: &str, uid: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_user_is_named_by_the_number() {
        let users = "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(name_of(users, 1_000), Some("ann"));
        assert_eq!(name_of(users, 7), None);
    }
}
