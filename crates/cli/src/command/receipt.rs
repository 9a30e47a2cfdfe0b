//! `freehold receipt verify`: offline, believing nothing but public keys.

use std::path::Path;

use anyhow::Result;
use ledger::checkpoint::Keys;
use ledger::note::{Algorithm, VerifierKey};
use ledger::policy_file::Policy;
use ledger::receipt::Receipt;
use serde_json::{Value, json};

use super::Run;
use crate::args::ReceiptCommand;
use crate::data::DataDir;
use crate::ended::{Ended, Wrong};
use crate::lang::say;
use crate::output;

pub(crate) fn run(run: &Run, command: ReceiptCommand) -> Result<Ended> {
    let ReceiptCommand::Verify { file, pubkey, policy } = command;
    let bytes = std::fs::read(&file).map_err(|e| Wrong(format!("cannot read {}: {e}", file.display())))?;
    let policy = policy.map(|path| read_policy(&path)).transpose()?;
    let keys = policy.as_ref().map_or_else(|| keys(run, &pubkey), |policy| Ok(policy.keys.clone()))?;
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
                    "not witnessed: the log's own signature is all there is".to_owned()
                } else {
                    format!("witnessed by {}", witnesses.join(", "))
                };
                output::text(&format!(
                    "verified: entry {} of {} ({} entries), {witnessed}\n{}\n",
                    verified.index,
                    checkpoint.origin,
                    checkpoint.size,
                    serde_json::to_string_pretty(&record)?
                ))?;
            }
            Ok(Ended::Done)
        }
        Err(error) => not_verified(run, &file, &error.to_string()),
    }
}

fn not_verified(run: &Run, file: &Path, why: &str) -> Result<Ended> {
    if run.json {
        output::json(&json!({ "ok": false, "why": why }))?;
    } else {
        eprintln!("{}: not verified: {why}", file.display());
    }
    Ok(Ended::No)
}

/// Whom to believe, and how many witnesses it takes: a C2SP tlog-policy.
fn read_policy(path: &Path) -> Result<Policy> {
    let bytes = std::fs::read(path).map_err(|e| Wrong(format!("cannot read {}: {e}", path.display())))?;
    Policy::parse(&bytes).map_err(|e| Wrong(format!("{}: {e}", path.display())).into())
}

/// The keys named, or those beside the ledgers of the data directory.
fn keys(run: &Run, named: &[String]) -> Result<Keys> {
    let mut keys = Keys::default();
    if named.is_empty() {
        let data = DataDir::new(&run.data);
        for log in data.logs()? {
            keys.logs.extend(super::ledger::keys_beside(&data.public_key(&log))?);
        }
        if keys.logs.is_empty() {
            let message = "which key is to be believed? Give --pubkey, or --data with the data directory of the log";
            return Err(Wrong(message.to_owned()).into());
        }
        return Ok(keys);
    }
    for text in named {
        let key = VerifierKey::parse(text).map_err(|e| Wrong(format!("`{text}` is no public key (vkey): {e}")))?;
        match key.algorithm() {
            Algorithm::Ed25519 => keys.logs.push(key),
            Algorithm::CosignatureV1 => keys.witnesses.push(key),
        }
    }
    Ok(keys)
}
