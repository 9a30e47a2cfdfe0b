//! The command line as typed. What each word means is in `locales/`, in both languages.

mod approval;
mod console;
mod content;
mod drill;
mod eval;
mod forecast;
mod help;
mod ledger;
mod pack;
mod passport;
pub(crate) mod plan;
mod sandbox;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::lang::{Lang, say, tell};
use crate::telemetry::LogFormat;
pub(crate) use approval::{ApprovalCommand, ApprovalSayArgs};
pub(crate) use console::{AccountCommand, ConsoleCommand, GrantArgs};
pub(crate) use content::{ApproveArgs, ContentCommand, ForgetArgs, KeygenArgs, LsArgs, OpenArgs, RequestArgs};
pub(crate) use drill::{DrillApproveArgs, DrillCommand, DrillStartArgs, ExposureArgs, ImpactArgs};
pub(crate) use eval::{EvalCommand, EvalRunArgs};
pub(crate) use forecast::{DrawArgs, ForecastCommand, ForecastDiffArgs, ForecastObservatoryArgs, ForecastRunArgs};
pub(crate) use ledger::{Below, ExportFormat, LedgerCommand, PruneArgs, ReceiptCommand, WitnessCommand};
pub(crate) use pack::{DutiesArgs, PackCommand};
pub(crate) use passport::{PassportCommand, PassportImportArgs};
pub(crate) use plan::{
    FromRecords, PlanCommand, PlanDemandArgs, PlanExplainArgs, PlanReduceArgs, PlanSolveArgs, Solver,
};
pub(crate) use sandbox::{SandboxCommand, SandboxSignArgs};

/// Reads the command line.
pub(crate) fn parse(lang: Lang) -> Result<Args, clap::Error> {
    let mut command = command(lang);
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    if let Some(demo) = matches.subcommand_matches("demo") {
        let typed = |matches: &ArgMatches, name: &str| matches.value_source(name) == Some(ValueSource::CommandLine);
        if let Some(name) =
            ["data", "realm", "database_url"].into_iter().find(|name| typed(&matches, name) || typed(demo, name))
        {
            let said = say(lang, "demo-own-directories", &[("option", format!("--{}", name.replace('_', "-")))]);
            return Err(command.error(ErrorKind::ArgumentConflict, said));
        }
    }
    Args::from_arg_matches(&matches)
}

/// The whole command line, with its help in a language.
pub(crate) fn command(lang: Lang) -> clap::Command {
    help::localise(Args::command(), lang)
}

#[derive(Debug, Parser)]
#[command(name = "freehold", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[arg(long, global = true, env = "FREEHOLD_DATA", default_value = "./freehold-data")]
    pub(crate) data: PathBuf,
    #[arg(long, global = true, env = "FREEHOLD_REALM", default_value = "./realm")]
    pub(crate) realm: PathBuf,
    #[arg(long, global = true, env = crate::database::VARIABLE, hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(DemoArgs),
    Serve(ServeArgs),
    Init(InitArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    #[command(subcommand)]
    Console(ConsoleCommand),
    #[command(subcommand)]
    Key(KeyCommand),
    Suspend(SuspendArgs),
    Resume(SuspendArgs),
    Erase(EraseArgs),
    #[command(subcommand)]
    Content(ContentCommand),
    #[command(subcommand)]
    Ledger(LedgerCommand),
    #[command(subcommand)]
    Receipt(ReceiptCommand),
    Usage(UsageArgs),
    Exposure(ExposureArgs),
    #[command(subcommand)]
    Drill(DrillCommand),
    Impact(ImpactArgs),
    #[command(subcommand)]
    Eval(EvalCommand),
    #[command(subcommand)]
    Forecast(ForecastCommand),
    #[command(subcommand)]
    Pack(PackCommand),
    #[command(subcommand)]
    Passport(PassportCommand),
    #[command(subcommand)]
    Plan(PlanCommand),
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    #[command(subcommand)]
    Approval(ApprovalCommand),
    #[command(subcommand)]
    Model(ModelCommand),
    Backup(BackupArgs),
    Restore(BackupArgs),
    Completions(CompletionsArgs),
    #[command(hide = true)]
    Engine(EngineArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    #[arg(long, requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    #[arg(long, requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log: LogFormat,
    #[arg(long, default_value = "30")]
    pub(crate) drain_s: u64,
    #[arg(long)]
    pub(crate) engine_threads: Option<u32>,
    #[arg(long, env = "FREEHOLD_OTLP", value_parser = parse_url)]
    pub(crate) otlp: Option<String>,
    #[arg(long, default_value = "1", value_parser = plan::parse_share)]
    pub(crate) otlp_share: f64,
    #[arg(long, default_value = "1h", value_parser = parse_span)]
    pub(crate) key_cache: Duration,
    #[arg(long, default_value = "10s", value_parser = parse_lease)]
    pub(crate) lease: Duration,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    #[arg(long)]
    pub(crate) model: Option<PathBuf>,
    #[arg(long)]
    pub(crate) keep: Option<PathBuf>,
    #[arg(long)]
    pub(crate) no_samples: bool,
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log: LogFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InitArgs {
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) home: String,
    #[arg(long)]
    pub(crate) pack: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    pub(crate) dir: Option<PathBuf>,
    #[arg(long)]
    pub(crate) matrix: bool,
    #[arg(long, requires = "matrix")]
    pub(crate) app: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    #[arg(long)]
    pub(crate) app: String,
    #[arg(long, conflicts_with = "deployment")]
    pub(crate) route: Option<String>,
    #[arg(long)]
    pub(crate) deployment: Option<String>,
    #[arg(long)]
    pub(crate) class: Vec<realm::DataClass>,
    #[arg(long)]
    pub(crate) diffuse: bool,
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    #[arg(long)]
    pub(crate) user_jurisdiction: Option<String>,
    #[arg(long, value_parser = parse_date)]
    pub(crate) at: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    New {
        #[arg(long)]
        app: String,
        #[arg(long, default_value = "90d", value_parser = parse_ttl)]
        ttl: Ttl,
    },
    Ls,
    Revoke {
        id: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SuspendArgs {
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EraseArgs {
    #[arg(long)]
    pub(crate) app: String,
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    App,
    Provider,
    Deployment,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct UsageArgs {
    #[arg(long, value_enum, default_value = "app")]
    pub(crate) by: UsageBy,
    #[arg(long, value_parser = parse_date)]
    pub(crate) since: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UsageBy {
    App,
    Organisation,
    Sector,
    Model,
    Deployment,
    Jurisdiction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    Add {
        file: String,
        #[arg(long, env = "FREEHOLD_HUB")]
        hub: Option<String>,
        #[arg(long)]
        sha256: Option<String>,
    },
    Ls,
    Rm {
        id: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BackupArgs {
    pub(crate) path: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EngineArgs {
    #[arg(long)]
    pub(crate) model: PathBuf,
    #[arg(long)]
    pub(crate) context: Option<u32>,
    #[arg(long)]
    pub(crate) parallel: u32,
    #[arg(long)]
    pub(crate) threads: Option<u32>,
}

/// Reads a date.
fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| tell("date-wrong", &[("text", text.to_owned())]))
}

/// Reads the address of a collector: no path, no password.
fn parse_url(text: &str) -> Result<String, String> {
    let host =
        text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).map(|host| host.trim_end_matches('/'));
    let fits = |host: &str| !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']);
    host.filter(|host| fits(host))
        .map(|_| text.to_owned())
        .ok_or_else(|| tell("otlp-wrong", &[("text", text.to_owned())]))
}

/// How long a key lives; none: until it is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ttl(pub(crate) Option<u64>);

/// Reads `1d`, `1h`, `30m`, `10s`, or `0s`.
fn parse_span(text: &str) -> Result<Duration, String> {
    let expected = || tell("span-wrong", &[("text", text.to_owned())]);
    let (digits, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(expected)?;
    let unit_s: u64 = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        _ => return Err(expected()),
    };
    let count: u64 = digits.parse().map_err(|_| expected())?;
    count.checked_mul(unit_s).filter(|s| *s <= 366 * 86_400).map(Duration::from_secs).ok_or_else(expected)
}

/// Reads how long a lease lasts: long enough to be renewed in time, short enough to come back.
fn parse_lease(text: &str) -> Result<Duration, String> {
    let lease = parse_span(text)?;
    let fits = (2..=600).contains(&lease.as_secs());
    if fits { Ok(lease) } else { Err(tell("lease-wrong", &[("text", text.to_owned())])) }
}

/// Reads `90d`, `12h`, `30m` or `never`, in milliseconds.
fn parse_ttl(text: &str) -> Result<Ttl, String> {
    if text == "never" {
        return Ok(Ttl(None));
    }
    let expected = || tell("ttl-wrong", &[("text", text.to_owned())]);
    let (digits, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(expected)?;
    let unit_ms: u64 = match unit {
        "d" => 86_400_000,
        "h" => 3_600_000,
        "m" => 60_000,
        _ => return Err(expected()),
    };
    let count: u64 = digits.parse().map_err(|_| expected())?;
    count.checked_mul(unit_ms).filter(|ms| *ms > 0).map(|ms| Ttl(Some(ms))).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ttl, command, parse_lease, parse_span, parse_ttl};
    use crate::lang::Lang;

    #[test]
    fn a_span_of_time_is_read() {
        assert_eq!(parse_span("1h"), Ok(Duration::from_secs(3_600)));
        assert_eq!(parse_span("0s"), Ok(Duration::ZERO));
        for wrong in ["", "s", "10", "-1s", "1ж", "367d", "99999999999999999999d"] {
            assert!(parse_span(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_lease("10s"), Ok(Duration::from_secs(10)));
        assert!(parse_lease("1s").is_err() && parse_lease("1h").is_err());
    }

    #[test]
    fn a_time_to_live_is_read() {
        assert_eq!(parse_ttl("90d"), Ok(Ttl(Some(7_776_000_000))));
        assert_eq!(parse_ttl("never"), Ok(Ttl(None)));
        for wrong in ["", "d", "0d", "-1d", "90", "90w", "ж"] {
            assert!(parse_ttl(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_word_of_the_command_line_is_explained_in_both_languages() {
        fn look(command: &clap::Command, path: &str, lang: Lang) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.starts_with("cmd-"), "{lang:?}: `{path}` has no explanation: {about}");
            for arg in command.get_arguments().filter(|a| !matches!(a.get_id().as_str(), "help" | "version")) {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                let id = arg.get_id();
                assert!(!help.is_empty() && !help.starts_with("arg-"), "{lang:?}: `{path} {id}` has no explanation");
            }
            for inner in command.get_subcommands().filter(|c| !c.is_hide_set()) {
                look(inner, &format!("{path} {}", inner.get_name()), lang);
            }
        }
        for lang in [Lang::En, Lang::Ru] {
            let command = command(lang);
            command.clone().debug_assert();
            look(&command, "freehold", lang);
        }
    }
}
