use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::parse_date;

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    Verify {
        place: Option<String>,
        #[arg(long)]
        pubkey: Vec<String>,
        #[arg(long)]
        remember: Option<PathBuf>,
    },
    Prove {
        index: u64,
        #[arg(long)]
        log: Option<String>,
    },
    Show {
        index: Option<u64>,
        #[arg(long)]
        log: Option<String>,
        #[arg(long, default_value = "20")]
        last: usize,
    },
    Export {
        #[arg(long, value_parser = parse_date)]
        since: Option<Date>,
        #[arg(long, value_parser = parse_date)]
        until: Option<Date>,
        #[arg(long, value_enum, default_value = "jsonl")]
        format: ExportFormat,
        #[arg(long)]
        out: Option<PathBuf>,
        #[arg(long)]
        log: Option<String>,
    },
    Rotate,
    Prune(PruneArgs),
    AcceptHead {
        #[arg(long)]
        size: u64,
        #[arg(long)]
        log: Option<String>,
    },
    #[command(subcommand)]
    Witness(WitnessCommand),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PruneArgs {
    #[command(flatten)]
    pub(crate) below: Below,
    #[arg(long)]
    pub(crate) policy: String,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct Below {
    #[arg(long, value_parser = parse_date)]
    pub(crate) before: Option<Date>,
    #[arg(long)]
    pub(crate) entries_below: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Jsonl,
    Csv,
    Tiles,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    Serve {
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        #[arg(long)]
        name: String,
        #[arg(long)]
        state: PathBuf,
        #[arg(long)]
        log_key: Vec<String>,
    },
    Ask {
        url: String,
        #[arg(long)]
        key: String,
        #[arg(long)]
        log: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReceiptCommand {
    Verify {
        file: PathBuf,
        #[arg(long, conflicts_with = "policy")]
        pubkey: Vec<String>,
        #[arg(long)]
        policy: Option<PathBuf>,
    },
}
