//! `freehold receipt verify`: offline, believing nothing but public keys.

mod shape;

use std::path::Path;

use anyhow::Result;
use ledger::Origin;
use ledger::checkpoint::{self, Keys};
use ledger::policy_file::Policy;
use ledger::receipt::{self, Receipt};
use serde_json::{Value, json};

use super::Run;
use crate::args::ReceiptCommand;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong, unreadable, wrong};
use crate::foreign;
use crate::lang::say;
use crate::output;

pub(crate) fn run(run: &Run, command: ReceiptCommand) -> Result<Ended> {
    let ReceiptCommand::Verify { file, pubkey, policy } = command;
    let bytes = std::fs::read(&file).map_err(|e| unreadable(&file, &e))?;
    let policy = policy.map(|path| read_policy(&path)).transpose()?;
    let keys = policy.as_ref().map_or_else(|| keys(run, &pubkey), |policy| Ok(policy.keys.clone()))?;
    if let Some(why) = shape::misfit(&bytes) {
        return not_verified(run, &file, &say(run.lang, why, &[]));
    }
    let verified = Receipt::parse(&bytes).and_then(|receipt| receipt.verify(None, &keys));
    match verified {
        Ok(verified) if policy.as_ref().is_some_and(|policy| !policy.is_met_by(&verified.signed)) => {
            not_verified(run, &file, &say(run.lang, "receipt-too-few-witnesses", &[]))
        }
        Ok(verified) => {
            let record: Value = serde_json::from_slice(&verified.entry)
                .unwrap_or_else(|_| String::from_utf8_lossy(&verified.entry).into_owned().into());
            let checkpoint = &verified.signed.checkpoint;
            let witnesses: Vec<&str> = verified.signed.witnesses.iter().map(|w| w.name.as_str()).collect();
            if run.json {
                output::json(&json!({
                    "ok": true, "log": checkpoint.origin.as_str(), "index": verified.index.0,
                    "size": checkpoint.size.0, "witnesses": witnesses, "record": record,
                }))?;
            } else {
                let witnessed = if witnesses.is_empty() {
                    say(run.lang, "receipt-not-witnessed", &[])
                } else {
                    say(run.lang, "receipt-witnessed", &[("by", witnesses.join(", "))])
                };
                let args = [
                    ("index", verified.index.to_string()),
                    ("origin", checkpoint.origin.to_string()),
                    ("size", checkpoint.size.to_string()),
                    ("witnessed", witnessed),
                ];
                let said = say(run.lang, "receipt-verified", &args);
                output::text(&format!("{said}\n{}\n", serde_json::to_string_pretty(&record)?))?;
            }
            Ok(Ended::Done)
        }
        Err(receipt::Error::Checkpoint(checkpoint::Error::Unsigned(origin))) => {
            not_verified(run, &file, &other_log(run, &origin, &keys))
        }
        Err(error) => not_verified(run, &file, &foreign::words(&error, run.lang)),
    }
}

/// No key signed: mostly because the keys are of other logs than the receipt.
fn other_log(run: &Run, origin: &Origin, keys: &Keys) -> String {
    let names: Vec<&str> = keys.logs.iter().map(|key| key.name()).collect();
    let known = if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    let is_same_log = names.contains(&origin.as_str());
    let args = [("origin", origin.to_string()), ("known", known)];
    say(run.lang, if is_same_log { "receipt-other-key" } else { "receipt-other-log" }, &args)
}

fn not_verified(run: &Run, file: &Path, why: &str) -> Result<Ended> {
    if run.json {
        output::json(&json!({ "ok": false, "why": why }))?;
    } else {
        let args = [("file", file.display().to_string()), ("why", why.to_owned())];
        eprintln!("{}", say(run.lang, "receipt-fails", &args));
    }
    Ok(Ended::No)
}

/// Whom to believe, and how many witnesses it takes: a C2SP tlog-policy.
fn read_policy(path: &Path) -> Result<Policy> {
    let bytes = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    Policy::parse(&bytes).map_err(|e| Wrong(format!("{}: {e}", path.display())).into())
}

/// The keys named, or those beside the ledgers of the data directory.
fn keys(run: &Run, named: &[String]) -> Result<Keys> {
    if !named.is_empty() {
        return super::ledger::parse_keys(named);
    }
    let mut keys = Keys::default();
    let data = DataDir::new(&run.data);
    for log in data.logs()? {
        keys.logs.extend(super::ledger::keys_beside(&data.public_key(&log))?);
    }
    if keys.logs.is_empty() {
        return Err(wrong("receipt-which-key", &[]));
    }
    Ok(keys)
}
