//! `freehold ledger show`: entries for people.

use std::collections::VecDeque;

use anyhow::Result;
use ledger::EntryIndex;
use realm::record::Record;
use serde_json::{Value, json};

use super::super::Run;
use super::Opened;
use crate::ended::{Ended, wrong};
use crate::lang::{Lang, say};
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
        let args = [("log", log.id), ("index", wanted.to_string()), ("size", size.to_string())];
        return Err(wrong("ledger-no-entry", &args));
    }
    for (at, entry) in &kept {
        let value: Value = serde_json::from_slice(entry).unwrap_or_else(|_| json!(String::from_utf8_lossy(entry)));
        if run.json {
            output::json(&json!({ "log": log.id, "index": at.0, "entry": value }))?;
        } else if index.is_some() {
            output::text(&format!("{}/{at}\n{}\n", log.id, serde_json::to_string_pretty(&value)?))?;
        } else {
            output::text(&format!("{:>8}  {}\n", at.0, line(entry, run.lang)))?;
        }
    }
    Ok(Ended::Done)
}

/// One entry in one line.
fn line(entry: &[u8], lang: Lang) -> String {
    let (key, args) = match Record::from_bytes(entry) {
        Ok(Record::Intent(i)) => {
            let bytes = i.bytes.to_string();
            let mut args = vec![("app", i.app.to_string()), ("route", i.route.to_string()), ("dep", i.dep.to_string())];
            args.extend([("at", i.at.to_string()), ("bytes", bytes), ("redacted", i.redacted.to_string())]);
            (if i.redacted.is_empty() { "show-intent" } else { "show-intent-redacted" }, args)
        }
        Ok(Record::Outcome(o)) => {
            let end = say(lang, &format!("show-end-{:?}", o.end).to_lowercase(), &[]);
            let code = o.code.map(|code| format!(" {code}")).unwrap_or_default();
            let mut args = vec![("at", o.at.to_string()), ("app", o.app.to_string()), ("route", o.route.to_string())];
            args.extend([("end", format!("{end}{code}")), ("ms", o.ms.total_ms.to_string())]);
            args.extend([("input", o.tokens.input.to_string()), ("output", o.tokens.output.to_string())]);
            ("show-outcome", args)
        }
        Ok(Record::Refusal(r)) => {
            let route = r.route.map(|route| route.to_string()).unwrap_or_else(|| "–".to_owned());
            let rules = r.rules.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(",");
            let mut args = vec![("at", r.at.to_string()), ("app", r.app.to_string()), ("route", route)];
            args.extend([("code", r.code.to_string()), ("rules", rules)]);
            ("show-refusal", args)
        }
        Ok(Record::Change(c)) => {
            ("show-change", vec![("at", c.at.to_string()), ("what", c.what), ("subject", c.subject), ("by", c.by)])
        }
        Err(_) => return String::from_utf8_lossy(entry).chars().take(160).collect(),
    };
    say(lang, key, &args).trim_end().to_owned()
}
