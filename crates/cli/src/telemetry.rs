//! Logs: lines for people, or JSON.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use crate::output;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging to standard error. `FREEHOLD_LOG` filters, as `info,gateway=debug`.
pub(crate) fn start(format: LogFormat) {
    filtered(format, "info");
}

/// The same for the demo, where only what somebody should act on is worth a line, and what became of a changed realm.
pub(crate) fn quietly(format: LogFormat) {
    filtered(format, "warn,freehold::serve::watch=info");
}

fn filtered(format: LogFormat, usual: &str) {
    let filter = EnvFilter::try_from_env("FREEHOLD_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(output::colour());
    // Only a second start could fail, and the first one then stands.
    let _ = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
