//! The `freehold` binary: wiring, signals, telemetry.
//!
//! Each command is a file of `command/`; `serve/` puts the rooms together. Decisions are made elsewhere: what is
//! here reads the machine's clock, files and signals and hands values on.
#![deny(unsafe_code)]

mod allocator;
mod args;
mod clock;
mod command;
mod data;
mod database;
mod ended;
mod foreign;
mod known;
mod lang;
mod output;
mod packs;
mod realms;
mod saved;
mod serve;
mod telemetry;
mod upkeep;

use std::process::ExitCode;

fn main() -> ExitCode {
    allocator::set_up();
    database::hide_password();
    let lang = lang::of_environment();
    let args = match args::parse(lang) {
        Ok(args) => args,
        Err(error) => {
            if error.use_stderr() && std::env::args_os().any(|arg| arg == "--json") {
                let message = error.to_string();
                let _ = output::json(&serde_json::json!({ "error": { "kind": "usage", "message": message.trim() } }));
            }
            // clap prints to the right stream and knows that --help is not an error.
            let code = error.exit_code();
            let _ = error.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let as_json = args.json;
    ended::report(command::run(args), as_json, lang)
}
