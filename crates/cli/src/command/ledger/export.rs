//! `freehold ledger export`: records for other programs, or the published form for anyone to verify.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::layout::{self, BundleId};
use ledger::tile;
use realm::UnixMs;
use serde_json::{Value, json};

use super::super::Run;
use super::Opened;
use crate::args::ExportFormat;
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, tell};
use crate::output;

/// What is wanted.
pub(super) struct Wanted {
    pub(super) since: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) format: ExportFormat,
    pub(super) out: Option<PathBuf>,
    pub(super) log: Option<String>,
}

/// Columns of the CSV form; what a record lacks is left empty.
const COLUMNS: [&str; 17] = [
    "log",
    "index",
    "t",
    "at",
    "req",
    "app",
    "route",
    "dep",
    "purpose",
    "code",
    "end",
    "tokens_in",
    "tokens_out",
    "cost",
    "rules",
    "what",
    "subject",
];

pub(super) fn run(run: &Run, wanted: &Wanted) -> Result<Ended> {
    let data = run.existing_data()?;
    let log = Opened::choose(&data, wanted.log.as_deref())?;
    if wanted.format == ExportFormat::Tiles {
        let Some(out) = &wanted.out else {
            return Err(wrong("export-tiles-out", &[]));
        };
        return tiles(&log, out);
    }
    let mut out: Box<dyn Write> = match &wanted.out {
        Some(path) => {
            Box::new(BufWriter::new(File::create(path).with_context(|| tell("cannot-write", &[path_arg(path)]))?))
        }
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let written = write(&log, wanted, &mut out);
    // Only what goes to a pipe has a reader who may have seen enough.
    if wanted.out.is_none() {
        output::enough(written)?
    } else {
        written?
    }
    Ok(Ended::Done)
}

fn write(log: &Opened, wanted: &Wanted, out: &mut dyn Write) -> Result<()> {
    if wanted.format == ExportFormat::Csv {
        writeln!(out, "{}", COLUMNS.join(","))?;
    }
    log.each(|index, entry| {
        let value: Value = serde_json::from_slice(entry).unwrap_or_else(|_| json!(String::from_utf8_lossy(entry)));
        if !wanted.covers(&value) {
            return Ok(());
        }
        match wanted.format {
            ExportFormat::Csv => writeln!(out, "{}", csv_line(&log.id, index.0, &value))?,
            _ => writeln!(out, "{}", json!({ "log": log.id, "index": index.0, "entry": value }))?,
        }
        Ok(())
    })?;
    Ok(out.flush()?)
}

impl Wanted {
    /// Whether an entry's date (UTC) is wanted; entries without one are the ledger's own and come along.
    fn covers(&self, entry: &Value) -> bool {
        let Some(at) = entry["at"].as_u64().or_else(|| entry["at_ms"].as_u64()) else { return true };
        let date = UnixMs(at).date_in(&TimeZone::UTC);
        self.since.is_none_or(|since| date >= since) && self.until.is_none_or(|until| date <= until)
    }
}

fn csv_line(log: &str, index: u64, entry: &Value) -> String {
    let field = |name: &str| match name {
        "log" => log.to_owned(),
        "index" => index.to_string(),
        "at" => entry["at"].as_u64().map(|at| UnixMs(at).to_string()).unwrap_or_default(),
        "tokens_in" => plain(&entry["tokens"]["in"]),
        "tokens_out" => plain(&entry["tokens"]["out"]),
        "rules" => entry["rules"]
            .as_array()
            .map(|rules| rules.iter().map(plain).collect::<Vec<_>>().join(" "))
            .unwrap_or_default(),
        other => plain(&entry[other]),
    };
    COLUMNS.iter().map(|name| quoted(&field(name))).collect::<Vec<_>>().join(",")
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe.
fn quoted(cell: &str) -> String {
    let safe = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// Writes a complete static tlog-tiles directory: any web server can publish it, any client verify it.
fn tiles(log: &Opened, out: &Path) -> Result<Ended> {
    if std::fs::read_dir(out).is_ok_and(|mut found| found.next().is_some()) {
        return Err(wrong("not-empty", &[path_arg(out)]));
    }
    let size = log.checkpoint().size;
    for id in layout::tiles(size) {
        let from = log.dir.join(id.to_string());
        let bytes = std::fs::read(&from).with_context(|| tell("cannot-read", &[path_arg(&from)]))?;
        put(out, &id.to_string(), &bytes)?;
    }
    let mut bundles = layout::bundles(size);
    let mut next: Option<BundleId> = bundles.next();
    let mut entries: Vec<Vec<u8>> = Vec::new();
    log.each(|_, entry| {
        entries.push(entry.to_vec());
        if let Some(id) = next.filter(|id| entries.len() == usize::from(id.width)) {
            put(out, &id.to_string(), &tile::encode_bundle(entries.iter().map(Vec::as_slice))?)?;
            entries.clear();
            next = bundles.next();
        }
        Ok(())
    })?;
    // The checkpoint comes last: what it promises is there.
    put(out, layout::CHECKPOINT, log.signed.note.to_string().as_bytes())?;
    let args = [("size", size.to_string()), ("origin", log.checkpoint().origin.to_string()), path_arg(out)];
    eprintln!("{}", tell("export-tiles-done", &args));
    Ok(Ended::Done)
}

fn put(out: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = out.join(name);
    let folder = path.parent().unwrap_or(out);
    std::fs::create_dir_all(folder).with_context(|| tell("cannot-make", &[path_arg(folder)]))?;
    std::fs::write(&path, bytes).with_context(|| tell("cannot-write", &[path_arg(&path)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{csv_line, quoted};

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        let line = csv_line("log-1", 3, &json!({ "t": "refusal", "at": 0, "app": "clinic", "rules": ["a", "b"] }));
        assert!(
            line.starts_with("log-1,3,refusal,1970-01-01T00:00:00.000Z,,clinic,") && line.contains(",a b,"),
            "{line}"
        );
    }
}
