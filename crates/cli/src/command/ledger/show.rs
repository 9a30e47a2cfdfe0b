//! `freehold ledger show`: entries for people.

use std::collections::VecDeque;

use anyhow::Result;
use ledger::EntryIndex;
use realm::record::Record;
use serde_json::{Value, json};

use super::super::Run;
use super::Opened;
use crate::ended::{Ended, Wrong};
use crate::output;

pub(super) fn run(run: &Run, index: Option<u64>, log: Option<&str>, last: usize) -> Result<Ended> {
    let log = Opened::choose(&run.existing_data()?, log)?;
    let mut kept: VecDeque<(EntryIndex, Vec<u8>)> = VecDeque::new();
    log.each(|at, entry| {
        match index {
            Some(wanted) if at.0 != wanted => {}
            _ => kept.push_back((at, entry.to_vec())),
        }
        if index.is_none() && kept.len() > last {
            kept.pop_front();
        }
        Ok(())
    })?;
    if let (Some(wanted), true) = (index, kept.is_empty()) {
        let size = log.checkpoint().size;
        return Err(Wrong(format!("{} has no entry {wanted}: its checkpoint covers {size}, from 0", log.id)).into());
    }
    for (at, entry) in &kept {
        let value: Value = serde_json::from_slice(entry).unwrap_or_else(|_| json!(String::from_utf8_lossy(entry)));
        if run.json {
            output::json(&json!({ "log": log.id, "index": at.0, "entry": value }))?;
        } else if index.is_some() {
            output::text(&format!("{}/{at}\n{}\n", log.id, serde_json::to_string_pretty(&value)?))?;
        } else {
            output::text(&format!("{:>8}  {}\n", at.0, line(entry)))?;
        }
    }
    Ok(Ended::Done)
}

/// One entry in one line.
fn line(entry: &[u8]) -> String {
    match Record::from_bytes(entry) {
        Ok(Record::Intent(i)) => {
            let redacted = if i.redacted.is_empty() { String::new() } else { format!(", redacted {}", i.redacted) };
            format!("{}  intent   {} {} → {} ({} bytes{redacted})", i.at, i.app, i.route, i.dep, i.bytes)
        }
        Ok(Record::Outcome(o)) => {
            let code = o.code.map(|code| format!(" {code}")).unwrap_or_default();
            let end = format!("{:?}", o.end).to_lowercase();
            let tokens = format!("{}+{} tokens", o.tokens.input, o.tokens.output);
            format!("{}  outcome  {} {} {end}{code}, {tokens}, {} ms", o.at, o.app, o.route, o.ms.total_ms)
        }
        Ok(Record::Refusal(r)) => {
            let route = r.route.map(|route| route.to_string()).unwrap_or_else(|| "–".to_owned());
            let rules: Vec<&str> = r.rules.iter().map(AsRef::as_ref).collect();
            format!("{}  refusal  {} {route} {} {}", r.at, r.app, r.code, rules.join(","))
        }
        Ok(Record::Change(c)) => {
            format!("{}  change   {} {} by {}", c.at, c.what, c.subject, c.by)
        }
        Err(_) => String::from_utf8_lossy(entry).chars().take(160).collect(),
    }
}
