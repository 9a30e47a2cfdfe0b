//! Puts the help texts of a language into the command line.

use clap::{Arg, Command};

use crate::lang::{Lang, text};

/// Fills in what every command and argument is for; `.help` of a command is its example.
pub(super) fn localise(command: Command, lang: Lang) -> Command {
    let command = command.mut_subcommand("demo", own_directories);
    let command = inner(command, "freehold", lang);
    command.propagate_version(true)
}

/// The demo has a directory of its own with a realm and a store in it: the general options are not shown, and refused by `parse`.
fn own_directories(demo: Command) -> Command {
    let hidden =
        |name: &'static str| Arg::new(name).long(name).hide(true).value_parser(clap::value_parser!(std::path::PathBuf));
    let database = Arg::new("database_url").long("database-url").hide(true);
    demo.arg(hidden("data")).arg(hidden("realm")).arg(database)
}

fn inner(command: Command, path: &str, lang: Lang) -> Command {
    let about = text(lang, &format!("cmd-{path}"), &[]);
    let mut command = command.about(about.message);
    if let Some(example) = about.help {
        command = command.after_help(example);
    }
    command = command.mut_args(|arg| {
        let id = arg.get_id().as_str().replace('_', "-");
        if matches!(id.as_str(), "help" | "version") {
            return arg;
        }
        let own = text(lang, &format!("arg-{path}-{id}"), &[]);
        let found = if own.message.starts_with("arg-") { text(lang, &format!("arg-{id}"), &[]) } else { own };
        arg.help(found.message)
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let below = if path == "freehold" { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(name, |sub| inner(sub, &below, lang));
    }
    command
}
